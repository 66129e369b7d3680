"""Every camera of the table of drivers, and what a camera's process may do to its station."""

import os
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import cv2
import numpy as np
import pytest

from station_app.devices.cameras import child_camera
from station_app.devices.cameras.camera_child import (
    HEAD,
    Fault,
    Kind,
    Source,
    codes_in,
    decoded,
    is_dark,
    rgb,
)
from station_app.devices.cameras.child_camera import CameraSource, ChildCamera
from station_app.devices.drivers import CAMERAS, DeviceFamily, DriverContext, drivers, named
from station_app.devices.finger_scanner import StopToken
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from tests.devices.camera_conformance import CameraConformance, numbered_picture, write_clip

NUMBERS = 240


class ClipCase:
    """A numbered clip; its cable is the file's name."""

    def __init__(self, folder: Path) -> None:
        self._path, self._away = folder / "clip.avi", folder / "away.avi"
        write_clip(self._path, [numbered_picture(320, 180, number) for number in range(NUMBERS)])
        self.port = str(self._path)

    def unplug(self) -> None:
        self._path.rename(self._away)

    def plug_in(self) -> None:
        self._away.rename(self._path)

    def close(self) -> None:
        pass


class TestVideo(CameraConformance):
    driver = named(CAMERAS, "video")
    make = ClipCase
    numbers = NUMBERS
    is_exclusive = False
    opens = 8  # `make bench` opens it more often


def test_the_table_covers_cameras() -> None:
    assert drivers(DeviceFamily.CAMERA) == CAMERAS
    assert [one.name for one in CAMERAS if not one.is_simulated] == ["v4l2"]


@pytest.mark.parametrize("content", [b"", b"no video", os.urandom(60_000)], ids=["0", "text", "?"])
def test_a_file_that_is_no_video_is_a_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip.avi"
    path.write_bytes(content)
    with closing(named(CAMERAS, "video").open(str(path), DriverContext(tmp_path))) as camera:
        with pytest.raises(DeviceFaultError) as caught:
            camera.open()
        assert caught.value.code == "device_fault"


def test_a_file_cut_short_goes_on_with_what_there_is(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.avi", [numbered_picture(320, 240, n) for n in range(30)])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with closing(named(CAMERAS, "video").open(str(path), DriverContext(tmp_path))) as camera:
        camera.open()
        for _ in range(40):  # more than there are
            assert camera.frame(StopToken()) is not None


def test_frames_may_change_their_size(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.avi", [numbered_picture(320, 240, n) for n in range(9)])
    other = write_clip(tmp_path / "b.avi", [numbered_picture(640, 360, n) for n in range(9)])
    with closing(named(CAMERAS, "video").open(str(path), DriverContext(tmp_path))) as camera:
        camera.open()
        sizes = set()
        for number in range(60):
            frame = camera.frame(StopToken())
            assert frame is not None
            sizes.add((frame.width, frame.height))
            if number == 5:
                other.replace(path)
            if len(sizes) == 2:
                break
        assert sizes == {(320, 240), (640, 360)}


@pytest.mark.parametrize("port", ["", "clip.avi", "http://127.0.0.1/a.avi", "file:/etc/passwd"])
def test_only_a_whole_path_is_a_video(tmp_path: Path, port: str) -> None:
    with pytest.raises(KnownError) as caught:
        named(CAMERAS, "video").open(port, DriverContext(tmp_path))
    assert caught.value.code == "settings_refused"


def test_a_damaged_jpeg_is_no_picture() -> None:
    good, data = cv2.imencode(".jpg", numbered_picture(320, 240, 5))
    assert good
    made = decoded(data)
    assert made is not None
    assert made.shape == (240, 320, 3)
    noise = np.frombuffer(b"\xff\xd8" + os.urandom(5000), np.uint8)
    other = cv2.imencode(".png", numbered_picture(320, 240, 5))[1]
    for bad in (noise, data[:40], other, data[:0], np.zeros(9, np.uint16)):
        assert decoded(bad) is None


def test_a_dark_picture_is_said() -> None:
    noise = np.random.default_rng(1).integers(0, 24, (720, 1280, 3), dtype=np.uint8)
    assert is_dark(noise)
    lamp = noise.copy()
    lamp[200:520, 400:900] = 90
    assert not is_dark(lamp)


def test_pictures_of_every_depth_become_rgb() -> None:
    deep = np.linspace(0, 1023, 640 * 480).reshape(480, 640).astype(np.uint16)  # 10 bits
    made = rgb(deep)
    assert made is not None
    assert (made.dtype, made.shape, made.max()) == (np.uint8, (480, 640, 3), 255)
    blue = np.zeros((8, 8, 3), np.uint8)
    blue[..., 0] = 200
    assert np.array_equal(rgb(blue)[0, 0], (0, 0, 200))  # type: ignore[index]
    for odd in (
        np.zeros((8, 8, 2), np.uint8),
        np.zeros((8, 8), np.float32),
        np.zeros((0, 8, 3), np.uint8),
        np.zeros((4000, 4000, 3), np.uint8),
    ):
        assert rgb(odd) is None


def _camera(path: str = "") -> ChildCamera:
    source = CameraSource(Source(path, True, 8, 8), "invented")
    return ChildCamera(lambda: source, is_simulated=True)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.NOT_PERMITTED, "camera_not_permitted"),
        (Fault.BUSY, "camera_busy"),
        (Fault.NO_PICTURE, "camera_no_picture"),
        (Fault.BROKEN, "device_fault"),
        (Fault.LOST, "camera_lost"),
    ],
)
def test_each_fault_of_the_process_has_its_sentence(
    monkeypatch: pytest.MonkeyPatch, fault: Fault, code: str
) -> None:
    monkeypatch.setattr(child_camera, "serve", _says)
    with closing(_camera(str(int(fault)))) as camera:
        with pytest.raises((DeviceFaultError, DeviceLostError)) as caught:
            camera.open()
        assert caught.value.code == code
        assert caught.value.message


def _says(connection: Connection, source: Source) -> None:
    fault = int(source.path)
    os.write(connection.fileno(), HEAD.pack(Kind.FAULT, 0, fault, 0, 0, 0.0, 0, False))


def test_codes_in_an_empty_picture() -> None:
    assert codes_in(np.full((720, 1280, 3), 200, np.uint8)) == b""
