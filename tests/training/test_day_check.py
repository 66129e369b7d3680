"""What the judgement of a simulated day finds, in days made without a station and then spoilt."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from station_app.domain.day_log import StoryLine
from station_app.domain.entries import (
    ActUndone,
    Admitted,
    CameBack,
    ClockChanged,
    DayClosed,
    DayOpened,
    DayReopened,
    Entry,
    IssuedElsewhere,
    ListCompared,
    Outcome,
    OutcomeVoided,
    SentAway,
    SlipPrinted,
    StruckOff,
    TakenOver,
    VoterMarked,
)
from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    DocumentSeen,
    Method,
    OutcomeKind,
    PrintedTo,
    ReopenReason,
    SentAwayReason,
    StrikeReason,
    TakeoverSource,
    UndoneAct,
    UndoReason,
    VoidReason,
)
from station_app.training.day_check import day_faults
from station_app.training.day_messages import DayAccount, MilestoneReached, TakeoverGap
from station_app.training.day_plan import (
    ACT_COUNTS,
    REFUSALS,
    DayMilestone,
    PlannedVisit,
    VisitCase,
    correction_of,
    plan_day,
    taken_over_at,
)
from station_app.training.script import VisitEnd

VOTERS = 40
AT = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)


OPENED = DayOpened(1, 1, VOTERS, "", 0, "c", "m")
TAKEN = TakenOver(
    "station-app/training/9042-1", "ab" * 32, 0, "", "", "cd" * 32, TakeoverSource.NOTHING, 0,
    "c", "m", 0, "", 1,
)  # fmt: skip
AT_HOME = IssuedElsewhere("V-1", 1, BallotPlace.HOME, "c", "m")
ADMITTED = Admitted(1, AdmissionBasis.COURT_ORDER, DocumentSeen.PASSPORT, "c", "m")
AWAY = SentAway(SentAwayReason.OTHER, "o")
ACTS = (
    AT_HOME, AT_HOME, AT_HOME,
    ActUndone(9, UndoneAct.ISSUED_ELSEWHERE, "V-1", 1, UndoReason.OTHER, "c", "m"),
    ADMITTED, ADMITTED, StruckOff("V-2", 2, StrikeReason.MOVED, "c", "m"),
    AWAY, AWAY, CameBack("o"),
)  # fmt: skip
GAP = TakeoverGap("9042-1", 0, needs_paper_list=True, incidents=("entries_unknown",))


class Book:
    """One station's entries, to be spoilt."""

    def __init__(self, *first: Entry) -> None:
        self.entries: list[Entry] = list(first)
        self.standing: dict[str, int] = {}
        self.voided = self.by_face = 0

    def add(self, entry: Entry) -> int:
        self.entries.append(entry)
        return len(self.entries)

    def close(self, acts: Mapping[str, int]) -> None:
        counts = (len(self.standing) - self.by_face, self.by_face, 0, self.voided)
        said = dict.fromkeys(DayClosed.about.added, 0) | dict(acts)
        issued = len(self.standing) + said["issued_elsewhere"] + said["admitted"]
        ends = (0, 0, 0, 0, 0, 0)
        self.add(DayClosed(1, VOTERS, *counts, *ends, issued, issued, "c", "m", **said))

    def lines(self) -> list[StoryLine]:
        return [StoryLine(number, AT, entry) for number, entry in enumerate(self.entries, 1)]


