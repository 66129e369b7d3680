"""Which finger is asked for: those of the record, the best first, and never one that is missing."""

from itertools import pairwise

import pytest

from station_app.domain import session_events as ev
from station_app.domain.fingers import EVERY_FINGER, FingerPosition
from station_app.domain.policy import PROVISIONAL
from station_app.domain.samples import position_of
from station_app.domain.session_outcomes import End
from station_app.domain.session_states import (
    AwaitingCommission,
    AwaitingFace,
    AwaitingSample,
    CommissionWhy,
    FaceWhy,
    Idle,
    LookingUp,
)
from tests.domain.session_desk import Desk, named, verdict

INDEX, MIDDLE, THUMB = (
    FingerPosition.RIGHT_INDEX, FingerPosition.RIGHT_MIDDLE, FingerPosition.RIGHT_THUMB
)  # fmt: skip
LEFT, RING = FingerPosition.LEFT_INDEX, FingerPosition.LEFT_RING
ALL = frozenset(EVERY_FINGER)


def asked(desk: Desk) -> FingerPosition:
    state = desk.state
    if isinstance(state, Idle):
        return position_of(state.asked)
    assert isinstance(state, AwaitingSample)
    return position_of(state.session.asked)


def choose(desk: Desk, finger: FingerPosition, *missing: FingerPosition) -> None:
    desk.do(ev.FingerChosen(finger, frozenset(missing)))


def test_the_best_finger_of_the_record_comes_first_and_the_others_follow() -> None:
    desk = Desk()
    named(desk, 4, (MIDDLE, LEFT))
    order = [asked(desk)]
    for _ in range(2):
        desk.finger((4, 0.1))
        order.append(asked(desk))
    assert order == [MIDDLE, LEFT, MIDDLE]


def test_a_finger_that_is_not_enrolled_is_never_asked_for() -> None:
    desk = Desk()
    named(desk, 4, (THUMB,))
    choose(desk, INDEX)
    assert asked(desk) == THUMB
    desk.finger((4, 0.1))
    assert asked(desk) == THUMB


def test_the_operator_s_choice_stands_where_the_record_has_it() -> None:
    for enrolled, expected in (((INDEX, RING), RING), ((INDEX, LEFT), INDEX)):
        desk = Desk()
        choose(desk, RING)
        named(desk, 4, enrolled)
        assert asked(desk) == expected


def test_who_leaves_before_a_session_takes_the_marks_along() -> None:
    desk = Desk()
    first = asked(desk)
    choose(desk, LEFT, INDEX)
    assert asked(desk) == LEFT
    after = desk.do(ev.Cancelled())
    assert isinstance(after, Idle)
    assert (asked(desk), after.missing) == (first, frozenset())


@pytest.mark.parametrize("missing", [(INDEX,), (INDEX, LEFT), tuple(ALL - {THUMB})])
def test_a_missing_finger_is_skipped_between_sessions_and_in_them(
    missing: tuple[FingerPosition, ...],
) -> None:
    desk = Desk()
    choose(desk, INDEX, *missing)
    assert asked(desk) not in missing
    desk.do(ev.FingerTouched(desk.ticket))
    desk.finger((4, 0.1))
    assert asked(desk) not in missing
    desk.finger((5, 0.1))
    desk.do(ev.NextPressed())
    assert asked(desk) == INDEX, "forgotten with the session"
    assert desk.state == Idle(desk.ticket, 2, PROVISIONAL.asked_order[0])


def test_a_mark_taken_off_counts_no_more() -> None:
    desk = Desk()
    choose(desk, INDEX, INDEX)
    assert asked(desk) == LEFT
    choose(desk, INDEX)
    assert asked(desk) == INDEX


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("has_face", [True, False])
def test_without_fingers_the_face_or_the_commission(when: str, has_face: bool) -> None:
    desk = Desk()
    if when == "before":
        choose(desk, INDEX, *ALL)
        assert isinstance(desk.state, Idle), "the document comes first"
    desk.do(ev.PinEntered("1" * 14))
    desk.do(ev.PinFound(desk.ticket, 4, has_face=has_face, fingers=(INDEX, LEFT)))
    if when == "after":
        choose(desk, LEFT, INDEX, LEFT)
    if has_face:
        assert isinstance(desk.state, AwaitingFace)
        assert desk.state.why is FaceWhy.NO_FINGERS
    else:
        assert isinstance(desk.state, AwaitingCommission)
        assert desk.state.why is CommissionWhy.NO_FINGERS


def test_a_voter_without_an_enrolled_finger_is_not_asked_for_one() -> None:
    desk = Desk()
    desk.do(ev.PinEntered("1" * 14))
    assert isinstance(desk.state, LookingUp)
    desk.do(ev.PinFound(desk.ticket, 4))
    assert isinstance(desk.state, AwaitingCommission)
    desk.do(ev.Cancelled())
    outcome = verdict(desk).outcome
    assert (outcome.outcome, outcome.reason) == End.NO_FINGERS.value


def test_in_mid_session_without_a_document_the_commission_asks_for_it() -> None:
    desk = Desk()
    desk.do(ev.FingerTouched(desk.ticket))
    choose(desk, INDEX, *ALL)
    assert isinstance(desk.state, AwaitingCommission)
    assert desk.state.session.named_row is None


def test_from_the_face_a_finger_that_is_there() -> None:
    desk = Desk()
    choose(desk, INDEX, *ALL)
    desk.do(ev.PinEntered("1" * 14))
    desk.do(ev.PinFound(desk.ticket, 4, has_face=True, fingers=(INDEX, LEFT)))
    choose(desk, INDEX, *ALL)
    assert isinstance(desk.state, AwaitingFace), "none is left"
    choose(desk, LEFT, INDEX)
    assert asked(desk) == LEFT


def test_every_finger_is_there_once() -> None:
    assert len(ALL) == len(EVERY_FINGER) == len(FingerPosition) - 1
    assert all(one != other for one, other in pairwise(EVERY_FINGER))
