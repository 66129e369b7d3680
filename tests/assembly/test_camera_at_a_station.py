"""A camera in a station's settings: read, looked for, and tried by the self-test."""

from pathlib import Path

import numpy as np
import pytest

from station_app.assembly.station_checks import machine_checks
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.devices.camera import CameraFrame
from station_app.devices.drivers import DeviceFamily
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.flow.readiness import look_at
from station_app.settings import Device, machine_from
from station_app.ui.technician.self_test import (
    CardFinding,
    CardKey,
    CardProgress,
    CardRun,
    CardState,
    judge_camera,
)
from station_app.vault import StationFolder
from tests.assembly.door_at_work import NOW, machine
from tests.devices.camera_conformance import write_clip


def station(root: Path, port: str, driver: str = "video") -> StationFolder:
    """A training station's folder with nothing but its settings."""
    folder = StationFolder(root / "station")
    folder.root.mkdir()
    settings = machine(devices=(Device(DeviceFamily.CAMERA, driver, port),))
    folder.settings.write_text(settings.to_toml(), encoding="utf-8")
    folder.settings.with_name("desk.toml").write_text(settings.desk_toml(), encoding="utf-8")
    return folder


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    picture = np.full((360, 640, 3), (30, 60, 200), np.uint8)
    return write_clip(tmp_path / "clip.avi", [picture] * 60, speed=25)


def tried(folder: StationFolder, told: list[CardProgress] | None = None) -> CardFinding:
    run = CardRun((told if told is not None else []).append)
    return machine_checks(folder, lambda: (), lambda: NOW)[CardKey.CAMERA].run(run)


def test_a_live_station_refuses_a_video(tmp_path: Path) -> None:
    text = '[station]\nkind = "{}"\nprecinct = "9042"\nkit = "1"\n[devices.camera]\ndriver = "{}"\n'
    path = tmp_path / "settings.toml"
    for kind, driver in (("live", "v4l2"), ("training", "v4l2"), ("training", "video")):
        read = machine_from(text.format(kind, driver).encode(), path)
        assert read.devices == (Device(DeviceFamily.CAMERA, driver),)
    with pytest.raises(KnownError, match="simulated, which a live station refuses"):
        machine_from(text.format("live", "video").encode(), path)


def test_readiness_names_a_camera_that_is_not_there(tmp_path: Path) -> None:
    folder = station(tmp_path, "usb:046d:0825:NOTHERE", "v4l2")
    assert "camera_lost" in {one.code for one in look_at(folder, (ENGINE,), NOW).reasons}


def test_the_self_test_shows_what_it_sees_and_how_fast(tmp_path: Path, clip: Path) -> None:
    told: list[CardProgress] = []
    found = tried(station(tmp_path, str(clip)), told)
    assert {one.code for one in told} == {"camera_live"}
    assert all(isinstance(one.image, CameraFrame) for one in told)
    assert (found.state, found.code) == (CardState.ASKING, "camera_asked")
    assert found.facts["size"] == "640×360"
    rate = found.facts["rate"]
    assert isinstance(rate, int)
    assert 5 <= rate <= 26, "a busy machine misses some"
    assert isinstance(found.image, CameraFrame)
    red, green, blue = found.image.pixels[:3]
    assert (red > 150, green < 100, blue < 60) == (True, True, True), "red is red"


def test_a_camera_that_cannot_be_tried_fails_with_its_code(tmp_path: Path, clip: Path) -> None:
    folder = station(tmp_path, str(clip))
    clip.write_bytes(b"no video")
    with pytest.raises(DeviceFaultError) as caught:
        tried(folder)
    assert caught.value.code == "device_fault"
    clip.unlink()
    with pytest.raises(DeviceLostError) as lost:
        tried(folder)
    assert lost.value.code == "camera_lost"


def test_a_covered_lens_is_said() -> None:
    frames = [CameraFrame(bytes(12), 2, 2, number, number / 10, True) for number in (10, 40)]
    found = judge_camera(frames)
    assert (found.state, found.code, found.facts["rate"]) == (CardState.FAILED, "camera_dark", 10)


def test_without_a_camera_there_is_no_card(tmp_path: Path) -> None:
    assert CardKey.CAMERA not in machine_checks(StationFolder(tmp_path), lambda: (), lambda: NOW)
