"""Whether a person turns the head before the camera as they are asked to."""

from collections.abc import Callable
from enum import StrEnum


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
    """The head turned faster than pictures of it can be followed."""
    WRONG_WAY = "wrong_way"
    """The head turned to the other side."""
    JUMPED = "jumped"
    """The face left its place, or another one came into it."""
    FLAT = "flat"
    """It moved as a picture does."""
    FROZEN = "frozen"
    """The camera gave the same picture over and over."""
    CANNOT_TURN = "cannot_turn"
    """The operator said that the person cannot turn the head."""
    UNCLEAR = "unclear"
    """The pictures were not good enough to be compared."""


def draw(count: int, choose: Callable[[int], int]) -> tuple[Turn, ...]:
    """A random order of `count` turns; `choose(n)` gives a number from 0 to n - 1."""
    sides = tuple(Turn)
    return tuple(sides[choose(len(sides))] for _ in range(count))
