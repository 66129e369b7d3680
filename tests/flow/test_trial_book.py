"""The record of the devices' tests: kept while locked, in the journal after unlocking."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from station_app import __version__
from station_app.biometrics.fingerprint.engine import ENGINE, FingerEngine
from station_app.devices import drivers
from station_app.devices.computer import Battery
from station_app.devices.drivers import DeviceFamily, Driver, FoundDevice
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.plugged_in import PluggedIn
from station_app.domain.device_trials import TestKind, Trials
from station_app.flow import readiness as looking
from station_app.flow.opening_checks import CheckedPart, DevicesNow, station_checks
from station_app.flow.readiness import look_at
from station_app.flow.trial_book import TrialBook, read_trials, trials_file, trials_of
from station_app.settings import Device, Machine
from station_app.snapshots import add_pending
from station_app.vault import StationFolder
from tests.flow.loaded_station import MACHINE, NOW, LoadedStation, enrolled

READER, OTHER = "usb:05ba:000a:A1B2C3D4", "usb:05ba:000a:E5F6A7B8"
SCANNER = DeviceFamily.FINGER_SCANNER
LIVE: Machine = replace(MACHINE, devices=(Device(SCANNER, "toy"),))


class Ports:
    """What the toy's driver finds."""

    def __init__(self) -> None:
        self.found = [READER]

    def look(self) -> tuple[FoundDevice, ...]:
        return tuple(FoundDevice(port, "Toy") for port in self.found)


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> Ports:
    ports = Ports()

    def refuse(*_: object) -> FingerScanner:
        raise AssertionError("nothing is opened")

    toy: Driver[FingerScanner] = Driver(
        SCANNER, "toy", refuse, lambda _: bool(ports.found), ports.look
    )
    monkeypatch.setattr(drivers, "SCANNERS", (*drivers.SCANNERS, toy))
    monkeypatch.setattr(looking, "battery", lambda: Battery(84, True, None))
    monkeypatch.setattr(looking, "free_bytes", lambda _: 80 * 10**9)
    return ports


@pytest.fixture
def station(tmp_path: Path, ports: Ports) -> LoadedStation:
    station = LoadedStation(tmp_path, enrolled(FingerEngine(1), 2), LIVE)
    station.own.write(station.folder.public_identity)
    station.load(1)
    return station


@pytest.fixture
def book(station: LoadedStation) -> TrialBook:
    return TrialBook(station.folder, lambda: NOW)


def trial_codes(station: LoadedStation, trials: Trials | None = None) -> set[str]:
    seen = look_at(station.folder, (ENGINE,), NOW, trials=trials)
    return {one.code for one in seen.reasons if one.is_of_devices}


def test_a_device_is_tried_until_another_one_is_in_its_place(
    station: LoadedStation, book: TrialBook, ports: Ports
) -> None:
    assert trial_codes(station) == {"devices_untried"}
    subject = book.subject(SCANNER)
    assert subject == ("toy", READER)
    book.note("finger_scanner", TestKind.FULL, subject, passed=True)
    assert trial_codes(station) == set()
    ports.found = [OTHER]
    assert trial_codes(station) == {"devices_changed"}
    ports.found = []
    assert trial_codes(station) == {"scanner_lost"}
    ports.found = [READER, OTHER]
    assert trial_codes(station) == {"scanner_lost"}, "two, and none of them is chosen"


def test_a_failed_part_of_the_computer_is_not_ready_either(
    station: LoadedStation, book: TrialBook
) -> None:
    book.note("finger_scanner", TestKind.FULL, book.subject(SCANNER), passed=True)
    book.note("disk", TestKind.FULL, book.subject(None), passed=False)
    assert trial_codes(station) == {"self_test_failed"}
    book.note("disk", TestKind.MORNING, ("", ""), passed=True)
    later = TrialBook(station.folder, lambda: NOW.replace(minute=40))
    later.note("disk", TestKind.FULL, ("", ""), passed=True)
    assert trial_codes(station) == set()


