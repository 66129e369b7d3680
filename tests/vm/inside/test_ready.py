"""From the box to READY: a plan's reader and printer on real drivers, a stick, the real checks."""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from station_app.assembly import scanner_check
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.commands import readiness
from station_app.devices.drivers import DeviceFamily
from station_app.devices.hosted import hosted_scanner
from station_app.flow.trial_book import read_trials
from station_app.settings import Device
from station_app.synthetic.impressions import press
from station_app.synthetic.masters import PPI, grow_master
from station_app.synthetic.presets import Preset
from station_app.ui.technician.self_test import CardKey, CardState, CardView
from station_app.ui.technician.self_test_page import TEST
from station_app.vault import StationFolder
from tests.commands.typed_words import answer
from tests.flow.loaded_station import MACHINE, NOW, LoadedStation, enrolled
from tests.vm.emulator import Emulator
from tests.vm.gadget import wait_until
from tests.vm.station_at_work import CONTROL, PATIENCE_S, StationAtWork, shown_station
from tests.vm.station_disk import PLACE, station_disk
from tests.vm.uareu4500 import LINES, WIDTH
from tests.vm.wire_stick import WireStick

READER_PPI = 512
ENTER, F5, F6 = Qt.Key.Key_Return, Qt.Key.Key_F5, Qt.Key.Key_F6
PLAN = replace(
    MACHINE,
    devices=(
        Device(DeviceFamily.FINGER_SCANNER, "libfprint", ""),
        Device(DeviceFamily.PRINTER, "escpos", ""),
    ),
)
UNDER_WAY = (CardState.UNTESTED, CardState.RUNNING)


def on_the_glass(impression: int) -> bytes:
    """An invented finger as the reader would see it: its resolution, its frame."""
    image = press(grow_master(7), impression, Preset.GOOD)
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    scale = READER_PPI / PPI
    seen = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    top, side = (seen.shape[0] - LINES) // 2, WIDTH - seen.shape[1]
    framed = cv2.copyMakeBorder(
        seen[top : top + LINES], 0, 0, side // 2, side - side // 2, cv2.BORDER_REPLICATE
    )
    return framed.tobytes()


class Finger:
    """A finger that comes when the reader looks for one, in two impressions by turns."""

    def __init__(self, reader: Emulator, folder: Path, hand: ThreadPoolExecutor) -> None:
        self._reader, self._hand = reader, hand
        files = [folder / f"{number}.raw" for number in (1, 2)]
        for number, file in enumerate(files, start=1):
            file.write_bytes(on_the_glass(number))
        self._files = itertools.cycle(files)

    def lay(self, times: int) -> Future[None]:
        """So many times, beside what the test does."""
        return self._hand.submit(self._lay, times)

    def _lay(self, times: int) -> None:
        for _ in range(times):
            wait_until(lambda: bool(self._reader.do("is_looking")), PATIENCE_S)
            time.sleep(1.0)  # one that lay there from the start would not count
            self._reader.do("lay", str(next(self._files)))
            wait_until(lambda: bool(self._reader.do("is_taken")), PATIENCE_S)
            self._reader.do("lift")


@pytest.fixture(autouse=True)
def _on_a_slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every second is ten to twenty: the limits themselves are held elsewhere."""
    monkeypatch.setattr(hosted_scanner, "HELLO_S", 90.0)
    monkeypatch.setattr(hosted_scanner, "READY_S", 90.0)
    monkeypatch.setattr(scanner_check, "_FINGER_WAIT_S", PATIENCE_S)


@pytest.fixture
def station(qapp: object) -> Iterator[StationFolder]:
    """A live station with a loaded list, as provisioning leaves one, on a disk with room."""
    with station_disk():
        made = LoadedStation(PLACE / "kit", enrolled(FingerEngine(1), 2), PLAN, member=True)
        made.own.write(made.folder.public_identity)
        made.load(1)
        for folder in (made.folder.root, made.folder.keys, made.folder.lists):
            folder.chmod(0o700)
        yield made.folder


class Calendar:
    """The station's clock, set by the test."""

    now = NOW


