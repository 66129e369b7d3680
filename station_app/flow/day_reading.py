"""The day as the journal's entries give it, for its pages, its papers and the desk; read on the
journal's lane.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from station_app.domain.appends import LoggedOutcome
from station_app.domain.day import Day, DayState
from station_app.domain.day_acts import LoggedAct
from station_app.domain.day_log import StoryLine
from station_app.domain.day_report import DayFigures, Head, Predecessor
from station_app.domain.entries import (
    KINDS,
    CommissionDecision,
    DayClosed,
    DayOpened,
    DayReopened,
    DifferenceExplained,
    Entry,
    JournalExported,
    ListCompared,
    OutcomeVoided,
    PaperMade,
    TakenOver,
)
from station_app.domain.entry_codes import Count, OutcomeKind, Paper
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.flow.day_report import DayRecord, is_blind
from station_app.journal import JournalReader
from station_app.journal.carrying import SHIFT, happening
from station_app.journal.journal_view import JournalView

_TAKEOVER: Final = 2
"""The entry that a takeover is."""


@dataclass(frozen=True, slots=True)
class DayLook:
    """The state of the day; times are UTC.

    `opened` and `closed` are None before there was one; `unprinted` are the identifications
    that stand and have no slip, oldest first; `exported` is the newest export;
    `comparisons` are those of the lists that came during the day; `off` is the first time that the
    station was off and nobody has said why, None where there is none.
    """

    day: Day
    figures: DayFigures
    head: Head
    unprinted: tuple[LoggedOutcome, ...] = ()
    opened: DayOpened | None = None
    opened_at: datetime | None = None
    closed: DayClosed | None = None
    closed_at: datetime | None = None
    exported: JournalExported | None = None
    exported_at: datetime | None = None
    comparisons: tuple[ListCompared, ...] = ()
    off: LoggedAct | None = None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision or a void with what it is about: `outcome` is the session's end, or the
    identification that is void; None while the session continues.
    """

    line: StoryLine
    outcome: LoggedOutcome | None


def read_day(journal: JournalReader) -> DayLook:
    """The state of the day; hardly reads the file."""
    look = journal.look
    day = look.day
    opened, opened_at = _entry(look, day.opened_entry)
    closed, closed_at = _entry(look, day.closed_entry)
    exported, exported_at = _entry(look, look.exported)
    return DayLook(
        day=day,
        figures=look.figures(),
        head=journal.head,
        unprinted=tuple(one for one in standing(look) if look.slips_of(one.number) == 0),
        opened=opened if isinstance(opened, DayOpened) else None,
        opened_at=opened_at,
        closed=closed if isinstance(closed, DayClosed) else None,
        closed_at=closed_at,
        exported=exported if isinstance(exported, JournalExported) else None,
        exported_at=exported_at,
        comparisons=look.comparisons,
        off=next(filter(look.is_unexplained, look.day_acts()), None),
    )


def read_record(journal: JournalReader) -> DayRecord:
    """The content of the day's papers; reads the day's part of the file.

    Raises `KnownError` `day_refused` before the first opening.
    """
    look, now = journal.look, read_day(journal)
    if now.opened is None or now.opened_at is None:
        raise refused("the day is not open")
    incidents = look.entries([cls for cls in KINDS.values() if cls.about.incident])
    closed = now.closed if now.day.state is DayState.CLOSED else None
    return DayRecord(
        day=now.day,
        figures=now.figures,
        standing=standing(look),
        list_sequence=look.list_sequence,
        opened=now.opened,
        opened_at=now.opened_at,
        closed=closed,
        closed_at=now.closed_at if closed else None,
        explained=_explained(incidents) if closed else (),
        incidents=(*_takeover(look), *incidents),
        cut_off=tuple(one for one in look.day_outcomes() if one.outcome is OutcomeKind.INTERRUPTED),
        head=now.head,
    )


def read_decisions(look: JournalView) -> tuple[DecisionLine, ...]:
    """The commission's decisions and voids of the day, newest first."""
    ends = look.day_outcomes()
    by_session = {one.session: one for one in ends}
    by_void = {void: one for one in ends if (void := look.void_of(one.number)) is not None}
    lines = look.entries((CommissionDecision, OutcomeVoided))
    return tuple(
        DecisionLine(
            line,
            by_session.get(line.entry.session)
            if isinstance(line.entry, CommissionDecision)
            else by_void.get(line.number),
        )
        for line in reversed(lines)
    )


