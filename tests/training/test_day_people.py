"""Everybody in a planned day's queue acts as planned, at a desk whose matcher knows them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from station_app.domain.entries import IssuedElsewhere, Outcome, OutcomeVoided, StruckOff
from station_app.domain.entry_codes import BallotPlace, OutcomeKind, StrikeReason, VoidReason
from station_app.domain.fingers import FingerPosition
from station_app.domain.matching import Candidate, Examination
from station_app.domain.samples import Finger, FingerImage
from station_app.domain.voters import Voter
from station_app.flow.approvals import DEMO_MEMBER, DEMO_PASSPHRASE
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.training.day_plan import PlannedVisit, VisitCase, people_of
from station_app.training.player import Player
from station_app.training.script import QueuePerson, ScriptFault, Signature, VisitEnd, VisitResult
from station_app.vault import Passphrase
from tests.flow.desk_parts import ScriptedMatcher
from tests.flow.whole_desk import Station

AT = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
PEOPLE = invent_precinct(10, 5, (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX))


class KnowingMatcher:
    """Knows whose finger lies on the glass: the voter whose visit it is, unless it is worn."""

    engine = "knowing/1"

    def __init__(self) -> None:
        self.visit: PlannedVisit | None = None

    def examine(self, image: FingerImage, named_row: int | None) -> Examination:
        visit = self.visit
        assert visit is not None
        is_known = visit.row is not None and visit.case not in (
            VisitCase.WORN,
            VisitCase.WORN_REFUSED,
            VisitCase.FACE,
            VisitCase.FACE_OF_ANOTHER,
        )
        found = (
            (Candidate(visit.row, Finger(FingerPosition.RIGHT_INDEX), 12.0),)
            if is_known and visit.row is not None
            else ()
        )
        return Examination(80, None, found, 600, 1.0, 1.0)


class ListOf:
    """The precinct's list."""

    def __init__(self, people: Precinct) -> None:
        self._people = people

    def voter(self, row: int) -> Voter:
        return self._people.voters[row]

    def find_by_pin(self, pin: str) -> int | None:
        return next((row for row, one in enumerate(self._people.voters) if one.pin == pin), None)

    def fingers_of(self, row: int, engines: Collection[str]) -> tuple[FingerPosition, ...]:
        return (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)


class Queue:
    """A desk, and these visits to it."""

    def __init__(self, *visits: PlannedVisit, marked: str = "") -> None:
        self.visits = tuple(replace(one, number=number) for number, one in enumerate(visits))
        self.matcher = KnowingMatcher()
        self.station = Station(
            matcher=self.matcher, voters=ListOf(PEOPLE), marked=frozenset({marked})
        )
        self.results: list[VisitResult] = []
        self.begun: list[int] = []
        signed = Signature(DEMO_MEMBER.id, Passphrase(DEMO_PASSPHRASE))
        self.people = Player(
            self.station.runner, self.station.scanner, self.station.bridge,
            people_of(self.visits, PEOPLE, signed), self.results.append, begin=self._begin,
        )  # fmt: skip

    @property
    def ends(self) -> list[VisitEnd]:
        return [one.end for one in self.results]

    def _begin(self, person: QueuePerson) -> None:
        self.matcher.visit = self.visits[person.number]
        self.begun.append(person.number)

    def pass_by(self) -> None:
        self.people.start()
        try:
            assert self.station.bridge.run(lambda: self.people.is_over, 60)
        finally:
            self.station.runner.stop()


def visit(
    case: VisitCase, row: int | None, document: int | None = None, **more: ScriptFault
) -> PlannedVisit:
    return PlannedVisit(0, case, row, 0, row if document is None else document, AT, **more)


