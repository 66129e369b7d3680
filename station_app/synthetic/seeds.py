"""Every invented thing is drawn from a key, so that the order of asking never matters."""

import hashlib

import numpy as np


def derive_seed(*key: int | str) -> int:
    """A seed in [0, 2**64) that depends on every part of `key` and on nothing else."""
    text = "\x1f".join(f"{type(part).__name__}:{part}" for part in key)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def generator(*key: int | str) -> np.random.Generator:
    """A fresh PCG64 generator of the stream named by `key`."""
    return np.random.Generator(np.random.PCG64(derive_seed(*key)))
