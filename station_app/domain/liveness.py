"""Whether a person turns the head before the camera as they are asked to.

A person looks straight at the camera, turns the head to a side drawn at random, looks straight
again, and so on; what the five landmarks of each picture say about the head is followed in time.
Each rule stops an attack that a test plays (`tests/domain/test_liveness.py`):

* A flat picture does not turn. The head's angles come from how far the tip of the nose, which is
  before the plane of eyes and mouth, moves against them; a photograph that is moved, tilted or
  turned keeps that distance in proportion, so that it hardly ever reaches a turn, and never one to
  each side. One that is turned gets narrower without turning (`_NARROWER`).
* A recording has its turns in its own order and at its own times: which side comes next is drawn
  when the camera is armed, when it is asked for is drawn too, and a turn that comes before its time
  fails like one to the other side.
* Pictures put one after another jump: the head moves no faster than heads are moved slowly, the
  face stays where it was, and is never gone for long.
* A stream that stands still shows the same bytes over and over.

Not stopped: a face made by a computer that turns as asked, a mask, a recording that happens to
have the right turns at the right times (docs/threat-model.md). No conformance to
ISO/IEC 30107-3 is claimed.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import cos, dist, radians
from typing import Final

from station_app.domain.faces import FaceFlaw, FaceSeen, Point


class Turn(StrEnum):
    """A turn of the head, to the person's own side."""

    LEFT = "left"
    RIGHT = "right"


class FaceFailure(StrEnum):
    """Why a face try gave nothing to compare; every failure has a hint in every language."""

    NO_FACE = "no_face"
    """No picture good enough came in time."""
    TOO_SLOW = "too_slow"
    """A turn was not made in time."""
    TOO_FAST = "too_fast"
    """The head turned before it was asked to, or faster than can be followed."""
    WRONG_WAY = "wrong_way"
    """The head turned to the other side."""
    JUMPED = "jumped"
    """The face left its place, or another one came into it."""
    FLAT = "flat"
    """The face moved as a flat picture moves."""
    FROZEN = "frozen"
    """The camera gave the same picture over and over."""
    UNCLEAR = "unclear"
    """The pictures were not good enough to be compared."""


