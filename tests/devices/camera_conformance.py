"""What a caller may rely on, for every camera adapter.

A case knows how to pull its camera's cable and how to plug it in again. `test_cameras.py` has the
video file's; `tests/vm` may subclass `CameraConformance` with cameras of its own kernel:

    class TestUvc(CameraConformance):
        driver = named(CAMERAS, "v4l2")
        make = UvcCase          # a `CameraCase`, and `SpoilsFrames` if it can
        frames_a_second = 30
        is_exclusive = True     # a second program is refused

Pictures of `numbered_picture` carry a number, which `picture_number` reads again: say in `numbers`
how many there are.
"""

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

import cv2
import numpy as np
import pytest

from station_app.devices.camera import Camera, CameraFrame, CameraInfo
from station_app.devices.drivers import Driver, DriverContext
from station_app.devices.finger_scanner import StopToken
from station_app.domain.errors import DeviceFaultError, DeviceLostError

BITS = 12
GENEROUS_S = 20.0
"""For what happens sooner or later on a busy machine."""


class CameraCase(Protocol):
    """A camera's port and its cable."""

    port: str

    def unplug(self) -> None: ...

    def plug_in(self) -> None:
        """Returns when the driver can find it."""

    def close(self) -> None: ...


@runtime_checkable
class SpoilsFrames(Protocol):
    """A case whose camera can be led astray."""

    def spoil(self) -> None:
        """From now on frames are damaged."""

    def fall_silent(self) -> None:
        """From now on there are none; the camera stays plugged in."""

    def mend(self) -> None:
        """Frames are whole again."""


