"""Document readers."""
