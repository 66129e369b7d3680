"""Holds a simulated day against its plan: every verdict, every entry, every count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from station_app.domain.day_log import StoryLine
from station_app.domain.entries import (
    ClockChanged,
    DayClosed,
    Entry,
    Outcome,
    OutcomeVoided,
    SlipPrinted,
)
from station_app.domain.entry_codes import OutcomeKind
from station_app.flow.day_plan import CRASHES, Case, Visit

_NAMES_VOTER = (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)


@dataclass(frozen=True, slots=True)
class ToldEnd:
    """What the desk said of a visit once its entry was durable; times in milliseconds.

    `after_crash` marks a visit whose end was durable when the desk was killed, so that
    only the journal could tell.
    """

    visit: int
    outcome: OutcomeKind
    entry: int
    voter_id: str | None
    voided: bool
    sessions: int
    tries: int
    extract_ms: float
    search_ms: float
    journal_ms: float
    after_crash: bool = False

    @property
    def software_ms(self) -> float:
        """What the software took of the person's time."""
        return self.extract_ms + self.search_ms + self.journal_ms


def day_faults(
    visits: Sequence[Visit],
    told: Sequence[ToldEnd],
    voter_ids: Sequence[str],
    lines: Iterable[StoryLine],
) -> list[str]:
    """What is not as planned, a sentence a fault; empty for a day that adds up.

    `voter_ids` are those of the list's rows, `lines` the journal's entries of the day.
    """
    by_visit = {one.visit: one for one in told}
    entries = {line.number: line.entry for line in lines}
    faults = []
    if len(by_visit) < len(told):
        faults.append("a visit was told twice")
    for visit in visits:
        end = by_visit.get(visit.number)
        if end is None:
            faults.append(f"visit {visit.number} ({visit.case}) has no end")
        else:
            faults += _visit_faults(visit, end, voter_ids)
            faults += _entry_faults(end, entries)
    faults += _sum_faults(visits, voter_ids, entries)
    return faults


def _visit_faults(visit: Visit, end: ToldEnd, voter_ids: Sequence[str]) -> list[str]:
    faults = []
    name = f"visit {visit.number} ({visit.case})"
    if end.outcome not in visit.ends:
        faults.append(f"{name} ended as {end.outcome}")
    expected = None
    if end.outcome in _NAMES_VOTER:
        expected = voter_ids[visit.row] if visit.row is not None else "nobody"
    if end.voter_id != expected:
        faults.append(f"{name} named another voter than planned")
    if end.voided != (visit.case is Case.PHOTO_MISMATCH):
        faults.append(f"{name} was{'' if end.voided else ' not'} made void")
    return faults


def _entry_faults(end: ToldEnd, entries: Mapping[int, Entry]) -> list[str]:
    entry = entries.get(end.entry)
    if not isinstance(entry, Outcome):
        return [f"entry {end.entry}, which the desk told, is lost"]
    if (entry.outcome, entry.voter_id) != (end.outcome, end.voter_id):
        return [f"entry {end.entry} says something else than the desk"]
    return []


class _Sums:
    """What the day's entries add up to, reckoned without the journal's own sums."""

    def __init__(self, entries: Mapping[int, Entry]) -> None:
        self.standing: dict[str, int] = {}
        self.slips: set[int] = set()
        self.voided = self.interrupted = self.clocks = 0
        self.closed: DayClosed | None = None
        for number, entry in entries.items():
            self._take(number, entry)

    def _take(self, number: int, entry: Entry) -> None:
        match entry:
            case Outcome(outcome=OutcomeKind.IDENTIFIED, voter_id=str(voter)):
                self.standing[voter] = number
            case Outcome(outcome=OutcomeKind.INTERRUPTED):
                self.interrupted += 1
            case OutcomeVoided(voter_id=voter):
                self.voided += 1
                self.standing.pop(voter, None)
            case SlipPrinted(entry=about):
                self.slips.add(about)
            case ClockChanged():
                self.clocks += 1
            case DayClosed():
                self.closed = entry
            case _:
                pass


def _sum_faults(
    visits: Sequence[Visit], voter_ids: Sequence[str], entries: Mapping[int, Entry]
) -> list[str]:
    sums = _Sums(entries)
    planned = {voter_ids[one.row] for one in visits if one.stands and one.row is not None}
    voids = sum(one.case is Case.PHOTO_MISMATCH for one in visits)
    faults = []
    if sums.standing.keys() != planned:
        faults.append("the voters identified in the journal are not those of the plan")
    if sums.voided != voids:
        faults.append(f"{sums.voided} entries are void, and the plan has {voids}")
    if sums.clocks != 1:
        faults.append(f"the clock went back once, and {sums.clocks} entries say so")
    if sums.interrupted > CRASHES:
        faults.append("more sessions were interrupted than there were crashes")
    if not sums.slips >= set(sums.standing.values()):
        faults.append("an identification that was not voided has no slip")
    closed = sums.closed
    if closed is None:
        faults.append("the day is not closed")
        return faults
    counted = closed.by_finger + closed.by_face + closed.by_commission
    if (counted, closed.voided) != (len(planned), voids):
        faults.append("the closing's counts are not those of the plan")
    return faults