class Kit:
    """A station, what `station-app readiness` and its self-test say of it, and its reader."""

    def __init__(self, folder: StationFolder, at: StationAtWork, reader: Emulator) -> None:
        self.folder, self.at, self.reader = folder, at, reader

    def said(self, *, ready: bool) -> dict[str, list[str]]:
        """The codes of the reasons by their weight."""
        found = answer("readiness", "--station", self.folder.root, code=0 if ready else 1)
        assert found["ready"] is ready
        return {
            weight: [one["code"] for one in found["reasons"] if one["weight"] == weight]
            for weight in ("blocks", "attention")
        }

    def blocks(self, *codes: str) -> None:
        """It is not ready, for these reasons."""
        assert self.said(ready=False)["blocks"] == list(codes)

    def card(self, key: CardKey) -> CardView:
        view = self.at.door.room.view_of(TEST)
        return next(one for one in view.cards if one.key is key)

    def ends(self, key: CardKey, *states: CardState) -> None:
        """Wait until a card's test has come to this."""
        self.at.wait(lambda: self.card(key).state not in UNDER_WAY)
        assert self.card(key).state in states, self.card(key)

    def yes(self, key: CardKey) -> None:
        """It was seen, or held in hand."""
        self.ends(key, CardState.ASKING)
        self.at.door.room.page.take_focus()
        self.at.press(ENTER)
        self.ends(key, CardState.PASSED)


def full_test(kit: Kit, finger: Finger, slips: Path) -> None:
    """At the depot: READY comes with the last answer about a device, not before."""
    kit.at.door.screen.technician_pressed.emit()
    kit.at.press(Qt.Key.Key_3, CONTROL)
    kit.at.press(F5)
    laying = finger.lay(2)
    kit.ends(CardKey.SCANNER, CardState.PASSED)
    laying.result()
    kit.ends(CardKey.PRINTER, CardState.ASKING)
    assert len(list(slips.glob("*.pbm"))) == 1, "the slip is out"
    kit.blocks("devices_untried")
    kit.yes(CardKey.PRINTER)
    kit.yes(CardKey.CLOCK)
    for key in (CardKey.PAPER, CardKey.STICK, CardKey.DISK, CardKey.BATTERY, CardKey.SOUND):
        kit.ends(key, CardState.PASSED, CardState.ATTENTION)
    assert kit.card(CardKey.STICK).code == "stick_kept"
    kit.at.wait(lambda: read_trials(kit.folder).last("clock") is not None)
    kit.said(ready=True)


def devices_check(kit: Kit, finger: Finger) -> None:
    """The command opens the same devices."""
    laying = finger.lay(1)
    works = answer("devices", "check", "--station", kit.folder.root, "--seconds", "120")["devices"]
    laying.result()
    assert [(one["family"], one["code"]) for one in works] == [
        ("finger_scanner", ""),
        ("printer", ""),
    ]


def exchange(kit: Kit, other: Emulator) -> None:
    """Another reader of the same model in its place, and the tried one again."""
    kit.reader.do("unplug")
    other.do("plug")
    kit.blocks("devices_changed")
    other.do("unplug")
    kit.reader.do("plug")
    kit.said(ready=True)


def morning_check(kit: Kit, finger: Finger) -> None:
    """A failed one takes READY away, a passed one gives it back."""
    assert "morning_check_missing" in kit.said(ready=True)["attention"]
    kit.reader.do("unplug")
    kit.at.press(F6)
    kit.ends(CardKey.SCANNER, CardState.FAILED)
    kit.yes(CardKey.CLOCK)
    kit.reader.do("plug")
    kit.blocks("self_test_failed")
    kit.at.press(F6)
    laying = finger.lay(1)
    kit.ends(CardKey.SCANNER, CardState.PASSED)
    laying.result()
    kit.ends(CardKey.PRINTER, CardState.PASSED)
    kit.yes(CardKey.CLOCK)
    assert "morning_check_missing" not in kit.said(ready=True)["attention"]


def test_ready_is_everything_that_the_plan_names(
    station: StationFolder, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = Calendar()
    monkeypatch.setattr(readiness, "_now", lambda: calendar.now)
    stick = WireStick("DEPOT", 160)
    with (
        closing(stick),
        Emulator("uareu4500", "VM4500") as reader,
        Emulator("uareu4500", "VM4501") as other,
        Emulator("printer", str(tmp_path)) as printer,
        ThreadPoolExecutor(1) as hand,
        shown_station(station, qtbot, tmp_path, lambda: calendar.now) as at,
    ):
        kit, finger = Kit(station, at, reader), Finger(reader, tmp_path, hand)
        kit.blocks("scanner_lost", "printer_lost", "devices_untried")
        for device in (reader, printer):
            device.do("plug")
        stick.plug()
        kit.blocks("devices_untried")
        full_test(kit, finger, tmp_path)
        devices_check(kit, finger)
        exchange(kit, other)
        calendar.now = NOW.replace(day=29, hour=1)
        morning_check(kit, finger)
