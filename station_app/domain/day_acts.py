"""The day's acts: what happened beside the desk, what it adds up to, and the rules for the next.

A ballot taken to a voter and a striking off settle a voter as an identification does: a voter has
at most one of the three at a time (`Replay.acceptances`).
"""

from collections import Counter
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from station_app.domain.appends import AlreadyAccepted
from station_app.domain.entries import (
    ActUndone,
    Admitted,
    CameBack,
    Entry,
    IssuedElsewhere,
    ListCounted,
    OffExplained,
    SentAway,
    StationMoved,
    StationWasOff,
    StruckOff,
)
from station_app.domain.entry_codes import UndoneAct

DayAct = IssuedElsewhere | Admitted | StruckOff | SentAway | CameBack | StationWasOff | StationMoved
"""Acts with a row in the day log; the two others speak of one of these."""

ABOUT_VOTERS: Final = (IssuedElsewhere, StruckOff)
UNDOABLE: Final = (IssuedElsewhere, Admitted, StruckOff)
COUNTED: Final = (IssuedElsewhere, Admitted, StruckOff, SentAway, CameBack, StationWasOff)
"""Kinds that a day's figures have a number of, by the name of the kind."""


@dataclass(frozen=True, slots=True)
class LoggedAct:
    """An act, entry `number` of the journal (`at` in UTC)."""

    number: int
    at: datetime
    entry: DayAct

    @property
    def voter_id(self) -> str | None:
        """The voter it concerns, None for nobody of the list."""
        return self.entry.voter_id if isinstance(self.entry, ABOUT_VOTERS) else None

    @property
    def list_number(self) -> int | None:
        """That voter's list number."""
        return self.entry.list_number if isinstance(self.entry, ABOUT_VOTERS) else None


def accepted_by(entry: Entry, number: int, at: datetime) -> AlreadyAccepted:
    """Why a voter is not identified again whom this entry has settled."""
    place = entry.place if isinstance(entry, IssuedElsewhere) else None
    return AlreadyAccepted(number, at, place, is_struck_off=isinstance(entry, StruckOff))


class ActBook:
    """The acts so far. `offset` is added to entry numbers that a carried entry names.

    `undone` and `explained` have the entry that undid an act or explained why the station was off,
    by the number of that act. `settling` are the acts that settle a voter now, `left_out` those of
    them that strike off a voter who is not on the list in use.
    """

    def __init__(self) -> None:
        self.logged: dict[int, LoggedAct] = {}
        self.undone: dict[int, int] = {}
        self.explained: dict[int, int] = {}
        self.settling: set[int] = set()
        self.left_out: set[int] = set()
        self._before_day = 0

    def copy(self) -> "ActBook":
        """An independent copy."""
        other = copy(self)
        other.logged, other.undone = self.logged.copy(), self.undone.copy()
        other.explained, other.settling = self.explained.copy(), self.settling.copy()
        other.left_out = self.left_out.copy()
        return other

    def of_day(self) -> tuple[LoggedAct, ...]:
        """The day's acts, oldest first."""
        return tuple(one for one in self.logged.values() if one.number > self._before_day)

    def settles(self, number: int) -> bool:
        """Whether the entry is an act that settles a voter."""
        found = self.logged.get(number)
        return found is not None and isinstance(found.entry, ABOUT_VOTERS)

    def takes_ballot(self, number: int) -> bool:
        """Whether the entry is a ballot taken to a voter."""
        found = self.logged.get(number)
        return found is not None and isinstance(found.entry, IssuedElsewhere)

    def struck_off(self) -> dict[str, int]:
        """Voters struck off now, each with the entry."""
        standing = [self.logged[number] for number in sorted(self.settling)]
        return {
            one.entry.voter_id: one.number for one in standing if isinstance(one.entry, StruckOff)
        }

    def names_what_there_is(self, entry: Entry, offset: int) -> bool:
        """Whether `entry` names the act it speaks of, among these."""
        match entry:
            case ActUndone(entry=number):
                found = self.logged.get(number + offset)
                return found is not None and isinstance(found.entry, UNDOABLE)
            case OffExplained(entry=number):
                found = self.logged.get(number + offset)
                return found is not None and isinstance(found.entry, StationWasOff)
            case _:
                return False

    def check(self, entry: Entry, offset: int) -> None:
        """Raise `ValueError` where `entry` may not follow the acts so far."""
        match entry:
            case IssuedElsewhere(voter_id="") | StruckOff(voter_id=""):
                raise ValueError("it names no voter")
            case Admitted(number=number) if number != self._admissions() + 1:
                raise ValueError("admissions of a day are numbered from 1 on")
            case CameBack() if (counts := self.counts())["came_back"] >= counts["sent_away"]:
                raise ValueError("nobody who was sent away is still away")
            case ActUndone():
                self._check_undone(entry, offset)
            case ListCounted():
                self._check_counted(entry, offset)
            case OffExplained(entry=number):
                if not self.names_what_there_is(entry, offset):
                    raise ValueError("the entry it names does not say that the station was off")
                if number + offset in self.explained:
                    raise ValueError("somebody has said before why the station was off")
            case _:
                pass

    def _check_undone(self, entry: ActUndone, offset: int) -> None:
        number = entry.entry + offset
        found = self.logged.get(number)
        named = None if found is None else (found.entry.kind, found.voter_id, found.list_number)
        if named != (entry.act.value, entry.voter_id, entry.list_number):
            raise ValueError("the entry it names is not this act")
        if number in self.undone or number <= self._before_day:
            raise ValueError("the act it names counts no more")

    def _check_counted(self, entry: ListCounted, offset: int) -> None:
        struck = set(self.struck_off().values())
        left_out = {number + offset for number in entry.struck_off}
        if not left_out <= struck:
            raise ValueError("an entry it names strikes nobody off")
        if len(struck) - len(left_out) > entry.listed:
            raise ValueError("more voters are struck off the list than are on it")

    def _admissions(self) -> int:
        return sum(isinstance(one.entry, Admitted) for one in self.of_day())

    def take(self, entry: Entry, at: datetime, number: int, offset: int) -> None:
        """Count in an entry that `check` has passed, as entry `number`."""
        match entry:
            case ActUndone(entry=named):
                self.undone[named + offset] = number
                self.settling.discard(named + offset)
                self.left_out.discard(named + offset)
            case ListCounted():
                self.left_out = {number + offset for number in entry.struck_off}
            case OffExplained(entry=named):
                self.explained[named + offset] = number
            case _ if isinstance(entry, DayAct):
                self.logged[number] = LoggedAct(number, at, entry)
                if isinstance(entry, ABOUT_VOTERS):
                    self.settling.add(number)
            case _:
                pass

    def begin_anew(self, number: int) -> None:
        """Another day of training begins with entry `number`: no act before it counts."""
        self._before_day = number
        self.settling.clear()
        self.left_out.clear()

    def counts(self) -> Mapping[str, int]:
        """How many of each of `COUNTED` stand, by kind; `struck_not_listed` and `acts_undone`."""
        of_day = self.of_day()
        standing = Counter(one.entry.kind for one in of_day if one.number not in self.undone)
        counts = {cls.kind: standing[cls.kind] for cls in COUNTED}
        undone = sum(one.number in self.undone for one in of_day)
        return counts | {"struck_not_listed": len(self.left_out), "acts_undone": undone}


def undo_of(act: LoggedAct) -> UndoneAct:
    """The code of an act that can be undone."""
    return UndoneAct(act.entry.kind)
