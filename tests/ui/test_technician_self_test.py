"""The self-test: what is judged, what is asked, and what the verdict is."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.devices.computer import Battery
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.technician.self_test import (
    CardCheck,
    CardFinding,
    CardKey,
    CardState,
    ClockFacts,
    SelfTest,
    judge_battery,
    judge_clock,
    judge_disk,
)
from station_app.ui.technician.self_test_page import TEST, SelfTestController, SoundCheck
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.door_samples import SlowLane, finger
from tests.ui.samples.technician import NOW

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


class Cards:
    """The room on its self-test, with checks that say what they are told to."""

    def __init__(self, qtbot: QtBot) -> None:
        self.lane = SlowLane()
        self.ended: list[CardKey] = []
        self.scanner: CardFinding | Exception = CardFinding(
            CardState.ASKING, "scanner_asked", {}, finger()
        )
        checks = {
            CardKey.SCANNER: CardCheck(self.scan, end=lambda: self.ended.append(CardKey.SCANNER)),
            CardKey.BATTERY: CardCheck(lambda: judge_battery(None)),
            CardKey.SOUND: CardCheck(
                lambda: CardFinding(CardState.ASKING, "sound_asked", {}), here=True
            ),
        }
        self.room = TechnicianRoom(language="en")
        qtbot.addWidget(self.room)
        self.room.resize(1366, 768)
        self.room.show()
        self.room.activateWindow()
        qtbot.waitUntil(self.room.isActiveWindow)
        self.controller = SelfTestController(self.room, checks, self.lane)
        self.room.go_to(TEST)

    def scan(self) -> CardFinding:
        if isinstance(self.scanner, Exception):
            raise self.scanner
        return self.scanner

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
    assert CardKey.SCANNER in cards.ended


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
        (DeviceLostError(code="scanner_lost"), "The scanner is not connected"),
        (KnownError("device_fault", ""), None),
    ],
)
def test_a_check_that_can_not_be_made_fails_its_card(
    cards: Cards, fault: Exception, line: str | None
) -> None:
    cards.scanner = fault
    cards.controller.test(CardKey.SCANNER)
    cards.lane.answer()
    assert "Not ready:\n1 to fix" in cards.words()
    assert line is None or line in cards.words()


def test_devices_without_a_part_in_this_version_are_named_not_shown(cards: Cards) -> None:
    note = next(text for text in cards.words() if text.startswith("Not tested here"))
    assert "camera, printer, document reader" in note
    assert "Camera" not in cards.words()


def test_without_a_loudspeaker_nobody_is_asked_whether_they_heard(qtbot: QtBot) -> None:
    assert SoundCheck(None).check().run().code == "sound_none"
