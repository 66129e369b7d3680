"""The day at a station: a small machine over the journal's entries.

before -> open <-> paused -> closed (-> open again by `DayReopened`). People are identified
only while it is open.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from station_app.domain.entries import (
    ActUndone,
    Admitted,
    CameBack,
    DayClosed,
    DayOpened,
    DayPaused,
    DayReopened,
    DayResumed,
    Entry,
    IssuedElsewhere,
    JournalEnded,
    ListProven,
    OffExplained,
    OutcomeVoided,
    SentAway,
    SessionStarted,
    StationMoved,
    StationWasOff,
    StopDecided,
    StruckOff,
)

_Act = (
    IssuedElsewhere
    | Admitted
    | StruckOff
    | ActUndone
    | SentAway
    | CameBack
    | StationWasOff
    | OffExplained
    | StationMoved
)


class DayState(StrEnum):
    """The states of a day."""

    BEFORE = "before"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Day:
    """The day as the entries so far give it.

    `number` counts the days of the journal, 0 before the first; `opened_entry` is the entry
    that opened it, `closed_entry` the one that closed it last (0 for none); `has_new_list`
    says that another list was proven since it was closed. Who was identified belongs to the
    election day (`domain.election`), not to this number.
    """

    state: DayState = DayState.BEFORE
    number: int = 0
    opened_entry: int = 0
    closed_entry: int = 0
    has_new_list: bool = False


def refuse_now(day: Day, entry: Entry, list_kind: str) -> str:
    """Why `entry` may not come in this state of the day, empty when it may.

    A demonstration's journal may be without a day. A live station's journal has one day, which
    a closing ends until it is opened again (`DayReopened`), with a corrected list too; elsewhere
    a day can be practised as often as one likes. An older version opened a second day on a new
    list: its entries name no election.
    """
    state = day.state
    match entry:
        case DayOpened(day=number, election_id=election):
            anew = list_kind != "live" or (day.has_new_list and election is None)
            if state is not DayState.BEFORE and not (state is DayState.CLOSED and anew):
                return "the day has been opened before"
            return "" if number == day.number + 1 else "days are numbered from 1 on"
        case DayPaused() if state is not DayState.OPEN:
            return "the day is not open"
        case DayResumed() if state is not DayState.PAUSED:
            return "the day is not paused"
        case DayClosed(day=number):
            if state not in (DayState.OPEN, DayState.PAUSED):
                return "the day is not open"
            return "" if number == day.number else "it closes another day"
        case DayReopened() if state is not DayState.CLOSED:
            return "there is no closed day to open again"
        case DayReopened() if day.has_new_list and list_kind != "live":
            return "a day of training is not opened again on another list"
        case OutcomeVoided() | StopDecided() if state in (DayState.BEFORE, DayState.CLOSED):
            return "" if _without_day(day, list_kind) else "the day is not open"
        case JournalEnded() if state in (DayState.OPEN, DayState.PAUSED):
            return "the day is open"
        case SessionStarted() if state is not DayState.OPEN:
            return "" if _without_day(day, list_kind) else "the day is not open"
        case _:
            return _refuse_act(day, entry, list_kind)


def _refuse_act(day: Day, act: Entry, list_kind: str) -> str:
    """Voters are visited, and lists corrected, on the days before an election too. What is written
    before the opening belongs to a live station's election day, which no opening begins anew.
    """
    if not isinstance(act, _Act):
        return ""
    if isinstance(act, StationMoved):
        return "" if day.state is DayState.PAUSED else "the day is not paused"
    if day.state in (DayState.OPEN, DayState.PAUSED) or _without_day(day, list_kind):
        return ""
    is_early = isinstance(act, IssuedElsewhere | StruckOff | ActUndone)
    if day.state is DayState.BEFORE and list_kind == "live" and is_early:
        return ""
    return "the day is not open"


def begins_anew(opened: DayOpened, list_kind: str) -> bool:
    """Whether nobody counts as identified once this day is opened.

    At a live station they belong to the election day, which no opening ends; each day of
    training is one of its own. Entries of an older version name no election: every opening
    began anew.
    """
    return opened.election_id is None or list_kind != "live"


def after(day: Day, entry: Entry, number: int) -> Day:
    """The day after `entry`, which is the journal's entry `number`, has been written."""
    match entry:
        case DayOpened(day=count):
            return Day(DayState.OPEN, count, number)
        case DayPaused():
            return replace(day, state=DayState.PAUSED)
        case DayResumed() | DayReopened():
            return replace(day, state=DayState.OPEN)
        case DayClosed():
            return replace(day, state=DayState.CLOSED, closed_entry=number, has_new_list=False)
        case ListProven():
            return replace(day, has_new_list=True)
        case _:
            return day


def desk_state(day: Day, list_kind: str) -> DayState:
    """The day's state for a desk: a demonstration's journal without a day counts as open."""
    return DayState.OPEN if _without_day(day, list_kind) else day.state


def _without_day(day: Day, list_kind: str) -> bool:
    return list_kind == "demo" and day.state is DayState.BEFORE
