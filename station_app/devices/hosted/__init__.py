"""Readers driven by a program of their own, in a process beside the station."""
