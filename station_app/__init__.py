"""The station application that identifies voters at polling stations."""

__version__ = "0.1.0"