def test_every_case_ends_as_planned() -> None:
    queue = Queue(
        visit(VisitCase.FINGER, 0),
        visit(VisitCase.WITH_DOCUMENT, 1),
        visit(VisitCase.AGAIN_SAME_FINGER, 0),
        visit(VisitCase.AGAIN_OTHER_FINGER, 1),
        visit(VisitCase.AGAIN_WITH_DOCUMENT, 1),
        visit(VisitCase.ANOTHERS_DOCUMENT, 2, document=0),
        visit(VisitCase.STRANGER, None),
        visit(VisitCase.UNKNOWN_DOCUMENT, None),
        visit(VisitCase.WORN, 3),
        visit(VisitCase.WORN_REFUSED, 4),
        visit(VisitCase.PHOTO_MISMATCH, 5),
        visit(VisitCase.AFTER_VOID, 5),
        visit(VisitCase.CANCELLED, 6),
        visit(VisitCase.ADDED, 7),
        # Without a camera the commission decides, as it does where a face is missed.
        visit(VisitCase.FACE, 8),
        visit(VisitCase.FACE_OF_ANOTHER, 9, document=8),
        visit(VisitCase.AFTER_HOME, 6),
        visit(VisitCase.STRUCK_OFF, 2),
    )
    at_home, struck = (PEOPLE.voters[row].voter_id for row in (6, 2))
    queue.station.write(
        IssuedElsewhere(at_home, 7, BallotPlace.HOME, "c1", "m1"),
        StruckOff(struck, 3, StrikeReason.MOVED, "c1", "m1"),
    )
    queue.pass_by()
    # Below; for want of another list; and somebody whom the desk never sees.
    elsewhere = {VisitCase.AGAIN_OTHER_NUMBER, VisitCase.AGAIN_MISSING, VisitCase.SENT_AWAY}
    assert {one.case for one in queue.visits} == set(VisitCase) - elsewhere
    numbers = list(range(len(queue.visits)))
    assert [one.visit for one in queue.ends] == numbers == queue.begun
    for result in queue.results:
        assert result.faults == []
        entry = queue.station.book.entries[result.end.entry - 1]
        assert isinstance(entry, Outcome)
        assert (entry.outcome, entry.voter_id) == (result.end.outcome, result.end.voter_id)
    voids = [one for one in queue.station.book.entries if isinstance(one, OutcomeVoided)]
    assert [one.reason for one in voids] == [VoidReason.PHOTO_MISMATCH]
    assert (queue.people.left, queue.people.blocked_by) == (0, "")


def test_the_commission_refuses_who_comes_under_another_number() -> None:
    queue = Queue(visit(VisitCase.AGAIN_OTHER_NUMBER, 1), marked=PEOPLE.voters[1].voter_id)
    queue.pass_by()
    (end,) = queue.ends
    assert (end.outcome, end.is_marked) == (OutcomeKind.REFUSED, True)


def test_a_cable_that_is_pulled_only_delays_the_visit() -> None:
    queue = Queue(
        visit(VisitCase.FINGER, 0, fault=ScriptFault.SCANNER_PULLED), visit(VisitCase.FINGER, 1)
    )
    queue.pass_by()
    assert [one.outcome for one in queue.ends] == [OutcomeKind.IDENTIFIED] * 2
    kinds = [one.kind for one in queue.station.book.entries]
    assert (kinds.count("device_lost"), kinds.count("device_returned")) == (1, 1)


def test_a_desk_that_is_blocked_ends_the_queue() -> None:
    queue = Queue(visit(VisitCase.FINGER, 0), visit(VisitCase.FINGER, 1))
    queue.station.book.full = True
    queue.pass_by()
    assert queue.people.blocked_by == "disk_full"
    assert queue.people.left == 2
    assert queue.ends == []


def test_a_bug_ends_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue(visit(VisitCase.FINGER, 0))
    monkeypatch.setattr(queue.matcher, "examine", ScriptedMatcher().examine)  # has no answers
    queue.pass_by()
    assert queue.ends == []
    assert [type(one) for one in queue.station.witness.bugs] == [IndexError]
