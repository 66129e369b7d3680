"""The words of the screens in one language, and the languages they can be changed to."""

from collections.abc import Sequence
from datetime import datetime

from station_app.languages import language_codes
from station_app.papers.paper_words import NO_BREAK_SPACE, Words

AUDIENCES = ("operator", "technician", "commission", "lessons", "exam")
"""Whose screens there are; each has a catalogue a language."""

_MEGABYTE, _GIGABYTE = 10**6, 10**9
_HOUR = 60


class Texts(Words):
    """The words of one language; `offered` are the codes of the switch, empty for all there are."""

    def __init__(self, language: str, offered: Sequence[str] = ()) -> None:
        super().__init__(language, *AUDIENCES)
        self.offered = tuple(offered) or language_codes()

    def list_number(self, value: int) -> str:
        """A list number as people say it: № 0612."""
        return f"№{NO_BREAK_SPACE}{value:04d}"

    def time(self, moment: datetime) -> str:
        """24 hours and minutes of a local time: 09:14."""
        return f"{moment:%H:%M}"

    def day(self, moment: datetime) -> str:
        """A local date with its day of the week: Sunday, 29 November 2026."""
        return self._dated(moment, self.record.day)

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


def fault_lines(texts: Texts, code: str) -> tuple[str, str]:
    """What has happened and what to do next; for a code without a page, the general words."""
    page = texts.help_lines(code)
    if page is None:
        return texts("tech.fault.title"), texts("tech.fault.next")
    return page[0], page[1]


def fault_sentences(texts: Texts, code: str) -> str:
    """Both lines as two sentences; the first may be written as a title, without a full stop."""
    what, then = fault_lines(texts, code)
    return f"{what.rstrip('.')}. {then}"
