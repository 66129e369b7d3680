"""The exam in the window of lessons: by the player unseen, by hand, and where its sheet goes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from station_app.assembly import exam_control
from station_app.assembly.exam_control import ExamControl, exam_of
from station_app.assembly.exam_desk import EXAM_STAGE
from station_app.assembly.exam_run import played_exam
from station_app.assembly.lesson_desk import LessonDesk
from station_app.devices.media import Medium
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError
from station_app.domain.exam_sheet import ExamCase, ExamError, ExamSheet
from station_app.domain.fingers import FingerPosition
from station_app.domain.session_states import Idle, Verdict
from station_app.flow.lane import Lane
from station_app.flow.sticks import StickFinder
from station_app.training.actions import LayFinger
from station_app.ui.qt_bridge import QtBridge
from station_app.ui.training.exam_page import ExamPage, ExamSheetView, SheetPage
from station_app.ui.training.exam_panel import ExamPanel
from station_app.ui.training.lesson_list import LessonList
from station_app.ui.training.lesson_window import LessonWindow
from tests.devices.folder_medium import folder_as_medium

WAIT_MS = 30_000


def test_a_perfect_learner_gets_20_of_20(tmp_path: Path, qtbot: QtBot) -> None:
    home = tmp_path / "home"
    sheet = played_exam(1, "ky", home)
    assert [line for line in sheet.lines if line.errors] == []
    assert (sheet.right, sheet.voters, sheet.is_whole) == (20, 20, True)
    assert list(home.iterdir()) == [], "nothing of an exam stays"


# --- by hand ----------------------------------------------------------------------------------


class ByHand:
    """The window of lessons, in English; its sticks are the folders in `sticks`."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot, self.home = qtbot, home
        self.sticks: list[Medium] = []
        bridge = QtBridge()
        self.window = LessonWindow(LessonList(language="en", moving=False))
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.bugs: list[BaseException] = []
        self.lane = Lane("exam", bridge, self.bugs.append)
        self.control = ExamControl(
            self.window, self.lane, bridge, StickFinder([], lambda: self.sticks), self._open
        )

    def _open(self, language: str) -> LessonDesk:
        return LessonDesk(EXAM_STAGE, language, home=self.home, is_hurried=True)

    @property
    def stage(self) -> LessonDesk:
        desk = self.control.desk
        assert desk is not None
        return desk.stage

    @property
    def panel(self) -> ExamPanel:
        panels = [one for one in self.window.findChildren(ExamPanel) if one.isVisible()]
        assert len(panels) == 1
        return panels[0]

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def call(self) -> None:
        """The next voter, by key."""
        before = self.panel.view
        self.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
        self.qtbot.waitUntil(
            lambda: self.control.desk is None or self.panel.view != before, timeout=WAIT_MS
        )

    def wait_for(self, kind: type) -> None:
        self.qtbot.waitUntil(lambda: isinstance(self.stage.runner.state, kind), timeout=WAIT_MS)

    def close(self) -> None:
        self.window.show_list()
        self.control.close()
        self.lane.close()
        self.window.close()
        assert not self.bugs


@pytest.fixture
def by_hand(qtbot: QtBot, tmp_path: Path) -> Iterator[ByHand]:
    made = ByHand(qtbot, tmp_path / "home")
    yield made
    made.close()


SEED = next(
    seed
    for seed in range(200)
    if [one.case for one in exam_of(seed).voters[:2]] == [ExamCase.AT_ONCE, ExamCase.ALREADY]
    and exam_of(seed).voters[0].fault is None
)


def test_by_hand_and_by_key(by_hand: ByHand) -> None:
    window, qtbot = by_hand.window, by_hand.qtbot
    window.room.exam_chosen.emit(SEED)
    assert not by_hand.stage.widget.isEnabled(), "the morning is prepared"
    assert by_hand.panel.view is not None
    qtbot.waitUntil(
        lambda: by_hand.panel.view is not None and by_hand.panel.view.may_call, timeout=WAIT_MS
    )
    assert by_hand.stage.widget.isEnabled()
    by_hand.call()
    assert by_hand.panel.view.number == 1
    by_hand.panel.offer_chosen.emit(LayFinger(FingerPosition.RIGHT_INDEX))
    by_hand.wait_for(Verdict)
    by_hand.press(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    by_hand.wait_for(Idle)
    qtbot.waitUntil(
        lambda: (
            by_hand.panel.view is not None
            and by_hand.panel.view.card is not None
            and bool(by_hand.panel.view.card.portrait)
        ),
        timeout=WAIT_MS,
    )
    by_hand.call()  # somebody who was identified before: sent away without a look
    assert by_hand.panel.view.number == 2
    by_hand.panel.leave_pressed.emit()
    qtbot.waitUntil(lambda: by_hand.control.desk is None, timeout=WAIT_MS)
    page = window.room.page
    assert isinstance(page, SheetPage)
    sheet = shown_sheet(by_hand)
    assert [line.errors for line in sheet.lines] == [(), (ExamError.GIVEN_UP,)]
    assert not list(by_hand.home.iterdir())


def shown_sheet(by_hand: ByHand) -> ExamSheet:
    shown = by_hand.control.shown
    assert shown is not None
    return shown.sheet
