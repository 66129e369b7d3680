"""A head, and photographs of one, before a camera: what each picture shows of it.

Landmarks are those of a rigid head of mean proportions in perspective, with the errors of a
detector; the angles are worked out from them as from those of real pictures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.face.pose import HEAD, head_angles
from station_app.domain.faces import FaceFlaw, FaceSeen
from station_app.domain.liveness import Turn

ERROR = 0.6
"""Pixels by which a landmark is off: the detector's on a face of 60 pixels between the eyes."""
LEFT, RIGHT = Turn.LEFT, Turn.RIGHT

Points = NDArray[np.float64]


class Asked(Protocol):
    """What the person before the camera is asked for."""

    @property
    def turn(self) -> Turn | None: ...


Motion = Callable[[Asked, float], "Pose"]


@dataclass(frozen=True)
class Pose:
    """Degrees, and millimetres aside; `bend` is the radius of a picture's bend, 0 for none."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    aside: float = 0.0
    is_flat: bool = False
    bend: float = 0.0


def turned(points: Points, pose: Pose) -> Points:
    yaw, pitch, roll = np.radians([pose.yaw, pose.pitch, pose.roll])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    about_z = np.array(
        [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    )
    return np.asarray(points @ (about_z @ about_x @ about_y).T)


def seen(pose: Pose, rng: np.random.Generator, away: float = 600.0) -> FaceSeen:
    """What a camera of 650 pixels focal length sees of the head, or of a photograph of it."""
    points = HEAD - [0.0, 36.0, 0.0]
    if pose.is_flat:
        points = points * [1.0, 1.0, 0.0]
    if pose.bend:
        angle = points[:, 0] / pose.bend
        points = np.stack(
            [pose.bend * np.sin(angle), points[:, 1], pose.bend * (np.cos(angle) - 1)], axis=1
        )
    points = np.add(turned(points, pose), (pose.aside, 0.0, 0.0))
    flat = 650.0 * points[:, :2] / (away - points[:, 2:]) + [320.0, 240.0]
    flat += rng.normal(0.0, ERROR, flat.shape)
    middle = flat.mean(axis=0)
    box = (round(middle[0] - 70), round(middle[1] - 90), 140, 180)
    yaw, nod, lean = head_angles(flat.astype(np.float32))
    flaws = (FaceFlaw.TURNED,) if abs(yaw) > 20 else ()
    landmarks = tuple((float(x), float(y)) for x, y in flat)
    return FaceSeen(box, landmarks, yaw, nod, lean, flaws, 80)


class Person:
    """Somebody who does as asked, `delay` seconds later, at `speed` degrees a second."""

    def __init__(self, speed: float = 60.0, delay: float = 0.5, furthest: float = 30.0) -> None:
        self.speed, self.delay, self.furthest = speed, delay, furthest
        self.yaw = self.at = 0.0
        self.wanted: list[tuple[float, float]] = [(0.0, 0.0)]

    def side(self, asked: Asked) -> float:
        return {None: 0.0, LEFT: self.furthest, RIGHT: -self.furthest}[asked.turn]

    def __call__(self, asked: Asked, at: float) -> Pose:
        wanted = self.side(asked)
        if wanted != self.wanted[-1][1]:
            self.wanted.append((at + self.delay, wanted))
        towards = [yaw for when, yaw in self.wanted if when <= at][-1]
        step = self.speed * (at - self.at)
        self.yaw += max(-step, min(step, towards - self.yaw))
        self.at = at
        return Pose(yaw=self.yaw, pitch=2.0, roll=self.yaw / 10)


def still(_asked: Asked, _at: float) -> Pose:
    return Pose(is_flat=True)


def moved(asked: Asked, at: float) -> Pose:
    """Held in the hand, shifted and tilted as if it were turning."""
    way = {None: 0.0, LEFT: 1.0, RIGHT: -1.0}[asked.turn]
    swing = np.sin(2.0 * at)
    return Pose(aside=20 * swing * way, pitch=15 * swing * way, roll=15 * swing, is_flat=True)


class Photograph(Person):
    """Turned about its middle as asked, flat or bent over a tube of this radius."""

    def __init__(self, bend: float = 0.0, furthest: float = 45.0) -> None:
        super().__init__(furthest=furthest)
        self.bend = bend

    def __call__(self, asked: Asked, at: float) -> Pose:
        return Pose(yaw=super().__call__(asked, at).yaw, is_flat=not self.bend, bend=self.bend)
