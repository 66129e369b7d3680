"""Devices: one file per adapter family, all behind small protocols."""
