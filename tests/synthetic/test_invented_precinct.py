"""A precinct hands out the same finger in whatever order it is asked."""

import random

import pytest

from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage
from station_app.synthetic.precinct import FINGER_ORDER, Precinct, invent_precinct
from station_app.synthetic.presets import Preset

RIGHT, LEFT = FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX
Asked = tuple[int, FingerPosition, int, Preset]

ORDERS: tuple[Asked, ...] = (
    (0, RIGHT, 0, Preset.GOOD),
    (0, RIGHT, 1, Preset.GOOD),
    (0, RIGHT, 1, Preset.POOR),
    (0, LEFT, 0, Preset.GOOD),
    (3, LEFT, 2, Preset.FAIR),
    (5, FingerPosition.LEFT_LITTLE, 1, Preset.DRY),
)


@pytest.fixture(scope="module")
def precinct() -> Precinct:
    return invent_precinct(6, 17, (RIGHT, LEFT))


def test_order_of_access_does_not_matter(precinct: Precinct) -> None:
    first = {asked: precinct.impression(*asked) for asked in ORDERS}
    mixed = list(ORDERS)
    random.Random(1).shuffle(mixed)
    other = invent_precinct(6, 17, (RIGHT, LEFT))
    again = {asked: other.impression(*asked) for asked in mixed}
    assert again == first
    assert len({image.pixels for image in first.values()}) == len(ORDERS)


def test_enrolment_is_the_good_impression_number_0(precinct: Precinct) -> None:
    assert precinct.enrolment(2, LEFT) == precinct.impression(2, LEFT, 0, Preset.GOOD)


def test_fingers_belong_to_the_person_not_to_the_row() -> None:
    few, many = invent_precinct(5, 8, (RIGHT,)), invent_precinct(25, 8, (RIGHT,))
    person = few.people[2]
    row = many.people.index(person)
    assert few.voters[2].voter_id == many.voters[row].voter_id
    assert few.enrolment(2, RIGHT) == many.enrolment(row, RIGHT)


def test_strangers_are_nobody_on_the_list(precinct: Precinct) -> None:
    def stranger(number: int) -> FingerImage:
        return precinct.stranger(number, RIGHT, 0, Preset.GOOD)

    everybody = {precinct.enrolment(row, RIGHT).pixels for row in range(6)}
    assert stranger(0) == stranger(0)
    assert len({stranger(n).pixels for n in range(3)} - everybody) == 3


def test_every_finger_is_different(precinct: Precinct) -> None:
    assert sorted(FINGER_ORDER) == list(range(1, 11))
    seeds = {precinct.finger_seed(row, at) for row in range(6) for at in FINGER_ORDER}
    assert len(seeds) == 60


@pytest.mark.parametrize("row", [-1, 6])
def test_a_row_outside_the_list_is_an_error(precinct: Precinct, row: int) -> None:
    with pytest.raises(IndexError):
        precinct.impression(row, RIGHT, 0, Preset.GOOD)


def test_unknown_fingers_and_negative_numbers_are_errors(precinct: Precinct) -> None:
    with pytest.raises(ValueError, match="known finger"):
        precinct.impression(0, FingerPosition.UNKNOWN, 0, Preset.GOOD)
    with pytest.raises(ValueError, match="from 0"):
        precinct.impression(0, RIGHT, -1, Preset.GOOD)


@pytest.mark.parametrize("fingers", [(), (FingerPosition.UNKNOWN,), (RIGHT, RIGHT)])
def test_odd_sets_of_fingers_are_refused(fingers: tuple[FingerPosition, ...]) -> None:
    with pytest.raises(ValueError, match="known finger"):
        invent_precinct(3, 1, fingers)
