"""A scanner that types: its characters go to the reader, a person's to the widget."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from station_app.ui.wedge_keys import LEAST, WedgeKeys
from station_app.ui.widgets.keys import add_key
from tests.domain.zone_samples import id_card

SLOW = 80


class Reader:
    gap_ms = 35
    listens = True

    def __init__(self) -> None:
        self.text = ""

    def typed(self, text: str) -> None:
        self.text += text


class Desk(QWidget):
    """A field, and a page that acts on Enter and F5."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []
        self.field = QLineEdit(self)
        QVBoxLayout(self).addWidget(self.field)
        add_key(self, QKeySequence("Return"), lambda: self.pressed.append("enter"))
        add_key(self, QKeySequence("F5"), lambda: self.pressed.append("F5"))


class Keyboard:
    """Types into the window's focus with the window system's times."""

    def __init__(self, window: QWidget) -> None:
        self._window, self.now = window, 1000

    def type(self, text: str, every_ms: int) -> None:
        for sign in text:
            self.now += every_ms
            if sign == "\r":
                self.press(Qt.Key.Key_Return, "\r")
            else:
                self.press(
                    Qt.Key(ord(sign.upper())) if sign.isascii() else Qt.Key.Key_unknown, sign
                )

    def press(self, key: Qt.Key, text: str = "", *, repeats: bool = False) -> None:
        shift = text.isupper() or text == "<"
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        target = QApplication.focusWidget() or self._window
        override = self._event(QEvent.Type.ShortcutOverride, key, held, text, repeats=repeats)
        override.ignore()
        QApplication.sendEvent(target, override)
        if not override.isAccepted() and key in (Qt.Key.Key_Return, Qt.Key.Key_F5):
            [action] = [
                one for one in self._window.actions() if one.shortcut() == QKeySequence(key)
            ]
            action.trigger()
            return
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, self._event(kind, key, held, text, repeats=repeats))

    def _event(
        self, kind: QEvent.Type, key: Qt.Key, held: Qt.KeyboardModifier, text: str, *, repeats: bool
    ) -> QKeyEvent:
        event = QKeyEvent(kind, key, held, text, repeats)
        event.setTimestamp(self.now)
        return event


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def desk(qtbot: QtBot, reader: Reader) -> Desk:
    made = Desk()
    qtbot.addWidget(made)
    WedgeKeys(reader, made)
    made.show()
    made.field.setFocus()
    qtbot.waitUntil(made.field.hasFocus)
    return made


@pytest.fixture
def keyboard(desk: Desk) -> Keyboard:
    return Keyboard(desk)


ZONE = "\r".join(id_card()) + "\r"


@pytest.mark.parametrize("every_ms", [0, 1, 10, 35])
def test_a_scanner_types_into_no_widget(
    desk: Desk, keyboard: Keyboard, reader: Reader, qtbot: QtBot, every_ms: int
) -> None:
    keyboard.type(ZONE, every_ms)
    qtbot.wait(100)
    assert reader.text == ZONE
    assert desk.field.text() == ""
    assert desk.pressed == []


def test_a_person_types_as_ever(
    desk: Desk, keyboard: Keyboard, reader: Reader, qtbot: QtBot
) -> None:
    keyboard.type("21501199000015", SLOW)
    qtbot.waitUntil(lambda: desk.field.text() == "21501199000015")
    keyboard.type("\r", SLOW)
    assert desk.pressed == ["enter"]
    assert reader.text == ""


def test_a_few_fast_keys_of_a_person_come_in_order(
    desk: Desk, keyboard: Keyboard, reader: Reader, qtbot: QtBot
) -> None:
    keyboard.type("215", 5)
    keyboard.type("0", SLOW)
    keyboard.type("11\r", 5)
    assert desk.field.text() == "215011"
    assert desk.pressed == ["enter"]
    keyboard.type("x" * (LEAST - 1), 1)
    qtbot.waitUntil(lambda: desk.field.text() == "215011" + "x" * (LEAST - 1))
    assert reader.text == ""


def test_function_keys_and_enter_are_never_late(desk: Desk, keyboard: Keyboard) -> None:
    keyboard.press(Qt.Key.Key_F5)
    keyboard.press(Qt.Key.Key_Return, "\r")
    assert desk.pressed == ["F5", "enter"]


def test_enter_right_after_a_scan_answers_no_screen(
    desk: Desk, keyboard: Keyboard, reader: Reader
) -> None:
    keyboard.type(ZONE, 2)
    keyboard.type("\r", 150)
    assert desk.pressed == []
    keyboard.type("\r", 250)
    assert desk.pressed == ["enter"]


