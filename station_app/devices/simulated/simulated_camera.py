"""A camera whose pictures are a program's: who sits before it is decided by a script or a dock.

The simulator invents nobody: whoever connects it injects the scene.
"""

import os
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from station_app.devices.camera import CameraFrame, CameraInfo, SeenCode
from station_app.devices.cameras.camera_child import codes_in, is_dark
from station_app.devices.cameras.child_camera import seen_codes
from station_app.devices.finger_scanner import StopToken
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError

Picture = npt.NDArray[np.uint8]
"""RGB, (height, width, 3)."""
Scene = Callable[[float], Picture | None]
"""What the camera sees, by seconds since the scene began; None for no picture at all. Called on the
camera's lane."""

WIDTH, HEIGHT, FRAMES_A_SECOND = 640, 480, 15
_NO_PICTURE_S: Final = 2.0


class SimulatedCamera:
    """Implements `Camera`. `show`, `unplug` and `plug_in` may be called from any thread.

    `people` is the folder of pictures for the code that injects them, empty for invented people;
    without that folder the camera is not there.
    """

    is_simulated = True

    def __init__(self, people: str = "") -> None:
        self.people = people
        self._lock = threading.Lock()
        self._scene: Scene = empty_chair
        self._since = time.monotonic()
        self._plugged = True
        self._opened: float | None = None
        self._number = 0

    def show(self, scene: Scene) -> None:
        """Play `scene` from its beginning."""
        with self._lock:
            self._scene, self._since = scene, time.monotonic()

    def unplug(self) -> None:
        """Pull the cable."""
        with self._lock:
            self._plugged = False

    def plug_in(self) -> None:
        """Put the cable back; the camera has to be opened again."""
        with self._lock:
            self._plugged = True

    def open(self) -> CameraInfo:
        """See `Camera`."""
        self._opened, self._number = time.monotonic(), 0
        self._check_cable()
        return CameraInfo("Simulated camera", WIDTH, HEIGHT, (WIDTH, HEIGHT))

    def frame(self, stop: StopToken) -> CameraFrame | None:
        """See `Camera`."""
        seen = self._next(stop)
        if seen is None:
            return None
        picture, number, taken = seen
        height, width = picture.shape[:2]
        return CameraFrame(picture.tobytes(), width, height, number, taken, is_dark(picture))

    def codes(self, stop: StopToken) -> tuple[SeenCode, ...] | None:
        """See `Camera`."""
        seen = self._next(stop)
        return None if seen is None else seen_codes(codes_in(seen[0]))

    def close(self) -> None:
        """See `Camera`."""
        self._opened = None

    def _next(self, stop: StopToken) -> tuple[Picture, int, float] | None:
        """The picture due next, its number and when it was due."""
        patience = time.monotonic() + _NO_PICTURE_S
        while not stop.stopped:
            opened = self._check_cable()
            passed = int((time.monotonic() - opened) * FRAMES_A_SECOND)
            number = self._number = max(passed, self._number) + 1
            due = opened + number / FRAMES_A_SECOND
            if stop.wait(max(0.0, due - time.monotonic())):
                break
            self._check_cable()
            taken = time.monotonic()
            with self._lock:
                scene, since = self._scene, self._since
            picture = scene(taken - since)
            if picture is not None:
                return None if stop.stopped else (picture, number, taken)
            if taken > patience:
                raise DeviceFaultError(Code.CAMERA_NO_PICTURE, "The camera sends no picture.")
        return None

    def _check_cable(self) -> float:
        """When the camera was opened; raises where it is not open any more, or not there."""
        with self._lock:
            is_there = self._plugged
        opened = self._opened
        if opened is None or not is_there or not is_simulated_camera(self.people):
            self._opened = None
            raise DeviceLostError("The simulated camera's cable is pulled.", Code.CAMERA_LOST)
        return opened


def is_simulated_camera(port: str) -> bool:
    """See `Driver.find`."""
    return not port or os.path.isdir(port)  # noqa: PTH112  (raises for none)


def empty_chair(seconds: float) -> Picture:
    """A wall and a chair; the sensor's noise moves."""
    room, noise = _room()
    shift = int(seconds * FRAMES_A_SECOND) * 37 % HEIGHT  # no two of 480 alike, at any pace
    return (room + np.roll(noise, shift, axis=0)).astype(np.uint8)


@cache
def _room() -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    """The room, and what the sensor adds to it."""
    down = np.linspace(168, 140, HEIGHT)[:, None, None]
    room = np.broadcast_to(down * (1.0, 0.98, 0.94), (HEIGHT, WIDTH, 3)).astype(np.int16)
    room[330:, 215:425] = 82, 66, 54
    room[345:465, 232:408] = 98, 80, 66
    noise = np.random.default_rng(8).normal(0, 2, room.shape).round().astype(np.int16)
    return room, noise
