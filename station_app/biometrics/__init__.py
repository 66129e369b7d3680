"""Pixels to templates to candidates, and nothing else."""
