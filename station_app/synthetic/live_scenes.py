"""What a camera sees when an invented person sits before it, and when somebody cheats it.

A scene is called with the seconds since it began and gives the picture, RGB (480, 640, 3) uint8.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from station_app.synthetic.faces import InventedFace
from station_app.synthetic.portraits import ENROLMENT, WEBCAM, Picture, View, portrait
from station_app.synthetic.seeds import generator

Scene = Callable[[float], Picture | None]

STEP: Final = 5
"""Degrees between two pictures of a turn."""
FARTHEST, HIGHEST = 35, 15
"""Degrees."""
_TURN_A_SECOND: Final = 70.0
"""Degrees: a head that was asked to turn takes half a second for 35."""
_FRAMES_A_SECOND: Final = 30
_KEPT: Final = 60
"""Pictures, 0.9 MB each: four people with all their turns."""
_SWAY: Final = 2.5
"""Pixels by which somebody who sits still moves."""
_BLINK_EVERY, _BLINK_LASTS = 3.7, 0.14
"""Seconds."""
_LIDS: Final = 0.9


class Sitting:
    """Somebody who sits before the camera and turns the head when asked.

    `turn_to` may be called from any thread. A picture is drawn when it is first seen, about 0.14 s
    each on one core; `prepared` draws all of them before.
    """

    def __init__(self, face: InventedFace, view: View = WEBCAM) -> None:
        self._face, self._view = face, view
        self._lock = threading.Lock()
        self._now = 0.0
        self._turn = _Turn((0.0, 0.0), (0.0, 0.0), 0.0)

    def turn_to(self, yaw: float, pitch: float = 0.0) -> None:
        """Turn the head to these degrees, positive to the person's left, and up.

        At most `FARTHEST` to a side and `HIGHEST` up or down.
        """
        aim = (
            float(np.clip(yaw, -FARTHEST, FARTHEST)),
            float(np.clip(pitch, -HIGHEST, HIGHEST)),
        )
        with self._lock:
            self._turn = _Turn(self._turn.at(self._now), aim, self._now)

    def prepared(self) -> "Sitting":
        """With the pictures of a blink and of turns to a side drawn, as long as they are kept."""
        _drawn(self._face, replace(self._view, closed=_LIDS))
        for yaw in range(-FARTHEST, FARTHEST + 1, STEP):
            _drawn(self._face, replace(self._view, yaw=yaw))
        return self

    def __call__(self, seconds: float) -> Picture:
        """The person `seconds` after they sat down."""
        with self._lock:
            self._now = seconds
            yaw, pitch = self._turn.at(seconds)
        view = replace(self._view, yaw=_step(yaw), pitch=_step(pitch))
        is_straight = view.yaw == view.pitch == 0
        if is_straight and seconds % _BLINK_EVERY > _BLINK_EVERY - _BLINK_LASTS:
            view = replace(view, closed=_LIDS)
        picture = _drawn(self._face, view)
        return noisy(_moved(picture, seconds, yaw - view.yaw, pitch - view.pitch), seconds)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Of a head, from yaw and pitch to yaw and pitch, beginning at `since`."""

    start: tuple[float, float]
    stop: tuple[float, float]
    since: float

    def at(self, seconds: float) -> tuple[float, float]:
        way = max(abs(b - a) for a, b in zip(self.start, self.stop, strict=True))
        gone = max(0.0, seconds - self.since) * _TURN_A_SECOND
        share = 1.0 if gone >= way else gone / way
        (yaw, pitch), (to_yaw, to_pitch) = self.start, self.stop
        return yaw + share * (to_yaw - yaw), pitch + share * (to_pitch - pitch)


def _step(angle: float) -> int:
    return round(angle / STEP) * STEP


def empty_seat(seconds: float) -> Picture:
    """The wall behind, nobody before it."""
    wall = np.empty((WEBCAM.height, WEBCAM.width, 3), np.uint8)
    wall[:] = np.round(np.array(WEBCAM.backdrop) * 255)
    return noisy(wall, seconds)


def black(_seconds: float) -> Picture:
    """A covered lens."""
    return np.zeros((WEBCAM.height, WEBCAM.width, 3), np.uint8)


def silent(_seconds: float) -> Picture | None:
    """No picture arrives."""
    return None


def frozen(face: InventedFace) -> Scene:
    """A stream that repeats one picture, bit for bit."""
    picture = Sitting(face)(0.0)
    return lambda _seconds: picture


def still_photo(face: InventedFace) -> Scene:
    """The person's document photo, held still before the camera."""
    return lambda seconds: noisy(_held(face, 0.0, 0.0, 0.0), seconds)


