"""`station-app devices`: what is plugged in, whether it works, what comes and goes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.commands.devices import listing, watching
from station_app.devices import drivers
from station_app.devices.drivers import DeviceFamily, Driver, DriverUse
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.found_device import FoundDevice
from station_app.devices.plugged_in import PluggedIn
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.errors import DeviceFaultError
from tests.commands.stations import Table
from tests.commands.typed_words import answer, run

READER = "usb:05ba:000a:A1B2C3D4"
UAREU = FoundDevice(READER, "U.are.U 4500")
HOSTILE = PluggedIn(None, "", "usb:0bad:0bad", "\x1b[2Jgone")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    """A station whose settings name a toy scanner."""
    found: list[FoundDevice] = [UAREU]
    toy: Driver[FingerScanner] = Driver(
        DeviceFamily.FINGER_SCANNER,
        "toy",
        lambda _port, _context: SimulatedFingerScanner(),
        lambda _port: bool(found),
        lambda: tuple(found),
    )
    monkeypatch.setattr(drivers, "SCANNERS", (*drivers.SCANNERS, toy))
    table = Table(tmp_path)
    table.found = found  # type: ignore[attr-defined]
    table.write(**{'driver = "simulated"': 'driver = "toy"', "snapshot": "#snapshot"})
    return table


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATION_APP_HOME", str(tmp_path / "nobody"))


def seen(monkeypatch: pytest.MonkeyPatch, *devices: PluggedIn) -> None:
    monkeypatch.setattr(listing, "plugged_in", lambda: devices)


@pytest.mark.usefixtures("bare")
def test_without_a_station_everything_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden = PluggedIn(
        DeviceFamily.PRINTER, "escpos", "usb:04b8:0202", "TM-T20", "printer_no_permission"
    )
    reader = PluggedIn(
        DeviceFamily.FINGER_SCANNER, "toy", READER, "U.are.U", "scanner_not_permitted"
    )
    serial = PluggedIn(
        DeviceFamily.DOCUMENT_READER, "serial", "/dev/ttyACM0", "Gun", is_certain=False
    )
    seen(monkeypatch, forbidden, reader, serial, HOSTILE)
    text = run("devices", "list").stdout
    assert "add this user to the group lp" in text
    assert "station-app devices rules" in text
    assert "may be another kind of device" in text
    assert "no driver of this program" in text
    assert "\x1b" not in text
    listed = answer("devices", "list")["devices"]
    assert [one["permitted"] for one in listed] == [False, False, True, True]
    assert {one["standing"] for one in listed} == {"no_settings", "no_driver"}
    seen(monkeypatch)
    assert "No device is plugged in" in run("devices", "list").stdout


def test_the_settings_say_which_one_is_used(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    run(*table.provisioning())
    words = ("devices", "list", "--station", table.station.root)
    mine = PluggedIn(DeviceFamily.FINGER_SCANNER, "toy", READER, "U.are.U 4500")
    seen(monkeypatch, mine)
    found = answer(*words)
    assert (found["devices"][0]["standing"], found["absent"]) == ("used", [])
    assert "used by this station" in run(*words).stdout
    seen(monkeypatch)
    table.found.clear()  # type: ignore[attr-defined]
    assert answer(*words)["absent"] == [{"family": "finger_scanner", "driver": "toy", "port": ""}]
    assert "NOT PLUGGED IN" in run(*words).stdout
    table.station.settings.write_text("nonsense = [")
    assert "settings" in answer(*words)
    assert answer("devices", "list", "--station", "/nowhere", code=1)["code"] == "station_missing"


def test_each_device_of_the_settings_is_tried(table: Table) -> None:
    run(*table.provisioning())
    words = ("devices", "check", "--station", table.station.root)
    found = answer(*words, "--no-finger")["devices"]
    assert [(one["driver"], one["works"], one["facts"]["ppi"]) for one in found] == [
        ("toy", True, 500)
    ]
    late = answer(*words, "--seconds", "1", code=1)["devices"]
    assert late[0]["code"] == "scanner_nothing"
    assert "FAILED (scanner_nothing)" in run(*words, "--seconds", "1", code=1).stdout


def test_a_fault_is_a_sentence_and_ends_with_1(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> FingerScanner:
        raise DeviceFaultError("scanner_busy", "Another program uses the reader.")

    busy: Driver[FingerScanner] = Driver(
        DeviceFamily.FINGER_SCANNER, "busy", broken, lambda _: True, use=DriverUse.EVALUATION
    )
    monkeypatch.setattr(drivers, "SCANNERS", (*drivers.SCANNERS, busy))
    text = run("devices", "check", "busy", "--no-finger", code=1).stdout
    assert "FAILED (scanner_busy): Another program uses the reader." in text


@pytest.mark.usefixtures("bare")
def test_what_cannot_be_tried_says_what_to_give() -> None:
    assert answer("devices", "check", code=1)["code"] == "settings_missing"
    refused = answer("devices", "check", "nobody", code=1)
    assert refused["code"] == "settings_refused"
    assert "libfprint" in refused["reason"]


@pytest.fixture
def _desk(table: Table) -> Iterator[None]:
    """Another process has the journal open, as an unlocked station has."""
    run(*table.provisioning())
    code = (
        "import sys; from sqlcipher3 import dbapi2\n"
        f"base = dbapi2.connect({str(table.station.journal)!r})\n"
        "base.execute('pragma locking_mode=EXCLUSIVE')\n"
        "base.execute('create table t(a)')\n"
        "base.commit(); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as desk:
        assert desk.stdout is not None
        assert desk.stdin is not None
        desk.stdout.readline()
        yield
        desk.stdin.close()


@pytest.mark.usefixtures("_desk")
def test_a_running_desk_is_not_disturbed(table: Table) -> None:
    words = ("devices", "check", "--station", table.station.root, "--no-finger")
    refused = answer(*words, code=1)
    assert refused["code"] == "already_running"
    assert "Lock it" in refused["reason"]
    run("devices", "list", "--station", table.station.root)


@pytest.mark.usefixtures("bare")
def test_coming_and_going_is_told_with_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = PluggedIn(DeviceFamily.FINGER_SCANNER, "toy", READER, "U.are.U 4500")
    looks = iter([(), (mine,), (mine,), ()])

    class Watch:
        def __init__(self) -> None:
            self.left = 3

        def wait(self, *_: object) -> bool:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            return True

        def close(self) -> None:
            pass

    monkeypatch.setattr(listing, "plugged_in", lambda: next(looks))
    monkeypatch.setattr(watching, "MachineWatch", Watch)
    lines = run("devices", "watch", "--json").stdout.splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert [(one["event"], one["port"]) for one in told] == [("came", READER), ("gone", READER)]
    assert all("T" in one["at"] for one in told)


def test_it_watches_until_it_is_interrupted(tmp_path: Path) -> None:
    environment = os.environ | {"STATION_APP_HOME": str(tmp_path)}
    words = [sys.executable, "-m", "station_app", "devices", "watch"]
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE) as program:
        assert program.stderr is not None
        assert program.stderr.readline() == b"Watching. Ctrl-C ends it.\n"
        program.send_signal(signal.SIGINT)
        assert program.stderr.read() == b""
    assert program.returncode == 0
