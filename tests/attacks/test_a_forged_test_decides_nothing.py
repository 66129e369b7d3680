"""Promise: what nobody tried is not called tried once two persons have unlocked (ADR 0047).

The attack: whoever writes to the station's folder writes `device-tests.json` with a test that
nobody made, or of a device that is not there, so that the chair and the sheet say READY. On a9a29b6
READY needed no test at all.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from station_app import __version__
from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.devices import drivers
from station_app.devices.drivers import DeviceFamily, Driver
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.plugged_in import PluggedIn
from station_app.domain.device_trials import Trials
from station_app.flow.readiness import look_at
from station_app.flow.trial_book import trials_file, trials_of
from station_app.settings import Device
from station_app.snapshots import add_pending
from tests.flow.loaded_station import MACHINE, NOW, LoadedStation, enrolled

SCANNER = DeviceFamily.FINGER_SCANNER
READER = PluggedIn(SCANNER, "toy", "usb:05ba:000a:A1B2C3D4", "U.are.U 4500")
OTHER = replace(READER, port="usb:05ba:000a:E5F6A7B8")


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedStation:
    """A live station whose file says that its reader has passed every test."""

    def refuse(*_: object) -> FingerScanner:
        raise AssertionError("nothing is opened")

    toy: Driver[FingerScanner] = Driver(SCANNER, "toy", refuse, lambda _: True)
    monkeypatch.setattr(drivers, "SCANNERS", (*drivers.SCANNERS, toy))
    settings = replace(MACHINE, devices=(Device(SCANNER, "toy"),))
    made = LoadedStation(tmp_path, enrolled(FingerEngine(1), 2), settings)
    made.own.write(made.folder.public_identity)
    made.load(1)
    trial = {
        "app": __version__,
        "at": "2026-11-28T06:00:00Z",
        "by": "t1",
        "driver": "toy",
        "hardware": READER.port,
        "part": "finger_scanner",
        "passed": True,
        "test": "full",
    }
    forged = {
        "format": "station-app/device-tests/1",
        "trials": [trial, trial | {"test": "morning"}],
    }
    trials_file(made.folder).write_text(json.dumps(forged))
    return made


def said(
    station: LoadedStation, found: Sequence[PluggedIn], trials: Trials | None = None
) -> set[str]:
    seen = look_at(station.folder, (ENGINE,), NOW, trials=trials, found=lambda: found)
    return {one.code for one in seen.reasons if one.is_of_devices}


def of_journal(station: LoadedStation) -> Trials:
    with station.journal() as journal:
        return trials_of(journal.look.tested)


def test_before_an_unlocking_the_file_only_informs(station: LoadedStation) -> None:
    assert said(station, [READER]) == set(), "this is what it can do"


def test_after_an_unlocking_it_is_not_read(station: LoadedStation) -> None:
    station.open()
    assert said(station, [READER], of_journal(station)) == {"devices_untried"}


def test_a_test_of_another_device_is_of_another_device(station: LoadedStation) -> None:
    assert said(station, [OTHER]) == {"devices_changed"}


def test_two_readers_of_which_none_was_chosen_are_not_ready(station: LoadedStation) -> None:
    assert said(station, [READER, OTHER]) == {"scanner_lost"}


def test_tests_of_parts_that_nobody_knows_keep_no_station_from_ready(
    station: LoadedStation,
) -> None:
    """One forged line of a part that no card tests, or a hundred, would stand in the journal."""
    facts: dict[str, str | int] = {
        "app": __version__, "by": "", "driver": "toy", "hardware": READER.port, "test": "full",
    }  # fmt: skip
    lines = [{"part": f"p{number}", "passed": 0} for number in range(100)]
    for line in (*lines, {"part": SCANNER.value, "passed": 1}):
        add_pending(station.folder.pending_events, "device_tested", facts | line, NOW)
    station.open()
    assert said(station, [READER], of_journal(station)) == set()


@pytest.mark.parametrize("size", [64 * 1024 + 1, 10**9])
def test_a_huge_file_is_not_read_into_memory(station: LoadedStation, size: int) -> None:
    with trials_file(station.folder).open("r+b") as file:
        file.truncate(size)
    assert said(station, [READER]) == {"devices_untried"}
