"""Contrast, size of text and the side of the hand: by key, on every screen, and kept."""

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from station_app.domain.appearance import STANDARD, Appearance
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.ui.commission.exceptions_page import EXCEPTIONS, ExceptionsView
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.door_window import DoorWindow
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.dialogs import HandDialog, MoreDialog
from station_app.ui.operator.pages import View
from station_app.ui.operator.try_again import TryAgainView
from station_app.ui.style import Style
from station_app.ui.technician.appearance_page import (
    AppearanceController,
    AppearancePage,
)
from station_app.ui.technician.load_page import LOAD
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.texts import Texts
from station_app.ui.tokens import HIGH_CONTRAST, LIGHT, SMALLEST_SIZE, grown_px
from station_app.ui.unlock.screen import UnlockScreen
from station_app.ui.widgets.hand_view import HandView
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.large_text import LargeTextArea
from station_app.ui.widgets.pin_field import PinField
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.widgets.top_bar import LanguageSwitch, TopBar
from tests.ui import screen_walk
from tests.ui.desk_samples import finger_source
from tests.ui.door_samples import SlowLane
from tests.ui.samples.desk import sample_commission, sample_views, show_sample
from tests.ui.samples.technician import sample_load_views, sample_unlock_views

CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
LARGEST = Appearance(high_contrast=True, text_percent=200, reduced_motion=True)


def show(desk: OperatorDesk, state: str) -> None:
    show_sample(desk, sample_views("en", finger_source)[state], finger_source, "en")
    QApplication.processEvents()


def press(widget: QWidget, key: Qt.Key) -> None:
    QTest.keyClick(widget, key, CTRL_ALT)
    QApplication.processEvents()


def test_keys_change_contrast_and_text_and_what_was_typed_stays(desk: OperatorDesk) -> None:
    show(desk, "ready")
    (field,) = desk.findChildren(PinField)
    field.setText("2120")
    view, chosen = desk.view, []
    desk.appearance_chosen.connect(chosen.append)
    press(desk, Qt.Key.Key_C)
    assert desk.style_in_use.colours is HIGH_CONTRAST
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Plus, Qt.Key.Key_Plus):
        press(desk, key)
    assert desk.appearance == Appearance(high_contrast=True, text_percent=200)
    (field,) = [one for one in desk.findChildren(PinField) if one.isVisible()]
    assert field.text() == "2120"
    assert desk.view is view
    press(desk, Qt.Key.Key_Minus)
    press(desk, Qt.Key.Key_C)
    assert desk.appearance == Appearance(text_percent=150)
    percents = [one.text_percent for one in chosen]
    assert percents == [100, 125, 150, 200, 150, 150], "the largest stays, and nobody is told"


def test_verdict_colours_stay_and_get_an_outline(desk: OperatorDesk) -> None:
    show(desk, "commission-no-match")
    desk.set_appearance(Appearance(high_contrast=True))
    QApplication.processEvents()
    picture = desk.grab().toImage()
    assert picture.pixelColor(4, 600).name().upper() == LIGHT.commission
    row = {picture.pixelColor(x, 600).name().upper() for x in range(14)}
    assert HIGH_CONTRAST.outline in row


def test_keys_without_room_wait_behind_f9(desk: OperatorDesk, qtbot: QtBot) -> None:
    desk.resize(*SMALLEST_SIZE)
    show(desk, "ready")
    assert desk.page is not None
    assert DeskKey.MORE not in desk.page.keys.buttons
    desk.set_appearance(LARGEST)
    QApplication.processEvents()
    keys = desk.page.keys
    shown = [key for key, button in keys.buttons.items() if button.isVisible()]
    assert shown == [DeskKey.HELP, DeskKey.DOCUMENT, DeskKey.OTHER_FINGER, DeskKey.MORE]
    QTest.keyClick(desk, Qt.Key.Key_F9)
    (dialog,) = desk.findChildren(MoreDialog)
    assert tuple(dialog.buttons) == keys.hidden
    assert dialog.buttons[keys.hidden[0]].hasFocus()
    with qtbot.waitSignal(desk.commission_pressed, timeout=500):
        QTest.keyClick(dialog, Qt.Key.Key_F5)
    assert not desk.is_typing
    with qtbot.waitSignal(desk.commission_pressed, timeout=500):
        QTest.keyClick(desk, Qt.Key.Key_F5)  # a hidden key still does what it does


