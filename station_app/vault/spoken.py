"""Hashes in forms that two people can compare aloud.

Both forms say the first 66 bits. Whoever wants another key with the same words has to try
2**66 keys; a hash in full is compared by machines.
"""

from functools import cache
from importlib import resources
from typing import Final

_WORDS: Final = 6
_BITS_A_WORD: Final = 11  # 2048 words
_GROUPS: Final = 4
_DIGITS_A_GROUP: Final = 5  # 10**20 is 66.4 bits


def spoken_words(digest: bytes) -> str:
    """Six English words of the BIP-39 list for a digest of 16 bytes or more."""
    bits = int.from_bytes(digest[:16], "big") >> (128 - _WORDS * _BITS_A_WORD)
    places = range((_WORDS - 1) * _BITS_A_WORD, -1, -_BITS_A_WORD)
    return " ".join(_list()[bits >> place & (1 << _BITS_A_WORD) - 1] for place in places)


def spoken_digits(digest: bytes) -> str:
    """Four groups of five digits, for any language, for a digest of 16 bytes or more."""
    size = _GROUPS * _DIGITS_A_GROUP
    digits = f"{int.from_bytes(digest[:16], 'big') * 10**size >> 128:0{size}d}"
    return " ".join(
        digits[start : start + _DIGITS_A_GROUP] for start in range(0, size, _DIGITS_A_GROUP)
    )


@cache
def _list() -> tuple[str, ...]:
    file = resources.files("station_app") / "content" / "words" / "english.txt"
    return tuple(file.read_text(encoding="ascii").split())
