"""A head that turns as asked passes; pictures, recordings and streams that stand still do not.

What the camera sees of them is `turning_heads`'.
"""

import random
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from station_app.domain.faces import FaceFlaw, FaceSeen
from station_app.domain.liveness import (
    REACH,
    STRAIGHT,
    Challenge,
    FaceFailure,
    FaceStep,
    HeadTurns,
    Turn,
    draw,
)
from tests.domain.turning_heads import (
    LEFT,
    RIGHT,
    Asked,
    Motion,
    Person,
    Photograph,
    Pose,
    moved,
    seen,
    still,
)

AS_ASKED = Challenge((LEFT, RIGHT, LEFT), (0.6, 0.8, 0.5))


def play(
    motion: Motion,
    challenge: Challenge = AS_ASKED,
    fps: float = 30.0,
    seconds: float = 60.0,
    seed: int = 1,
    tries: HeadTurns | None = None,
) -> HeadTurns:
    """The turns, after the motion was before the camera until all is over."""
    turns, rng = tries or HeadTurns(challenge), np.random.default_rng(seed)
    for at in np.arange(0.0, seconds, 1.0 / fps):
        turns.see(seen(motion(turns, float(at)), rng), float(at))
        if turns.is_over:
            break
    return turns


@pytest.mark.parametrize("fps", [10.0, 15.0, 30.0])
@pytest.mark.parametrize("turns", [(LEFT, RIGHT), (RIGHT, RIGHT, LEFT), (LEFT, RIGHT, LEFT)])
def test_a_person_who_turns_as_asked_passes(fps: float, turns: tuple[Turn, ...]) -> None:
    passed = play(Person(), Challenge(turns, (0.6,) * len(turns)), fps)
    assert (passed.failure, passed.step, passed.made) == (None, FaceStep.DONE, len(turns))


@pytest.mark.parametrize("seed", range(8))
def test_people_differ_and_pass(seed: int) -> None:
    """They look past the camera, turn at their own speed, and some not far."""
    rng = random.Random(seed)
    person = Person(rng.uniform(25, 90), rng.uniform(0.35, 1.5), rng.uniform(30, 45))
    aside, nods = rng.uniform(-8, 8), rng.uniform(-10, 10)

    def motion(asked: Asked, at: float) -> Pose:
        pose = person(asked, at)
        return Pose(yaw=pose.yaw + aside, pitch=nods, roll=pose.roll)

    assert play(motion, draw(3, rng.randrange), 25.0, seed=seed).failure is None


def test_what_is_asked_for_is_told_in_its_order() -> None:
    told: list[tuple[FaceStep, Turn | None, int]] = []
    person = Person()

    def motion(asked: Asked, at: float) -> Pose:
        assert isinstance(asked, HeadTurns)
        now = asked.step, asked.turn, asked.made
        if not told or told[-1] != now:
            told.append(now)
        return person(asked, at)

    turns = play(motion, Challenge((RIGHT, LEFT), (0.6, 0.6)))
    look, turn, back = FaceStep.LOOK, FaceStep.TURN, FaceStep.BACK
    assert told == [
        (look, None, 0), (turn, RIGHT, 0), (back, None, 0),
        (look, None, 1), (turn, LEFT, 1), (back, None, 1),
    ]  # fmt: skip
    assert turns.progress == 1.0


def test_only_straight_pictures_without_a_flaw_are_worth_comparing() -> None:
    person, rng = Person(), np.random.default_rng(3)
    turns = HeadTurns(AS_ASKED)
    good: list[float] = []
    for at in np.arange(0.0, 40.0, 1 / 30):
        one = seen(person(turns, float(at)), rng)
        turns.see(one, float(at))
        if turns.is_good:
            assert one.flaws == ()
            good.append(abs(one.yaw))
    assert turns.step is FaceStep.DONE
    assert len(good) > 15
    assert max(good) < STRAIGHT + 5


# --- pictures -----------------------------------------------------------------------------


def test_a_still_picture_never_turns() -> None:
    turns = play(still)
    assert (turns.failure, turns.made) == (FaceFailure.TOO_SLOW, 0)


def test_a_picture_that_is_moved_and_tilted_never_turns() -> None:
    turns = play(moved)
    assert (turns.failure, turns.made) == (FaceFailure.TOO_SLOW, 0)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("furthest", [30.0, 45.0, 60.0])
@pytest.mark.parametrize("bend", [0.0, 60.0, 80.0, 100.0, 150.0])
def test_a_picture_that_is_turned_and_bent_is_told(bend: float, furthest: float, seed: int) -> None:
    """60 mm: bent as tightly as a face on it still shows both eyes from the front."""
    turns = play(Photograph(bend, furthest), seed=seed)
    assert turns.failure in (FaceFailure.FLAT, FaceFailure.TOO_SLOW)


# --- recordings -----------------------------------------------------------------------------


