"""The page of devices: hot, by keyboard alone, and never more said than was found."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.devices.finger_scanner import StopToken
from station_app.devices.plugged_in import PluggedIn
from station_app.domain.errors import KnownError
from station_app.flow.device_choice import SeenDevice, Standing
from station_app.ui.technician.devices_controller import DevicesController
from station_app.ui.technician.devices_page import (
    DEVICES,
    DevicesPage,
    DevicesView,
    PlannedDevice,
    PlannedState,
)
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.technician.self_test_page import TEST
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.door_samples import SlowLane
from tests.ui.samples.plugged_in import FUTRONIC, SCANNER, SECOND, TM20, UAREU

BOTH = (SeenDevice(UAREU, Standing.FREE), SeenDevice(SECOND, Standing.FREE))
CHOOSE = (PlannedDevice(SCANNER, "libfprint", PlannedState.CHOOSE),)


class FakeDesk:
    """A machine whose next looks are told in advance."""

    def __init__(self) -> None:
        self.view = DevicesView((), ())
        self.used: list[PluggedIn] = []
        self.fault: KnownError | None = None
        self.stops: list[StopToken] = []
        self.closed = 0
        self.blind = False

    def look(self) -> DevicesView:
        if self.blind:
            raise KnownError("disk_fault", "")
        return self.view

    def use(self, device: PluggedIn) -> None:
        if self.fault is not None:
            raise self.fault
        self.used.append(device)

    def changed(self, stop: StopToken, seconds: float) -> bool:
        self.stops.append(stop)
        return not stop.stopped

    def close(self) -> None:
        self.closed += 1


class Page:
    """The room on its page; `turn` lets the lane do what is waiting, and no more."""

    def __init__(self, qtbot: QtBot) -> None:
        self.desk, self.lane = FakeDesk(), SlowLane()
        self.room = TechnicianRoom(language="en")
        qtbot.addWidget(self.room)
        self.room.resize(1280, 720)
        self.room.show()
        self.room.activateWindow()
        qtbot.waitUntil(self.room.isActiveWindow)
        self.controller = DevicesController(self.room, self.desk, self.lane)
        QTest.keyClick(self.room, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)

    def turn(self, view: DevicesView) -> None:
        self.desk.view = view
        waiting, self.lane.waiting = self.lane.waiting, []
        for act in waiting:
            act()
        QApplication.processEvents()

    def press(self, key: Qt.Key) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
        QApplication.processEvents()

    def rows(self) -> list[str]:
        page = self.room.page
        assert isinstance(page, DevicesPage)
        return [] if page.list is None else [row.accessibleName() for row in page.list.rows]

    def words(self) -> list[str]:
        QApplication.processEvents()
        return [block.text() for block in self.room.findChildren(TextBlock) if block.isVisible()]


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    return Page(qtbot)


def test_devices_appear_as_they_are_plugged_in(page: Page) -> None:
    assert "Looking for devices" in page.words()
    page.turn(DevicesView((), CHOOSE))
    assert "No device is plugged in" in page.words()
    page.turn(DevicesView(BOTH[:1], CHOOSE))
    assert page.rows() == ["DigitalPersona U.are.U 4500. Scanner. Enter: use it here"]
    page.turn(DevicesView((*BOTH, SeenDevice(FUTRONIC, Standing.NO_DRIVER)), CHOOSE))
    assert page.rows()[2] == "Futronic FS80. No driver for a station"
    page.turn(DevicesView((), CHOOSE))
    assert page.rows() == []


def test_one_key_uses_the_device_that_has_just_come(page: Page) -> None:
    printer = SeenDevice(TM20, Standing.USED)
    page.turn(DevicesView((printer,), CHOOSE))
    page.turn(DevicesView((printer, BOTH[1]), CHOOSE))
    page.turn(DevicesView((printer, *BOTH), CHOOSE))
    page.press(Qt.Key.Key_Return)
    there = (PlannedDevice(SCANNER, "libfprint", PlannedState.THERE, SECOND.name),)
    used = (BOTH[0], replace(BOTH[1], standing=Standing.USED))
    page.turn(DevicesView(used, there))
    assert page.desk.used == [SECOND]
    assert f"{SECOND.name} is used here from now on." in page.words()
    assert "Scanner, driver libfprint" in page.words()


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.FREE])
def test_nothing_else_can_be_chosen(page: Page, standing: Standing) -> None:
    page.turn(DevicesView((SeenDevice(UAREU, standing),), CHOOSE))
    page.press(Qt.Key.Key_Return)
    page.press(Qt.Key.Key_Space)
    page.turn(page.desk.view)
    assert page.desk.used == []


def test_what_was_not_remembered_is_said(page: Page) -> None:
    page.turn(DevicesView(BOTH, CHOOSE))
    page.desk.fault = KnownError("disk_full", "")
    page.press(Qt.Key.Key_Return)
    page.turn(DevicesView(BOTH, CHOOSE))
    assert any("disk of this laptop is full" in text for text in page.words())
    assert not any("is used here from now on" in text for text in page.words())


def test_nothing_is_watched_once_the_page_is_left(page: Page) -> None:
    page.turn(DevicesView(BOTH, CHOOSE))
    page.turn(DevicesView(BOTH, CHOOSE))
    assert page.desk.stops
    page.room.go_to(TEST)
    assert all(stop.stopped for stop in page.desk.stops)
    page.turn(DevicesView((), CHOOSE))
    assert page.desk.closed
    assert page.room.view_of(DEVICES).seen == BOTH, "what came later is not shown"
    assert page.lane.waiting == []


def test_a_machine_that_cannot_be_looked_at_is_said(page: Page) -> None:
    page.desk.blind = True
    page.turn(page.desk.view)
    assert any("disk" in text.lower() for text in page.words())
