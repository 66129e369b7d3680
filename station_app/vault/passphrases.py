"""Passphrases: prepared the same on every keyboard, shown nowhere, refused when weak."""

import unicodedata
from pathlib import Path
from typing import Final, NoReturn, Self, final

from station_app.domain.errors import KnownError
from station_app.vault.guessable import is_guessable
from station_app.vault.small_files import SmallFile

SHORTEST: Final = 12
"""Characters a new passphrase has at least (DECISIONS 6)."""

_LONGEST: Final = 1000
_FILE: Final = SmallFile(
    "passphrase",
    "passphrase file",
    "Write the passphrase as one line of UTF-8 text into a file of its own.",
    limit=4 * _LONGEST,
    private=True,
)


@final
class Passphrase:
    """What a person typed; it shows neither in a repr nor in a pickle.

    Prepared as RFC 8265, 4.2.2 (OpaqueString): every space is U+0020, NFC. Raises
    `KnownError` `passphrase_unusable` for an empty or overlong text, and for one with
    control characters.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = unicodedata.normalize(
            "NFC", "".join(" " if unicodedata.category(one) == "Zs" else one for one in text)
        )
        if not 0 < len(self._text) <= _LONGEST or not self._text.isprintable():
            raise KnownError(
                "passphrase_unusable",
                f"A passphrase is one line of 1 to {_LONGEST} letters, digits, signs and spaces. "
                "Type it again.",
            )

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """The one line of a file of mode 0600.

        Raises `KnownError`: `passphrase_missing`, `passphrase_unreadable`,
        `passphrase_file_exposed`, `passphrase_damaged` (not UTF-8), `passphrase_unusable`.
        """
        try:
            # The last line's end is an editor's, not the person's.
            return cls(str(_FILE.read(path), "utf-8-sig").removesuffix("\n").removesuffix("\r"))
        except UnicodeDecodeError:
            raise _FILE.damaged(path) from None

    def reveal(self) -> bytes:
        """The UTF-8 bytes, for the one call that needs them."""
        return self._text.encode()

    def is_same(self, other: "Passphrase") -> bool:
        """Whether the other was typed the same."""
        return self._text == other._text

    def is_like(self, other: "Passphrase") -> bool:
        """Whether both have the same letters and digits, in whatever case and with any signs."""
        return self.is_same(other) or self._bare() == other._bare()

    def _bare(self) -> str:
        return "".join(one for one in self._text.casefold() if one.isalnum()) or self._text

    def refuse_weak(self, *words: str) -> None:
        """Refuse it as a new passphrase when it is short or easily guessed.

        It has at least `SHORTEST` characters, and enough of it is left without `words` (names
        of the person, the station) and what many people think of first (`is_guessable`). This
        is a floor, not a measure. Raises `KnownError`: `passphrase_short`,
        `passphrase_guessable`.
        """
        if len(self._text) < SHORTEST:
            raise KnownError(
                "passphrase_short",
                f"The passphrase is shorter than {SHORTEST} characters. "
                "Take four words that have nothing to do with each other.",
            )
        if is_guessable(self._text, words):
            raise KnownError(
                "passphrase_guessable",
                "The passphrase is made of names, years, well-known words, keys that lie side "
                "by side or repeats. "
                "Take four words that have nothing to do with each other.",
            )

    def __repr__(self) -> str:
        return "Passphrase(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied out of the process")
