"""Fingerprint readers that are spoken with in this process."""
