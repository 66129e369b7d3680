"""Two persons unlock: the rules without the screen, the screen, and the lane between them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Role
from station_app.ui.texts import Texts
from station_app.ui.unlock.controller import UnlockController
from station_app.ui.unlock.entry import (
    DoorStanding,
    SideState,
    TrainingView,
    UnlockEntry,
    UnlockStage,
    UnlockView,
)
from station_app.ui.unlock.idle_lock import LockWatch
from station_app.ui.unlock.keyboard_watch import KeyboardWatch, Layout
from station_app.ui.unlock.screen import UnlockScreen
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.choice_list import ChoiceDialog
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.desk_samples import ManualClock
from tests.ui.door_samples import (
    IDENTITY,
    MEMBERS,
    OPERATORS,
    PASSPHRASE,
    FakeDoor,
    SlowLane,
)
from tests.ui.samples.technician import NOW

WRONG = KnownError("wrong_passphrase", "")


class Desk:
    """An unlocking screen with a fake door behind a lane that waits."""

    def __init__(self, qtbot: QtBot, door: FakeDoor | None = None) -> None:
        self.door, self.lane, self.clock = door or FakeDoor(), SlowLane(), ManualClock()
        self.lamp: bool | None = False
        self.screen = UnlockScreen(language="en")
        qtbot.addWidget(self.screen)
        self.screen.resize(1366, 768)
        self.screen.show()
        self.screen.activateWindow()
        qtbot.waitUntil(self.screen.isActiveWindow)
        self.controller = UnlockController(
            self.screen,
            self.door,
            self.lane,
            KeyboardWatch(lambda: self.lamp),
            seconds=self.clock,
            now=lambda: NOW,
        )
        self.controller.start()
        self.lane.answer()

    @property
    def view(self) -> UnlockView:
        return self.screen.view

    def type(self, text: str) -> None:
        target = QApplication.focusWidget()
        QTest.keyClicks(target, text)
        QTest.keyClick(target, Qt.Key.Key_Return)

    def words(self) -> list[str]:
        QApplication.processEvents()
        return [block.text() for block in self.screen.findChildren(TextBlock) if block.isVisible()]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_both_passphrases_open_the_station_by_keyboard_alone(desk: Desk) -> None:
    opened: list[bool] = []
    desk.controller.opened.connect(lambda: opened.append(True))
    desk.type(PASSPHRASE)
    assert desk.view.operator.state is SideState.CHECKING
    desk.lane.answer()
    assert desk.view.operator.state is SideState.ACCEPTED
    desk.type(PASSPHRASE)
    desk.lane.answer()
    assert desk.view.stage is UnlockStage.OPEN
    assert desk.door.entered == ["o1", "c1"]
    assert opened == [True]


def test_tab_goes_from_one_passphrase_to_the_other_and_shows_neither(desk: Desk) -> None:
    QTest.keyClicks(QApplication.focusWidget(), PASSPHRASE)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), PASSPHRASE)
    lines = [box.field.line for box in desk.screen.body.sides.values()]
    assert [line.text() for line in lines] == [PASSPHRASE, PASSPHRASE]
    assert {line.echoMode() for line in lines} == {QLineEdit.EchoMode.Password}


def test_nothing_is_kept_in_the_fields_once_enter_is_pressed(desk: Desk) -> None:
    lines = [box.field.line for box in desk.screen.body.sides.values()]
    desk.type(PASSPHRASE)
    assert [line.text() for line in desk.screen.findChildren(QLineEdit)] == ["", ""]
    lines[0].undo()
    assert lines[0].text() == ""
    desk.lane.answer()
    assert [line.text() for line in lines] == ["", ""]


def test_a_passphrase_is_neither_copied_nor_shown_without_wish(desk: Desk) -> None:
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    QApplication.clipboard().setText("before")
    QTest.keyClicks(line, PASSPHRASE)
    assert PASSPHRASE not in line.displayText()
    desk.screen.body.sides[Role.OPERATOR].field.findChildren(type(line))
    line.selectAll()
    line.setEchoMode(QLineEdit.EchoMode.Normal)
    QTest.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "before"


def test_waiting_is_shown_after_400_ms_and_not_before(desk: Desk) -> None:
    desk.type(PASSPHRASE)
    desk.clock.now += 0.39
    desk.controller.refresh()
    assert not desk.view.is_slow
    desk.clock.now += 0.02
    desk.controller.refresh()
    assert desk.view.is_slow
    assert "Checking…" in desk.words()
    desk.lane.answer()
    desk.type(PASSPHRASE)
    desk.lane.waiting.pop(0)()
    assert desk.view.stage is UnlockStage.OPENING
    desk.clock.now += 0.5
    desk.controller.refresh()
    assert desk.view.is_slow
    desk.door.comparing = (1200, 5000)
    desk.controller.refresh()
    assert any("1,200 of 5,000" in text for text in desk.words())


def test_comparing_a_corrected_list_is_stopped_with_esc(desk: Desk) -> None:
    QTest.keyClick(desk.screen, Qt.Key.Key_Escape)
    for _ in range(2):
        desk.type(PASSPHRASE)
        desk.lane.waiting.pop(0)()
    labelled = desk.screen.body.findChildren(ActionButton)
    (stop,) = (one for one in labelled if one.label == "Stop comparing")
    assert not stop.isVisible()
    desk.door.comparing = (1200, 5000)
    desk.controller.refresh()
    assert stop.isVisible()
    assert desk.door.stops == 0
    QTest.keyClick(desk.screen, Qt.Key.Key_Escape)
    stop.click()
    assert desk.door.stops == 2
    desk.door.open_fault = KnownError("list_comparing_stopped", "")
    desk.door.comparing = None
    desk.lane.answer()
    assert desk.view.stage is UnlockStage.LOCKED
    assert any("was stopped" in text for text in desk.words())


def test_a_wrong_passphrase_says_what_to_check(desk: Desk) -> None:
    desk.type("wrong")
    desk.lane.answer()
    assert desk.view.operator.state is SideState.WRONG
    message = next(text for text in desk.words() if "does not fit" in text)
    assert "Latin letters" in message
    assert "4" in message
    assert desk.screen.body.sides[Role.OPERATOR].field.line.hasFocus()


def test_after_five_wrong_ones_a_countdown_runs_and_ends(desk: Desk) -> None:
    for _ in range(5):
        desk.type("wrong")
        desk.lane.answer()
    assert desk.view.operator.state is SideState.WAITING
    assert desk.view.operator.wait_s == 60
    desk.clock.now += 13.2
    desk.controller.refresh()
    assert "Wait 47 s" in desk.words()
    assert not desk.screen.body.sides[Role.OPERATOR].field.line.isEnabled()
    assert desk.screen.body.sides[Role.MEMBER].field.line.isEnabled()
    desk.clock.now += 47
    desk.controller.refresh()
    assert desk.view.operator.state is SideState.EMPTY
    assert desk.screen.body.sides[Role.OPERATOR].field.line.hasFocus()


def test_a_wait_that_began_before_the_start_goes_on(qtbot: QtBot) -> None:
    door = FakeDoor()
    door.wait = 31.0
    assert Desk(qtbot, door).view.operator.wait_s == 31


def test_another_person_is_chosen_with_the_arrow_keys(desk: Desk) -> None:
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert desk.view.operator.person == OPERATORS[1]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert desk.view.operator.person == OPERATORS[0]


def test_another_person_is_chosen_from_the_list(desk: Desk) -> None:
    button = desk.screen.body.sides[Role.MEMBER].person
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    dialog = desk.screen.findChildren(ChoiceDialog)[0]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert desk.view.member.person == MEMBERS[1]
    assert desk.screen.body.sides[Role.MEMBER].field.line.hasFocus()


def test_what_was_accepted_is_not_another_persons(desk: Desk) -> None:
    desk.type(PASSPHRASE)
    desk.lane.answer()
    desk.screen.person_chosen.emit(Role.OPERATOR, OPERATORS[1])
    assert desk.view.operator.state is SideState.EMPTY


def test_language_and_caps_lock_are_shown_and_what_was_typed_stays(desk: Desk) -> None:
    line = QApplication.focusWidget()
    desk.lamp = True
    for letter in "Жети":
        press = QKeyEvent(
            QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter
        )  # QTest knows Latin letters only
        QApplication.sendEvent(line, press)
    assert "Keyboard layout: Cyrillic letters" in desk.words()
    assert "Caps Lock is on" in desk.words()
    typed = desk.screen.body.sides[Role.OPERATOR].field.line.text()
    QTest.keyClick(line, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert "Станцию открывают двое" in desk.words()
    assert desk.screen.body.sides[Role.OPERATOR].field.line.text() == typed


def test_without_a_list_the_technician_comes_first(qtbot: QtBot) -> None:
    desk = Desk(qtbot, FakeDoor(identity=None))
    pressed: list[bool] = []
    desk.screen.technician_pressed.connect(lambda: pressed.append(True))
    assert desk.screen.findChildren(QLineEdit) == []
    assert "Ask the technician to load the voter list." in desk.words()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert pressed == [True]


@pytest.mark.parametrize("has_list", [True, False])
def test_lessons_are_opened_from_here_and_it_says_so(qtbot: QtBot, has_list: bool) -> None:
    desk = Desk(qtbot, FakeDoor() if has_list else FakeDoor(identity=None))
    texts, pressed = Texts("en"), QSignalSpy(desk.screen.training_pressed)
    offered = [
        one
        for one in desk.screen.body.findChildren(ActionButton)
        if one.label == texts("lesson.ui.open")
    ]
    assert [one.isVisible() for one in offered] == [False], "a lesson's own station has none"
    desk.screen.show_training(TrainingView())
    (training,) = offered
    training.setFocus()
    QTest.keyClick(training, Qt.Key.Key_Return)
    assert pressed.count() == 1
    desk.screen.show_training(TrainingView(is_open=True))
    assert not training.isEnabled()
    assert texts("lesson.ui.running") in desk.words()
    desk.screen.show_training(TrainingView(fault=Code.LESSONS_CLOSED))
    assert training.isEnabled()
    assert any("Lessons are closed on this computer" in words for words in desk.words())


def test_a_station_that_is_not_set_up_says_so(qtbot: QtBot) -> None:
    door = FakeDoor()
    door.people = ()
    assert Desk(qtbot, door).view.stage is UnlockStage.NOT_SET_UP


def test_a_list_that_does_not_open_lets_both_type_again(desk: Desk) -> None:
    desk.door.open_fault = KnownError("approval_expired", "")
    for _ in range(2):
        desk.type(PASSPHRASE)
        desk.lane.answer()
    assert desk.view.stage is UnlockStage.LOCKED
    assert desk.view.fault == "approval_expired"
    assert desk.door.forgotten == 1
    assert any("Both type theirs again." in text for text in desk.words())
    assert desk.screen.body.sides[Role.OPERATOR].field.line.hasFocus()


@pytest.mark.parametrize("is_last", [False, True])
def test_after_a_failed_trial_the_list_that_is_left_is_shown(desk: Desk, is_last: bool) -> None:
    code = "list_withdrawn_last" if is_last else "list_withdrawn"
    desk.door.open_fault = KnownError(code, "")
    desk.type(PASSPHRASE)
    desk.lane.answer()
    left = None if is_last else replace(IDENTITY, sequence=2)
    desk.door.identity = left
    desk.type(PASSPHRASE)
    desk.lane.answer()
    assert desk.view.identity == left
    assert desk.view.stage is (UnlockStage.NO_LIST if is_last else UnlockStage.LOCKED)
    assert desk.view.fault == code
    assert any("failed its trial" in text for text in desk.words())


def test_locking_forgets_what_was_typed_and_opened(desk: Desk) -> None:
    desk.type(PASSPHRASE)
    desk.lane.answer()
    QTest.keyClicks(QApplication.focusWidget(), "half a phr")
    desk.controller.lock()
    desk.lane.answer()
    assert desk.view.stage is UnlockStage.LOCKED
    assert desk.view.operator.state is SideState.EMPTY
    assert [line.text() for line in desk.screen.findChildren(QLineEdit)] == ["", ""]
    assert desk.door.forgotten == 1


def test_help_opens_and_closes_by_keyboard(desk: Desk) -> None:
    QTest.keyClick(desk.screen, Qt.Key.Key_F1)
    assert any("After five wrong ones" in text for text in desk.words())
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert desk.screen.body.sides[Role.OPERATOR].field.line.hasFocus()


def test_a_removed_persons_place_is_taken_by_another() -> None:
    entry = UnlockEntry()
    entry.begin(DoorStanding((*OPERATORS, *MEMBERS), IDENTITY, "", {}), 0.0)
    entry.choose(Role.OPERATOR, OPERATORS[1])
    entry.begin(DoorStanding((OPERATORS[0], *MEMBERS), IDENTITY, "", {}), 0.0)
    assert entry.view(0.0).operator.person == OPERATORS[0]
    assert entry.view(0.0).operator.others == 0


def test_a_lock_keeps_a_countdown_running() -> None:
    entry = UnlockEntry()
    entry.begin(DoorStanding((*OPERATORS, *MEMBERS), IDENTITY, "", {}), 0.0)
    entry.refuse(Role.MEMBER, WRONG, 0, 60.0, 10.0)
    entry.lock()
    assert entry.view(30.0).member.wait_s == 40


@pytest.mark.parametrize(
    ("text", "shift", "layout", "caps"),
    [
        ("a", False, Layout.LATIN, False),
        ("A", True, Layout.LATIN, False),
        ("A", False, Layout.LATIN, True),
        ("a", True, Layout.LATIN, True),
        ("ө", False, Layout.CYRILLIC, False),
        ("7", False, Layout.UNKNOWN, None),
        ("ab", False, Layout.UNKNOWN, None),
    ],
)
def test_the_keyboard_is_known_by_its_letters(
    text: str, shift: bool, layout: Layout, caps: bool | None
) -> None:
    watch = KeyboardWatch(lambda: None)
    watch.typed(text, shift)
    assert (watch.layout, watch.caps_lock) == (layout, caps)


def test_the_lamp_of_caps_lock_wins() -> None:
    watch = KeyboardWatch(lambda: True)
    watch.typed("a", shift=False)
    assert watch.caps_lock is True


def test_the_station_locks_after_ten_idle_minutes_but_never_in_between() -> None:
    watch = LockWatch(600.0, 0.0)
    watch.touched(50.0)
    assert not watch.is_due(649.0, may_lock=True)
    assert not watch.is_due(649.5, may_lock=False)
    assert not watch.is_due(652.0, may_lock=True), "by finger alone somebody was there"
    assert not watch.is_due(1249.0, may_lock=True)
    assert watch.is_due(1250.0, may_lock=True)
    assert not watch.is_due(1251.0, may_lock=True)
    watch.slept()
    assert not watch.is_due(653.2, may_lock=False), "a session is under way"
    assert watch.is_due(653.4, may_lock=True), "whoever woke it may be anybody"
    assert watch.is_due(653.6, may_lock=True, must_lock=True)
    assert not watch.is_due(653.7, may_lock=False, must_lock=True)
    watch.ask()
    assert not watch.is_due(654.0, may_lock=False)
    assert watch.is_due(655.0, may_lock=True)
    assert not watch.is_due(656.0, may_lock=True)