class FaceStep(StrEnum):
    """The act asked of the person before the camera, or the station's own wait."""

    LOADING = "loading"
    """The engines are still being loaded."""
    OPENING = "opening"
    """The camera is being opened."""
    LOOK = "look"
    """Look straight at the camera."""
    TURN = "turn"
    """Turn the head slowly to a side."""
    BACK = "back"
    """Look straight at the camera again."""
    DONE = "done"
    """The pictures are taken."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """The turns of one try, and for how many seconds the head is straight before each."""

    turns: tuple[Turn, ...]
    waits: tuple[float, ...]

    @property
    def text(self) -> str:
        """The turns as the journal has them."""
        return " ".join(self.turns)


_LEAST_WAIT_S, _WAITS = 0.5, 9


def draw(count: int, choose: Callable[[int], int]) -> Challenge:
    """A random challenge of `count` turns; `choose(n)` gives a number from 0 to n - 1.

    Of two turns and more both sides are among them: what passes for a turn to one side is no head
    yet. Every such order of three turns comes as often as the others.
    """
    sides = tuple(Turn)
    turns = [sides[choose(len(sides))] for _ in range(count)]
    if len(set(turns)) < min(count, len(sides)):
        turns[choose(count)] = next(side for side in sides if side not in turns)
    return Challenge(
        tuple(turns),
        tuple(_LEAST_WAIT_S + choose(_WAITS) / 10 for _ in range(count)),
    )


STRAIGHT: Final = 9.0
"""Degrees from where the person looks straight within which they still do."""
REACH, _REACHED_FRAMES = 24.0, 2
"""Degrees from there at which a turn is made, in so many pictures in a row. The landmarks run ahead
of a head: one that turns by 20 is measured as 21 and more (`benchmarks/head_turns.py`)."""
_FASTEST: Final = 300.0
"""Degrees a second, over at least `_OVER_S`; a head that turns slowly stays well below it."""
_OVER_S: Final = 0.1
_QUICKEST_S: Final = 0.3
"""Nobody turns the head sooner than this after being asked to: seeing alone takes so long."""
_STEP_S: Final = 8.0
"""How long a turn may take, and the way back, and the wait before the next."""
_LOOK_S: Final = 30.0
"""How long a face may be there before it looks straight and is good enough."""
_GAP_S: Final = 0.5
"""How long the face may be out of sight during the turns."""
_FROZEN_S, _FROZEN_FRAMES = 1.0, 5
_AWAY: Final = 0.6
"""How far a face moves between two pictures, in its own widths, and `_GROWN` how much it grows."""
_GROWN: Final = 1.5
_NARROWER, _NARROW_FRAMES = 0.13, 3
"""How much narrower than the cosine of its angle a face may be in so many pictures in a row:
landmarks err by some percent."""
_NARROW_BELOW: Final = 15.0
"""Degrees up to which that is looked at: landmarks of a head that is turned farther err by more."""


class HeadTurns:
    """Follows one try, picture by picture; used by one thread.

    `failure` is why it has failed, None while it goes on; `step` is DONE where it has passed.
    `is_good` says that the last picture shows the face straight and without a flaw: such pictures
    are worth comparing. `flaw` is the last one's worst flaw while `step` is LOOK. `begins_anew`:
    the last picture broke off what was seen before, and earlier pictures may show somebody else.
    """

    def __init__(self, challenge: Challenge) -> None:
        self.challenge = challenge
        self.step = FaceStep.LOOK
        self.made = 0
        self.failure: FaceFailure | None = None
        self.is_good = False
        self.flaw: FaceFlaw | None = None
        self.begins_anew = False
        self._first: float | None = None  # when a face was first seen
        self._asked = 0.0  # when this step began
        self._straight: float | None = None  # since when the head is straight
        self._sums = (0, 0.0, 0.0)  # count, yaw and width of the straight pictures at the beginning
        self._last: tuple[float, FaceSeen] | None = None
        self._yaws: deque[tuple[float, float]] = deque(maxlen=60)
        self._narrow = self._reached = 0
        self._repeated: tuple[int, float] = (0, 0.0)  # how many in a row, since when

    @property
    def turn(self) -> Turn | None:
        """The turn asked for now."""
        return self.challenge.turns[self.made] if self.step is FaceStep.TURN else None

    @property
    def is_over(self) -> bool:
        """Whether no picture changes anything more."""
        return self.failure is not None or self.step is FaceStep.DONE

    @property
    def progress(self) -> float:
        """0.0 to 1.0 of the whole try."""
        each = 2 * len(self.challenge.turns)
        return (2 * self.made + (self.step is FaceStep.BACK)) / each if each else 1.0

    def see(self, seen: FaceSeen, at: float, *, is_repeated: bool = False) -> None:
        """Follow a picture taken `at` (monotonic seconds).

        `is_repeated`: its bytes are those of the picture before it.
        """
        self.is_good, self.flaw, self.begins_anew = False, None, False
        if self.is_over:
            return
        if self._is_frozen(at, is_repeated):
            self.failure = FaceFailure.FROZEN
        elif self.step is FaceStep.LOOK and self.made == 0:
            self._look(seen, at)
        else:
            self._follow(seen, at)

    def _is_frozen(self, at: float, is_repeated: bool) -> bool:
        count, since = self._repeated
        self._repeated = (count + 1, since if count else at) if is_repeated else (0, at)
        count, since = self._repeated
        return count >= _FROZEN_FRAMES and at - since >= _FROZEN_S

    # --- before the first turn ---

    def _look(self, seen: FaceSeen, at: float) -> None:
        """Wait until the face is good and straight for a while."""
        if seen.box is not None and self._first is None:
            self._first = at
        if self._first is not None and at - self._first > _LOOK_S:
            self.failure = FaceFailure.NO_FACE
            return
        jumped = self._last is not None and _jumped(self._last[1], seen)
        self._last = (at, seen) if seen.box is not None else None
        self.flaw = next(iter(seen.flaws), None)
        if self.flaw is not None or jumped:
            self._straight, self._sums = None, (0, 0.0, 0.0)
            self.begins_anew = True
            return
        self.is_good = True
        count, yaw, width = self._sums
        self._sums = count + 1, yaw + seen.yaw, width + width_of(seen.landmarks)
        if self._straight is None:
            self._straight = at
        elif at - self._straight >= self.challenge.waits[0]:
            self._ask(at)

    def _ask(self, at: float) -> None:
        self.step, self._asked, self._straight = FaceStep.TURN, at, None
        self._reached = 0

    # --- the turns ---

    def _follow(self, seen: FaceSeen, at: float) -> None:
        self.failure = self._broken(seen, at)
        if self.failure is not None or seen.box is None:
            return
        self._last = (at, seen)
        yaw = self._turned(seen)
        self._yaws.append((at, yaw))
        is_straight = abs(yaw) <= STRAIGHT
        self.is_good = is_straight and not seen.flaws
        match self.step:
            case FaceStep.TURN:
                self._follow_turn(yaw, at)
            case FaceStep.BACK:
                if is_straight:
                    self._made(at)
            case _:
                self._wait(yaw, at)

    def _follow_turn(self, yaw: float, at: float) -> None:
        self._reached = self._reached + 1 if abs(yaw) >= REACH else 0
        if self._reached < _REACHED_FRAMES:
            return
        if (yaw > 0) is not (self.turn is Turn.LEFT):
            self.failure = FaceFailure.WRONG_WAY
        elif at - self._asked < _QUICKEST_S:
            self.failure = FaceFailure.TOO_FAST
        else:
            self.step, self._asked = FaceStep.BACK, at

    def _made(self, at: float) -> None:
        """The head is straight again after a turn."""
        self.made += 1
        is_last = self.made == len(self.challenge.turns)
        self.step = FaceStep.DONE if is_last else FaceStep.LOOK
        self._asked = self._straight = at

    def _wait(self, yaw: float, at: float) -> None:
        """Between two turns: nothing is asked for until the time that was drawn is over."""
        if abs(yaw) >= REACH:
            self.failure = FaceFailure.TOO_FAST
        elif abs(yaw) > STRAIGHT or self._straight is None:
            self._straight = at
        elif at - self._straight >= self.challenge.waits[self.made]:
            self._ask(at)

    # --- movements no head makes ---

    def _broken(self, seen: FaceSeen, at: float) -> FaceFailure | None:
        """Why this picture cannot follow the one before it."""
        assert self._last is not None, "the head was straight before it turned"
        then, before = self._last
        if at - self._asked > _STEP_S:
            return FaceFailure.TOO_SLOW
        is_seen = seen.box is not None and FaceFlaw.SEVERAL_FACES not in seen.flaws
        if at - then > _GAP_S or (is_seen and _jumped(before, seen)):
            return FaceFailure.JUMPED
        if not is_seen:
            return None
        yaw = self._turned(seen)
        earlier = next(((t, y) for t, y in reversed(self._yaws) if at - t >= _OVER_S), None)
        if earlier is not None and abs(yaw - earlier[1]) > _FASTEST * (at - earlier[0]):
            return FaceFailure.TOO_FAST
        return self._flat(seen, yaw)

    def _turned(self, seen: FaceSeen) -> float:
        """Degrees from where this person looks straight, more than 0 to their own left."""
        count, yaw, _ = self._sums
        return seen.yaw - yaw / count

    def _flat(self, seen: FaceSeen, yaw: float) -> FaceFailure | None:
        """Whether it got narrower than a head does that turns so far."""
        count, _, width = self._sums
        narrower = cos(radians(yaw)) - width_of(seen.landmarks) * count / width
        is_narrow = narrower > _NARROWER and abs(yaw) < _NARROW_BELOW
        self._narrow = self._narrow + 1 if is_narrow else 0
        return FaceFailure.FLAT if self._narrow >= _NARROW_FRAMES else None


def width_of(landmarks: tuple[Point, ...]) -> float:
    """The distance of the eyes over that from between them to between the corners of the mouth."""
    right, left, _, right_corner, left_corner = landmarks
    height = dist(_middle(right, left), _middle(right_corner, left_corner))
    return dist(right, left) / max(height, 1.0)


def _middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _jumped(before: FaceSeen, seen: FaceSeen) -> bool:
    """Whether two pictures, one after the other, show faces in different places."""
    if before.box is None or seen.box is None:
        return False
    left, top, width, height = before.box
    left_now, top_now, width_now, height_now = seen.box
    way = dist(
        (left + width / 2, top + height / 2), (left_now + width_now / 2, top_now + height_now / 2)
    )
    widths = sorted((max(width, 1), max(width_now, 1)))
    return way > _AWAY * widths[0] or widths[1] > _GROWN * widths[0]