def test_languages_give_way_to_a_clock_that_needs_their_room(qtbot: QtBot) -> None:
    bar = TopBar(Texts("en"), Style(appearance=LARGEST))
    qtbot.addWidget(bar)
    bar.resize(2000, bar.height())
    bar.show()
    bar.set_words("Precinct 7042", "")
    (switch,), row = bar.findChildren(LanguageSwitch), bar.layout()
    assert row is not None
    bar.resize(row.minimumSize().width() + 10, bar.height())
    assert switch.isVisible()
    bar.set_clock("11:42")
    assert not switch.isVisible()


def test_a_page_of_large_text_scrolls_by_key_and_follows_the_focus(desk: OperatorDesk) -> None:
    desk.resize(*SMALLEST_SIZE)
    desk.set_appearance(LARGEST)
    show(desk, "ready")
    (area,) = [one for one in desk.findChildren(LargeTextArea) if one.isVisible()]
    bar = area.verticalScrollBar()
    assert bar.maximum() > 0
    assert area.horizontalScrollBar().maximum() == 0
    desk.setFocus()
    QTest.keyClick(desk, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(desk, Qt.Key.Key_Home)
    assert bar.value() == 0
    QTest.keyClick(desk, Qt.Key.Key_F2)
    (field,) = [one for one in desk.findChildren(PinField) if one.isVisible()]
    assert field.hasFocus()
    assert field.visibleRegion().boundingRect() == field.rect()
    unused = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert not area.scroll_by(unused)


def test_a_desk_that_grew_while_it_was_hidden_stacks_no_row_that_fits(desk: OperatorDesk) -> None:
    """What is built while its window is being shown is as large as the window from the start."""

    def stacked() -> int:
        assert desk.page is not None
        rows = desk.page.findChildren(QBoxLayout)
        return sum(one.direction() is QBoxLayout.Direction.TopToBottom for one in rows)

    desk.resize(*SMALLEST_SIZE)
    desk.set_appearance(Appearance(text_percent=150))
    show(desk, "face")
    desk.hide()
    desk.resize(1920, 1080)
    desk.show()
    QApplication.processEvents()
    after = stacked()
    desk.set_language("ru")
    desk.set_language("en")
    QApplication.processEvents()
    assert after == stacked()


def test_the_hand_stands_at_its_side_and_never_becomes_the_other(desk: OperatorDesk) -> None:
    show(desk, "ready")
    for is_left in (False, True):
        desk.set_appearance(Appearance(left_handed=is_left))
        QApplication.processEvents()
        (hand,) = [one for one in desk.findChildren(HandView) if one.isVisible()]
        order = next(
            one
            for one in desk.findChildren(TextBlock)
            if one.isVisible() and one.text() == "Place the right index finger"
        )
        at, words = (one.mapTo(desk, QPoint(0, 0)).x() for one in (hand, order))
        assert (at < words) is is_left
        assert not hand.finger.is_left
    show(desk, "face-called")
    desk.press(DeskKey.OTHER_FINGER)
    (dialog,) = [one for one in desk.findChildren(HandDialog) if one.isVisible()]
    assert dialog.finger.is_left, "no finger has been asked for"


def test_reduced_motion_stops_the_ring() -> None:
    assert Style().moving
    assert not Style(appearance=LARGEST).moving
    assert not Style(moving=False).moving


def test_text_grows_whole_and_an_order_little() -> None:
    assert [grown_px(px, 2.0) for px in (14, 17, 22)] == [28, 34, 44]
    assert 80 < grown_px(54, 2.0) < 90
    assert grown_px(54, 1.0) == 54


SAMPLE = ("ready", "identified", "already", "not-on-list", "try-again-too-dry", "face", "manual")


@pytest.mark.parametrize("name", ["contrast", "contrast-200"])
def test_a_sample_of_screens_has_contrast_and_nothing_is_cut(
    desk: OperatorDesk, qtbot: QtBot, name: str
) -> None:
    """`make walk` measures every screen in every appearance."""
    size, appearance = QSize(*SMALLEST_SIZE), screen_walk.LOOKS[name]
    found = []

    def look(root: QWidget, state: str) -> None:
        measured = screen_walk.look(root, size, state, "ru", "alone", name, with_contrast=True)
        found.extend(map(str, measured))

    desk.set_commission(sample_commission())
    desk.set_language("ru")
    desk.set_appearance(appearance)
    desk.resize(size)
    views: dict[str, View] = sample_views("ru", finger_source)
    for state in SAMPLE:
        show_sample(desk, views[state], finger_source, "ru")
        look(desk, state)
    screen = UnlockScreen(language="ru", appearance=appearance)
    qtbot.addWidget(screen)
    screen.show_view(sample_unlock_views("ru")["unlock-wrong"])
    look(screen, "unlock-wrong")
    room = TechnicianRoom(language="ru", appearance=appearance)
    qtbot.addWidget(room)
    room.show_view(LOAD, sample_load_views("ru")["load-running"])
    look(room, "load-running")
    acts = CommissionRoom(language="ru", appearance=appearance)
    qtbot.addWidget(acts)
    acts.show_view(EXCEPTIONS, ExceptionsView())
    acts.go_to(EXCEPTIONS)
    look(acts, "exceptions")
    assert found == []


class Station:
    """The window before the desk; `kept` is what would be written."""

    def __init__(self, qtbot: QtBot) -> None:
        self.kept: list[Appearance] = []
        self.lane, self.fault = SlowLane(), ""
        self.screen, self.room = UnlockScreen(language="en"), TechnicianRoom(language="en")
        self.window = DoorWindow(self.screen, self.room)
        qtbot.addWidget(self.window)
        self.looks = AppearanceController(self.room, self._keep, self.lane, was_damaged=True)
        self.window.appearance_chosen.connect(self.looks.keep)
        self.window.resize(1280, 720)
        self.window.show_room()
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def _keep(self, appearance: Appearance) -> None:
        if self.fault:
            raise KnownError(Code(self.fault), "")
        self.kept.append(appearance)

    @property
    def page(self) -> AppearancePage:
        page = self.room.page
        assert isinstance(page, AppearancePage)
        return page

    @property
    def words(self) -> str:
        blocks = self.room.findChildren(TextBlock)
        return " ".join(block.text() for block in blocks if block.isVisible())


def test_all_four_are_chosen_by_keyboard_and_kept(qtbot: QtBot) -> None:
    station = Station(qtbot)
    QTest.keyClick(station.room, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    assert "The saved choice is damaged" in station.words
    for number, key in ((0, "2"), (1, "4"), (2, "2"), (3, "2")):
        station.page.rows[number].take_focus()
        QTest.keyClicks(QApplication.focusWidget(), key)
        QApplication.processEvents()
        station.lane.answer()
        assert any(row.hasFocus() for row in station.page.rows[number].rows), "the page is new"
    wanted = Appearance(True, 200, True, True)
    assert station.kept[-1] == station.room.appearance == station.screen.appearance == wanted
    assert "damaged" not in station.words
    station.fault = "settings_missing"
    press(station.room, Qt.Key.Key_C)
    station.lane.answer()
    assert "Not saved." in station.words
    assert station.screen.appearance == station.room.appearance != wanted


def test_what_is_chosen_before_the_desk_holds_at_unlocking(qtbot: QtBot) -> None:
    station = Station(qtbot)
    station.window.show_unlocking()
    QApplication.processEvents()
    press(station.screen, Qt.Key.Key_C)
    assert station.room.appearance == Appearance(high_contrast=True)
    station.lane.answer()
    assert station.kept == [Appearance(high_contrast=True)]
    station.room.choose_appearance(STANDARD)
    assert station.screen.appearance == STANDARD


def test_a_view_of_try_again_keeps_its_finger(desk: OperatorDesk) -> None:
    show(desk, "try-again-too-dry")
    desk.set_appearance(LARGEST)
    view = desk.view
    assert isinstance(view, TryAgainView)
    (hand,) = [one for one in desk.findChildren(HandView) if one.isVisible()]
    assert hand.finger == view.finger