def test_function_keys_in_a_code_press_nothing(
    desk: Desk, keyboard: Keyboard, reader: Reader
) -> None:
    """Some scanners type them for the control characters of a code."""
    keyboard.type("12345678", 2)
    for _ in range(3):
        keyboard.now += 2
        keyboard.press(Qt.Key.Key_F5)
    keyboard.type("\r", 2)
    assert (desk.field.text(), desk.pressed, reader.text) == ("", [], "12345678\r")
    keyboard.now += 250
    keyboard.press(Qt.Key.Key_F5)
    assert desk.pressed == ["F5"]


@pytest.mark.parametrize("code", ["1234", "1234567"])
def test_a_short_code_and_its_enter_are_a_scanners(
    desk: Desk, keyboard: Keyboard, reader: Reader, code: str
) -> None:
    keyboard.type(code + "\r", 5)
    assert (desk.field.text(), desk.pressed, reader.text) == ("", [], code + "\r")


def test_a_clock_that_begins_anew_swallows_nobody(
    desk: Desk, keyboard: Keyboard, reader: Reader, qtbot: QtBot
) -> None:
    keyboard.now = 2**32 - 100
    keyboard.type(ZONE, 1)
    keyboard.now = 0
    keyboard.type("2150", SLOW)
    qtbot.waitUntil(lambda: desk.field.text() == "2150")


def test_a_key_held_down_is_no_scanner(
    desk: Desk, keyboard: Keyboard, reader: Reader, qtbot: QtBot
) -> None:
    keyboard.press(Qt.Key.Key_5, "5")
    for _ in range(20):
        keyboard.now += 30
        keyboard.press(Qt.Key.Key_5, "5", repeats=True)
    assert desk.field.text() == "5" * 21
    assert reader.text == ""


def test_a_busy_application_makes_nobody_a_scanner(
    desk: Desk, keyboard: Keyboard, reader: Reader, qtbot: QtBot
) -> None:
    """The keys of two seconds come at once, with the times at which they were pressed."""
    keyboard.type("21501199000015", SLOW)
    qtbot.waitUntil(lambda: len(desk.field.text()) == 14)
    assert reader.text == ""


def test_letters_of_another_layout_are_handed_over(
    desk: Desk, keyboard: Keyboard, reader: Reader
) -> None:
    keyboard.type("ШВЛПЯФТ12345678\r", 3)
    assert reader.text == "ШВЛПЯФТ12345678\r"
    assert desk.field.text() == ""


def test_the_window_gone_with_a_key_held(qtbot: QtBot, reader: Reader) -> None:
    made = Desk()
    WedgeKeys(reader, made)
    made.show()
    made.field.setFocus()
    Keyboard(made).type("12", 1)
    made.close()
    made.deleteLater()
    qtbot.wait(120)
    assert reader.text == ""


def test_keys_of_the_test_library_reach_the_field(desk: Desk, reader: Reader, qtbot: QtBot) -> None:
    """Events without a time of the window system's have the time they came at."""
    QTest.keyClicks(desk.field, "215", delay=SLOW)
    qtbot.waitUntil(lambda: desk.field.text() == "215")


def test_keys_on_qts_own_way(desk: Desk, reader: Reader, qtbot: QtBot) -> None:
    """Through the window, with Qt's shortcuts; at a pace that a busy machine keeps."""
    reader.gap_ms = 60_000
    window = desk.windowHandle()
    for sign in ZONE:
        QTest.keyClick(window, Qt.Key.Key_Return if sign == "\r" else sign)
    assert reader.text == ZONE
    assert (desk.field.text(), desk.pressed) == ("", [])


def test_no_two_scans_are_one(keyboard: Keyboard, reader: Reader) -> None:
    for scan in (ZONE, ZONE):
        keyboard.type(scan, 2)
        keyboard.now += 2000
    assert reader.text == ZONE * 2


def test_keys_are_left_alone_while_the_reader_does_not_listen(
    desk: Desk, keyboard: Keyboard, reader: Reader
) -> None:
    reader.listens = False
    keyboard.type("21501199000015\r", 1)
    assert desk.field.text() == "21501199000015"
    assert desk.pressed == ["enter"]
    assert reader.text == ""


def test_a_guarded_window_gets_no_scanners_keys_while_the_reader_is_lost(qtbot: QtBot) -> None:
    reader, made = Reader(), Desk()
    reader.listens = False
    qtbot.addWidget(made)
    WedgeKeys(reader, made, guards=True)
    made.show()
    made.field.setFocus()
    qtbot.waitUntil(made.field.hasFocus)
    keyboard = Keyboard(made)
    keyboard.type(ZONE, 2)
    qtbot.wait(100)
    assert (made.field.text(), made.pressed) == ("", [])
    made.hide()  # locked: what is typed elsewhere is a person's
    other = Desk()
    qtbot.addWidget(other)
    other.show()
    other.field.setFocus()
    qtbot.waitUntil(other.field.hasFocus)
    Keyboard(other).type("eight hills keep the snow", 1)
    assert other.field.text() == "eight hills keep the snow"
