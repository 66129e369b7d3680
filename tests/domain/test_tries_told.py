"""What the desk says of the tries is what then happens: "attempt 2 of 2" is the last one."""

from itertools import product

import pytest

from station_app.domain.policy import PROVISIONAL
from station_app.domain.session_capturing import tries_at_most
from station_app.domain.session_states import AwaitingSample, Idle
from tests.domain.session_desk import Desk, named

GOOD, POOR = 80, 5
ROW = 8


def told(desk: Desk) -> tuple[int, int]:
    """The attempt about to be made, and of how many."""
    assert isinstance(desk.state, AwaitingSample)
    session = desk.state.session
    return session.tries + 1, tries_at_most(session, PROVISIONAL)


@pytest.mark.parametrize("with_pin", [False, True])
@pytest.mark.parametrize("qualities", list(product((GOOD, POOR), repeat=PROVISIONAL.tries)))
def test_the_last_attempt_told_is_the_last(qualities: tuple[int, ...], with_pin: bool) -> None:
    desk = Desk()
    if with_pin:
        named(desk, ROW)
    attempt, of = (1, PROVISIONAL.tries if with_pin else PROVISIONAL.tries_without_pin)
    for quality in qualities:
        if isinstance(desk.state, AwaitingSample):
            attempt, of = told(desk)
        assert attempt <= of <= PROVISIONAL.tries
        desk.finger(quality=quality)
        goes_on = isinstance(desk.state, AwaitingSample)
        assert not isinstance(desk.state, Idle)
        if quality == GOOD:
            assert goes_on is (attempt < of), "a good image ends it where that was told"
        if not goes_on:
            break
    else:
        pytest.fail("the tries end")


def test_without_a_document_two_good_images_are_enough() -> None:
    desk = Desk()
    desk.finger(quality=GOOD)
    assert told(desk) == (2, 2)
    poor = Desk()
    poor.finger(quality=POOR)
    assert told(poor) == (2, 3), "a bad image adds a try"
    with_pin = Desk()
    named(with_pin, ROW)
    assert told(with_pin) == (1, 4)
