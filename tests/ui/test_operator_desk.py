"""The desk's keys, guards, language switch and live view."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from station_app.domain.day import DayState
from station_app.domain.fingers import EVERY_FINGER, FingerPosition
from station_app.domain.samples import LiveFrame, Meters, RetryReason
from station_app.ui.operator.capture import BusyStage, BusyView, CaptureScreen, CaptureView
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.devices import ScannerState
from station_app.ui.operator.dialogs import HandDialog
from station_app.ui.operator.notice import BlockedView, RestingView, ScannerUnpluggedView
from station_app.ui.operator.page import StagePage, View
from station_app.ui.operator.ready import ReadyScreen, ReadyView
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.operator.verdict import AlreadyView, IdentifiedView, NotOnListView, StopFacts
from station_app.ui.operator.views import DayView, DeskParts, HandMarks, TopBarView, VoterCard
from station_app.ui.sounds import Sound
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.pin_field import PinField
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.desk_samples import HeardSounds, ManualClock, finger_source

DAY = DayView(3, 300)
READY = ReadyView(FingerPosition.RIGHT_INDEX, DAY)
VOTER = VoterCard(612, "Toktonalieva", "Aizharkyn", "f", "12.04.1991", "Bishkek", 31, 12, b"")
ALREADY = AlreadyView(StopFacts("09:14", 1277, "m"))
PIN = "21204199100123"
METERS = Meters(5, 4, 3, RetryReason.TOO_DRY)


def words(widget: QWidget) -> list[str]:
    return [block.text() for block in widget.findChildren(TextBlock)]


def pin_field(desk: OperatorDesk) -> PinField:
    return desk.findChildren(PinField)[-1]


def overlay(desk: OperatorDesk) -> Overlay | None:
    return next((found for found in desk.findChildren(Overlay) if found.isVisible()), None)


def show(desk: OperatorDesk, view: View) -> None:
    desk.show_view(view)
    QApplication.processEvents()


@pytest.mark.parametrize(
    ("view", "dead_ms"),
    [(IdentifiedView(VOTER), 600), (NotOnListView(False), 600), (ALREADY, 1000)],
)
def test_enter_is_dead_right_after_a_verdict(
    desk: OperatorDesk, clock: ManualClock, qtbot: QtBot, view: View, dead_ms: int
) -> None:
    show(desk, view)
    pressed: list[bool] = []
    desk.next_pressed.connect(lambda: pressed.append(True))
    clock.now += dead_ms / 1000 - 0.001
    QTest.keyClick(desk, Qt.Key.Key_Return)
    assert pressed == []
    clock.now += 0.002
    QTest.keyClick(desk, Qt.Key.Key_Return)
    assert pressed == [True]


def test_auto_repeat_of_enter_is_ignored(desk: OperatorDesk, clock: ManualClock) -> None:
    show(desk, ALREADY)
    clock.now += 5
    pressed: list[bool] = []
    desk.next_pressed.connect(lambda: pressed.append(True))
    held = QKeyEvent(
        QEvent.Type.KeyPress,
        Qt.Key.Key_Return,
        Qt.KeyboardModifier.NoModifier,
        "\r",
        True,
    )
    for _ in range(5):
        QApplication.sendEvent(desk, held)
    assert pressed == []


def test_escape_never_closes_a_verdict(desk: OperatorDesk, clock: ManualClock) -> None:
    show(desk, ALREADY)
    clock.now += 5
    pressed: list[str] = []
    desk.next_pressed.connect(lambda: pressed.append("next"))
    desk.cancel_pressed.connect(lambda: pressed.append("cancel"))
    QTest.keyClick(desk, Qt.Key.Key_Escape)
    assert pressed == []


@pytest.mark.parametrize(
    "view",
    [
        CaptureView(FingerPosition.RIGHT_INDEX, 1, 4),
        TryAgainView(FingerPosition.LEFT_INDEX, RetryReason.TOO_DRY, 2, 4),
        BusyView(BusyStage.MATCHING, FingerPosition.RIGHT_INDEX),
        ScannerUnpluggedView(DAY, 611, in_session=True),
    ],
)
def test_escape_cancels_a_session(desk: OperatorDesk, qtbot: QtBot, view: View) -> None:
    show(desk, view)
    with qtbot.waitSignal(desk.cancel_pressed, timeout=500):
        QTest.keyClick(desk, Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    "view",
    [
        READY,
        BusyView(BusyStage.RECORDING, can_cancel=False),
        ScannerUnpluggedView(DAY, None, in_session=False),
    ],
)
def test_escape_does_nothing_without_a_session(desk: OperatorDesk, view: View) -> None:
    show(desk, view)
    pressed: list[bool] = []
    desk.cancel_pressed.connect(lambda: pressed.append(True))
    QTest.keyClick(desk, Qt.Key.Key_Escape)
    assert pressed == []


def test_enter_tries_again_when_blocked(desk: OperatorDesk, qtbot: QtBot) -> None:
    show(desk, BlockedView("disk_full", DAY, 611))
    with qtbot.waitSignal(desk.retry_pressed, timeout=500):
        QTest.keyClick(desk, Qt.Key.Key_Enter)
    desk.set_has_room()
    entered: list[bool] = []
    desk.room_pressed.connect(lambda: entered.append(True))
    for code in ("disk_full", "battery_empty"):
        show(desk, BlockedView(code, DAY, 611))
        QTest.keyClick(desk, Qt.Key.Key_F11)
    assert entered == [True], "without a charger the day is paused there"


def test_pin_is_typed_with_f2_and_enter(desk: OperatorDesk, qtbot: QtBot) -> None:
    show(desk, READY)
    QTest.keyClick(desk, Qt.Key.Key_F2)
    field = pin_field(desk)
    assert field.hasFocus()
    QTest.keyClicks(field, "2120x4199-100123")
    with qtbot.waitSignal(desk.pin_entered, timeout=500) as caught:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == [PIN]


def test_short_pin_says_why(desk: OperatorDesk) -> None:
    show(desk, READY)
    entered: list[str] = []
    desk.pin_entered.connect(entered.append)
    field = pin_field(desk)
    field.setFocus()
    QTest.keyClicks(field, "123")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert entered == []
    assert "A PIN has 14 digits. Check the digits." in words(desk)


def test_pin_is_pasted_without_its_spaces(desk: OperatorDesk) -> None:
    show(desk, READY)
    QGuiApplication.clipboard().setText(" 2 12041991 00123 777")
    field = pin_field(desk)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == PIN


def test_pin_dialog_during_a_session(desk: OperatorDesk, qtbot: QtBot) -> None:
    show(desk, TryAgainView(FingerPosition.LEFT_INDEX, RetryReason.NO_MATCH, 2, 4))
    QTest.keyClick(desk, Qt.Key.Key_F2)
    field = pin_field(desk)
    QTest.keyClicks(field, PIN)
    with qtbot.waitSignal(desk.pin_entered, timeout=500) as caught:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == [PIN]
    assert overlay(desk) is None


@pytest.mark.parametrize(
    ("view", "leads"),
    [
        (READY, True),
        (RestingView(DayState.BEFORE, DAY), True),
        (ScannerUnpluggedView(DAY, None, in_session=False), True),
        (ScannerUnpluggedView(DAY, None, in_session=True), False),
        (CaptureView(FingerPosition.RIGHT_INDEX, 1, 4), False),
        (IdentifiedView(VOTER), False),
    ],
)
def test_a_key_leads_to_the_commissions_room_between_people(
    desk: OperatorDesk, view: View, leads: bool
) -> None:
    pressed: list[bool] = []
    desk.room_pressed.connect(lambda: pressed.append(True))
    show(desk, view)
    QTest.keyClick(desk, Qt.Key.Key_F11)
    assert pressed == [], "a desk without a room has no such key"
    desk.set_has_room()
    QTest.keyClick(desk, Qt.Key.Key_F11)
    assert pressed == [True] * leads


def test_another_finger_by_keyboard_alone(desk: OperatorDesk, qtbot: QtBot) -> None:
    show(desk, READY)
    QTest.keyClick(desk, Qt.Key.Key_F3)
    dialog = overlay(desk)
    assert isinstance(dialog, HandDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Left)
    QTest.keyClick(dialog, Qt.Key.Key_4)
    assert dialog.finger == FingerPosition.LEFT_RING
    QTest.keyClick(dialog, Qt.Key.Key_Down)
    QTest.keyClick(dialog, Qt.Key.Key_Up)
    with qtbot.waitSignal(desk.finger_chosen, timeout=500) as caught:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert caught.args == [FingerPosition.LEFT_RING, frozenset()]
    assert overlay(desk) is None


def test_missing_fingers_are_marked_by_a_key_and_said_in_the_dialog(
    desk: OperatorDesk, qtbot: QtBot
) -> None:
    index, thumb = FingerPosition.RIGHT_INDEX, FingerPosition.RIGHT_THUMB
    marks = HandMarks(frozenset({thumb}), frozenset({index, thumb}))
    show(desk, replace(READY, marks=marks))
    QTest.keyClick(desk, Qt.Key.Key_F3)
    dialog = overlay(desk)
    assert isinstance(dialog, HandDialog)
    names = [row.accessibleName() for row in dialog.findChildren(QAbstractButton)]
    assert {"1. Thumb, missing", "2. Index", "3. Middle, not on the list"} <= {*names}
    QTest.keyClick(dialog, Qt.Key.Key_0)
    QTest.keyClick(dialog, Qt.Key.Key_1)
    QTest.keyClick(dialog, Qt.Key.Key_0)
    with qtbot.waitSignal(desk.finger_chosen, timeout=500) as caught:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert caught.args == [thumb, frozenset({index})]


def test_without_any_finger_ready_asks_for_the_document(desk: OperatorDesk) -> None:
    show(desk, replace(READY, marks=HandMarks(frozenset(EVERY_FINGER))))
    assert "Type the PIN of the document" in words(desk)


def test_escape_leaves_a_dialog_and_keeps_the_session(desk: OperatorDesk) -> None:
    show(desk, CaptureView(FingerPosition.RIGHT_INDEX, 1, 4))
    cancelled: list[bool] = []
    desk.cancel_pressed.connect(lambda: cancelled.append(True))
    QTest.keyClick(desk, Qt.Key.Key_F3)
    dialog = overlay(desk)
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert overlay(desk) is None
    assert cancelled == []


def test_help_opens_and_closes_with_f1(desk: OperatorDesk) -> None:
    show(desk, READY)
    QTest.keyClick(desk, Qt.Key.Key_F1)
    page = overlay(desk)
    assert page is not None
    assert any("14 digits" in text for text in words(page))
    QTest.keyClick(page, Qt.Key.Key_F1)
    assert overlay(desk) is None


def test_after_the_help_the_pin_is_typed_on(desk: OperatorDesk) -> None:
    show(desk, READY)
    QTest.keyClick(desk, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, PinField)
    QTest.keyClicks(field, "229")
    QTest.keyClick(desk, Qt.Key.Key_F1)
    page = overlay(desk)
    assert page is not None
    QTest.keyClick(page, Qt.Key.Key_F1)
    assert field.hasFocus()
    assert field.text() == "229"


def test_a_new_view_closes_the_dialog_of_the_old_one(desk: OperatorDesk) -> None:
    show(desk, READY)
    QTest.keyClick(desk, Qt.Key.Key_F3)
    show(desk, ALREADY)
    assert overlay(desk) is None


def test_language_changes_at_once_and_keeps_what_was_typed(
    desk: OperatorDesk, qtbot: QtBot
) -> None:
    show(desk, READY)
    pin_field(desk).setText("2120")
    with qtbot.waitSignal(desk.language_chosen, timeout=500) as caught:
        QTest.keyClick(desk, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    QApplication.processEvents()
    assert caught.args == ["ky"]
    assert "Оң колдун сөөмөйүн коюңуз" in words(desk)
    assert pin_field(desk).text() == "2120"
    QTest.keyClick(desk, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert "Приложите правый указательный палец" in words(desk)
    QTest.keyClick(desk, Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    assert "Place the right index finger" in words(desk)


def test_sound_starts_with_the_verdict_and_only_once(
    desk: OperatorDesk, sounds: HeardSounds
) -> None:
    show(desk, READY)
    assert sounds.heard == []
    show(desk, ALREADY)
    show(desk, ALREADY)
    desk.set_language("ru")
    assert sounds.heard == [Sound.ALREADY]
    show(desk, READY)
    show(desk, ALREADY)
    assert sounds.heard == [Sound.ALREADY, Sound.ALREADY]


def test_a_tick_says_that_the_finger_may_be_lifted(desk: OperatorDesk, sounds: HeardSounds) -> None:
    desk.show_view(BusyView(BusyStage.LOOKING_UP))
    assert sounds.heard == []
    desk.show_view(BusyView(BusyStage.MATCHING, FingerPosition.RIGHT_INDEX))
    assert sounds.heard == [Sound.CAPTURE_DONE]
    desk.show_view(BusyView(BusyStage.RECORDING, can_cancel=False))
    assert sounds.heard == [Sound.CAPTURE_DONE]


def test_choosing_a_finger_on_ready_keeps_the_typed_pin(desk: OperatorDesk) -> None:
    show(desk, READY)
    pin_field(desk).setText("2120")
    show(desk, ReadyView(FingerPosition.LEFT_INDEX, DAY))
    assert pin_field(desk).text() == "2120"


def test_a_new_session_starts_with_an_empty_pin(desk: OperatorDesk) -> None:
    show(desk, READY)
    pin_field(desk).setText("2120")
    show(desk, CaptureView(FingerPosition.RIGHT_INDEX, 1, 4))
    show(desk, READY)
    assert pin_field(desk).text() == ""


def test_frames_are_dropped_while_the_last_is_not_painted(desk: OperatorDesk) -> None:
    show(desk, CaptureView(FingerPosition.RIGHT_INDEX, 1, 4))
    screen = desk.findChildren(CaptureScreen)[-1]
    image = finger_source(None)
    assert screen.finger.show_frame(image)
    assert not screen.finger.show_frame(image)
    screen.finger.repaint()
    assert screen.finger.show_frame(image)


def test_capture_says_order_and_meters_in_words(desk: OperatorDesk) -> None:
    show(desk, CaptureView(FingerPosition.RIGHT_INDEX, 1, 4))
    assert "Waiting for the finger" in words(desk)
    desk.show_frame(LiveFrame(finger_source(None), 0.7), METERS)
    QApplication.processEvents()
    assert {"Hold still", "Almost done", "Good", "A bit dry"} <= set(words(desk))
    desk.repaint()
    desk.show_frame(LiveFrame(finger_source(None), 1.0), METERS)
    assert "Lift the finger" in words(desk)


def test_frames_without_a_capture_are_nothing(desk: OperatorDesk) -> None:
    desk.show_frame(LiveFrame(finger_source(None), 0.7), METERS)
    show(desk, READY)
    desk.show_frame(LiveFrame(finger_source(None), 0.7), METERS)
    assert desk.findChildren(ReadyScreen)


def test_top_bar_hides_the_seat_and_says_a_fault_in_words(desk: OperatorDesk) -> None:
    desk.set_top(TopBarView(precinct="7042", place="School No. 12", clock="11:42"))
    show(desk, READY)
    assert {"Precinct 7042", "School No. 12", "11:42"} <= set(words(desk))
    assert not any("Seat" in text for text in words(desk))
    names = [child.accessibleName() for child in desk.findChildren(QWidget)]
    assert "The fingerprint scanner is connected" in names
    desk.set_top(TopBarView("7042", "School No. 12", "11:43", seat=2, scanner=ScannerState.LOST))
    assert "Seat 2 · School No. 12" in words(desk)
    names = [child.accessibleName() for child in desk.findChildren(QWidget)]
    assert "Scanner unplugged" in names


def test_tab_reaches_every_control_of_ready(desk: OperatorDesk) -> None:
    show(desk, READY)
    reached = set()
    for _ in range(12):
        QTest.keyClick(QApplication.focusWidget() or desk, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.add(focus.accessibleName())
    assert {"Help, F1", "Document, F2", "Other finger, F3", "Кыргызча"} <= reached
    assert "PIN of the voter, 14 digits" in reached


def test_view_of_a_voter_has_no_place_for_pin_or_id() -> None:
    assert not {"pin", "voter_id"} & set(VoterCard.__slots__)
    assert date(1991, 4, 12).strftime("%d.%m.%Y") == VOTER.born


def test_the_same_person_goes_on_with_a_document(desk: OperatorDesk, qtbot: QtBot) -> None:
    """NOT ON THIS LIST without a PIN: F2 leads to the PIN field, not to another voter."""
    show(desk, NotOnListView(pin_given=False))
    with qtbot.waitSignal(desk.next_pressed):
        QTest.keyClick(desk, Qt.Key.Key_F2)
    show(desk, READY)
    assert isinstance(desk.page, StagePage)
    assert isinstance(desk.page.screen_body, ReadyScreen)
    assert desk.page.screen_body.document.field.hasFocus()
    show(desk, NotOnListView(pin_given=True))
    assert DeskKey.DOCUMENT not in NotOnListView(pin_given=True).keys(DeskParts())
