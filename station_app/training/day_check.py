"""Checks a simulated day against its plan: every verdict, every entry, every count."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from station_app.domain.day_acts import COUNTED
from station_app.domain.day_log import StoryLine
from station_app.domain.entries import (
    ActUndone,
    ClockChanged,
    DayClosed,
    DayOpened,
    DayReopened,
    Entry,
    ListCompared,
    Outcome,
    OutcomeVoided,
    SlipPrinted,
    TakenOver,
    VoterMarked,
)
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.flow.day_report import ENTRIES_UNKNOWN
from station_app.training.day_messages import DayAccount
from station_app.training.day_plan import (
    ACT_COUNTS,
    CRASHES,
    REFUSALS,
    PlannedVisit,
    VisitCase,
    correction_of,
    taken_over_at,
    with_face,
)
from station_app.training.script import VisitEnd, VisitResult

PAPERS: Final = 2
"""The spare's zero report and protocol."""


def day_faults(
    visits: Sequence[PlannedVisit],
    told: DayAccount,
    voter_ids: Sequence[str],
    at_first: Iterable[StoryLine],
    at_spare: Iterable[StoryLine],
) -> list[str]:
    """Deviations from the plan, a sentence each; empty for a day that adds up.

    `voter_ids` are those of the precinct's rows in the morning; `at_first` and `at_spare` the
    entries of the journals of the station that died and of the spare.
    """
    death = taken_over_at(visits)
    journals = [{line.number: line.entry for line in lines} for lines in (at_first, at_spare)]
    faults = []
    for visit in visits:
        end = told.ends.get(visit.number)
        if end is None:
            faults.append(f"visit {visit.number} ({visit.case}) has no end")
        else:
            faults += VisitResult(visit.expected(voter_ids), end).faults
            faults += _entry_faults(end, journals[visit.number >= death])
    first, spare = _Sums(journals[0]), _Sums(journals[1])
    faults += _station_faults("the station", visits[:death], voter_ids, first)
    faults += _station_faults("the spare", visits[death:], voter_ids, spare)
    if first.clocks + spare.clocks != 1:
        faults.append(f"the clock went back once, and {first.clocks + spare.clocks} entries say so")
    if first.interrupted + spare.interrupted > CRASHES:
        faults.append("more sessions were interrupted than there were crashes")
    if first.acts["station_was_off"] + spare.acts["station_was_off"] > CRASHES:
        faults.append("the stations were off more often than they were killed")
    acts = {name: first.acts[name] for name in ACT_COUNTS}
    if acts != ACT_COUNTS:
        faults.append(f"the acts of the station add up to {acts}, not to {dict(ACT_COUNTS)}")
    if first.standing.keys() & spare.standing.keys():
        faults.append("somebody was identified at both stations")
    renamed = voter_ids[correction_of(visits).renamed]
    faults += _milestone_faults(told, first, spare, renamed)
    return faults


def _entry_faults(end: VisitEnd, entries: Mapping[int, Entry]) -> list[str]:
    if end.outcome is None:
        return []
    entry = entries.get(end.entry)
    if not isinstance(entry, Outcome):
        return [f"entry {end.entry}, which the desk told, is lost"]
    if (entry.outcome, entry.voter_id) != (end.outcome, end.voter_id):
        return [f"entry {end.entry} says something else than the desk"]
    return []


class _Sums:
    """The sums of a journal's entries, computed independently of the journal's own sums."""

    def __init__(self, entries: Mapping[int, Entry]) -> None:
        self.standing: dict[str, int] = {}
        self._methods: dict[str, Method | None] = {}
        self.slips: set[int] = set()
        self.voided = self.interrupted = self.clocks = 0
        self.acts: Counter[str] = Counter()
        self.closings: list[tuple[DayClosed, int, int, int]] = []
        self.acts_closed: list[bool] = []
        self.reopened: list[DayReopened] = []
        self.is_open = False
        self.compared: list[tuple[ListCompared, int]] = []
        self.marked: list[VoterMarked] = []
        self.taken_over: list[TakenOver] = []
        for number, entry in entries.items():
            self._take(number, entry)

    @property
    def by_face(self) -> set[str]:
        """Whose identification by face stands."""
        return {voter for voter in self.standing if self._methods[voter] is Method.FACE}

    def _take(self, number: int, entry: Entry) -> None:
        match entry:
            case Outcome(outcome=OutcomeKind.IDENTIFIED, voter_id=str(voter), method=method):
                self.standing[voter] = number
                self._methods[voter] = method
            case Outcome(outcome=OutcomeKind.INTERRUPTED):
                self.interrupted += 1
            case OutcomeVoided(voter_id=voter):
                self.voided += 1
                self.standing.pop(voter, None)
            case SlipPrinted(entry=about):
                self.slips.add(about)
            case ClockChanged():
                self.clocks += 1
            case DayOpened():
                self.is_open = True
            case DayClosed():
                self.is_open = False
                counts = len(self.standing), len(self.by_face), self.voided
                self.closings.append((entry, *counts))
                self._close(entry)
            case DayReopened():
                self.is_open = True
                self.reopened.append(entry)
            case ActUndone(act=act):
                self.acts[act.value] -= 1
                self.acts["acts_undone"] += 1
            case _ if isinstance(entry, COUNTED):
                self.acts[entry.kind] += 1
            case _:
                self._take_notice(entry)

    def _take_notice(self, entry: Entry) -> None:
        match entry:
            case ListCompared():
                self.compared.append((entry, len(self.standing)))
            case VoterMarked():
                self.marked.append(entry)
            case TakenOver():
                self.taken_over.append(entry)
            case _:
                pass

    def _close(self, closed: DayClosed) -> None:
        said = {name: getattr(closed, name) for name in DayClosed.about.added}
        beside = self.acts["issued_elsewhere"] + self.acts["admitted"]
        issued = len(self.standing) + beside
        counted = (closed.ballots, closed.signatures) == (issued, issued)
        self.acts_closed.append(counted and said == {name: self.acts[name] for name in said})


