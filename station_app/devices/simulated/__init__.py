"""Simulated devices for demo and training: product parts, held to the same contract."""
