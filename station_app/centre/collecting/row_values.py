"""What is read out of a log: its entries, and what they say about each other."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple


class Maker(NamedTuple):
    """Whose entries: an origin, and the 32-byte key it signs with."""

    origin: str
    public_key: bytes


class Row(NamedTuple):
    """An entry; `number` in this log, `made_number` where it was made.

    `at` is UTC, None where the entry has no time. `voter` is set for identifications.
    `carried_hash` is the leaf's hash (32 bytes) in the log it was carried from, None for the
    log's own entries. `leaf` is what this log has signed.
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


class Void(NamedTuple):
    """Entry `number` makes the identification `made_number` of `maker` void; `day` and
    `method` are the identification's.
    """

    number: int
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
    """Entry `number`: `by` goes on for `of`, None where nothing was seen of that.

    `size` entries were seen, `hashes` are those that are carried.
    """

    number: int
    by: Maker
    of: Maker | None
    of_origin: str
    size: int
    root: str
    note: str
    hashes: list[bytes] = field(default_factory=list)


class Made(NamedTuple):
    """An entry taken out of what carries it.

    `names` are the maker and number it has at each level, the outermost first.
    """

    names: tuple[tuple[Maker, int], ...]
    carried_hash: bytes | None
    values: dict[str, Any]