class Day:
    """A day as planned, made without a station, to be spoilt."""

    def __init__(self) -> None:
        self.visits = plan_day(VOTERS, 1)
        self.voters = [f"V-{row}" for row in range(VOTERS)]
        self.first, self.spare = Book(OPENED), Book(TAKEN, OPENED)
        self.told: dict[int, VisitEnd] = {}
        self.milestones: list[MilestoneReached] = []
        self.gaps = [GAP, GAP]
        death = taken_over_at(self.visits)
        for visit in self.visits:
            if visit.before is not None:
                self._reach(visit.before)
            self._visit(visit, self.spare if visit.number >= death else self.first)
        self.first.add(ClockChanged(60_000))
        self.spare.close({})

    def _reach(self, milestone: DayMilestone) -> None:
        self.milestones.append(MilestoneReached(milestone, REFUSALS[milestone]))
        if milestone is DayMilestone.LIST_CORRECTED:
            standing = self.first.standing
            first = standing[self.voters[correction_of(self.visits).renamed]]
            self.first.add(ListCompared("ab" * 32, True, len(standing), 0, 1, 2, "c", "m"))
            self.first.add(VoterMarked("V-other", 1, first))
        elif milestone is DayMilestone.ACTS:
            for entry in ACTS:
                self.first.add(entry)
        elif milestone is DayMilestone.CLOSED_EARLY:
            self.first.close(ACT_COUNTS)
            self.first.add(DayReopened(ReopenReason.CLOSED_EARLY, "c", "m"))

    def _visit(self, visit: PlannedVisit, book: Book) -> None:
        kind = min(visit.ends, default=None)
        if kind is None:
            self.told[visit.number] = VisitEnd(visit.number)
            return
        named = kind in (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
        voter = self.voters[visit.row] if named and visit.row is not None else None
        first = 1 if kind is OutcomeKind.ALREADY_IDENTIFIED else None
        is_face = visit.case is VisitCase.FACE
        method = Method.FACE if is_face else Method.FINGER
        entry = book.add(
            Outcome(
                visit.number + 1, kind, "", method, voter, 1 if named else None, first,
                None, None, 0, 1, "", "",
            )
        )  # fmt: skip
        void = visit.case is VisitCase.PHOTO_MISMATCH
        if void:
            book.add(OutcomeVoided(entry, voter or "", 1, VoidReason.PHOTO_MISMATCH, "o", "m"))
            book.voided += 1
        elif visit.stands:
            book.standing[voter or ""] = entry
            book.by_face += is_face
            book.add(SlipPrinted(entry, 1, PrintedTo.PRINTER))
        is_marked = visit.case is VisitCase.AGAIN_OTHER_NUMBER
        self.told[visit.number] = VisitEnd(
            visit.number, kind, entry, voter, void, 1, 1, 1.0, 1.0, 1.0, is_marked
        )

    def faults(self) -> list[str]:
        told = DayAccount(self.told, self.milestones, self.gaps)
        lines = (self.first.lines(), self.spare.lines())
        return day_faults(self.visits, told, self.voters, *lines)

    def swap(self, kind: type[Entry], other: Entry) -> None:
        """Put another entry in the place of the last of this kind."""
        for book in (self.spare, self.first):
            for place in reversed(range(len(book.entries))):
                if isinstance(book.entries[place], kind):
                    book.entries[place] = other
                    return
        raise AssertionError(kind)

    def has(self, words: str) -> bool:
        return any(words in fault for fault in self.faults())


def test_a_day_as_planned_has_no_faults() -> None:
    assert Day().faults() == []


def test_a_face_is_counted_as_one() -> None:
    day = Day()
    place, entry = next(
        (place, one)
        for place, one in enumerate(day.spare.entries)
        if isinstance(one, Outcome) and one.outcome is OutcomeKind.IDENTIFIED
    )
    day.spare.entries[place] = replace(entry, method=Method.FACE)
    assert day.has("identified by face in the spare's journal")
    assert day.has("the counts of a closing of the spare")


def test_what_the_desk_told_wrongly_is_found() -> None:
    day = Day()
    end = day.told[0]
    day.told[0] = replace(end, voter_id="V-somebody")
    assert any("named another voter" in fault for fault in day.faults())
    day.told[0] = replace(end, outcome=OutcomeKind.DEVICE_LOST)
    assert any("ended as device_lost" in fault for fault in day.faults())
    day.told[0] = replace(end, voided=not end.voided)
    assert any("made void" in fault for fault in day.faults())
    day.told[0] = replace(end, is_marked=True)
    assert any("as marked" in fault for fault in day.faults())
    day.told[0] = replace(end, entry=1)
    assert any("is lost" in fault for fault in day.faults())
    day.told[0] = replace(end, entry=day.told[3].entry)
    assert any("something else than the desk" in fault for fault in day.faults())
    del day.told[0]
    assert any("has no end" in fault for fault in day.faults())


SLIP, CLOCK = SlipPrinted(1, 1, PrintedTo.PRINTER), ClockChanged(1)


@pytest.mark.parametrize(
    ("kind", "other", "fault"),
    [
        (OutcomeVoided, CLOCK, "are void, and"),
        (CameBack, SLIP, "add up to"),
        (ActUndone, SLIP, "ballots and acts of a closing"),
        (SlipPrinted, CLOCK, "has no slip"),
        (ClockChanged, SLIP, "0 entries say so"),
        (DayClosed, SLIP, "is not closed"),
        (DayReopened, SLIP, "opened again once"),
        (Outcome, SLIP, "is lost"),
        (ListCompared, SLIP, "not compared once"),
        (VoterMarked, SLIP, "the marked row"),
        (VoterMarked, VoterMarked("V-other", 1, 2), "the marked row"),
        (TakenOver, SLIP, "took over blind"),
        (TakenOver, replace(TAKEN, blind=0), "took over blind"),
    ],
)
def test_an_entry_that_is_missing_is_found(kind: type[Entry], other: Entry, fault: str) -> None:
    day = Day()
    day.swap(kind, other)
    assert day.has(fault), day.faults()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"accepted": 1}, "with all who were identified"),
        ({"compared": False}, "with all who were identified"),
        ({"missing": 1}, "lack two and mark one"),
        ({"member": ""}, "chair and member did not agree"),
    ],
)
def test_a_list_that_is_compared_otherwise_is_found(change: dict[str, Any], fault: str) -> None:
    day = Day()
    (compared,) = [one for one in day.first.entries if isinstance(one, ListCompared)]
    day.swap(ListCompared, replace(compared, **change))
    assert day.has(fault), day.faults()