def last_head_slip(look: JournalView) -> datetime | None:
    """When the head was printed last, or the day was opened; None before that (UTC)."""
    papers = look.entries((PaperMade, DayOpened))
    times = [
        line.at
        for line in papers
        if not isinstance(line.entry, PaperMade) or line.entry.paper is Paper.HEAD_SLIP
    ]
    return max(times, default=None)


def standing(look: JournalView) -> tuple[LoggedOutcome, ...]:
    """The identifications of the day that are not void, oldest first."""
    return tuple(
        one
        for one in look.day_outcomes()
        if one.outcome is OutcomeKind.IDENTIFIED and look.void_of(one.number) is None
    )


def _entry(look: JournalView, number: int) -> tuple[Entry | None, datetime | None]:
    if not number:
        return None, None
    return happening(look.records(number, 1)[0].leaf)


def _takeover(look: JournalView) -> tuple[StoryLine, ...]:
    """The takeover's line, whose entry comes before the day; empty without one."""
    records = look.records(_TAKEOVER, 1)
    if not records:
        return ()
    entry, at = happening(records[0].leaf)
    return (StoryLine(_TAKEOVER, at, entry),) if isinstance(entry, TakenOver) else ()


def read_predecessors(look: JournalView) -> tuple[Predecessor, ...]:
    """The stations that were taken over, the last one first; each is recorded in the
    entries that its successor carried.
    """
    found: list[Predecessor] = []
    number = _TAKEOVER
    while records := look.records(number, 1):
        taken, _ = happening(records[0].leaf)
        if not isinstance(taken, TakenOver):
            break
        last = look.records(number + taken.size, 1) if taken.size else ()
        found.append(
            Predecessor(
                station=taken.origin.rpartition("/")[2],
                entries=taken.size,
                seen_until=happening(last[0].leaf)[1] if last else None,
                missing=taken.missing,
                is_blind=is_blind(taken),
            )
        )
        if taken.size < _TAKEOVER:
            break
        number += SHIFT
    return tuple(found)


def _explained(incidents: Sequence[StoryLine]) -> tuple[DifferenceExplained, ...]:
    """The differences of the last closing: those since the day was opened again, if it was."""
    found: dict[Count, DifferenceExplained] = {}
    for line in incidents:
        match line.entry:
            case DayReopened():
                found.clear()
            case DifferenceExplained(what=what) as explained:
                found[what] = explained
            case _:
                pass
    return tuple(found.values())


def refused(why: str) -> KnownError:
    """The act may not come now."""
    return KnownError(Code.DAY_REFUSED, f"This cannot be done now: {why}. Look at the day's page.")


_SHOWN: Final = 3
"""Rows of the desk's list of the last people."""

_HIDDEN = {OutcomeKind.ABANDONED, OutcomeKind.DEVICE_LOST, OutcomeKind.INTERRUPTED}


@dataclass(frozen=True, slots=True)
class Tally:
    """`identified` counts identifications that are not void, `by_commission` those by hand.

    `last` is newest first, without sessions that ended before a verdict; `voided` are the
    entries among them that were made void.
    """

    identified: int
    last: tuple[LoggedOutcome, ...] = ()
    by_commission: int = 0
    voided: frozenset[int] = frozenset()

    @classmethod
    def of(cls, look: JournalView) -> "Tally":
        """The tally of the journal's day."""
        shown = (one for one in reversed(look.day_outcomes()) if one.outcome not in _HIDDEN)
        last = tuple(islice(shown, _SHOWN))
        voided = frozenset(one.number for one in last if look.void_of(one.number) is not None)
        return cls(look.identified, last, look.by_commission, voided)

    @property
    def last_standing(self) -> int | None:
        """The entry of the newest identification among `last`; None where it is void."""
        kind = OutcomeKind.IDENTIFIED
        newest = next((one.number for one in self.last if one.outcome is kind), None)
        return None if newest in self.voided else newest
