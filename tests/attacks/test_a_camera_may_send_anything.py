"""What a camera sends is decoded away from the keys, and its process is believed nothing.

A camera, a clip, or a code held before the lens may be made to break what decodes it (JPEG, AVI,
QR). Then its process is whoever made it: it can crash, hang, flood, lie about sizes, and knows
nothing of the station. Version a9a29b6 had no cameras.
"""

import os
import signal
import socket
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from station_app.devices.cameras import child_camera
from station_app.devices.cameras.camera_child import ASK, CODE, HEAD, Kind, Source
from station_app.devices.cameras.child_camera import CameraSource, ChildCamera
from station_app.devices.drivers import CAMERAS, DriverContext, named
from station_app.devices.finger_scanner import StopToken
from station_app.domain.errors import DeviceFaultError


def test_a_playlist_is_no_video_and_nothing_is_fetched(tmp_path: Path) -> None:
    path = tmp_path / "clip.avi"
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.avi"
        path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}\n")
        camera = named(CAMERAS, "video").open(str(path), DriverContext(tmp_path))
        with closing(camera), pytest.raises(DeviceFaultError) as caught:
            camera.open()
        assert caught.value.code == "device_fault"
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


# What a process that was taken over, or fell over, can do. It runs in place of the camera's own.


def _crash(connection: Connection, source: Source) -> None:
    _opened(connection)
    _asked(connection)
    os.kill(os.getpid(), signal.SIGSEGV)


def _hang(connection: Connection, source: Source) -> None:
    _opened(connection)
    _asked(connection)
    signal.pause()


def _flood(connection: Connection, source: Source) -> None:
    _opened(connection)
    frame = HEAD.pack(Kind.FRAME, 77, 8, 8, 1, 0.0, 192, False) + bytes(192)
    while True:
        os.write(connection.fileno(), frame)


def _half(connection: Connection, source: Source) -> None:
    _opened(connection)
    asked = _asked(connection)
    head = HEAD.pack(Kind.FRAME, asked, 640, 480, 1, 0.0, 640 * 480 * 3, False)
    os.write(connection.fileno(), head + bytes(1000))
    signal.pause()


def _lie(connection: Connection, source: Source) -> None:
    _opened(connection)
    head = {
        "huge": (Kind.FRAME, 1, 65535, 65535, 1, 0.0, 0xFFFFFFFF, False),
        "none": (Kind.FRAME, 1, 0, 0, 1, 0.0, 0, False),
        "other": (Kind.FRAME, 1, 8, 8, 1, 0.0, 100, False),
        "kind": (99, 1, 8, 8, 1, 0.0, 192, False),
        "fault": (Kind.FAULT, 1, 4000, 0, 1, 0.0, 0, False),
        "codes": (Kind.CODES, 1, 8, 8, 1, 0.0, 1 << 30, False),
    }[source.path]
    _asked(connection)
    os.write(connection.fileno(), HEAD.pack(*head) + bytes(200))
    signal.pause()


def _false_codes(connection: Connection, source: Source) -> None:
    _opened(connection)
    asked = _asked(connection)
    body = {
        "short": b"\1",
        "kind": CODE.pack(9, 1) + b"a",
        "empty": CODE.pack(0, 0),
        "cut": CODE.pack(0, 400) + b"a",
    }[source.path]
    os.write(
        connection.fileno(), HEAD.pack(Kind.CODES, asked, 8, 8, 1, 0.0, len(body), False) + body
    )
    signal.pause()


def _opened(connection: Connection) -> None:
    os.write(connection.fileno(), HEAD.pack(Kind.OPENED, 0, 8, 8, 1, 0.0, 0, False))


def _asked(connection: Connection) -> int:
    return int(ASK.unpack(os.read(connection.fileno(), ASK.size))[1])


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_camera, "_ANSWER_S", 1.0)


def _camera(path: str = "") -> ChildCamera:
    source = CameraSource(Source(path, True, 8, 8), "invented")
    return ChildCamera(lambda: source, is_simulated=True)


@pytest.mark.parametrize(
    ("child", "code"),
    [
        (_crash, "device_fault"),
        (_hang, "camera_no_picture"),
        (_flood, "camera_no_picture"),
        (_half, "camera_no_picture"),
    ],
)
@pytest.mark.usefixtures("patience")
def test_a_process_that_fails_costs_a_sentence(
    monkeypatch: pytest.MonkeyPatch, child: object, code: str
) -> None:
    monkeypatch.setattr(child_camera, "serve", child)
    with closing(_camera()) as camera:
        camera.open()
        with pytest.raises(DeviceFaultError) as caught:
            camera.frame(StopToken())
        assert caught.value.code == code
        camera.open()  # another process


@pytest.mark.parametrize("lie", ["huge", "none", "other", "kind", "fault", "codes"])
@pytest.mark.usefixtures("patience")
def test_a_process_that_lies_is_ended(monkeypatch: pytest.MonkeyPatch, lie: str) -> None:
    monkeypatch.setattr(child_camera, "serve", _lie)
    with closing(_camera(lie)) as camera:
        camera.open()
        with pytest.raises(DeviceFaultError) as caught:
            camera.frame(StopToken())
        assert caught.value.code == "device_fault"


@pytest.mark.parametrize("lie", ["short", "kind", "empty", "cut"])
@pytest.mark.usefixtures("patience")
def test_codes_that_are_none_end_it_too(monkeypatch: pytest.MonkeyPatch, lie: str) -> None:
    monkeypatch.setattr(child_camera, "serve", _false_codes)
    with closing(_camera(lie)) as camera:
        camera.open()
        with pytest.raises(DeviceFaultError) as caught:
            camera.codes(StopToken())
        assert caught.value.code == "device_fault"
