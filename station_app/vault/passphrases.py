"""Passphrases: prepared the same on every keyboard, shown nowhere, refused when weak (ADR 0010).

The floor for new ones: the words of `content/words/guessable.txt` are taken out, as typed, with
digits read as letters, on the other keyboard layout; enough has to be left. It does not measure
strength: it knows a few hundred words and no sentences, so a line of a song, or two names that it
does not have, pass.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Final, NoReturn, Self, final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault.untrusted_files import SmallFile

FEWEST: Final = 6
"""Signs that have to be left, and as many different ones."""

_SHORTEST_NAME: Final = 3
_SHORTEST_WORD: Final = 4
_MOST_OF_DIGITS: Final = 4
"""The most that digits and signs count: people take dates, telephones and the same few signs."""

_ROWS: Final = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
)
_NEIGHBOURS: Final = frozenset(
    {pair for row in _ROWS for pair in pairwise(row)}
    | {pair for row in _ROWS for pair in pairwise(reversed(row))}
)
_LATIN_KEYS: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC_KEYS: Final = "йцукенгшщзхъфывапролджэячсмитьбюё"
_OTHER_LAYOUT: Final = (
    str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS),
    str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS),
)
_DIGITS_AS_LETTERS: Final = tuple(
    str.maketrans("013457896@$!", f"o{one}eastbgoa$i".replace("$", "s")) for one in "il"
)
_LETTERS_OF_KYRGYZ: Final = str.maketrans("өүңё", "оуне")
_TRANSLITERATIONS: Final = tuple(
    dict(zip(map(ord, "абвгдежзийклмнопрстуфхцчшщъыьэюяөүң"), latin.split(), strict=True))
    for latin in (
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya o u ng",
        "a b v g d e j z i i k l m n o p r s t u f h c ch sh sch _ y _ e iu ia o u n",
    )
)
_DATE: Final = re.compile(r"(?:\d{1,2}[-./ ]?\d{1,2}[-./ ]?)?(?:19|20)\d\d(?:[-./]\d{1,2}){0,2}")
_RUN: Final = re.compile(r"(.)\1+")


def is_guessable(text: str, names: Iterable[str]) -> bool:
    """Whether too little is left of `text` without known words and `names`.

    Names are those of the person and of the station; of each, every word counts.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    own = {word for name in names for word in name.casefold().split()}
    known = _by_length(map(_folded, own), _SHORTEST_NAME)
    return any(_is_poor(form, known) for form in _forms(plain))


def _forms(text: str) -> Iterator[str]:
    """The text as it may have been meant."""
    for spelled in (text, *(text.translate(table) for table in _DIGITS_AS_LETTERS)):
        yield spelled
        yield from (spelled.translate(table) for table in _OTHER_LAYOUT)


def _is_poor(text: str, names: tuple[str, ...]) -> bool:
    letters = _folded("".join(one for one in text if one.isalpha()))
    others = "".join(one for one in _DATE.sub("", text) if not one.isalpha() and not one.isspace())
    if _is_repeated(letters):
        return True
    for word in (*names, *_known_words()):
        letters = letters.replace(word, "")
    left = _strength(letters) + min(_strength(others), _MOST_OF_DIGITS)
    return left < FEWEST or len({*letters, *others}) < FEWEST or _is_repeated(letters)


def _strength(text: str) -> int:
    """The number of signs that are neither a repeat nor a keyboard neighbour of the one before."""
    if not text:
        return 0
    return 1 + sum(
        one != other and (one, other) not in _NEIGHBOURS for one, other in pairwise(text)
    )


def _is_repeated(text: str) -> bool:
    return len(text) > 1 and text in (text + text)[1:-1]


def _folded(word: str) -> str:
    """Letters alone, those of Kyrgyz as the nearest Russian ones, none doubled."""
    letters = "".join(one for one in word if one.isalpha()).translate(_LETTERS_OF_KYRGYZ)
    return _RUN.sub(r"\1", letters)


@cache
def _known_words() -> tuple[str, ...]:
    file = resources.files("station_app") / "content" / "words" / "guessable.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    words = {word for line in lines if not line.startswith("#") for word in line.split()}
    latin = {
        word.translate(table).replace("_", "") for word in words for table in _TRANSLITERATIONS
    }
    folded = {_folded(word) for word in words | latin}
    return _by_length(folded | {word[::-1] for word in folded}, _SHORTEST_WORD)


def _by_length(words: Iterable[str], shortest: int) -> tuple[str, ...]:
    """The longest first: what they leave is looked through for the shorter ones."""
    found = {word for word in words if len(word) >= shortest}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


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
    """A typed passphrase; it shows neither in a repr nor in a pickle.

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
                Code.PASSPHRASE_UNUSABLE,
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
        """Whether the other is the same text."""
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
                Code.PASSPHRASE_SHORT,
                f"The passphrase is shorter than {SHORTEST} characters. "
                "Take four words that have nothing to do with each other.",
            )
        if is_guessable(self._text, words):
            raise KnownError(
                Code.PASSPHRASE_GUESSABLE,
                "The passphrase is made of names, years, well-known words, keys that lie side "
                "by side or repeats. "
                "Take four words that have nothing to do with each other.",
            )

    def __repr__(self) -> str:
        return "Passphrase(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied out of the process")
