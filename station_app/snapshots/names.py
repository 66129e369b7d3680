"""Finding people by the beginnings of their names, as they are typed at a station."""

import re
import unicodedata
from typing import Final

_ALIKE: Final = str.maketrans("ёүөң", "еуон")
"""Letters that a Russian keyboard lacks, or that people leave out, and what stands for them."""

_WORD: Final = re.compile(r"\w+")


class Sought:
    """Words that are looked for, whatever their case; ү is found by у as well, ё by е."""

    def __init__(self, text: str) -> None:
        self._words = _words(text)

    def fits(self, name: str) -> bool:
        """Whether every word begins a word of `name`; no words fit nobody."""
        parts = _words(name)
        return bool(self._words) and all(
            any(part.startswith(word) for part in parts) for word in self._words
        )


def _words(text: str) -> list[str]:
    # SQLite's LOWER knows ASCII only; casefold knows every script.
    composed = unicodedata.normalize("NFC", text).casefold()
    return _WORD.findall(composed.translate(_ALIKE))
