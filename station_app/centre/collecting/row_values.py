"""What is read out of a log: its entries, and what they say about each other.

The names of fields are those of columns (`schema`), where there is a column.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple


class Maker(NamedTuple):
    """Whose entries: an origin, and the 32-byte key it signs with."""

    origin: str
    public_key: bytes


class Row(NamedTuple):
    """An entry; `number` in this log, `made_number` where it was made.

    `at` is UTC, None where the entry has no time. `voter` is set for identifications and for
    ballots taken to voters.
    `carried_hash` is the leaf's hash (32 bytes) in the log it was carried from, None for the
    log's own entries. `leaf` is what this log has signed. `election` is the id of the election
    that an identification belongs to, empty where the entries do not say; None for others.
    """

    number: int
    maker: Maker
    made_number: int
    at: datetime | None
    day: date | None
    kind: str
    outcome: str | None
    method: str | None
    voter: str | None
    carried_hash: bytes | None
    leaf: str
    election: str | None


class Void(NamedTuple):
    """Entry `number`, which is `by_number` of `by_maker`, makes the identification `made_number` of
    `maker` void; `day` and `method` are the identification's.
    """

    number: int
    by_maker: Maker
    by_number: int
    maker: Maker
    made_number: int
    voter: str
    day: date | None
    method: str | None


class Opening(NamedTuple):
    """The day was opened; `listed` are the voters on the list."""

    number: int
    maker: Maker
    made_number: int
    day: date
    listed: int | None


@dataclass(slots=True)
class Takeover:
    """Entry `number`: `by_maker` goes on for `of_maker`, None where nothing was seen of that.

    In the journal of `by_maker` it is entry `made_number`. `pack_sha256` (32 bytes, None where it
    names none) is the pack it was done with. `size` entries were seen, `hashes` are those that
    are carried; `is_proven` when they are exactly what `of_maker` has signed.
    """

    number: int
    by_maker: Maker
    made_number: int
    of_maker: Maker | None
    of_origin: str
    size: int
    root: str
    note: str
    pack_sha256: bytes | None
    hashes: list[bytes] = field(default_factory=list)
    is_proven: bool = False

    @property
    def carried(self) -> int:
        """How many entries are carried."""
        return len(self.hashes)


class Made(NamedTuple):
    """An entry taken out of what carries it.

    `names` are the maker and number it has at each level, the outermost first.
    """

    names: tuple[tuple[Maker, int], ...]
    carried_hash: bytes | None
    values: dict[str, Any]


FINDINGS: Final = {
    "clock_back": "the clock went back",
    "clocks_differ": "the clock and the chair's phone differed at the opening",
    "outside_day": "entries of an open day have another date",
    "day_not_open": "voters were identified, or acts written, while the day was not open",
    "no_time": "entries do not say when",
    "void_of_nothing": "what was made void or undone is not there",
    "carried_unclear": "entries are carried that no takeover explains",
    "takeover_gap": "entries that were taken over are missing",
    "takeover_unproven": "what was taken over is not what the other station has signed",
}
"""The faults that one log alone can show, by code."""


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
