"""The self-test's cards of devices, each on what it finds."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from station_app.assembly import device_cards, scanner_check
from station_app.assembly.device_cards import (
    battery_card,
    document_card,
    page_card,
    slip_card,
    stick_card,
)
from station_app.biometrics.fingerprint.ridge_distance import RidgeDistance
from station_app.devices.computer import Battery, BatteryDrain, DrainEnd
from station_app.devices.document_reader import DocumentReaderInfo, ReadResult
from station_app.devices.finger_scanner import StopToken
from station_app.devices.media import Medium
from station_app.devices.stick_trial import TRIAL_BYTES, Proof, StickTrial
from station_app.domain.documents import DocumentUnread, UnreadReason
from station_app.domain.samples import FingerImage, Stopped
from station_app.ui.technician.self_test import (
    CardFinding,
    CardProgress,
    CardRun,
    CardState,
    MinutesFact,
)
from station_app.vault import StationFolder
from tests.assembly.door_at_work import NOW
from tests.flow.loaded_station import MACHINE, LoadedStation


def run(*, is_morning: bool = False, told: list[CardProgress] | None = None) -> CardRun:
    return CardRun([].append if told is None else told.append, is_morning=is_morning)


@pytest.fixture
def station(tmp_path: Path) -> StationFolder:
    made = LoadedStation(tmp_path, [], MACHINE)
    made.own.write(made.folder.public_identity)
    return made.folder


# --- the stick --------------------------------------------------------------------------------


@pytest.fixture
def stick(tmp_path: Path) -> Medium:
    folder = tmp_path / "medium"
    folder.mkdir()
    size = 8 * 10**9
    return Medium(folder, "KINGSTON", size, size, "FAT32", is_writable=True)


def test_without_a_stick_it_is_said(station: StationFolder, stick: Medium) -> None:
    locked, full = replace(stick, is_writable=False), replace(stick, free=TRIAL_BYTES)
    for media in ((), (locked,), (full,)):
        found = stick_card(station, lambda media=media: media, run())
        assert (found.code, found.state) == ("stick_none", CardState.ATTENTION)


@pytest.mark.parametrize(
    ("proof", "state"),
    [
        (Proof.REMOUNTED, CardState.PASSED),
        (Proof.MEDIUM, CardState.PASSED),
        (Proof.NONE, CardState.ATTENTION),
    ],
)
def test_what_was_read_back_from_the_stick_counts(
    station: StationFolder,
    stick: Medium,
    proof: Proof,
    state: CardState,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trial = StickTrial(TRIAL_BYTES, 5.0, proof)
    monkeypatch.setattr(device_cards, "try_stick", lambda *_, **__: trial)
    found = stick_card(station, lambda: (stick,), run())
    assert (found.state, found.facts["speed"]) == (state, 20)


def test_the_trial_of_a_stick_is_counted_and_stopped(
    station: StationFolder, stick: Medium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_cards, "remount_by_udisks", lambda _: None)
    told: list[CardProgress] = []
    stopping = CardRun(lambda one: (told.append(one), stopping.stop.stop())[0])
    stick_card(station, lambda: (stick,), stopping)
    assert told[0].code == "stick_writing"
    assert told[0].of == 100
    assert list(stick.folder.iterdir()) == []


# --- the battery ------------------------------------------------------------------------------


def drained(
    monkeypatch: pytest.MonkeyPatch, state: Battery | None, drain: BatteryDrain | None = None
) -> None:
    monkeypatch.setattr(device_cards, "battery", lambda: state)
    monkeypatch.setattr(device_cards, "measure_drain", lambda *_: drain)


ON_ITS_OWN = Battery(80, is_charging=False, minutes=200)


@pytest.mark.parametrize(
    ("hours", "code", "state"),
    [
        (5.5, "battery_lasts", CardState.PASSED),
        (1.5, "battery_weak", CardState.ATTENTION),
        (None, "battery_full_left", CardState.PASSED),
    ],
)
def test_how_long_a_full_battery_lasts_is_measured(
    hours: float | None, code: str, state: CardState, monkeypatch: pytest.MonkeyPatch
) -> None:
    drained(monkeypatch, ON_ITS_OWN, BatteryDrain(DrainEnd.DONE, 60, 0.3, hours))
    found = battery_card(run())
    assert (found.code, found.state) == (code, state)
    if hours is not None:
        assert found.facts["left"] == MinutesFact(round(60 * hours))


def test_on_its_charger_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    charging = Battery(80, is_charging=True, minutes=None)
    drained(monkeypatch, charging)
    assert battery_card(run()).code == "battery_plugged"
    assert battery_card(run(is_morning=True)).code == "battery_charging"
    drained(monkeypatch, ON_ITS_OWN, BatteryDrain(DrainEnd.MAINS, 9, 0.0, None))
    assert battery_card(run()).code == "battery_plugged", "it was plugged in meanwhile"
    drained(monkeypatch, Battery(5, is_charging=False, minutes=8))
    assert battery_card(run()).state is CardState.FAILED
    drained(monkeypatch, None)
    assert battery_card(run()).code == "battery_none"


# --- papers, documents, fingers ---------------------------------------------------------------


def test_a_page_is_asked_about_and_no_printer_is_amber(
    station: StationFolder, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    monkeypatch.setattr(device_cards, "page_check", lambda *_: True)
    assert page_card(station, lambda: NOW, run()).state is CardState.ASKING
    monkeypatch.setattr(device_cards, "page_check", lambda *_: False)
    found = page_card(station, lambda: NOW, run())
    assert (found.code, found.state) == ("paper_none", CardState.ATTENTION)


def test_slips_without_a_printer_are_files(station: StationFolder) -> None:
    assert slip_card(station, run()).code == "printer_none"


class Reader:
    """A document reader that reads what it is told."""

    is_simulated = False

    def __init__(self, result: ReadResult) -> None:
        self.result, self.asked, self.closed = result, 0, 0

    def open(self) -> DocumentReaderInfo:
        return DocumentReaderInfo("Gun")

    def read(self, stop: StopToken) -> ReadResult:
        self.asked += 1
        return self.result

    def close(self) -> None:
        self.closed += 1


def test_in_the_morning_a_document_reader_is_only_opened(station: StationFolder) -> None:
    reader = Reader(DocumentUnread(UnreadReason.MISREAD))
    assert document_card(station, reader, run(is_morning=True)).state is CardState.PASSED
    assert (reader.asked, reader.closed) == (0, 1)
    assert document_card(station, reader, run()).state is CardState.FAILED
    reader.result = Stopped()
    assert document_card(station, reader, run()).code == "document_reader_nothing"


def test_a_resolution_that_the_ridges_contradict_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    image = FingerImage(bytes(100 * 100), 100, 100, 500)
    check = scanner_check.compared
    monkeypatch.setattr(scanner_check, "can_be_compared", lambda _: True)
    monkeypatch.setattr(scanner_check, "is_same_finger", lambda *_: True)
    monkeypatch.setattr(scanner_check, "ridge_distance", lambda _: RidgeDistance(18.0, 0.91))
    found: CardFinding = check(image, image)
    assert (found.state, found.code) == (CardState.FAILED, "scanner_resolution")
    assert dict(found.facts) == {"ppi": 500, "likely": 1034}
    monkeypatch.setattr(scanner_check, "ridge_distance", lambda _: RidgeDistance(9.0, 0.46))
    assert check(image, image).code == "scanner_same"