def bent_photo(face: InventedFace) -> Scene:
    """The same photo, moved, tilted and bent so that it looks like a head that turns."""

    def seen(seconds: float) -> Picture:
        tilt = 0.34 * np.sin(seconds * 1.9)
        bend = 0.16 * np.sin(seconds * 1.3 + 1)
        return noisy(
            _held(face, float(tilt), float(bend), float(9 * np.sin(seconds * 2.3))), seconds
        )

    return seen


def recorded(face: InventedFace, turns: tuple[float, ...], each: float = 1.2) -> Scene:
    """A video of turns to these `yaw` degrees, `each` seconds a turn, repeated: it obeys nobody."""
    sitting = Sitting(face)
    begun = [-1]

    def seen(seconds: float) -> Picture:
        number = int(seconds / each)
        if number != begun[0]:
            begun[0] = number
            sitting.turn_to(turns[number % len(turns)])
        return sitting(seconds)

    return seen


def two_people(face: InventedFace, other: InventedFace) -> Scene:
    """Two people side by side."""
    left = Sitting(face, replace(WEBCAM, x=0.5))
    right = Sitting(other, replace(WEBCAM, x=0.5))
    quarter = WEBCAM.width // 4

    def seen(seconds: float) -> Picture:
        halves = (sitting(seconds)[:, quarter:-quarter] for sitting in (left, right))
        return np.ascontiguousarray(np.hstack(tuple(halves)))

    return seen


def at_edge(face: InventedFace) -> Sitting:
    """Somebody who sits half beside the picture."""
    return Sitting(face, replace(WEBCAM, x=0.04))


def too_far(face: InventedFace) -> Sitting:
    """Somebody who sits far from the camera."""
    return Sitting(face, replace(WEBCAM, scale=30.0, distance=20.0))


def in_the_dark(face: InventedFace) -> Scene:
    """Somebody in a room without light."""
    sitting = Sitting(face)
    return lambda seconds: (sitting(seconds) // 5).astype(np.uint8)


class Cheat(Enum):
    """What is held before the camera, or done to its stream, in the place of the person."""

    STILL_PHOTO = "still photo"
    BENT_PHOTO = "bent photo"
    RECORDED = "recorded video"
    FROZEN = "frozen stream"


def cheating(cheat: Cheat, face: InventedFace) -> Scene:
    """The scene of this cheat with the person's face."""
    match cheat:
        case Cheat.STILL_PHOTO:
            return still_photo(face)
        case Cheat.BENT_PHOTO:
            return bent_photo(face)
        case Cheat.RECORDED:
            return recorded(face, (0, 30, -30))
        case Cheat.FROZEN:
            return frozen(face)


def noisy(picture: Picture, seconds: float) -> Picture:
    """The picture with a sensor's noise, different in every frame."""
    start = int(seconds * _FRAMES_A_SECOND) * 7919 % 300_007
    noise = _noise()[start : start + picture.size].reshape(picture.shape)
    return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), np.uint8)


@lru_cache(maxsize=1)
def _noise() -> np.ndarray:
    rng = generator("live noise", 1)
    count = WEBCAM.width * WEBCAM.height * 3 + 300_007
    return (rng.standard_normal(count, dtype=np.float32) * 1.6).round().astype(np.int8)


@lru_cache(maxsize=_KEPT)
def _drawn(face: InventedFace, view: View) -> Picture:
    return portrait(face, view)


def _moved(picture: Picture, seconds: float, yaw: float, pitch: float) -> Picture:
    """Shifted a little: nobody sits still, and `yaw` and `pitch` lie between two pictures."""
    x = _SWAY * np.sin(seconds * 0.9) + _SWAY * 0.5 * np.sin(seconds * 2.1) + yaw * 0.7
    y = _SWAY * 0.6 * np.sin(seconds * 0.7 + 1) - pitch * 0.7
    matrix = np.array([[1, 0, x], [0, 1, y]], np.float32)
    size = picture.shape[1], picture.shape[0]
    moved = cv2.warpAffine(picture, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def _held(face: InventedFace, tilt: float, bend: float, shift: float) -> Picture:
    """The photo on paper in a hand: turned about its upright middle by `tilt`, bent by `bend`."""
    photo = _drawn(face, ENROLMENT)
    height, width = photo.shape[:2]
    rows, columns = WEBCAM.height, WEBCAM.width
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    across = (x - columns / 2 - shift) / (width / 2 * 1.1)
    down = (y - rows / 2) / (height / 2 * 1.1)
    near = 1 + tilt * across
    u = across / max(0.3, float(np.cos(tilt))) / near + bend * (across * across - 1)
    v = down / near + 0.4 * bend * across * across
    map_x = ((u + 1) * width / 2).astype(np.float32)
    map_y = ((v + 1) * height / 2).astype(np.float32)
    wall = tuple(float(round(255 * part)) for part in WEBCAM.backdrop)
    seen = cv2.remap(
        photo, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=wall
    )
    return np.asarray(seen, np.uint8)
