"""Words of the screens: gettext catalogues whose message ids are keys.

English is a catalogue like the others. Numbers, dates and times are written here too, so
that a screen never formats anything by itself.
"""

from datetime import datetime
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Literal, get_args

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Language = Literal["ky", "ru", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
SHORT_NAMES: dict[Language, str] = {"ky": "КЫР", "ru": "РУС", "en": "ENG"}

NO_BREAK_SPACE = "\u00a0"
AUDIENCES = ("operator", "technician", "commission")
"""Whose screens there are; each has a catalogue a language."""

_DATES: dict[Language, str] = {"ky": "dd.MM.y", "ru": "dd.MM.y", "en": "d MMM y"}
_DAYS: dict[Language, str] = {
    "ky": "EEEE, d-MMMM y",
    "ru": "EEEE, d MMMM y",
    "en": "EEEE, d MMMM y",
}
_MEGABYTE, _GIGABYTE = 10**6, 10**9
_HOUR = 60


@cache
def catalogue(language: Language, audience: str = "operator") -> dict[str, str]:
    """Key to text of one language; raises `KeyError` never, missing keys are simply absent."""
    folder = resources.files("station_app") / "content" / "locale" / language
    data = (folder / f"{audience}.po").read_bytes()
    messages = read_po(BytesIO(data), locale=language, abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id}


class Texts:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = {
            key: text
            for audience in AUDIENCES
            for key, text in catalogue(language, audience).items()
        }

    def __call__(self, key: str, **values: str | int) -> str:
        """The text of `key` with its placeholders filled; raises `KeyError` if absent."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self._texts

    def number(self, value: int) -> str:
        """Grouped by language: 2 318 with a no-break space, in English 2,318."""
        return format_decimal(value, locale=self.language)

    def percent(self, part: int, whole: int) -> str:
        """One decimal: 11,3 % with a no-break space, in English 11.3%."""
        share = 100 * part / whole if whole else 0.0
        text = format_decimal(round(share, 1), format="0.0", locale=self.language)
        return f"{text}%" if self.language == "en" else f"{text}{NO_BREAK_SPACE}%"

    def list_number(self, value: int) -> str:
        """A list number as people say it: № 0612."""
        return f"№{NO_BREAK_SPACE}{value:04d}"

    def time(self, moment: datetime) -> str:
        """24 hours and minutes of a local time: 09:14."""
        return f"{moment:%H:%M}"

    def date(self, moment: datetime) -> str:
        """A local date: 27.11.2026, in English 27 Nov 2026."""
        return format_date(moment, _DATES[self.language], locale=self.language)

    def day(self, moment: datetime) -> str:
        """A local date with its day of the week: Sunday, 29 November 2026."""
        return format_date(moment, _DAYS[self.language], locale=self.language)

    def size(self, octets: int) -> str:
        """A size on a disk, in whole MB (10**6) or GB (10**9), never less than 1 MB."""
        if octets >= _GIGABYTE:
            return self("unit.gigabytes", number=self.number(octets // _GIGABYTE))
        return self("unit.megabytes", number=self.number(max(1, round(octets / _MEGABYTE))))

    def duration(self, minutes: int) -> str:
        """A time in minutes, from an hour on in hours and minutes."""
        if minutes < _HOUR:
            return self("unit.minutes", number=self.number(minutes))
        hours, rest = divmod(minutes, _HOUR)
        return self("unit.hours", hours=self.number(hours), minutes=self.number(rest))

    def seconds(self, seconds: float) -> str:
        """A short time in whole seconds, at least 1."""
        return self("unit.seconds", number=self.number(max(1, round(seconds))))


@cache
def help_lines(language: Language, screen: str) -> tuple[str, ...] | None:
    """The help of one screen or fault code as its lines, None where there is no page."""
    page = resources.files("station_app") / "content" / "help" / language / f"{screen}.md"
    if not page.is_file():
        return None
    lines = page.read_text(encoding="utf-8").splitlines()
    return tuple(line.removeprefix("- ").strip() for line in lines if line.strip())