def _station_faults(
    name: str, visits: Sequence[PlannedVisit], voter_ids: Sequence[str], sums: _Sums
) -> list[str]:
    planned = {voter_ids[one.row] for one in visits if one.stands and one.row is not None}
    voids = sum(one.case is VisitCase.PHOTO_MISMATCH for one in visits)
    faults = []
    if sums.standing.keys() != planned:
        faults.append(f"the voters identified in {name}'s journal are not those of the plan")
    if sums.voided != voids:
        faults.append(f"{sums.voided} entries of {name} are void, and the plan has {voids}")
    if not sums.slips >= set(sums.standing.values()):
        faults.append(f"an identification of {name} that was not voided has no slip")
    # On a busy machine a turn of the head may come too late: then the commission decides.
    if not sums.by_face <= {voter_ids[row] for row in with_face(visits)}:
        faults.append(f"the voters identified by face in {name}'s journal are others than planned")
    for closed, standing, faces, voided in sums.closings:
        counted = closed.by_finger + closed.by_face + closed.by_commission
        if (counted, closed.by_face, closed.voided) != (standing, faces, voided):
            faults.append(f"the counts of a closing of {name} are not those of the entries")
    if not all(sums.acts_closed):
        faults.append(f"the ballots and acts of a closing of {name} are not those of the entries")
    return faults


def _milestone_faults(told: DayAccount, first: _Sums, spare: _Sums, renamed: str) -> list[str]:
    faults = []
    reached = {one.milestone: one.refused for one in told.milestones}
    for milestone, refused in REFUSALS.items():
        if reached.get(milestone) != refused:
            faults.append(f"{milestone} was refused with {reached.get(milestone)}, not {refused}")
    if len(told.milestones) != len(REFUSALS):
        faults.append("something between two visits happened twice")
    return [
        *faults,
        *_list_faults(first, renamed),
        *_day_faults(first, spare),
        *_gap_faults(told, spare),
    ]


def _list_faults(first: _Sums, renamed: str) -> list[str]:
    """One voter is missing from the corrected list, another, `renamed`, has another number."""
    if len(first.compared) != 1:
        return ["the corrected list was not compared once"]
    ((compared, standing),) = first.compared
    faults = []
    if not compared.compared or (compared.accepted, compared.unseen) != (standing, 0):
        faults.append("the corrected list was not compared with all who were identified")
    if (compared.missing, compared.marked) != (2, 1):
        faults.append("the corrected list does not lack two and mark one")
    if [one.first_entry for one in first.marked] != [first.standing.get(renamed)]:
        faults.append("the marked row is not that of who has another number")
    if not compared.chair or not compared.member:
        faults.append("chair and member did not agree to what the corrected list lacks")
    return faults


def _day_faults(first: _Sums, spare: _Sums) -> list[str]:
    faults = []
    if (len(first.closings), len(first.reopened)) != (1, 1):
        faults.append("the station's day was not closed and opened again once")
    if not first.is_open:
        faults.append("the station that died has closed its day")
    if len(spare.closings) != 1 or spare.is_open:
        faults.append("the day is not closed")
    return faults


def _gap_faults(told: DayAccount, spare: _Sums) -> list[str]:
    """The spare knows nothing of the station, and its papers say so."""
    faults = []
    if [(one.blind, one.size) for one in spare.taken_over] != [(1, 0)]:
        faults.append("the spare's journal does not say that it took over blind")
    if len(told.gaps) != PAPERS:
        faults.append(f"{len(told.gaps)} of the spare's {PAPERS} papers tell of the takeover")
    for gap in told.gaps:
        if gap.entries or not gap.needs_paper_list or ENTRIES_UNKNOWN not in gap.incidents:
            faults.append("a paper of the spare does not send to the paper list")
    return faults
