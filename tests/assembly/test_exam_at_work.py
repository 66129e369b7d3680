"""The exam in the window of lessons: by the player unseen, by hand, and where its sheet goes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from station_app.assembly import exam_control
from station_app.assembly.exam_control import exam_of
from station_app.assembly.lesson_app import LessonApp
from station_app.assembly.lesson_desk import LessonDesk
from station_app.assembly.lesson_stage import lessons_home
from station_app.devices.media import Medium
from station_app.devices.printers.page_printer import page_fault
from station_app.domain.error_codes import Code
from station_app.domain.exam_sheet import ExamCase, ExamError, ExamSheet
from station_app.domain.fingers import FingerPosition
from station_app.domain.session_states import Idle, Verdict
from station_app.flow.sticks import StickFinder
from station_app.training.actions import LayFinger
from station_app.training.sentences import Sentence
from station_app.ui.stick_picker import StickDialog
from station_app.ui.training.exam_page import ExamPage, ExamSheetView, SheetPage
from station_app.ui.training.exam_panel import ExamPanel
from station_app.ui.training.leave_dialog import LeaveDialog
from tests.assembly.command_runs import run_program
from tests.devices.folder_medium import folder_as_medium

WAIT_MS = 30_000
NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.mark.long
def test_a_perfect_learner_gets_20_of_20() -> None:
    """Seed 7: nobody needs both four dry fingers and the camera, which takes long."""
    run = run_program("lesson", "exam", "--headless", "--seed", "7", "--json")
    assert run.code == 0, run.said
    sheet = json.loads(run.out)
    assert [line for line in sheet["lines"] if line["errors"]] == []
    assert (sheet["right"], sheet["came"], sheet["voters"]) == (20, 20, 20)
    assert (sheet["draw"], sheet["training"]) == (7, True)
    assert list(lessons_home().iterdir()) == [], "nothing of an exam stays"


# --- by hand ----------------------------------------------------------------------------------


class ByHand:
    """The window of lessons, in English; its sticks are those of `sticks`."""

    def __init__(self, qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.qtbot, self.home = qtbot, home
        self.sticks: list[Medium] = []
        self.bugs: list[BaseException] = []
        finder = StickFinder([], lambda: self.sticks)
        monkeypatch.setattr("station_app.assembly.lesson_app.StickFinder", lambda _: finder)
        self.app = LessonApp((), "en", self.bugs.append, home, is_watched=False)
        self.window, self.exam = self.app.window, self.app.exam
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    @property
    def stage(self) -> LessonDesk:
        assert self.exam.desk is not None
        return self.exam.desk.stage

    @property
    def panel(self) -> ExamPanel:
        (panel,) = (one for one in self.window.findChildren(ExamPanel) if one.isVisible())
        return panel

    @property
    def shown(self) -> ExamSheetView:
        """The sheet, once nothing is written or printed."""
        self.wait(lambda: self.exam.sheet is not None and not self.exam.sheet.is_busy)
        assert self.exam.sheet is not None
        return self.exam.sheet

    def wait(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=WAIT_MS)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def call(self, number: int) -> None:
        """The next voter, by key."""
        self.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
        self.wait(lambda: self.panel.view is not None and self.panel.view.number == number)

    def close(self) -> None:
        self.app.close()
        self.window.close()
        self.window.deleteLater()
        assert not self.bugs


@pytest.fixture
def by_hand(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ByHand]:
    made = ByHand(qtbot, tmp_path / "home", monkeypatch)
    yield made
    made.close()


SEED = next(
    seed
    for seed in range(200)
    for first, second in [exam_of(seed).voters[:2]]
    if (first.case, second.case) == (ExamCase.AT_ONCE, ExamCase.ALREADY) and first.fault is None
)


def test_by_key_to_the_sheet_and_onto_a_stick(
    by_hand: ByHand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand.window.room.exam_chosen.emit(SEED)
    assert not by_hand.stage.widget.isEnabled(), "the morning is prepared"
    by_hand.wait(lambda: by_hand.panel.view is not None and by_hand.panel.view.may_call)
    assert by_hand.stage.widget.isEnabled()
    by_hand.call(1)
    by_hand.panel.offer_chosen.emit(LayFinger(FingerPosition.RIGHT_INDEX))
    by_hand.wait(lambda: isinstance(by_hand.stage.runner.state, Verdict))
    by_hand.press(Qt.Key.Key_Return)
    by_hand.wait(lambda: isinstance(by_hand.stage.runner.state, Idle))
    by_hand.wait(lambda: bool(by_hand.panel.view.card.portrait))
    by_hand.call(2)  # identified earlier; sent away without a look
    leave(by_hand)
    assert not list(by_hand.home.iterdir()), "nothing of an exam stays"
    sheet = by_hand.shown.sheet
    assert [line.errors for line in sheet.lines] == [(), (ExamError.GIVEN_UP,)]
    assert by_hand.window.findChildren(SheetPage)
    keep_and_print(by_hand, sheet, tmp_path / "stick", monkeypatch)


def leave(by_hand: ByHand) -> None:
    """Esc Esc asks once; Enter does nothing, and Esc goes back."""
    control = Qt.KeyboardModifier.ControlModifier

    def ask() -> None:
        by_hand.press(Qt.Key.Key_Escape)
        by_hand.press(Qt.Key.Key_Escape)
        by_hand.wait(lambda: any(one.isVisible() for one in questions()))

    def questions() -> list[LeaveDialog]:
        return by_hand.window.findChildren(LeaveDialog)

    ask()
    by_hand.press(Qt.Key.Key_Return)
    by_hand.press(Qt.Key.Key_Escape)
    assert by_hand.exam.desk is not None
    assert not any(one.isVisible() for one in questions())
    focused = by_hand.window.focusWidget()
    assert focused is not None
    assert by_hand.stage.widget.isAncestorOf(focused)
    ask()
    by_hand.press(Qt.Key.Key_Return, control)
    by_hand.wait(lambda: by_hand.exam.desk is None)


def keep_and_print(
    by_hand: ByHand, sheet: ExamSheet, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    stick = folder_as_medium(folder)
    room = by_hand.window.room

    def keep() -> str:
        room.keep_pressed.emit()
        by_hand.wait(lambda: bool(room.findChildren(StickDialog)))
        room.findChildren(StickDialog)[-1].chosen.emit(stick)
        note = by_hand.shown.note
        assert note is not None
        return note.key

    assert keep() == "exam.not_kept.medium_lost", "no stick is in"
    assert by_hand.shown.is_bad
    assert by_hand.shown.sheet == sheet, "nothing is lost"
    by_hand.sticks = [stick]
    assert keep() == "exam.kept"
    assert sorted(path.suffix for path in folder.iterdir()) == [".json", ".pdf", ".txt"]
    monkeypatch.setattr(exam_control, "page_printer", lambda: "")
    room.print_pressed.emit()
    assert by_hand.shown.note == Sentence("exam.no_printer")
    monkeypatch.setattr(exam_control, "page_printer", lambda: "office")
    monkeypatch.setattr(exam_control, "print_pages", out_of_paper)
    room.print_pressed.emit()
    assert by_hand.shown.note is not None
    assert by_hand.shown.note.key == "exam.failed"
    monkeypatch.setattr(exam_control, "print_pages", lambda pdf, *_: printed.append(pdf))
    printed: list[Path] = []
    room.print_pressed.emit()
    assert by_hand.shown.note == Sentence("exam.printed")
    assert not printed[0].exists(), "no file of it stays"
    room.again_pressed.emit()
    assert room.findChildren(ExamPage)


def out_of_paper(*_: object) -> None:
    raise page_fault(Code.PAGE_PRINTER_PAPER_OUT)