def test_what_was_not_refused_is_found() -> None:
    for milestone, codes in REFUSALS.items():
        day = Day()
        place = [one.milestone for one in day.milestones].index(milestone)
        day.milestones[place] = MilestoneReached(milestone, (*codes[:-1], "allowed"))
        assert day.has(f"{milestone} was refused with")
        day.milestones.append(day.milestones[place])
        assert day.has("happened twice")


def test_a_paper_that_hides_the_gap_is_found() -> None:
    day = Day()
    day.gaps[1] = replace(GAP, needs_paper_list=False)
    assert day.has("does not send to the paper list")
    day.gaps.pop()
    assert day.has("1 of the spare's 2 papers")


def test_somebody_at_both_stations_is_found() -> None:
    day = Day()
    voter = next(iter(day.first.standing))
    (known,) = [
        one
        for one in day.first.entries
        if isinstance(one, Outcome)
        and day.first.standing[voter] == day.first.entries.index(one) + 1
    ]
    day.spare.add(known)
    assert day.has("at both stations")


def test_sums_that_are_wrong_are_found() -> None:
    day = Day()
    closed = day.spare.entries[-1]
    assert isinstance(closed, DayClosed)
    day.spare.entries[-1] = replace(closed, by_finger=closed.by_finger + 1)
    assert day.has("counts of a closing of the spare")
    day = Day()
    interrupted = Outcome(
        99, OutcomeKind.INTERRUPTED, "restart", Method.NONE, None, None, None, None, None, 0, 0,
        "", "",
    )  # fmt: skip
    day.first.entries += [interrupted] * 2
    day.spare.entries += [interrupted] * 2
    assert day.has("more sessions were interrupted")