def numbered_picture(width: int, height: int, number: int) -> np.ndarray:
    """A BGR picture that carries `number` as twelve black or white bars, most significant first."""
    picture = np.full((height, width, 3), 120, np.uint8)
    for bit in range(BITS):
        left, right = bit * width // BITS, (bit + 1) * width // BITS
        picture[height // 4 : height // 2, left:right] = 255 * (number >> (BITS - 1 - bit) & 1)
    return picture


def picture_number(frame: CameraFrame) -> int:
    """The number in a `numbered_picture`."""
    pixels = np.frombuffer(frame.pixels, np.uint8).reshape(frame.height, frame.width, 3)
    row = pixels[3 * frame.height // 8, :, 1]
    bars = [row[(2 * bit + 1) * frame.width // (2 * BITS)] > 128 for bit in range(BITS)]
    return sum(int(one) << (BITS - 1 - bit) for bit, one in enumerate(bars))


class CameraConformance:
    """The suite; `driver` is the adapter's line, `make` its case."""

    driver: ClassVar[Driver[Camera]]
    make: ClassVar[Callable[[Path], CameraCase]]
    frames_a_second: ClassVar[int] = 30
    """As many as it gives, or fewer where the machine itself is emulated."""
    numbers: ClassVar[int] = 0
    """How many numbered pictures are shown before they begin again; 0: not numbered."""
    is_exclusive: ClassVar[bool] = True
    opens: ClassVar[int] = 50
    stops_within: ClassVar[float] = 0.2
    """Seconds; more where the machine itself is emulated."""

    @pytest.fixture
    def case(self, tmp_path: Path) -> Iterator[CameraCase]:
        made = type(self).make(tmp_path)
        yield made
        made.close()

    @pytest.fixture
    def camera(self, case: CameraCase, tmp_path: Path) -> Iterator[Camera]:
        camera = self.driver.open(case.port, DriverContext(tmp_path))
        yield camera
        camera.close()

    def test_is_simulated_as_its_line_says(self, camera: Camera) -> None:
        assert camera.is_simulated is self.driver.is_simulated

    def test_is_found(self, case: CameraCase) -> None:
        assert self.driver.find(case.port) is True
        case.unplug()
        assert self.driver.find(case.port) is False

    def test_open_says_what_it_gives(self, camera: Camera) -> None:
        info = camera.open()
        assert isinstance(info, CameraInfo)
        assert info.name.isprintable()
        frame = _frame(camera)
        assert (frame.width, frame.height) == (info.width, info.height)
        assert not frame.is_dark

    def test_opened_twice_is_opened_anew(self, camera: Camera) -> None:
        camera.open()
        camera.open()
        assert _frame(camera).number >= 1

    def test_a_second_program_is_refused_and_the_first_goes_on(
        self, camera: Camera, case: CameraCase, tmp_path: Path
    ) -> None:
        if not self.is_exclusive:
            pytest.skip("any number of programs may read this one")
        camera.open()
        second = self.driver.open(case.port, DriverContext(tmp_path))
        with pytest.raises(DeviceFaultError) as caught:
            second.open()
        second.close()
        assert caught.value.code == "camera_busy"
        assert _frame(camera).number >= 1

    def test_every_frame_is_newer_than_the_call(self, camera: Camera) -> None:
        camera.open()
        before = 0
        for pause in (0.0, 0.0, 0.3, 0.0, 0.6):
            time.sleep(pause)  # nobody asks meanwhile
            asked = time.monotonic()
            frame = _frame(camera)
            assert frame.number > before
            assert frame.taken > asked
            before = frame.number

    def test_no_queued_picture_is_given(self, camera: Camera) -> None:
        if not self.numbers:
            pytest.skip("these pictures carry no number")
        camera.open()
        first = _frame(camera)
        time.sleep(1.5)
        second = _frame(camera)
        shown = (picture_number(second) - picture_number(first)) % self.numbers
        due = (second.taken - first.taken) * self.frames_a_second
        assert shown >= due / 2, "an old picture came first"

    def test_stop_returns_within_200_ms_and_a_late_frame_is_dropped(self, camera: Camera) -> None:
        camera.open()
        for _ in range(5):
            stop = StopToken()
            stopped_at: list[float] = []

            def end(stop: StopToken = stop, stopped_at: list[float] = stopped_at) -> None:
                stopped_at.append(time.monotonic())
                stop.stop()

            timer = threading.Timer(0.002, end)
            timer.start()
            while (frame := camera.frame(stop)) is not None:
                assert frame.pixels
            assert time.monotonic() - stopped_at[0] < self.stops_within
            timer.join()
        asked = time.monotonic()
        assert _frame(camera).taken > asked

    def test_stopped_before_it_began(self, camera: Camera) -> None:
        camera.open()
        stop = StopToken()
        stop.stop()
        assert camera.frame(stop) is None
        assert camera.codes(stop) is None

    def test_no_camera_is_lost_and_comes_back(self, camera: Camera, case: CameraCase) -> None:
        case.unplug()
        with pytest.raises(DeviceLostError) as caught:
            camera.open()
        assert caught.value.code == "camera_lost"
        case.plug_in()
        camera.open()
        assert _frame(camera).number >= 1

    def test_unplugged_between_frames_is_lost_and_comes_back(
        self, camera: Camera, case: CameraCase
    ) -> None:
        camera.open()
        _frame(camera)
        case.unplug()
        _lost(camera.frame)
        with pytest.raises(DeviceLostError):
            camera.frame(StopToken())
        case.plug_in()
        camera.open()
        assert _frame(camera).number >= 1

    def test_unplugged_while_codes_are_looked_for_is_lost(
        self, camera: Camera, case: CameraCase
    ) -> None:
        camera.open()
        timer = threading.Timer(0.2, case.unplug)
        timer.start()
        _lost(camera.codes)
        timer.join()

    def test_codes_are_none_where_there_is_none(self, camera: Camera) -> None:
        camera.open()
        assert camera.codes(StopToken()) == ()

    def test_unplugged_while_nobody_looks(self, camera: Camera, case: CameraCase) -> None:
        camera.open()
        case.unplug()
        time.sleep(0.3)
        _lost(camera.frame)
        camera.close()
        case.plug_in()
        camera.open()

    def test_damaged_frames_are_left_out_and_then_said(
        self, camera: Camera, case: CameraCase
    ) -> None:
        if not isinstance(case, SpoilsFrames):
            pytest.skip("this camera's frames cannot be damaged here")
        camera.open()
        case.spoil()
        self._gives_no_picture(camera)
        case.mend()
        camera.open()
        assert _frame(camera).number >= 1

    def test_a_silent_camera_is_said(self, camera: Camera, case: CameraCase) -> None:
        if not isinstance(case, SpoilsFrames):
            pytest.skip("this camera cannot fall silent here")
        camera.open()
        case.fall_silent()
        self._gives_no_picture(camera)
        case.mend()
        camera.open()
        assert _frame(camera).number >= 1

    def _gives_no_picture(self, camera: Camera) -> None:
        until = time.monotonic() + GENEROUS_S
        with pytest.raises(DeviceFaultError) as caught:
            _go_on(camera.frame, until)
        assert caught.value.code == "camera_no_picture"

    def test_close_may_be_called_twice_and_before_open(self, camera: Camera) -> None:
        camera.close()
        camera.open()
        camera.close()
        camera.close()
        with pytest.raises(DeviceLostError):
            camera.frame(StopToken())

    def test_opening_often_leaves_nothing_behind(self, camera: Camera) -> None:
        camera.open()
        camera.close()
        before = _held()
        for _ in range(self.opens):
            camera.open()
            _frame(camera)
            camera.close()
        after = _held()
        assert after[0] <= before[0], "threads"
        assert after[1] <= before[1], "descriptors"
        assert after[2] <= before[2], "processes"
        assert after[3] < before[3] + 64 * 2**20, "memory"


def _frame(camera: Camera) -> CameraFrame:
    frame = camera.frame(StopToken())
    assert frame is not None
    return frame


def _lost(act: Callable[[StopToken], object]) -> None:
    """What was queued may still come; then it is lost."""
    until = time.monotonic() + GENEROUS_S
    with pytest.raises(DeviceLostError) as caught:
        _go_on(act, until)
    assert caught.value.code == "camera_lost"


def _go_on(act: Callable[[StopToken], object], until: float) -> None:
    while time.monotonic() < until:
        act(StopToken())


def _held() -> tuple[int, int, int, int]:
    """Threads, descriptors, child processes and resident bytes of this process."""
    gc.collect()
    status = Path("/proc/self/status").read_text()
    resident = int(status.split("VmRSS:")[1].split()[0]) * 1024
    children = [
        stat.split(") ")[1].split()[1]
        for place in Path("/proc").glob("[0-9]*")
        if (stat := _stat(place))
    ].count(str(os.getpid()))
    return threading.active_count(), len([*Path("/proc/self/fd").iterdir()]), children, resident


def _stat(place: Path) -> str:
    try:
        return (place / "stat").read_text()
    except OSError:
        return ""


def write_clip(path: Path, pictures: list[np.ndarray], speed: int = 30) -> Path:
    """An AVI file of JPEGs with these BGR pictures."""
    height, width = pictures[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), speed, (width, height))
    for picture in pictures:
        writer.write(picture)
    writer.release()
    return path
