"""A queue of image files: who comes in which order, and how the ends are counted."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest

from station_app.biometrics.images import read_finger_image
from station_app.centre.list_building import RealFinger, find_real_fingers
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.voters import Voter, short_name
from station_app.snapshots import VoterList
from station_app.synthetic.presets import Preset
from station_app.training.image_people import (
    ListPeople,
    people_of_fingers,
    people_of_list,
    readable,
    summary_of,
)
from station_app.training.script import FingerTouch, QueuePerson, VisitEnd, VisitResult
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
    people = people_of_fingers(fingers, [a_voter(0), a_voter(1)], tries=4, ppi=PPI)
    assert [person.who for person in people] == ["1_2", "1_3", "1_4", "2_2"]
    assert [person.voter_id for person in people] == ["V-0", "V-0", "V-0", "V-1"]
    first, again = OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED
    assert [person.ends for person in people] == [(first,), (again,), (again,), (first,)]


def test_a_person_goes_on_with_the_fingers_next_impression(
    fingers: tuple[RealFinger, ...], folder: Path
) -> None:
    people = people_of_fingers(fingers, [a_voter(0), a_voter(1)], tries=4, ppi=PPI)

    def laid_down(person: QueuePerson) -> list[int]:
        touches = [act for act in person.acts if isinstance(act, FingerTouch)]
        return [touch.impression().pixels[0] for touch in touches]

    assert laid_down(people[1]) == [30, 40, 20, 30]
    assert laid_down(people[3]) == [60, 60, 60, 60]
    (touch, *_) = people[0].acts
    assert isinstance(touch, FingerTouch)
    assert touch.impression() == read_finger_image(folder / "1_2.png", PPI)


def test_a_voter_a_finger(fingers: tuple[RealFinger, ...]) -> None:
    with pytest.raises(ValueError, match="shorter"):
        people_of_fingers(fingers, [a_voter(0)], tries=4, ppi=PPI)


def test_files_that_are_no_images_stay_out_of_the_queue(folder: Path) -> None:
    (folder / "1_3.png").write_bytes(b"not an image")
    told: list[tuple[int, int]] = []
    kept, left_out = readable(
        find_real_fingers(folder), PPI, lambda read, total: told.append((read, total))
    )
    assert left_out == 1
    assert [[path.stem for path in one.queue] for one in kept] == [["1_2", "1_4"], ["2_2"]]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


@dataclass(frozen=True)
class ListOfTwo:
    """A voter list, as far as it is read here."""

    header: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(precinct="9042"))
    voters: int = 2

    def voter(self, row: int) -> Voter:
        return a_voter(row)


def in_queue(folder: Path) -> ListPeople:
    return people_of_list(cast("VoterList", ListOfTwo()), folder)


def of_list(folder: Path) -> list[QueuePerson]:
    return list(in_queue(folder).people)


def greys(person: QueuePerson, position: FingerPosition, touches: int) -> list[int]:
    assert person.hand is not None
    fingers = (person.hand.finger(position, Preset.GOOD, n) for n in range(1, touches + 1))
    return [finger().pixels[0] for finger in fingers]


@pytest.fixture
def own(folder: Path) -> Path:
    """The right index of the second voter, as enrolled and twice more, and the left one."""
    for source, name in (
        ("1_1", "V-1_2"),
        ("1_2", "V-1_02_1"),
        ("1_3", "V-1_2_2"),
        ("1_4", "V-1_7"),
    ):
        (folder / f"{source}.png").rename(folder / f"{name}.png")
    (folder / "V-10_2.png").write_bytes(b"")
    return folder


def test_the_people_of_a_list_are_those_with_images(own: Path) -> None:
    (person,) = of_list(own)
    voter = a_voter(1)
    assert (person.voter_id, person.pin, person.number) == ("V-1", voter.pin, 0)
    assert person.name == f"{voter.list_number}. {short_name(voter.surname, voter.given_names)}"


def test_the_enrolled_image_is_laid_down_only_where_there_is_no_other(own: Path) -> None:
    (person,) = of_list(own)
    assert greys(person, FingerPosition.RIGHT_INDEX, 3) == [20, 30, 20]
    assert greys(person, FingerPosition.LEFT_INDEX, 2) == [40, 40]
    with pytest.raises(KnownError, match="no image of this finger"):
        greys(person, FingerPosition.RIGHT_THUMB, 1)
    (own / "V-1_7.png").write_bytes(b"no image")
    with pytest.raises(KnownError, match=r"V-1_7\.png"):
        greys(person, FingerPosition.LEFT_INDEX, 1)


def test_a_bad_entry_is_left_out_alone_and_counted(own: Path) -> None:
    """Links in a circle, to nowhere and to an image, a folder, and a file that is no image."""
    (own / "round").symlink_to("round")
    (own / "V-0_2.png").symlink_to("V-0_2.png")
    (own / "V-0_7.png").symlink_to("nowhere")
    (own / "V-1_2_3.png").symlink_to("2_1.png")
    (own / "V-1_2_4.png").mkdir()
    (own / "V-1_2_1.png").write_bytes(b"no image")
    queue = in_queue(own)
    (person,) = queue.people
    assert person.voter_id == "V-1"
    assert sorted(path.name for path in queue.unusable) == [
        "V-0_2.png", "V-0_7.png", "V-1_2_3.png", "V-1_2_4.png",
    ]  # fmt: skip
    assert greys(person, FingerPosition.RIGHT_INDEX, 4) == [20, 30, 30, 20]
    assert own / "V-1_2_1.png" in queue.unusable, "found when its turn came"


def test_a_precincts_own_folder_goes_first(own: Path) -> None:
    (own / "9042").mkdir()
    (own / "V-1_7.png").rename(own / "9042" / "V-0_7.png")
    assert [person.voter_id for person in of_list(own)] == ["V-0"]


def test_a_folder_that_is_not_there_has_nobody(tmp_path: Path) -> None:
    assert of_list(tmp_path / "away") == []


def ended(outcome: OutcomeKind, voter: int | None, tries: int) -> VisitResult:
    person = QueuePerson("1_2", (), (OutcomeKind.IDENTIFIED,), "V-0")
    voter_id = None if voter is None else f"V-{voter}"
    return VisitResult(person, VisitEnd(0, outcome, voter_id=voter_id, tries=tries))


def test_the_ends_are_counted() -> None:
    results = [
        ended(OutcomeKind.IDENTIFIED, 0, 1),
        ended(OutcomeKind.ALREADY_IDENTIFIED, 0, 1),
        ended(OutcomeKind.IDENTIFIED, 0, 2),
        ended(OutcomeKind.IDENTIFIED, 1, 1),
        ended(OutcomeKind.NOT_ON_LIST, None, 2),
        ended(OutcomeKind.UNREADABLE, None, 4),
    ]
    assert summary_of(results) == {
        "people": 6,
        "identified": 3,
        "at_once": 2,
        "tried_again": 3,
        "not_on_list": 1,
        "unreadable": 1,
        "wrong_person": 1,
    }


def test_nobody_came() -> None:
    assert summary_of([]) == dict.fromkeys(summary_of([]), 0)
