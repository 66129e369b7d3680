"""People who are led through a real desk: scripts as data, one player, and what judges the ends."""
