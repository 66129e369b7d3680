"""Monitors: what the kernel says of connectors, and what a monitor says of itself."""

from pathlib import Path

import pytest

from station_app.devices import monitors as module
from station_app.devices.drivers import DISPLAYS, DeviceFamily, DriverContext, drivers
from station_app.devices.finger_scanner import StopToken
from station_app.devices.monitors import VoterScreen, monitors
from station_app.domain.errors import DeviceLostError
from station_app.flow.device_check import CheckWay, check_device
from station_app.settings import Device
from tests.devices.monitor_edid import edid


@pytest.fixture
def sysfs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def of(place: Path = tmp_path) -> tuple[module.Monitor, ...]:
        return monitors(place)

    monkeypatch.setattr(module, "monitors", of)
    return tmp_path


def plug(sysfs: Path, connector: str, said: bytes, status: str = "connected") -> None:
    node = sysfs / f"card0-{connector}"
    node.mkdir(exist_ok=True)
    (node / "status").write_text(f"{status}\n")
    (node / "edid").write_bytes(said)


def test_the_laptops_panel_and_empty_sockets_are_none(sysfs: Path) -> None:
    (sysfs / "card0").mkdir()
    plug(sysfs, "eDP-1", edid())
    plug(sysfs, "DP-1", b"", "disconnected")
    assert monitors(sysfs) == ()
    plug(sysfs, "HDMI-A-1", edid())
    (found,) = monitors(sysfs)
    assert found.connector == "HDMI-A-1"
    assert found.identity == "edid:ACR:0319:LX_7_1"
    assert found.name == "V226HQL (HDMI-A-1)"


@pytest.mark.parametrize(
    ("said", "identity"),
    [
        (edid(serial=b""), "edid:ACR:0319:00000007"),
        (edid(serial=b"", number=0), "edid:ACR:0319"),
        (edid(serial=b"\x1b[2J\xff\n"), "edid:ACR:0319:_2J"),
        (b"", "connector:HDMI-A-1"),
        (edid()[:100], "connector:HDMI-A-1"),
        (b"\xff" * 5000, "connector:HDMI-A-1"),
    ],
)
def test_whatever_a_monitor_says_is_one_short_word(sysfs: Path, said: bytes, identity: str) -> None:
    plug(sysfs, "HDMI-A-1", said)
    (found,) = monitors(sysfs)
    assert found.identity == identity
    assert " " not in found.identity
    assert found.name.isprintable()


def test_a_machine_without_display_drivers_has_none(tmp_path: Path) -> None:
    assert monitors(tmp_path / "nowhere") == ()


def test_the_settings_find_their_monitor_in_any_socket(sysfs: Path) -> None:
    assert drivers(DeviceFamily.VOTER_DISPLAY) == DISPLAYS
    (line,) = DISPLAYS
    assert (line.find(""), line.look()) == (False, ())
    plug(sysfs, "HDMI-A-1", edid())
    plug(sysfs, "DP-1", edid(name=b"Other\n", serial=b"2\n"))
    ports = [one.port for one in line.look()]
    assert ports == ["edid:ACR:0319:2", "edid:ACR:0319:LX_7_1"]
    assert [line.find(port) for port in ("", *ports, "edid:XXX:0001")] == [True, True, True, False]
    screen = line.open(ports[1], DriverContext(Path()))
    assert screen.connector == "HDMI-A-1"
    assert VoterScreen("").connector == "", "any"
    assert VoterScreen("edid:XXX:0001").connector is None, "the chosen one is not there"


def test_a_check_says_which_monitor_it_is_or_that_there_is_none(sysfs: Path) -> None:
    way = CheckWay(0.0, lambda: None, StopToken())
    device = Device(DeviceFamily.VOTER_DISPLAY, "screen")
    assert check_device(device, DriverContext(Path()), way).code == "display_lost"
    with pytest.raises(DeviceLostError):
        VoterScreen("").monitor()
    plug(sysfs, "HDMI-A-1", edid())
    said = check_device(device, DriverContext(Path()), way)
    assert said.facts == {"name": "V226HQL (HDMI-A-1)", "connector": "HDMI-A-1"}