def test_on_the_day_the_morning_check_is_missed(station: LoadedStation, book: TrialBook) -> None:
    book.note("finger_scanner", TestKind.FULL, book.subject(SCANNER), passed=True)
    day = NOW.replace(day=29)
    seen = look_at(station.folder, (ENGINE,), day)
    (missed,) = [one for one in seen.reasons if one.is_of_devices]
    assert (missed.code, missed.weight) == ("morning_check_missing", "attention")
    morning = TrialBook(station.folder, lambda: day)
    morning.note("finger_scanner", TestKind.MORNING, morning.subject(SCANNER), passed=True)
    seen = look_at(station.folder, (ENGINE,), day)
    assert not [one for one in seen.reasons if one.is_of_devices]
    (device,) = seen.devices
    assert (device.test, device.is_tried_today, device.hardware) == ("full", True, READER)
    assert seen.is_tried


def test_after_unlocking_only_the_journal_counts(station: LoadedStation, book: TrialBook) -> None:
    book.note("finger_scanner", TestKind.FULL, book.subject(SCANNER), passed=True)
    station.open()
    assert "device_tested" in station.kinds()
    with station.journal() as journal:
        told = trials_of(journal.look.tested)
    (trial,) = told.each
    assert (trial.part, trial.hardware, trial.app) == ("finger_scanner", READER, __version__)
    assert (trial.at, trial.by, trial.passed) == (NOW, "", True)
    trials_file(station.folder).unlink()
    assert trial_codes(station, told) == set()
    assert trial_codes(station) == {"devices_untried"}
    forged = TrialBook(station.folder, lambda: NOW)
    forged.note("finger_scanner", TestKind.FULL, ("toy", OTHER), passed=True)
    assert trial_codes(station, told) == set(), "the plain file is not read any more"

    def checks(trials: Callable[[], Trials]) -> dict[CheckedPart, str]:
        found = station_checks(station.folder, (ENGINE,), lambda: NOW, DevicesNow, trials)()
        return {one.what: one.note for one in found if not one.fault}

    assert checks(lambda: told)[CheckedPart.TRIED] == ""
    assert checks(Trials)[CheckedPart.TRIED] == "devices_untried"


@pytest.mark.parametrize(
    "facts",
    [
        {"passed": 2},
        {"test": "best"},
        {"hardware": "x" * 4000},
        {"part": ""},
    ],
)
def test_a_line_that_anybody_wrote_is_no_trial(
    station: LoadedStation, facts: dict[str, str | int]
) -> None:
    good: dict[str, str | int] = {
        "app": __version__,
        "by": "",
        "driver": "toy",
        "hardware": READER,
        "part": "finger_scanner",
        "passed": 1,
        "test": "full",
    }
    add_pending(station.folder.pending_events, "device_tested", good | facts, NOW)
    station.open()
    with station.journal() as journal:
        told = trials_of(journal.look.tested)
    assert "devices_untried" in trial_codes(station, told) or not told.each[0].passed


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff",
        b"[" * 5000,
        b'{"format": "station-app/device-tests/2", "trials": []}',
        b'{"format": "station-app/device-tests/1", "trials": 3}',
        b'{"format": "station-app/device-tests/1", "trials": [{"part": "disk"}]}',
        b" " * 70_000,
    ],
)
def test_a_plain_file_of_nonsense_tells_nothing(station: LoadedStation, content: bytes) -> None:
    trials_file(station.folder).write_bytes(content)
    assert read_trials(station.folder).each == ()
    assert trial_codes(station) == {"devices_untried"}


def test_the_plain_file_is_written_whole_and_read_back(
    station: LoadedStation, book: TrialBook
) -> None:
    for part in ("disk", "clock"):
        book.note(part, TestKind.FULL, ("", ""), passed=True)
    values = json.loads(trials_file(station.folder).read_bytes())
    assert [one["part"] for one in values["trials"]] == ["disk", "clock"]
    assert trials_file(station.folder).stat().st_mode & 0o077 == 0
    assert {one.part for one in read_trials(station.folder).each} == {"clock", "disk"}


def test_a_folder_without_a_station_stays_empty(tmp_path: Path) -> None:
    book = TrialBook(StationFolder(tmp_path), lambda: NOW, lambda: (PluggedIn(None, "", "", ""),))
    assert book.subject(SCANNER) == ("", "")
    book.note("disk", TestKind.FULL, ("", ""), passed=True)
    assert list(tmp_path.iterdir()) == []
