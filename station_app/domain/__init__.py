"""Values and rules. Standard library only; everything here is frozen and pure."""
