"""The voter's display at a station: who is shown, its chip, its entries, its self-test."""

from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from station_app.assembly.device_cards import display_card
from station_app.assembly.technician import DoorScreens
from station_app.devices.drivers import DeviceFamily
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.device_trials import TestKind
from station_app.domain.entries import DeviceLost, DeviceReturned
from station_app.flow import display_log
from station_app.settings import Device
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import IdentifiedView
from station_app.ui.operator.views import StationKind
from station_app.ui.public.public_view import Scene, ShownVoter
from station_app.ui.public.voter_display import VoterDisplay
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.technician.self_test import CardCheck, CardKey, CardRun, CardState
from station_app.ui.technician.self_test_controller import SelfTestController
from station_app.ui.technician.self_test_page import TEST, SelfTestPage
from station_app.ui.widgets.top_bar import ChipLevel, ChipView
from station_app.vault import StationFolder
from tests.assembly.door_at_work import (
    RIGHT,
    machine,
    open_journal,
    page,
    press,
    sees,
    shown_door,
    sign,
    unlock,
    wait,
)
from tests.ui.door_samples import AtOnce, SlowLane

SCREEN = Device(DeviceFamily.VOTER_DISPLAY, "screen")


def words(display: VoterDisplay) -> str:
    return " ".join(one.text() for one in display.window.findChildren(QLabel))


def chip(door: DoorScreens) -> ChipView | None:
    (desk,) = page(door).findChildren(OperatorDesk)
    return None if desk.page is None else desk.page.top.display.view


def test_voters_see_themselves_and_the_loss_of_the_display_is_written(
    opened_station: StationFolder,
    people: Precinct,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(display_log, "STEADY_S", 0.01)
    sign(opened_station, machine(devices=(SCREEN,)))
    with shown_door(opened_station, qtbot) as door:
        display = door.desk._display
        assert display is not None
        unlock(door)
        sees(door, ReadyView)
        wait(lambda: chip(door) == ChipView(ChipLevel.WARN, "Voter display is off"))
        log = door.desk._voters._log
        wait(lambda: not log._written)
        display._in_window = True  # a monitor is plugged in
        display.place()
        wait(lambda: log._written)
        wait(lambda: chip(door) == ChipView(ChipLevel.OK, "Voters see their display"))
        assert display.window.isVisible()
        assert display.window.facts.precinct == "9042"
        press(door, Qt.Key.Key_F10)
        assert display.window.view is Scene.CALL
        scanner = door.desk.scanner
        assert isinstance(scanner, SimulatedFingerScanner)
        scanner.place(lambda: people.impression(3, RIGHT, 1, Preset.GOOD))
        sees(door, IdentifiedView)
        voter = people.voters[3]
        assert display.window.view == ShownVoter.of(voter)
        assert voter.surname in words(display)
        assert display.window.facts.identified_today == 1
        scanner.lift()
        wait(lambda: door.desk.may_lock)
        press(door, Qt.Key.Key_F12)
        wait(lambda: not door.desk.scanner or display.window.facts.identified_today is None)
        assert voter.surname not in words(display)
        assert display.window.view is Scene.IDLE
    assert not display.window.isVisible()
    with closing(open_journal(opened_station, "training")) as journal:
        lines = journal.look.entries((DeviceLost, DeviceReturned))
    assert [one.entry for one in lines] == [
        DeviceLost(None, "voter_display"),
        DeviceReturned(None, "voter_display"),
    ]


class Notes:
    """Keeps how each test ended."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, TestKind, tuple[str, str], bool]] = []

    def subject(self, family: DeviceFamily | None) -> tuple[str, str]:
        return ("screen", "edid:ACR:0319") if family is DeviceFamily.VOTER_DISPLAY else ("", "")

    def note(self, part: str, test: TestKind, subject: tuple[str, str], *, passed: bool) -> None:
        self.kept.append((part, test, subject, passed))


def test_a_person_reads_the_number_on_the_display(qtbot: QtBot) -> None:
    room = TechnicianRoom(language="en")
    qtbot.addWidget(room)
    room.resize(1366, 768)
    display = VoterDisplay(room, ("ky", "ru"), StationKind.TRAINING, lambda: "11:42")
    lane, notes, bridge = SlowLane(), Notes(), AtOnce()
    check = CardCheck(
        lambda run: display_card(display, bridge, run), end=lambda: display.show_number("")
    )
    SelfTestController(room, {CardKey.DISPLAY: check}, lane, bridge, notes)
    room.go_to(TEST)
    room.show()
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow)

    def tested() -> CardState:
        return room.view_of(TEST).cards[0].state

    QTest.keyClick(room, Qt.Key.Key_F5)
    lane.answer()
    assert tested() is CardState.FAILED, "there is no second screen"
    display._in_window = True
    display.place()
    assert display.is_on
    for typed, state in (("0000", CardState.FAILED), ("", CardState.PASSED)):
        QTest.keyClick(room, Qt.Key.Key_F5)
        lane.answer()
        number = room.view_of(TEST).cards[0].typed
        assert number in words(display)
        assert isinstance(room.page, SelfTestPage)
        field = room.page.fields[CardKey.DISPLAY]
        assert isinstance(field, QLineEdit)
        QTest.keyClicks(field, typed or number)
        lane.answer()
        assert tested() is state
        assert number not in words(display)
    assert [one[-1] for one in notes.kept] == [False, False, True]
    assert notes.kept[-1] == ("voter_display", TestKind.FULL, ("screen", "edid:ACR:0319"), True)
    assert display_card(display, bridge, CardRun([].append, is_morning=True)).state is (
        CardState.PASSED
    )
    display.close()
