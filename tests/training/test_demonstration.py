"""The demo's script, played with fingers that say whose they are instead of ridges."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import get_args

import pytest

from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.domain.matching import Candidate, Examination
from station_app.domain.samples import Finger, FingerImage, RetryReason
from station_app.domain.voters import Voter
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.synthetic.presets import Preset
from station_app.training.demonstration import UNKNOWN_PIN, InventedHand, demonstration
from station_app.training.player import Player
from station_app.training.script import (
    Act,
    Expected,
    FingerTouch,
    GivePin,
    MidCapture,
    QueuePerson,
    ShowFace,
    VisitResult,
    without_faces,
)
from tests.flow.whole_desk import Station

ENROLLED = (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)
STRANGER = 0xFFFF


@dataclass(frozen=True)
class LabelledPrecinct(Precinct):
    """Its impressions carry row, finger and manner as pixels: nothing has to grow."""

    def impression(
        self, row: int, position: FingerPosition, number: int, preset: Preset
    ) -> FingerImage:
        return label(row, position, preset)

    def stranger(
        self, number: int, position: FingerPosition, impression: int, preset: Preset
    ) -> FingerImage:
        return label(STRANGER, position, preset)


def label(row: int, position: FingerPosition, preset: Preset) -> FingerImage:
    """An image of four pixels; `LabelReader` reads it."""
    return FingerImage(bytes([row >> 8, row & 255, position, preset is Preset.DRY]), 4, 1, 500)


class LabelReader:
    """A matching core without errors."""

    engine = "labels/1"

    def examine(self, image: FingerImage, named_row: int | None) -> Examination:
        high, low, position, dry = image.pixels
        row = high << 8 | low
        if dry:
            return Examination(5, RetryReason.TOO_DRY, (), 600, 1.0, 1.0)
        known = row != STRANGER and position in ENROLLED
        best = (Candidate(row, Finger(FingerPosition(position)), 12.0),) if known else ()
        return Examination(80, None, best, 600, 1.0, 1.0)


class RegisterReader:
    """The precinct's own register."""

    def __init__(self, precinct: Precinct) -> None:
        self._voters = precinct.voters

    def voter(self, row: int) -> Voter:
        return self._voters[row]

    def find_by_pin(self, pin: str) -> int | None:
        return next((row for row, one in enumerate(self._voters) if one.pin == pin), None)

    def fingers_of(self, row: int, engines: Collection[str]) -> tuple[FingerPosition, ...]:
        return (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)


@pytest.fixture(scope="module")
def precinct() -> Precinct:
    return invent_precinct(300, 2026, ENROLLED)


@pytest.fixture(scope="module")
def queue(precinct: Precinct) -> list[QueuePerson]:
    return demonstration(precinct, faces=True)


def acts_of(queue: list[QueuePerson]) -> list[Act]:
    return [act for one in queue for act in one.acts]


def test_twenty_two_people_meet_every_end_of_the_design(queue: list[QueuePerson]) -> None:
    ends = Counter(one.ends[0] for one in queue)
    assert sum(ends.values()) == 22
    assert ends.keys() == {
        OutcomeKind.IDENTIFIED,
        OutcomeKind.ALREADY_IDENTIFIED,
        OutcomeKind.NOT_ON_LIST,
        OutcomeKind.UNREADABLE,
        OutcomeKind.REFUSED,
        OutcomeKind.ABANDONED,
    }
    assert {type(act) for act in acts_of(queue)} == set(get_args(Act))
    then = {act.then for act in acts_of(queue) if isinstance(act, FingerTouch)}
    assert then == {None, *MidCapture}
    assert {one.expects for one in queue} == set(Expected)
    assert [one.number for one in queue] == list(range(22))


def test_nobody_is_identified_twice(queue: list[QueuePerson]) -> None:
    seen: set[str | None] = set()
    for one in queue:
        if one.ends == (OutcomeKind.IDENTIFIED,):
            assert one.voter_id not in seen
            if not one.voided:
                seen.add(one.voter_id)
        elif one.ends == (OutcomeKind.ALREADY_IDENTIFIED,):
            assert one.voter_id in seen


def test_who_shows_a_face_comes_last_and_can_be_left_out(
    precinct: Precinct, queue: list[QueuePerson]
) -> None:
    assert [one.who for one in without_faces(queue)] == [one.who for one in demonstration(precinct)]
    faces = [one for one in queue if any(isinstance(act, ShowFace) for act in one.acts)]
    assert [one.expects for one in faces] == [
        Expected.BY_FACE, Expected.FACE_DIFFERS, Expected.FACE_PROPOSED
    ]  # fmt: skip
    assert all(one.face is not None for one in queue)


def test_pins_are_on_the_list_but_for_one(precinct: Precinct, queue: list[QueuePerson]) -> None:
    given = {act.pin for act in acts_of(queue) if isinstance(act, GivePin)}
    assert given - {voter.pin for voter in precinct.voters} == {UNKNOWN_PIN}


def test_strangers_have_names_of_their_own(precinct: Precinct, queue: list[QueuePerson]) -> None:
    strangers = [one for one in queue if one.voter_id is None]
    assert len({one.name for one in strangers}) == len(strangers) == 4


def test_the_script_holds_with_a_core_that_makes_no_errors(precinct: Precinct) -> None:
    labelled = LabelledPrecinct(2026, precinct.voters, precinct.people, ENROLLED)
    station = Station(matcher=LabelReader(), voters=RegisterReader(labelled))
    results: list[VisitResult] = []
    over: list[bool] = []
    people = demonstration(labelled)
    Player(
        station.runner, station.scanner, station.bridge, people, results.append,
        lambda: over.append(True),
    ).start()  # fmt: skip
    assert station.bridge.run(lambda: bool(over), 60)
    station.runner.stop()
    assert [one.person.who for one in results if not one.as_expected] == []
    assert len(results) == len(people)


def test_a_hand_lays_down_its_own_fingers(precinct: Precinct) -> None:
    voter, stranger = InventedHand(precinct, 5), InventedHand(precinct, None, 3)
    assert voter.finger()() == precinct.impression(5, ENROLLED[0], 1, Preset.GOOD)
    finger = stranger.finger(ENROLLED[1], number=2)
    assert finger() == precinct.stranger(3, ENROLLED[1], 2, Preset.GOOD)
