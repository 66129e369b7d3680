"""A camera in a station's settings: read, looked for, and tried by the self-test."""

from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pytest

from station_app.assembly import camera_check
from station_app.assembly.station_checks import machine_checks
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.devices.camera import CameraFrame
from station_app.devices.drivers import DeviceFamily
from station_app.devices.simulated.simulated_camera import SimulatedCamera
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.flow.readiness import look_at
from station_app.settings import Device, machine_from
from station_app.synthetic.faces import InventedFace
from station_app.synthetic.portraits import WEBCAM, Picture, View, portrait
from station_app.ui.technician.self_test import (
    CardFinding,
    CardKey,
    CardProgress,
    CardRun,
    CardState,
)
from station_app.vault import StationFolder
from tests.assembly.door_at_work import NOW, machine
from tests.devices.camera_conformance import write_clip

PERSON = InventedFace(11, "f", 34)


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


@pytest.fixture(scope="module")
def sitting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody who sits before the camera for four seconds."""
    picture = _bgr(portrait(PERSON, WEBCAM))
    return write_clip(tmp_path_factory.mktemp("clip") / "sitting.avi", [picture] * 100, speed=25)


def _bgr(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[..., ::-1])


def tried(
    folder: StationFolder, told: list[CardProgress] | None = None, *, is_morning: bool = False
) -> CardFinding:
    run = CardRun((told if told is not None else []).append, is_morning=is_morning)
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


def test_the_self_test_compares_a_face_with_itself(tmp_path: Path, sitting: Path) -> None:
    told: list[CardProgress] = []
    found = tried(station(tmp_path, str(sitting)), told)
    assert (found.state, found.code) == (CardState.PASSED, "camera_same")
    assert {one.code for one in told} == {"camera_first", "camera_again", "camera_comparing"}
    assert all(isinstance(one.image, CameraFrame) for one in told)
    assert found.facts["size"] == "640×480"
    rate = found.facts["rate"]
    assert isinstance(rate, int)
    assert 2 <= rate <= 26, "a busy machine misses some"


def test_in_the_morning_one_picture_is_enough(tmp_path: Path, sitting: Path) -> None:
    found = tried(station(tmp_path, str(sitting)), is_morning=True)
    assert (found.state, found.code) == (CardState.PASSED, "camera_sees")


@pytest.mark.parametrize(
    ("view", "code"),
    [
        (None, "camera_no_face"),
        (replace(WEBCAM, yaw=35.0), "camera_turned"),
        (replace(WEBCAM, scale=26.0), "camera_place"),
    ],
)
def test_a_picture_without_a_good_face_fails_with_its_reason(
    tmp_path: Path, clip: Path, view: View | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_check, "_FACE_WAIT_S", 1.5)
    if view is not None:
        clip = write_clip(tmp_path / "one.avi", [_bgr(portrait(PERSON, view))] * 60, speed=25)
    found = tried(station(tmp_path, str(clip)))
    assert (found.state, found.code) == (CardState.FAILED, code)
    assert isinstance(found.image, CameraFrame)


def test_two_people_do_not_match(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in the first picture, another in all that follow."""
    monkeypatch.setattr(camera_check, "_LIGHT_S", 0.0)
    one, other = (portrait(face, WEBCAM) for face in (PERSON, InventedFace(6, "m", 99)))
    pictures = chain([one], repeat(other))
    seeing = SimulatedCamera()
    seeing.show(lambda _: next(pictures))
    monkeypatch.setattr(camera_check, "camera", lambda *_: seeing)
    assert tried(station(tmp_path, "", "simulated")).code == "camera_other"


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


def test_a_covered_lens_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_check, "_FACE_WAIT_S", 0.5)
    black = np.zeros((360, 640, 3), np.uint8)
    path = write_clip(tmp_path / "black.avi", [black] * 60, speed=25)
    assert tried(station(tmp_path, str(path))).code == "camera_dark"


def test_without_a_camera_there_is_no_card(tmp_path: Path) -> None:
    assert CardKey.CAMERA not in machine_checks(StationFolder(tmp_path), lambda: (), lambda: NOW)
