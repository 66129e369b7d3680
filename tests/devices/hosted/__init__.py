"""Readers in processes of their own."""
