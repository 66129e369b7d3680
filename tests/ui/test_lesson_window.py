"""The lessons' window by keyboard: the panel beside the desk, the list, and the exam's pages."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from station_app.domain.appearance import Appearance
from station_app.domain.fingers import FingerPosition
from station_app.training.coach import LessonResult
from station_app.training.exam_view import EXAM_OFFERS
from station_app.training.lesson import Audience
from station_app.training.lesson_file import shipped_lessons
from station_app.training.sentences import Sentence
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.desk_and_room import DeskAndRoom
from station_app.ui.door_window import DoorWindow
from station_app.ui.operator.capture import CaptureView
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.page import View
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import NotOnListView
from station_app.ui.operator.views import DayView
from station_app.ui.shell import Shell
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.texts import Texts
from station_app.ui.training.exam_page import EXAM, ExamPage, ExamSheetView, ExamStartView
from station_app.ui.training.exam_panel import ExamPanel
from station_app.ui.training.lesson_list import LESSONS, LessonList, LessonsPage
from station_app.ui.training.lesson_panel import LessonPanel
from station_app.ui.training.lesson_parts import KeyedButton
from station_app.ui.training.lesson_window import LessonWindow, StationContent
from station_app.ui.training.side_panel import SidePanel
from station_app.ui.unlock.screen import UnlockScreen
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.desk_samples import sample_desk
from tests.ui.samples.lessons import sample_exams, sample_lessons, sample_over, sample_sheet

SHIPPED = shipped_lessons()
VIEWS = {name: view for name, (view, _) in sample_lessons(SHIPPED, "en").items()}
OVER = sample_over(SHIPPED, "en")
RESULT = LessonResult("dry_finger", 3, 3, {"next": 2}, 0, 40.0)
READY = ReadyView(FingerPosition.RIGHT_INDEX, DayView(0, 300))
CAPTURE = CaptureView(FingerPosition.RIGHT_INDEX, attempt=1, tries=4)
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PIN = "22901199900123"


@pytest.fixture(scope="module")
def window(qapp: QApplication) -> Iterator[LessonWindow]:
    """One for all: a test shows its own stage in it."""
    window = LessonWindow(LessonList(language="en", moving=False))
    window.room.show_lessons(SHIPPED, {})
    window.resize(1366, 768)
    window.show()
    assert QTest.qWaitForWindowActive(window)
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def desk(window: LessonWindow) -> OperatorDesk:
    desk = sample_desk(window.language)
    desk.show_view(READY)
    return desk


@pytest.fixture
def panel(window: LessonWindow, desk: OperatorDesk) -> Iterator[LessonPanel]:
    """A lesson's panel beside the desk and the commission's room."""
    panel = LessonPanel(window.language, moving=False)
    panel.show_view(VIEWS["lesson-first"])
    stage = DeskAndRoom(desk, CommissionRoom(language=window.language, moving=False))
    yield from shown(window, stage, panel)


@pytest.fixture
def exam(window: LessonWindow, desk: OperatorDesk) -> Iterator[ExamPanel]:
    panel = ExamPanel(window.language, moving=False)
    yield from shown(window, DeskAndRoom(desk), panel)


def shown(window: LessonWindow, stage: QWidget, panel: SidePanel) -> Iterator[SidePanel]:
    window.show_stage(stage, panel)
    QApplication.processEvents()
    yield panel
    window.show_list()
    stage.deleteLater()
    panel.deleteLater()


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """As the keyboard does it: shortcuts first, then what has the focus."""
    focused = QApplication.focusWindow()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


def words_of(widget: QWidget) -> str:
    blocks = (block.text() for block in widget.findChildren(TextBlock) if block.isVisible())
    return " ".join(blocks)


# --- a station beside the panel -----------------------------------------------------------


def door() -> DoorWindow:
    return DoorWindow(UnlockScreen(language="en"), TechnicianRoom(language="en"))


def test_a_language_chosen_at_a_station_holds_everywhere(window: LessonWindow) -> None:
    """At its desk, which comes once it is unlocked, and at the door after a power cut."""
    content, panel = StationContent(), LessonPanel("en", moving=False)
    content.put(first := door())
    showing = shown(window, content, panel)
    next(showing)
    page = DeskAndRoom(sample_desk("en"), CommissionRoom(language="en", moving=False))
    first.show_desk(page)
    for shell, language in zip(page.shells, ("ru", "ky"), strict=True):
        shell.language_chosen.emit(language)
        assert window.language == language
    window.room.choose_appearance(Appearance(high_contrast=True))
    content.put(second := door())
    shells = second.findChildren(Shell)
    assert {(one.language, one.appearance.high_contrast) for one in shells} == {("ky", True)}
    shells[0].language_chosen.emit("en")
    assert window.language == "en"
    window.room.choose_appearance(Appearance())
    assert next(showing, None) is None


# --- the panel ----------------------------------------------------------------------------


def test_each_button_has_its_key(panel: LessonPanel) -> None:
    panel.show_view(VIEWS["lesson-wrong"])
    offers, back, show = (
        QSignalSpy(one) for one in (panel.offer_chosen, panel.back_pressed, panel.show_me_pressed)
    )
    press(Qt.Key.Key_2, ALT)
    press(Qt.Key.Key_Left, ALT)
    press(Qt.Key.Key_F1, SHIFT)
    assert [offers.at(at)[0] for at in range(offers.count())] == [VIEWS["lesson-wrong"].offers[1]]
    assert (back.count(), show.count()) == (1, 1)


def test_while_the_hands_show_a_step_nothing_can_be_pressed(panel: LessonPanel) -> None:
    panel.show_view(VIEWS["lesson-busy"])
    spies = [QSignalSpy(one) for one in (panel.offer_chosen, panel.show_me_pressed)]
    press(Qt.Key.Key_1, ALT)
    press(Qt.Key.Key_F1, SHIFT)
    assert [one.count() for one in spies] == [0, 0]


def test_the_desk_keeps_the_keyboard(panel: LessonPanel, desk: OperatorDesk) -> None:
    taken = QSignalSpy(desk.pin_entered)
    press(Qt.Key.Key_F2)
    for digit in PIN[:6]:
        press(Qt.Key(ord(digit)))
    panel.show_view(VIEWS["lesson-dry"])
    for digit in PIN[6:]:
        press(Qt.Key(ord(digit)))
    press(Qt.Key.Key_Return)
    assert [taken.at(at)[0] for at in range(taken.count())] == [PIN]


@pytest.mark.parametrize("after", [CAPTURE, NotOnListView(pin_given=True)])
def test_a_pin_that_is_entered_leaves_the_keyboard_at_the_desk(
    panel: LessonPanel, desk: OperatorDesk, after: View
) -> None:
    press(Qt.Key.Key_F2)
    desk.show_view(after)
    assert desk.hasFocus()
    desk.show_view(READY)
    assert desk.hasFocus()


def test_a_part_of_the_desk_that_goes_does_not_hand_the_keyboard_to_the_panel(
    panel: LessonPanel, desk: OperatorDesk
) -> None:
    press(Qt.Key.Key_F2)
    assert desk.page is not None
    desk.page.hide()
    held = QApplication.focusWidget()
    assert held is not None
    assert held is desk or desk.isAncestorOf(held)


def test_who_has_gone_into_the_panel_with_tab_stays_there(
    panel: LessonPanel, desk: OperatorDesk
) -> None:
    leave = panel.findChild(KeyedButton, "leave")
    assert leave is not None
    leave.setFocus(Qt.FocusReason.TabFocusReason)
    desk.show_view(CAPTURE)
    assert leave.hasFocus()


def test_what_is_gone_gives_the_keyboard_to_the_desk(
    panel: LessonPanel, desk: OperatorDesk
) -> None:
    offer = panel.findChild(KeyedButton, f"offer {VIEWS['lesson-first'].offers[0]!r}")
    assert offer is not None
    offer.setFocus()
    panel.show_view(VIEWS["lesson-dry"])
    held = QApplication.focusWidget()
    assert isinstance(held, KeyedButton), "the same offer is there again"
    panel.show_view(replace(VIEWS["lesson-dry"], offers=()))
    held = QApplication.focusWidget()
    assert held is not None
    assert desk is held or desk.isAncestorOf(held)


def test_escape_leaves_when_it_is_pressed_twice(panel: LessonPanel) -> None:
    left = QSignalSpy(panel.leave_pressed)
    press(Qt.Key.Key_Escape)
    leave = panel.findChild(KeyedButton, "leave")
    assert leave is not None
    assert leave.label == "Esc again"
    assert left.count() == 0
    press(Qt.Key.Key_Escape)
    assert left.count() == 1


def test_escape_is_the_desks_where_it_means_something(
    panel: LessonPanel, desk: OperatorDesk
) -> None:
    left, cancelled = QSignalSpy(panel.leave_pressed), QSignalSpy(desk.cancel_pressed)
    desk.show_view(CAPTURE)
    QApplication.processEvents()
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Escape)
    assert (left.count(), cancelled.count()) == (0, 2)


def test_numbers_with_control_are_the_rooms(
    window: LessonWindow, panel: LessonPanel, desk: OperatorDesk
) -> None:
    stage = desk.parentWidget()
    assert isinstance(stage, DeskAndRoom)
    stage.show_room()
    QApplication.processEvents()
    room = stage.room
    assert room is not None
    offered, gone = QSignalSpy(panel.offer_chosen), QSignalSpy(room.place_chosen)
    press(Qt.Key.Key_2, CONTROL)
    press(Qt.Key.Key_1, ALT)
    assert (offered.count(), gone.count()) == (1, 1)


def test_what_was_wrong_is_said_with_the_screens_own_help(panel: LessonPanel) -> None:
    panel.show_view(VIEWS["lesson-wrong"])
    texts, said = Texts("en"), words_of(panel)
    for line in (
        texts("step.cancel"),
        texts("wrong.go_back"),
        *(texts.help_lines("try_again") or ()),
    ):
        assert line in said


def test_a_language_or_look_of_the_desk_holds_in_the_panel_and_the_list(
    window: LessonWindow, panel: LessonPanel, desk: OperatorDesk
) -> None:
    press(Qt.Key.Key_R, ALT)
    assert Texts("ru")("lesson.dry_finger.title") in words_of(panel)
    assert window.language == "ru"
    press(Qt.Key.Key_C, CONTROL | ALT)
    assert window.appearance.high_contrast
    press(Qt.Key.Key_C, CONTROL | ALT)
    press(Qt.Key.Key_E, ALT)
    assert (window.language, window.appearance) == ("en", Appearance())


@pytest.mark.parametrize("has_next", [True, False])
def test_a_lesson_that_is_over_is_looked_at_and_left_with_enter(
    window: LessonWindow, panel: LessonPanel, desk: OperatorDesk, has_next: bool
) -> None:
    onward = QSignalSpy(panel.next_pressed if has_next else panel.leave_pressed)
    panel.show_view(OVER)
    window.end_stage()
    panel.show_result(RESULT, has_next=has_next)
    assert not desk.isEnabled()
    said = Texts("en")
    assert said("lesson.ui.over.wrong", number=2) in words_of(panel)
    press(Qt.Key.Key_Return)
    assert onward.count() == 1


def test_a_language_can_be_chosen_when_a_lesson_is_over(
    window: LessonWindow, panel: LessonPanel
) -> None:
    panel.show_view(OVER)
    window.end_stage()
    panel.show_result(RESULT, has_next=True)
    press(Qt.Key.Key_K, ALT)
    assert window.language == "ky"
    press(Qt.Key.Key_E, ALT)
    assert window.language == "en"


# --- the list -----------------------------------------------------------------------------


def test_lessons_are_chosen_with_arrows_and_enter(window: LessonWindow) -> None:
    room = window.room
    window.show_list()
    room.go_to_lesson(Audience.OPERATOR)
    chosen, left = QSignalSpy(room.lesson_chosen), QSignalSpy(room.leave_pressed)
    QApplication.processEvents()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Escape)
    assert [chosen.at(at)[0] for at in range(chosen.count())] == ["dry_finger"]
    assert left.count() == 1


def test_the_list_says_what_was_done_and_goes_to_the_next(window: LessonWindow) -> None:
    room, operator = window.room, [one for one in SHIPPED if one.audience is Audience.OPERATOR]
    first, second = operator[0], operator[1]
    results = {
        first.id: LessonResult(first.id, 3, 3, {"next": 2}, 0, 40.0),
        second.id: LessonResult(second.id, 1, 3, {}, 0, 40.0),
    }
    room.show_lessons(SHIPPED, results)
    room.go_to(LESSONS[Audience.OPERATOR])
    page = room.page
    assert isinstance(page, LessonsPage)
    names = [row.accessibleName() for row in page.rows[:3]]
    assert names[0].endswith("Done, other steps: 2")
    assert names[1].endswith("Left at step 2")
    assert names[2].endswith("Not begun")
    assert page.rows[1].hasFocus()
    room.show_lessons(SHIPPED, {})


# --- the exam -----------------------------------------------------------------------------


def test_an_exam_is_begun_with_a_draw_or_a_new_one(window: LessonWindow) -> None:
    room = window.room
    window.show_list()
    room.show_view(EXAM, ExamStartView())
    press(Qt.Key.Key_4, CONTROL)
    begun = QSignalSpy(room.exam_chosen)
    assert isinstance(room.page, ExamPage)
    press(Qt.Key.Key_Return, CONTROL)
    for digit in "417":
        press(Qt.Key(ord(digit)))
    press(Qt.Key.Key_Return)
    assert [begun.at(at)[0] for at in range(begun.count())] == [None, 417]


def test_the_exams_panel_offers_everything_and_calls_the_next(exam: ExamPanel) -> None:
    exam.show_view(sample_exams("en")["exam-voter"])
    offered, called = QSignalSpy(exam.offer_chosen), QSignalSpy(exam.next_pressed)
    for number in range(len(EXAM_OFFERS)):
        press(Qt.Key(ord("1") + number), ALT)
    press(Qt.Key.Key_Right, ALT)
    assert [offered.at(at)[0] for at in range(offered.count())] == list(EXAM_OFFERS)
    assert called.count() == 1
    exam.show_view(sample_exams("en")["exam-preparing"])
    press(Qt.Key.Key_1, ALT)
    press(Qt.Key.Key_Right, ALT)
    assert (offered.count(), called.count()) == (len(EXAM_OFFERS), 1)


def test_a_covered_desk_takes_no_keys(
    window: LessonWindow, exam: ExamPanel, desk: OperatorDesk
) -> None:
    desk.show_view(CAPTURE)
    cancelled = QSignalSpy(desk.cancel_pressed)
    window.cover("One moment", locks=True)
    QApplication.processEvents()
    press(Qt.Key.Key_Escape)
    assert cancelled.count() == 0
    window.uncover()
    QApplication.processEvents()
    press(Qt.Key.Key_Escape)
    assert cancelled.count() == 1


def test_the_sheet_is_kept_and_printed_by_key(window: LessonWindow) -> None:
    room = window.room
    room.show_view(EXAM, ExamSheetView(sample_sheet("en"), Sentence("exam.kept", {"stick": "K"})))
    window.show_list()
    room.go_to(EXAM)
    kept, printed = QSignalSpy(room.keep_pressed), QSignalSpy(room.print_pressed)
    press(Qt.Key.Key_F9)
    press(Qt.Key.Key_F8)
    assert (kept.count(), printed.count()) == (1, 1)
    said = words_of(room)
    assert "18 of 20" in said
    assert "The sheet is on the stick K." in said
