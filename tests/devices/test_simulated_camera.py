"""The simulated camera is a camera, and shows what it is told to."""

import threading
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from station_app.devices.drivers import CAMERAS, named
from station_app.devices.finger_scanner import StopToken
from station_app.devices.simulated.simulated_camera import FRAMES_A_SECOND, Picture, SimulatedCamera
from station_app.domain.errors import DeviceFaultError, DeviceLostError
from tests.devices.camera_conformance import CameraConformance


class FolderCase:
    """Its cable is the folder of the people who would be shown."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "people"
        self.port = str(self._path)
        self.plug_in()

    def unplug(self) -> None:
        self._path.rmdir()

    def plug_in(self) -> None:
        self._path.mkdir()

    def close(self) -> None:
        pass


class TestSimulated(CameraConformance):
    driver = named(CAMERAS, "simulated")
    make = FolderCase
    is_exclusive = False


def _red(seconds: float) -> Picture:
    picture = np.zeros((480, 640, 3), np.uint8)
    picture[..., 0] = 200 + int(seconds > 60)
    return picture


def test_a_scene_begins_when_it_is_shown() -> None:
    camera = SimulatedCamera()
    with closing(camera):
        camera.open()
        camera.show(_red)
        frame = camera.frame(StopToken())
        assert frame is not None
        assert frame.pixels[:3] == bytes((200, 0, 0))


def test_frames_come_at_their_pace() -> None:
    camera = SimulatedCamera()
    with closing(camera):
        camera.open()
        frames = [camera.frame(StopToken()) for _ in range(12)]
        first, last = frames[0], frames[-1]
        assert first is not None
        assert last is not None
        due = (last.number - first.number) / FRAMES_A_SECOND
        assert due == pytest.approx(last.taken - first.taken, abs=0.2)


def test_a_silent_camera_is_said() -> None:
    camera = SimulatedCamera()
    with closing(camera):
        camera.open()
        camera.show(lambda _seconds: None)
        with pytest.raises(DeviceFaultError) as caught:
            camera.frame(StopToken())
        assert caught.value.code == "camera_no_picture"


def _watch(camera: SimulatedCamera, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        camera.frame(StopToken())


def test_its_cable_is_pulled_while_somebody_looks() -> None:
    camera = SimulatedCamera()
    with closing(camera):
        camera.open()
        timer = threading.Timer(0.1, camera.unplug)
        timer.start()
        with pytest.raises(DeviceLostError):
            _watch(camera, 20)
        timer.join()
        camera.plug_in()
        camera.open()
        assert camera.frame(StopToken()) is not None