class Recording(Person):
    """Somebody who turned in this order, every three seconds, whatever is asked for now."""

    def __init__(self, order: tuple[Turn, ...]) -> None:
        super().__init__()
        self.order = order

    def side(self, asked: Asked) -> float:
        at = self.at
        number, within = int(at // 3), at % 3
        if not 1 <= within < 2 or number >= len(self.order):
            return 0.0
        return self.furthest if self.order[number] is LEFT else -self.furthest


@pytest.mark.parametrize("order", [(RIGHT, LEFT, RIGHT), (RIGHT, RIGHT, LEFT), (LEFT, LEFT, RIGHT)])
def test_a_recording_in_another_order_fails(order: tuple[Turn, ...]) -> None:
    turns = play(Recording(order))
    early = FaceFailure.WRONG_WAY, FaceFailure.TOO_FAST
    assert turns.failure in early


def test_a_turn_before_it_is_asked_for_fails() -> None:
    """As in a recording of the right order at other times."""
    waits = (0.6, 3.0, 3.0)
    turns = play(Recording((LEFT, RIGHT, LEFT)), Challenge(AS_ASKED.turns, waits))
    assert turns.failure is FaceFailure.TOO_FAST


# --- streams ------------------------------------------------------------------------------


@pytest.mark.parametrize("frozen_at", [0.1, 1.5, 3.0])
def test_a_frozen_stream_fails(frozen_at: float) -> None:
    turns, person, rng = HeadTurns(AS_ASKED), Person(), np.random.default_rng(1)
    last = seen(Pose(), rng)
    for at in np.arange(0.0, 20.0, 1 / 30):
        is_repeated = at > frozen_at
        last = last if is_repeated else seen(person(turns, float(at)), rng)
        turns.see(last, float(at), is_repeated=is_repeated)
        if turns.is_over:
            break
    assert turns.failure is FaceFailure.FROZEN


def test_a_few_pictures_twice_are_no_frozen_stream() -> None:
    """As from a camera of 15 pictures a second that is asked for 30."""
    turns, person, rng = HeadTurns(AS_ASKED), Person(), np.random.default_rng(1)
    last = seen(Pose(), rng)
    for number, at in enumerate(np.arange(0.0, 60.0, 1 / 30)):
        last = last if number % 2 else seen(person(turns, float(at)), rng)
        turns.see(last, float(at), is_repeated=bool(number % 2))
        if turns.is_over:
            break
    assert turns.failure is None


# --- faces that come and go ---------------------------------------------------------------

NOBODY = FaceSeen(None, (), 0.0, 0.0, 0.0, (FaceFlaw.NO_FACE,), 0)


def interrupted(with_: Callable[[FaceSeen], FaceSeen], seconds: float) -> HeadTurns:
    """A person at work, and for some seconds of the first turn something else is seen."""
    turns, person, rng = HeadTurns(AS_ASKED), Person(), np.random.default_rng(1)
    since: float | None = None
    for at in np.arange(0.0, 60.0, 1 / 30):
        one = seen(person(turns, float(at)), rng)
        if turns.step is FaceStep.TURN and since is None:
            since = float(at)
        if since is not None and at - since < seconds:
            one = with_(one)
        turns.see(one, float(at))
        if turns.is_over:
            break
    return turns


def elsewhere(one: FaceSeen, by: float) -> FaceSeen:
    assert one.box is not None
    left, top, width, height = one.box
    return FaceSeen(
        (left + round(by * width), top, width, height),
        one.landmarks, one.yaw, one.pitch, one.roll, one.flaws, one.quality,
    )  # fmt: skip


def test_a_face_out_of_sight_for_a_moment_goes_on() -> None:
    assert interrupted(lambda _: NOBODY, 0.3).failure is None


def test_a_face_out_of_sight_for_longer_has_to_begin_again() -> None:
    assert interrupted(lambda _: NOBODY, 1.0).failure is FaceFailure.JUMPED


def test_another_face_elsewhere_is_told() -> None:
    assert interrupted(partial(elsewhere, by=1.0), 0.3).failure is FaceFailure.JUMPED


def test_pictures_put_one_after_another_are_told() -> None:
    """A picture from the front, and one from the side, without the way between."""

    def motion(asked: Asked, at: float) -> Pose:
        return Pose(yaw={None: 0.0, LEFT: 35.0, RIGHT: -35.0}[asked.turn])

    assert play(motion).failure is FaceFailure.TOO_FAST


def test_nobody_before_the_camera_is_waited_for() -> None:
    turns = HeadTurns(AS_ASKED)
    for at in range(120):
        turns.see(NOBODY, float(at))
    assert not turns.is_over
    assert turns.flaw is FaceFlaw.NO_FACE


def test_a_face_that_is_never_good_ends_the_try() -> None:
    rng, turns = np.random.default_rng(1), HeadTurns(AS_ASKED)
    for at in np.arange(0.0, 40.0, 0.1):
        one = seen(Pose(yaw=40.0), rng)
        turns.see(one, float(at))
        if turns.is_over:
            break
        assert turns.flaw is FaceFlaw.TURNED
    assert turns.failure is FaceFailure.NO_FACE


def test_whoever_stops_turning_is_too_slow() -> None:
    assert play(Person(furthest=REACH - 8)).failure is FaceFailure.TOO_SLOW


def test_the_order_is_drawn() -> None:
    drawn = draw(3, lambda n: n - 1)
    assert drawn.turns == (RIGHT, RIGHT, LEFT), "both sides"
    assert drawn.waits == pytest.approx((1.3, 1.3, 1.3))
    assert drawn.text == "right right left"
    orders = {draw(3, random.Random(seed).randrange).turns for seed in range(60)}
    assert len(orders) == 6, "every order with both sides comes"
