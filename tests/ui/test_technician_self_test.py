"""The self-test: what is judged, what is asked, and what the verdict is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.devices.computer import Battery
from station_app.devices.drivers import DeviceFamily
from station_app.domain.appearance import Appearance
from station_app.domain.device_trials import TestKind
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.ui.commission.day_cards import EntryField
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.technician.self_test import (
    CardCheck,
    CardFinding,
    CardKey,
    CardProgress,
    CardRun,
    CardState,
    ClockFacts,
    SelfTest,
    judge_battery,
    judge_clock,
    judge_disk,
)
from station_app.ui.technician.self_test_controller import SelfTestController, SoundCheck
from station_app.ui.technician.self_test_page import TEST, SelfTestPage
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.door_samples import AtOnce, SlowLane, finger
from tests.ui.samples.technician import NOW, sample_test_views

GIGABYTE = 10**9
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("free", "keeps", "state"),
    [
        (4 * GIGABYTE, True, CardState.PASSED),
        (4 * GIGABYTE - 1, True, CardState.ATTENTION),
        (2 * GIGABYTE - 1, True, CardState.FAILED),
        (9 * GIGABYTE, False, CardState.FAILED),
    ],
)
def test_a_disk_has_room_and_keeps_what_it_is_given(
    free: int, keeps: bool, state: CardState
) -> None:
    assert judge_disk(free, keeps=keeps).state is state


@pytest.mark.parametrize(
    ("battery", "state"),
    [
        (None, CardState.ATTENTION),
        (Battery(3, is_charging=True, minutes=None), CardState.PASSED),
        (Battery(50, is_charging=False, minutes=120), CardState.PASSED),
        (Battery(49, is_charging=False, minutes=None), CardState.ATTENTION),
        (Battery(7, is_charging=False, minutes=8), CardState.FAILED),
    ],
)
def test_only_an_empty_battery_blocks(battery: Battery | None, state: CardState) -> None:
    assert judge_battery(battery).state is state


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (ClockFacts(NOW), "clock_asked"),
        (ClockFacts(NOW, NOW - DAY, NOW + DAY, NOW + timedelta(seconds=119)), "clock_asked"),
        (ClockFacts(NOW, last_known=NOW + timedelta(minutes=4)), "clock_behind"),
        (ClockFacts(NOW, valid_from=NOW + DAY), "clock_early"),
        (ClockFacts(NOW, valid_to=NOW - DAY), "clock_late"),
    ],
)
def test_a_clock_is_held_against_all_that_is_known(facts: ClockFacts, code: str) -> None:
    assert judge_clock(facts).code == code


def test_ready_needs_every_question_answered_with_yes() -> None:
    test = SelfTest((CardKey.CLOCK, CardKey.SOUND))
    assert test.view().left == 2
    for key in (CardKey.CLOCK, CardKey.SOUND):
        assert test.start(key)
        assert not test.start(key)
        test.found(key, CardFinding(CardState.ASKING, f"{key.value}_asked", {}))
    test.answer(CardKey.CLOCK, yes=True)
    test.answer(CardKey.SOUND, yes=False)
    view = test.view()
    assert (view.left, view.to_fix) == (0, 1)
    test.answer(CardKey.SOUND, yes=True)
    assert test.view().to_fix == 1, "an answer that was given stays"
    assert CardKey.CAMERA in view.absent


class Notes:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, TestKind, tuple[str, str], bool]] = []

    def subject(self, family: DeviceFamily | None) -> tuple[str, str]:
        return ("", "") if family is None else (f"driver of {family}", "its hardware")

    def note(self, part: str, test: TestKind, subject: tuple[str, str], *, passed: bool) -> None:
        self.kept.append((part, test, subject, passed))


class Cards:
    """The room on its self-test, with checks that say what they are told to."""

    def __init__(self, qtbot: QtBot) -> None:
        self.lane = SlowLane()
        self.ended: list[CardKey] = []
        self.printer: CardFinding | Exception = CardFinding(
            CardState.ASKING, "printer_asked", {}, finger()
        )
        self.runs: list[CardRun] = []
        self.notes = Notes()
        checks = {
            CardKey.PRINTER: CardCheck(self.scan, end=lambda: self.ended.append(CardKey.PRINTER)),
            CardKey.BATTERY: CardCheck(lambda _: judge_battery(None)),
            CardKey.SOUND: CardCheck(
                lambda _: CardFinding(CardState.ASKING, "sound_asked", {}), here=True
            ),
        }
        self.room = TechnicianRoom(language="en")
        qtbot.addWidget(self.room)
        self.room.resize(1366, 768)
        self.room.show()
        self.room.activateWindow()
        qtbot.waitUntil(self.room.isActiveWindow)
        self.controller = SelfTestController(self.room, checks, self.lane, AtOnce(), self.notes)
        self.room.go_to(TEST)

    def scan(self, run: CardRun) -> CardFinding:
        self.runs.append(run)
        run.tell(CardProgress("scanner_again", done=1, of=2))
        if isinstance(self.printer, Exception):
            raise self.printer
        return self.printer

    def buttons(self) -> list[ActionButton]:
        QApplication.processEvents()
        return [one for one in self.room.findChildren(ActionButton) if one.isVisible()]

    def words(self) -> list[str]:
        QApplication.processEvents()
        return [block.text() for block in self.room.findChildren(TextBlock) if block.isVisible()]


@pytest.fixture
def cards(qtbot: QtBot) -> Cards:
    return Cards(qtbot)


def test_everything_is_tested_and_answered_by_keyboard_alone(cards: Cards) -> None:
    QTest.keyClick(cards.room, Qt.Key.Key_F5)
    assert "Testing…" in cards.words()
    cards.lane.answer()
    assert "Not finished:\n2 left" in cards.words()
    for _ in range(2):
        button = QApplication.focusWidget()
        assert button is not None
        assert button.accessibleName().endswith("Yes")
        QTest.keyClick(button, Qt.Key.Key_Return)
        QApplication.processEvents()
    assert "You heard all four tones" in cards.words()
    assert "Passed:\n1 to look after" in cards.words(), "amber does not block, and is said"
    assert "No battery: mains only" in cards.words()
    assert CardKey.PRINTER in cards.ended
    cards.lane.answer()
    assert cards.notes.kept == [
        ("battery", TestKind.FULL, ("", ""), True),
        ("printer", TestKind.FULL, ("driver of printer", "its hardware"), True),
        ("sound", TestKind.FULL, ("", ""), True),
    ]


def test_a_question_does_not_outlive_who_was_asked(cards: Cards) -> None:
    QTest.keyClick(cards.room, Qt.Key.Key_F5)
    cards.lane.answer()
    cards.controller.leave()
    assert "Not tested" in cards.words()
    assert "Your answer" not in cards.words()
    assert "No battery: mains only" in cards.words(), "what was found stays"


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (DeviceLostError(code="printer_lost"), "The slip printer is not connected"),
        (KnownError("device_fault", ""), None),
    ],
)
def test_a_check_that_can_not_be_made_fails_its_card(
    cards: Cards, fault: Exception, line: str | None
) -> None:
    cards.printer = fault
    cards.controller.test(CardKey.PRINTER)
    cards.lane.answer()
    assert "Not ready:\n1 to fix" in cards.words()
    assert line is None or line in cards.words()
    assert cards.notes.kept == [
        ("printer", TestKind.FULL, ("driver of printer", "its hardware"), False)
    ]


def test_digits_typed_for_the_display_stay_in_another_look(qtbot: QtBot) -> None:
    room = TechnicianRoom(language="en")
    qtbot.addWidget(room)
    room.go_to(TEST)
    view = next(
        one for one in sample_test_views(finger).values() if any(card.typed for card in one.cards)
    )
    room.show_view(TEST, view)

    def field() -> EntryField:
        assert isinstance(room.page, SelfTestPage)
        return room.page.fields[CardKey.DISPLAY]

    QTest.keyClicks(field(), "47")
    room.choose_appearance(Appearance(high_contrast=True))
    assert field().text() == "47"
    cards = (replace(card, typed="0815" if card.typed else "") for card in view.cards)
    room.show_view(TEST, replace(view, cards=tuple(cards)))
    assert field().text() == "", "these digits were for another number"


def test_the_morning_check_is_short_and_kept_as_such(cards: Cards) -> None:
    QTest.keyClick(cards.room, Qt.Key.Key_F6)
    cards.lane.answer()
    assert [run.is_morning for run in cards.runs] == [True]
    assert cards.notes.kept == [("battery", TestKind.MORNING, ("", ""), True)]
    assert "Did you hear four tones?" not in cards.words(), "sound is no part of it"


def test_a_test_says_how_far_it_is_and_can_be_stopped(cards: Cards) -> None:
    cards.controller.test(CardKey.PRINTER)
    button = next(one for one in cards.buttons() if one.label == "Stop")
    waiting = cards.lane.waiting
    cards.lane.waiting = []
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "Stop" not in [one.label for one in cards.buttons()]
    for act in waiting:
        act()
    assert not cards.runs, "what was stopped before its turn is not begun"
    assert cards.notes.kept == []
    cards.controller.test(CardKey.PRINTER)
    cards.printer = CardFinding(CardState.RUNNING, "", {})
    said: list[list[str]] = []
    tell = cards.scan

    def scan(run: CardRun) -> CardFinding:
        found = tell(run)
        said.append(cards.words())
        cards.controller.stop_all()
        assert run.is_over()
        return found

    cards.controller._checks = {CardKey.PRINTER: CardCheck(scan)}
    cards.lane.answer()
    assert any("1 of 2" in line for line in said[0])
    assert cards.notes.kept == []
    assert "Not tested" in cards.words()


def test_devices_without_a_part_in_this_version_are_named_not_shown(cards: Cards) -> None:
    note = next(text for text in cards.words() if text.startswith("Not tested here"))
    assert "scanner, camera, page printer, document reader" in note
    assert "Camera" not in cards.words()


def test_without_a_loudspeaker_nobody_is_asked_whether_they_heard(qtbot: QtBot) -> None:
    assert SoundCheck(None).check().run(CardRun(lambda _: None)).code == "sound_none"
