"""The readiness page: looked at anew each time it is opened, saved as it is shown."""

from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.devices.media import Medium
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import DeviceState, Readiness, Reason, Weight
from station_app.flow.sticks import SMALL_FILE, Sticks
from station_app.ui.technician.readiness_page import ReadinessController
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.door_samples import SlowLane
from tests.ui.samples.technician import SAMPLE_STICKS, sample_readiness_views

FOUND = cast(Readiness, sample_readiness_views("en")["readiness"].found)


class FakeDesk:
    """Finds what it is told to and remembers what it saved."""

    def __init__(self) -> None:
        self.found = FOUND
        self.saved: list[tuple[Readiness, str]] = []
        self.media = SAMPLE_STICKS[:1]
        self.fault: KnownError | None = None

    def look(self) -> Readiness:
        return self.found

    def sticks(self) -> Sticks:
        return Sticks(self.media, SMALL_FILE)

    def save(self, found: Readiness, language: str, to: Medium) -> str:
        if self.fault is not None:
            raise self.fault
        self.saved.append((found, language))
        return "9042-1-readiness.pdf"


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def lane() -> SlowLane:
    return SlowLane()


@pytest.fixture
def room(qtbot: QtBot, desk: FakeDesk, lane: SlowLane) -> TechnicianRoom:
    room = TechnicianRoom(language="en")
    qtbot.addWidget(room)
    room.resize(1366, 768)
    room.show()
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow)
    ReadinessController(room, desk, lane)
    QTest.keyClick(room, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    return room


def words(room: TechnicianRoom) -> list[str]:
    QApplication.processEvents()
    return [block.text() for block in room.findChildren(TextBlock) if block.isVisible()]


def test_it_is_looked_at_anew_each_time(
    room: TechnicianRoom, lane: SlowLane, desk: FakeDesk
) -> None:
    assert "Looking at the station" in words(room)
    lane.answer()
    assert "Not ready: 2 to repair" in words(room)
    desk.found = replace(FOUND, reasons=())
    QTest.keyClick(room, Qt.Key.Key_F5)
    lane.answer()
    assert "Ready for the day" in words(room)


TRIED = DeviceState(
    "finger_scanner", "usb", "", "usb:05ba:000a:A1", "tried", FOUND.machine.now, "full"
)
UNTRIED = Reason("devices_untried", Weight.BLOCKS, {"number": 1}, is_of_devices=True)


@pytest.mark.parametrize(
    ("devices", "reasons", "verdict"),
    [
        ((TRIED,), (), "Ready for the day"),
        ((replace(TRIED, verdict=""),), (), "Ready, but no device was tried"),
        ((replace(TRIED, verdict="untried"),), (UNTRIED,), "Not ready: 1 to repair"),
    ],
)
def test_it_is_ready_only_where_the_devices_were_tried(
    room: TechnicianRoom,
    lane: SlowLane,
    desk: FakeDesk,
    devices: tuple[DeviceState, ...],
    reasons: tuple[Reason, ...],
    verdict: str,
) -> None:
    lane.answer()
    desk.found = replace(FOUND, devices=devices, reasons=reasons)
    QTest.keyClick(room, Qt.Key.Key_F5)
    lane.answer()
    assert verdict in words(room)


def test_it_is_saved_in_the_language_of_the_screen(
    room: TechnicianRoom, lane: SlowLane, desk: FakeDesk
) -> None:
    QTest.keyClick(room, Qt.Key.Key_F8)
    assert desk.saved == [], "there is nothing to save yet"
    lane.answer()
    QTest.keyClick(room, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(room, Qt.Key.Key_F8)
    lane.answer()
    lane.answer()
    assert desk.saved == [(FOUND, "ru")]
    assert any(
        text.startswith("Сохранено на KINGSTON: 9042-1-readiness.pdf") for text in words(room)
    )


def test_without_a_stick_it_waits_for_one(
    room: TechnicianRoom, lane: SlowLane, desk: FakeDesk
) -> None:
    lane.answer()
    desk.media = ()
    QTest.keyClick(room, Qt.Key.Key_F8)
    lane.answer()
    assert "No stick is in" in words(room)
    assert desk.saved == []


def test_a_full_stick_is_said(room: TechnicianRoom, lane: SlowLane, desk: FakeDesk) -> None:
    lane.answer()
    desk.fault = KnownError("disk_full", "")
    QTest.keyClick(room, Qt.Key.Key_F8)
    lane.answer()
    lane.answer()
    assert any("disk of this laptop is full" in text for text in words(room))
    assert "Not ready: 2 to repair" in words(room)
