"""The state that a journal's entries add up to, and the rules for the next entry."""

from copy import copy, deepcopy
from dataclasses import replace
from datetime import datetime
from typing import Final

from station_app.domain import day as days
from station_app.domain.appends import LoggedOutcome
from station_app.domain.day import Day, DayState
from station_app.domain.day_acts import ABOUT_VOTERS, ActBook
from station_app.domain.day_report import DayFigures, closing_faults, figures_of
from station_app.domain.entries import (
    ActUndone,
    Carried,
    CommissionDecision,
    DayClosed,
    DayOpened,
    DayReopened,
    DeviceTested,
    DifferenceExplained,
    Entry,
    FaceCompared,
    FacesProposed,
    FaceTry,
    FingerTry,
    HeadNotTurned,
    ImportedEvent,
    JournalEnded,
    JournalExported,
    JournalOpened,
    ListCompared,
    ListCounted,
    ListProven,
    Outcome,
    OutcomeVoided,
    SessionStarted,
    SlipPrinted,
    StationLocked,
    StationUnlocked,
    StopDecided,
    TakenOver,
    VoterMarked,
)
from station_app.domain.entry_codes import Count, Decision, LockCause, Method, OutcomeKind
from station_app.journal.carrying import CarriedJournal

_OfSession = (
    SessionStarted
    | FingerTry
    | FaceTry
    | FaceCompared
    | FacesProposed
    | HeadNotTurned
    | CommissionDecision
    | Outcome
)
_Naming = JournalOpened | ListProven | DayOpened
"""Kinds that name the election day of the entries after them; others change nothing here."""


class ElectionNaming:
    """The election day that the entries so far name, and that none of another follows (ADR 0023).

    `depth` tells the journals of takeovers apart: 0 for the station's own entries, more for
    those it carries. Entries of an older version name no election, and may only come first.
    """

    def __init__(self) -> None:
        self.day: tuple[str, str] | None = None
        self._said: dict[int, bool] = {}

    def check(self, entry: Entry, depth: int, list_kind: str) -> None:
        """Raise `ValueError` where `entry` may not follow the entries so far."""
        said = _said_by(entry)
        if isinstance(entry, _Naming) and depth in self._said and said is None:
            raise ValueError("it says no election, and an entry before it does")
        if list_kind != "live" or said is None:
            return
        if self._said.get(depth) and not said[0]:
            raise ValueError("it names no election day, and an entry before it does")
        if said[0] and self.day is not None and said != self.day:
            raise ValueError("it belongs to another election day than the journal")

    def take(self, entry: Entry, depth: int) -> None:
        """Count in an entry that `check` has passed."""
        said = _said_by(entry)
        if said is None:
            return
        self._said[depth] = bool(said[0]) or self._said.get(depth, False)
        if said[0] and self.day is None:
            self.day = said


def _said_by(entry: Entry) -> tuple[str, str] | None:
    if not isinstance(entry, _Naming) or entry.election_id is None or entry.election_date is None:
        return None
    return entry.election_id, entry.election_date


_OF_ITS_STATION: Final = (JournalOpened, TakenOver, ListProven, ImportedEvent)
"""Kinds that concern only the other station when they are carried."""


