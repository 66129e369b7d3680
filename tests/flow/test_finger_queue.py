"""A queue of image files: who comes in which order, and how the ends are counted."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from station_app.biometrics.images import read_finger_image
from station_app.centre.list_building import RealFinger, find_real_fingers
from station_app.domain.entries import Outcome
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.flow.acts import Touch
from station_app.flow.finger_queue import FingerSummary, finger_queue, readable, summarise
from station_app.flow.parts import Times
from station_app.flow.rehearsal import Person, Result
from tests.flow.desk_parts import a_voter

PPI = 500


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two fingers: one with three queued impressions, one with one; each of its own grey."""
    for number, name in enumerate(["1_1", "1_2", "1_3", "1_4", "2_1", "2_2"], start=1):
        pixels = np.full((120, 100), 10 * number, np.uint8)
        assert cv2.imwrite(str(tmp_path / f"{name}.png"), pixels)
    return tmp_path


@pytest.fixture
def fingers(folder: Path) -> tuple[RealFinger, ...]:
    return find_real_fingers(folder)


def test_every_impression_but_the_enrolled_one_comes(fingers: tuple[RealFinger, ...]) -> None:
    people = finger_queue(fingers, [a_voter(0), a_voter(1)], tries=4, ppi=PPI)
    assert [person.who for person in people] == ["1_2", "1_3", "1_4", "2_2"]
    assert [person.voter_id for person in people] == ["V-0", "V-0", "V-0", "V-1"]
    first, again = OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED
    assert [person.outcome for person in people] == [first, again, again, first]


def test_a_person_goes_on_with_the_fingers_next_impression(
    fingers: tuple[RealFinger, ...], folder: Path
) -> None:
    people = finger_queue(fingers, [a_voter(0), a_voter(1)], tries=4, ppi=PPI)

    def laid_down(person: Person) -> list[int]:
        touches = [act for act in person.acts if isinstance(act, Touch)]
        return [touch.impression().pixels[0] for touch in touches]

    assert laid_down(people[1]) == [30, 40, 20, 30]
    assert laid_down(people[3]) == [60, 60, 60, 60]
    (touch, *_) = people[0].acts
    assert isinstance(touch, Touch)
    assert touch.impression() == read_finger_image(folder / "1_2.png", PPI)


def test_a_voter_a_finger(fingers: tuple[RealFinger, ...]) -> None:
    with pytest.raises(ValueError, match="shorter"):
        finger_queue(fingers, [a_voter(0)], tries=4, ppi=PPI)


def test_files_that_are_no_images_stay_out_of_the_queue(folder: Path) -> None:
    (folder / "1_3.png").write_bytes(b"not an image")
    told: list[tuple[int, int]] = []
    kept, left_out = readable(
        find_real_fingers(folder), PPI, lambda read, total: told.append((read, total))
    )
    assert left_out == 1
    assert [[path.stem for path in one.queue] for one in kept] == [["1_2", "1_4"], ["2_2"]]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def ended(outcome: OutcomeKind, voter: int | None, tries: int) -> Result:
    person = Person("1_2", (), OutcomeKind.IDENTIFIED, "V-0")
    already = outcome is OutcomeKind.ALREADY_IDENTIFIED
    entry = Outcome(
        session=1,
        outcome=outcome,
        reason="",
        method=Method.FINGER,
        voter_id=None if voter is None else f"V-{voter}",
        list_number=None if voter is None else voter + 1,
        first_entry=3 if already else None,
        evidence_milli=None,
        threshold_milli=None,
        fingers_compared=2,
        tries=tries,
        engine="test/1",
        policy="",
    )
    return Result(person, entry, None, Times())


def test_the_ends_are_counted() -> None:
    results = [
        ended(OutcomeKind.IDENTIFIED, 0, 1),
        ended(OutcomeKind.ALREADY_IDENTIFIED, 0, 1),
        ended(OutcomeKind.IDENTIFIED, 0, 2),
        ended(OutcomeKind.IDENTIFIED, 1, 1),
        ended(OutcomeKind.NOT_ON_LIST, None, 2),
        ended(OutcomeKind.UNREADABLE, None, 4),
    ]
    assert summarise(results) == FingerSummary(
        people=6,
        identified=3,
        at_once=2,
        tried_again=3,
        not_on_list=1,
        unreadable=1,
        wrong_person=1,
    )


def test_nobody_came() -> None:
    assert summarise([]) == FingerSummary(0, 0, 0, 0, 0, 0, 0)
