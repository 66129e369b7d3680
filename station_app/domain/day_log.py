"""The content of the day log: rows, the story of one entry, the journal's integrity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day_acts import LoggedAct
from station_app.domain.entries import Entry
from station_app.domain.voters import Voter


class LogFilter(StrEnum):
    """The filters of the day log."""

    ALL = "all"
    STOPPED = "stopped"
    BY_FACE = "by_face"
    BY_COMMISSION = "by_commission"
    VOIDED = "voided"
    ACTS = "acts"


@dataclass(frozen=True, slots=True)
class LogRow:
    """One session's end, or an act. `name` is "Surname G. N.", empty for nobody; `voided` says
    that a later entry made it void or undid it; `slips` counts its printed slips."""

    logged: LoggedOutcome | LoggedAct
    name: str
    voided: bool
    slips: int


@dataclass(frozen=True, slots=True)
class LogPage:
    """Rows `first`.. of `total` that fit the filter and the search, newest first.

    `counts` has the day's number for each filter, whatever is shown or searched. Rows
    are those up to entry `upto`, so that they keep their places while more are written;
    `newer` is the number of matching rows written after it.
    """

    total: int
    counts: Mapping[LogFilter, int]
    first: int
    rows: tuple[LogRow, ...]
    upto: int = 0
    newer: int = 0


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One entry of a session, or one that speaks of its outcome."""

    number: int
    at: datetime
    entry: Entry


@dataclass(frozen=True, slots=True)
class EntryStory:
    """The story of one row, oldest first; `voter` is None for nobody.

    `first_at` is when the voter had been identified before a row that stopped them.
    """

    row: LogRow
    voter: Voter | None
    lines: tuple[StoryLine, ...]
    may_void: bool
    first_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Integrity:
    """The result of the last full check of the journal, and its time; `first_bad` 0 for none."""

    sound: bool
    entries: int
    short_head: str
    checked_at: datetime
    first_bad: int = 0
