"""What is strange in a log by itself, counted by its code and day."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

FINDINGS: Final = {
    "clock_back": "the clock went back",
    "clocks_differ": "the clock and the chair's phone differed at the opening",
    "outside_day": "entries of an open day have another date",
    "day_not_open": "voters were identified while the day was not open",
    "no_time": "entries do not say when",
    "void_of_nothing": "identifications were made void that are not there",
    "carried_unclear": "entries are carried that no takeover explains",
    "takeover_gap": "entries that were taken over are missing",
    "takeover_unproven": "what was taken over is not what the other station has signed",
}
"""All codes, and what they mean."""


class Finding(NamedTuple):
    """`times` a code on a day, first in entry `number`; `most` is the largest measure of it:
    milliseconds of `clock_back`, seconds of `clocks_differ`, entries of `takeover_gap`.
    """

    code: str
    number: int
    day: date | None
    times: int
    most: int


class Findings:
    """Gathers findings; a station with a wrong clock has one, not thousands."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, date | None], Finding] = {}

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found.values())

    def add(self, code: str, number: int, day: date | None, measure: int = 0) -> None:
        """Count one of `FINDINGS` in entry `number`."""
        before = self._found.get((code, day))
        first, times, most = (
            (before.number, before.times, before.most) if before else (number, 0, 0)
        )
        self._found[code, day] = Finding(code, first, day, times + 1, max(most, measure))
