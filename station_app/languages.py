"""The available languages: the folders in `content/languages`.

A language is its folder: the record `language.toml`, one catalogue an audience (`operator.po`,
`technician.po`, `commission.po`, `lessons.po`, `exam.po` for screens, `display.po` for voters,
`papers.po`, `slip.po` for paper), `help/`, a page for each screen and fault code, and `spoken/`,
sentences that voters hear (`scripts/speak_verdicts.py`). The folder's name is the language's code.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

_RECORD = "language.toml"


@dataclass(frozen=True, slots=True)
class Language:
    """One language's record, and its folder.

    `place` is its place in the switch, and `key` chooses it with Alt. `locale` is the one whose
    months and days Babel writes; `date`, `day` are Babel's patterns. `thousands` is between groups
    of three digits, `decimal` before tenths, and `percent` has `{number}`. `is_for_voters`: slips
    are printed in it where a station's plan names no languages. `reads_english`: hashes are shown
    as English words too.
    """

    code: str
    folder: Traversable
    name: str
    short_name: str
    place: int
    is_for_voters: bool
    key: str
    locale: str
    date: str
    day: str
    thousands: str
    decimal: str
    percent: str
    reads_english: bool

    def catalogue(self, audience: str) -> bytes:
        """The catalogue of an audience, in the form of gettext's PO files."""
        return (self.folder / f"{audience}.po").read_bytes()

    def spoken(self, sentence: str) -> Traversable | None:
        """The WAV file of a sentence of the voter's display, None where nobody has recorded it."""
        file = self.folder / "spoken" / f"{sentence}.wav"
        return file if file.is_file() else None

    @property
    def help_pages(self) -> frozenset[str]:
        """The screens and fault codes that have a page of help."""
        pages = (page.name for page in (self.folder / "help").iterdir())
        return frozenset(name.removesuffix(".md") for name in pages if name.endswith(".md"))

    def help_lines(self, screen: str) -> tuple[str, ...] | None:
        """The help of one screen or fault code as its lines, None where there is no page."""
        page = self.folder / "help" / f"{screen}.md"
        if not page.is_file():
            return None
        lines = page.read_text(encoding="utf-8").splitlines()
        return tuple(line.removeprefix("- ").strip() for line in lines if line.strip())


_places: tuple[Traversable, ...] = (resources.files("station_app") / "content" / "languages",)


def languages() -> tuple[Language, ...]:
    """Every language, in the order of the switch; the first is that of a first run."""
    return _languages_in(_places)


def language_of(code: str) -> Language:
    """The language of this code; raises `KeyError` where it has no folder."""
    for language in languages():
        if language.code == code:
            return language
    raise KeyError(code)


def language_codes() -> tuple[str, ...]:
    """The codes of `languages`."""
    return tuple(language.code for language in languages())


def voter_languages() -> tuple[str, ...]:
    """The languages of slips where a station's plan names none."""
    return tuple(language.code for language in languages() if language.is_for_voters)


@contextmanager
def languages_added(place: Traversable) -> Iterator[None]:
    """Within, the folders in `place` are languages too: for tests, and to try a new language.

    Only code that already runs in the process can call this. No setting, option or environment
    variable leads here, so that the words of a station are those of its program.
    """
    global _places  # noqa: PLW0603
    before, _places = _places, (*_places, place)
    try:
        yield
    finally:
        _places = before


@cache
def _languages_in(places: tuple[Traversable, ...]) -> tuple[Language, ...]:
    folders = [folder for place in places for folder in place.iterdir() if folder.is_dir()]
    found = [
        Language(
            code=folder.name,
            folder=folder,
            **tomllib.loads((folder / _RECORD).read_text(encoding="utf-8")),
        )
        for folder in folders
        if (folder / _RECORD).is_file()
    ]
    return tuple(sorted(found, key=lambda language: (language.place, language.code)))
