"""Measures the engines, times them and explains a comparison; no station loads this room."""