class Replay:
    """The sum of the entries so far.

    `acceptances` holds the entry that settles a voter: an identification, a ballot taken to the
    voter, or a striking off. `by_commission` are the identifications among them
    that the commission has made, `acts` the day's acts, `open_tries` the tries
    used so far in each session without an outcome, `proven` the entry that names the list
    in use (highest sequence there was), `imported` the ids of events imported so far,
    `tested` the newest test of each device.
    `outcomes` are all ends of sessions, those of the day from `first_of_day` on; `voids`
    and `slips` are by the entry that identified: which entry made it void, how many slips.
    `about` lists the later entries about an outcome, `stops` has the entry that decided about each
    stop; `exported` is the entry of the newest export of this journal, 0 before one; `comparisons`
    are the entries of the day that held a new list against the one before; `is_ended`: no entry may
    follow;
    `marked` has the voters whom only the commission identifies, each with the entry that
    identified the other one. `unheld_list` is the hash of the
    list that a station taken over had, while the list in use here is another one and was not
    held against it, else empty. `is_at_work`: two persons have unlocked the station, and nobody
    has locked it. A station that locked because its battery was empty still counts as at work.
    """

    def __init__(self) -> None:
        self.size = 0
        self.opened: JournalOpened | None = None
        self.proven: JournalOpened | ListProven | None = None
        self.imported: set[str] = set()
        self.tested: dict[tuple[str, str], DeviceTested] = {}
        self.last_session = 0
        self.open_tries: dict[int, int] = {}
        self.acceptances: dict[str, int] = {}
        self.by_commission: set[int] = set()
        self.outcomes: list[LoggedOutcome] = []
        self.day = Day()
        self.first_of_day = 0
        self.listed = 0
        self._listed_by = 0
        self.voids: dict[int, int] = {}
        self.slips: dict[int, int] = {}
        self.about: dict[int, tuple[int, ...]] = {}
        self.stops: dict[int, int] = {}
        self.exported = 0
        self.marked: dict[str, int] = {}
        self.is_ended = False
        self.comparisons: list[int] = []
        self.unheld_list = ""
        self.acts = ActBook()
        self.is_at_work = False
        self._naming = ElectionNaming()
        self._begun: dict[int, int] = {}
        self._decided: dict[int, Decision] = {}
        self._same_face: dict[int, bool] = {}
        self._explained: dict[Count, tuple[int, int]] = {}
        self._identifying: set[int] = set()
        self._undecided: set[int] = set()  # entries that stopped somebody, of the day
        self._carrying: CarriedJournal | None = None
        self._closed_with: tuple[DayFigures, int] | None = None
        self._their_list = 0  # the newest list of the station that was taken over

    @property
    def election(self) -> tuple[str, str] | None:
        """Id and date of the election day that the entries name first, None before that."""
        return self._naming.day

    @property
    def _list_kind(self) -> str:
        return self.opened.list_kind if self.opened else ""

    def copy(self) -> "Replay":
        """An independent copy."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, dict | list | set):
                setattr(other, name, value.copy())
        other._carrying = deepcopy(self._carrying)
        other._naming = deepcopy(self._naming)
        other.acts = self.acts.copy()
        return other

    def check(self, entry: Entry) -> None:
        """Raise `ValueError` when `entry` may not come next.

        The first entry, and no other, opens the journal; a takeover comes second, and all
        entries that it carries follow; sessions are numbered upwards and begin while the day is
        open; tries, decisions and outcomes belong to a session under way; a session has one
        outcome; only a valid identification is made void; a day closes with the
        counts that the entries give; lists are numbered upwards; an event is imported once.
        `is_repeated` finds a second identification.
        """
        if (self.opened is None) != isinstance(entry, JournalOpened):
            raise ValueError("the first entry, and only the first, opens the journal")
        if isinstance(entry, TakenOver) and self.size != 1:
            raise ValueError("a takeover is the second entry")
        if self.is_ended:
            raise ValueError("the journal has ended")
        under_way = self._carrying is not None and not self._carrying.is_complete
        if under_way != isinstance(entry, Carried):
            raise ValueError("what was taken over follows the takeover, and nothing between")
        if isinstance(entry, Carried):
            assert self._carrying is not None
            carried, offset = self._carrying.check(entry)
            self._naming.check(carried, offset, self._list_kind)
            if isinstance(carried, JournalEnded):
                raise ValueError("nobody goes on for a journal that has ended")  # noqa: TRY004
            if not isinstance(carried, _OF_ITS_STATION):
                self._check_events(carried, offset)
                if self.is_repeated(carried):
                    raise ValueError("it identifies a voter who was identified before")
            return
        self._naming.check(entry, 0, self._list_kind)
        self._check_events(entry, 0)

    def _check_events(self, entry: Entry, offset: int) -> None:
        """The rules of what happens; `offset` is added to the entry numbers it names."""
        assert self.opened is not None or isinstance(entry, JournalOpened)
        if reason := days.refuse_now(self.day, entry, self._list_kind):
            raise ValueError(reason)
        if isinstance(entry, _OfSession):
            self._check_session(entry, offset)
            return
        self._check_list(entry, offset)
        match entry:
            case ImportedEvent(event_id=event_id) if event_id in self.imported:
                raise ValueError("it was imported before")
            case OutcomeVoided(entry=number, voter_id=voter) if self.acceptances.get(
                voter
            ) != number + offset or self.acts.settles(number + offset):
                raise ValueError("the entry it names does not identify this voter")
            case SlipPrinted(entry=number, copies=copies) if (
                copies != self.slips.get(number + offset, 0) + 1
            ):
                raise ValueError("the slips of an entry are counted from 1 on")
            case StopDecided(stopped=number) if number + offset not in self._undecided:
                raise ValueError("the entry it names stopped nobody, or was decided about before")
            case VoterMarked(first_entry=number) if (
                number + offset not in self._identifying
                and not self.acts.takes_ballot(number + offset)
            ):
                raise ValueError("the entry it names identifies nobody")
            case DayClosed() if self.open_tries:
                raise ValueError("a session is still under way")
            case DayClosed():
                for fault in closing_faults(entry, self.figures(), self._explained):
                    raise ValueError(fault)
            case _:
                self.acts.check(entry, offset)
        self._check_named(entry, offset)

    def _check_list(self, entry: Entry, offset: int) -> None:
        newest = 0 if self.proven is None else self.proven.list_sequence
        match entry:
            case ListProven(list_sequence=sequence) if sequence <= newest:
                raise ValueError("the list it names is not newer than the one before it")
            case ListCounted(list_sequence=sequence) if not offset and sequence != newest:
                raise ValueError("the list it counts is not the one in use")
            case _:
                pass

    def _check_named(self, entry: Entry, offset: int) -> None:
        named = getattr(entry, "entry", None)
        if named is None or self.acts.names_what_there_is(entry, offset):
            return
        if named + offset not in self._identifying:
            raise ValueError("the entry it names identifies nobody")

    def _check_session(self, entry: _OfSession, offset: int) -> None:
        session = entry.session
        if isinstance(entry, SessionStarted):
            if session <= self.last_session:
                raise ValueError(f"session {session} is not a new one")
        elif session not in self.open_tries:
            raise ValueError(f"session {session} has ended or has not begun")
        if isinstance(entry, Outcome):
            self._check_outcome(entry, offset)

    def _check_outcome(self, entry: Outcome, offset: int) -> None:
        if entry.outcome is OutcomeKind.ALREADY_IDENTIFIED:
            assert entry.voter_id is not None
            assert entry.first_entry is not None
            first = entry.first_entry + offset
            if self.acceptances.get(entry.voter_id) != first:
                raise ValueError("the entry it names did not identify this voter first")
            if self.acts.settles(first) and not self.acts.takes_ballot(first):
                raise ValueError("the entry it names strikes this voter off")
        decided = self._decided.get(entry.session)
        identified = entry.outcome is OutcomeKind.IDENTIFIED
        by_commission = entry.method is Method.COMMISSION
        if identified and entry.method in (Method.PIN, Method.NONE):
            raise ValueError(f"no count of a closing has those identified by {entry.method}")
        is_by_finger = entry.method is not Method.FACE
        both_say_so = self._same_face.get(entry.session, is_by_finger)
        if identified and not by_commission and not both_say_so:
            raise ValueError("operator and machine have not both said that it is the same person")
        if identified and by_commission and decided is not Decision.CONFIRMED:
            raise ValueError("the commission has not confirmed it")
        if identified and decided is Decision.REFUSED:
            raise ValueError("the commission has refused it")
        is_open_question = entry.voter_id in self.marked and entry.voter_id not in self.acceptances
        if identified and not by_commission and is_open_question:
            raise ValueError("the commission decides about this voter")

    def begins_anew(self, opened: DayOpened) -> bool:
        """See `domain.day.begins_anew`, for this journal."""
        return days.begins_anew(opened, self._list_kind)

    def is_repeated(self, entry: Entry) -> bool:
        """Whether `entry` settles a voter whom another entry has settled."""
        settles = isinstance(entry, ABOUT_VOTERS) or (
            isinstance(entry, Outcome) and entry.outcome is OutcomeKind.IDENTIFIED
        )
        return settles and getattr(entry, "voter_id", None) in self.acceptances

    @property
    def identified(self) -> int:
        """Valid identifications of the day."""
        return len(self.acceptances) - len(self.acts.settling)

    def happening(self, entry: Entry) -> Entry:
        """The entry itself, or the one that it carries."""
        if not isinstance(entry, Carried):
            return entry
        assert self._carrying is not None
        return self._carrying.check(entry)[0]

    def figures(self) -> DayFigures:
        """The day's figures; those of a closed day do not change with slips printed later."""
        if self.day.state is DayState.CLOSED and self._closed_with is not None:
            return self._closed_with[0]
        outcomes = self.outcomes[self.first_of_day :]
        return figures_of(outcomes, self.voids, self.slips, self.listed, self.stops, self.acts)

    @property
    def list_sequence(self) -> int:
        """The number of the list that these figures count by, 0 before a day was opened."""
        if self.day.state is DayState.CLOSED and self._closed_with is not None:
            return self._closed_with[1]
        return self._listed_by

    def apply(self, entry: Entry, at: datetime) -> None:
        """Count in an entry that `check` has passed."""
        self.size += 1
        if isinstance(entry, Carried):
            assert self._carrying is not None
            carried, carried_at, offset = self._carrying.take(entry)
            self._naming.take(carried, offset)
            if not isinstance(carried, _OF_ITS_STATION):
                self._apply_events(carried, carried_at, offset)
            self._follow_list(carried)
            return
        if isinstance(entry, TakenOver):
            self._carrying = CarriedJournal(entry)
        self._naming.take(entry, 0)
        self._apply_events(entry, at, 0)

    def _follow_day(self, entry: Entry) -> None:
        if isinstance(entry, DayClosed):
            self._closed_with = self.figures(), self._listed_by
        self.day = days.after(self.day, entry, self.size)

    def _follow_list(self, carried: Entry) -> None:
        """Allow another day on a list that the other station had proven, or on a newer one."""
        assert self._carrying is not None
        assert self.proven is not None
        if isinstance(carried, JournalOpened | ListProven):
            self._their_list = max(self._their_list, carried.list_sequence)
            is_ours = carried.list_hash == self.proven.list_hash
            self.unheld_list = "" if is_ours else carried.list_hash
        is_newer = self._carrying.is_complete and self.proven.list_sequence > self._their_list
        if isinstance(carried, ListProven) or is_newer:
            self.day = replace(self.day, has_new_list=True)

    def _apply_events(  # noqa: PLR0912  (a branch a kind)
        self, entry: Entry, at: datetime, offset: int
    ) -> None:
        self._follow_day(entry)
        if isinstance(entry, _OfSession):
            self._apply_session(entry, at)
            return
        match entry:
            case JournalOpened():
                self.opened = self.proven = entry
            case ListProven():
                self.proven = entry
            case ImportedEvent():
                self._apply_imported(entry)
            case DayOpened(listed=listed, list_sequence=sequence):
                self.listed, self._listed_by = listed, sequence
                self._explained.clear()
                if self.begins_anew(entry):
                    self.first_of_day = len(self.outcomes)
                    self.acceptances.clear()
                    self.by_commission.clear()
                    self._undecided.clear()
                    self.marked.clear()
                    self.comparisons.clear()
                    self.acts.begin_anew(self.size)
            case DayReopened():
                self._explained.clear()
            case DifferenceExplained(what=what, expected=expected, counted=counted):
                self._explained[what] = (expected, counted)
            case OutcomeVoided(entry=number, voter_id=voter):
                self.by_commission.discard(self.acceptances.pop(voter))
                self.voids[number + offset] = self.size
            case SlipPrinted(entry=number, copies=copies):
                self.slips[number + offset] = copies
            case StopDecided(stopped=number):
                self._undecided.discard(number + offset)
                self.stops[number + offset] = self.size
            case _:
                self._apply_notice(entry, at, offset)
        named = entry.stopped if isinstance(entry, StopDecided) else getattr(entry, "entry", None)
        if named is not None:
            self.about[named + offset] = (*self.about.get(named + offset, ()), self.size)

    def _apply_imported(self, entry: ImportedEvent) -> None:
        self.imported.add(entry.event_id)
        if isinstance(entry, DeviceTested):
            self.tested[entry.part, entry.test] = entry

    def _apply_notice(self, entry: Entry, at: datetime, offset: int) -> None:
        """Apply entries about the lists, about this journal, and the day's acts."""
        match entry:
            case StationUnlocked() if not offset:
                self.is_at_work = True
            case StationLocked(cause=cause) if not offset:
                self.is_at_work = cause is LockCause.BATTERY
            case VoterMarked(voter_id=voter, first_entry=number):
                self.marked[voter] = number + offset
            case ListCompared():
                self.comparisons.append(self.size)
                self.unheld_list = self.unheld_list if offset else ""
            case ListCounted(listed=listed, list_sequence=sequence):
                self.listed, self._listed_by = listed, sequence
                self.acts.take(entry, at, self.size, offset)
            case JournalExported() if not offset:
                self.exported = self.size
            case JournalEnded():
                self.is_ended = True
            case _:
                self._apply_act(entry, at, offset)

    def _apply_act(self, entry: Entry, at: datetime, offset: int) -> None:
        self.acts.take(entry, at, self.size, offset)
        if isinstance(entry, ABOUT_VOTERS):
            self.acceptances[entry.voter_id] = self.size
        elif isinstance(entry, ActUndone) and entry.voter_id is not None:
            del self.acceptances[entry.voter_id]

    def _apply_session(self, entry: _OfSession, at: datetime) -> None:
        session = entry.session
        match entry:
            case SessionStarted():
                self.last_session = session
                self.open_tries[session] = 0
                self._begun[session] = self.size
            case FingerTry():
                self.open_tries[session] += 1
            case FaceTry(is_live=is_live, adequate=is_adequate):
                self.open_tries[session] += 1
                if is_live and is_adequate:
                    self._same_face[session] = False
            case FaceCompared(operator_same=operator, machine_same=machine):
                is_live = session in self._same_face
                self._same_face[session] = is_live and operator and machine is True
            case FacesProposed() | HeadNotTurned():
                pass
            case CommissionDecision(decision=decision):
                self._decided[session] = decision
            case Outcome():
                self._end(entry, at)

    def _end(self, entry: Outcome, at: datetime) -> None:
        session = entry.session
        del self.open_tries[session]
        self._decided.pop(session, None)
        self._same_face.pop(session, None)
        self.outcomes.append(
            LoggedOutcome(
                self.size,
                at,
                entry.outcome,
                entry.list_number,
                entry.method,
                entry.voter_id,
                session,
                self._begun.pop(session),
            )
        )
        if entry.outcome is OutcomeKind.ALREADY_IDENTIFIED:
            self._undecided.add(self.size)
        if entry.outcome is OutcomeKind.IDENTIFIED and entry.voter_id is not None:
            self.acceptances[entry.voter_id] = self.size
            self._identifying.add(self.size)
            if entry.method is Method.COMMISSION:
                self.by_commission.add(self.size)
