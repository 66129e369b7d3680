"""A passphrase stays where it is typed: never shown by a key typed too far, never squeezed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from station_app.ui.style import Style
from station_app.ui.widgets.passphrase_field import PassphraseField, put_eyes_last
from station_app.ui.widgets.tags import Tone

WORDS = "four words nobody joins"
HIDDEN, SHOWN = QLineEdit.EchoMode.Password, QLineEdit.EchoMode.Normal


class Page(QWidget):
    """Two fields, and a page around them that may hold the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        column = QVBoxLayout(self)
        self.fields = [
            PassphraseField(Style(), icon="ph.user", name=name, show="Show") for name in "ab"
        ]
        for field in self.fields:
            column.addWidget(field)
        put_eyes_last(self)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    page = Page()
    qtbot.addWidget(page)
    page.resize(560, 200)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.fields[0].setFocus()
    return page


def show(field: PassphraseField, *, wrong: bool = False, checking: bool = False) -> None:
    tag = "Checking" if checking else ""
    field.set_state(enabled=not checking, accepted=False, wrong=wrong, tag=tag, tone=Tone.OPEN)
    QApplication.processEvents()


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def test_tab_leads_from_field_to_field_and_a_space_shows_nothing(page: Page) -> None:
    first, second = page.fields
    QTest.keyClicks(first.line, WORDS)
    press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is second.line
    QTest.keyClicks(QApplication.focusWidget(), WORDS)
    assert (first.line.text(), second.line.text()) == (WORDS, WORDS)
    assert (first.line.echoMode(), second.line.echoMode()) == (HIDDEN, HIDDEN)


def test_an_eye_shows_its_own_field_as_long_as_space_is_held(page: Page) -> None:
    first, second = page.fields
    first.eye.setFocus()
    QTest.keyPress(first.eye, Qt.Key.Key_Space)
    assert (first.line.echoMode(), second.line.echoMode()) == (SHOWN, HIDDEN)
    assert QApplication.focusWidget() is first.eye, "what is typed now goes into no field"
    QTest.keyRelease(first.eye, Qt.Key.Key_Space)
    assert first.line.echoMode() is HIDDEN


def test_a_key_of_the_look_that_nobody_hears_types_nothing(page: Page) -> None:
    line = page.fields[0].line
    QTest.keyClicks(line, WORDS)
    alt, ctrl = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(line, Qt.Key.Key_R, alt)
    QTest.keyClick(line, Qt.Key.Key_Plus, ctrl | alt)
    assert line.text() == WORDS


def test_words_that_are_shown_are_not_selected_by_the_mouse(page: Page) -> None:
    field = page.fields[0]
    QTest.keyClicks(field.line, WORDS)
    field.eye.setChecked(True)
    QTest.mouseDClick(field.line, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(field.line, Qt.MouseButton.LeftButton)
    assert field.line.echoMode() is SHOWN
    assert not field.line.hasSelectedText()


def test_words_typed_at_an_eye_show_nothing_for_good(page: Page) -> None:
    page.fields[0].eye.setFocus()
    QTest.keyClicks(page.fields[0].eye, WORDS)
    assert [field.line.text() for field in page.fields] == ["", ""]
    assert page.fields[0].line.echoMode() is HIDDEN


def test_a_clicked_eye_closes_when_another_field_is_entered(page: Page) -> None:
    first, second = page.fields
    first.eye.click()
    assert first.line.echoMode() is SHOWN
    second.setFocus()
    assert first.line.echoMode() is HIDDEN


def test_wrong_tries_leave_field_and_eye_where_they_are(page: Page) -> None:
    field = page.fields[0]
    before = (field.line.geometry(), field.eye.geometry())
    for _ in range(5):
        show(field, checking=True)
        show(field, wrong=True)
    assert (field.line.geometry(), field.eye.geometry()) == before


def test_while_it_is_checked_no_neighbour_has_the_keyboard(page: Page) -> None:
    show(page.fields[0], checking=True)
    assert QApplication.focusWidget() is page


def test_enter_keeps_what_nobody_may_take_yet(page: Page) -> None:
    field = page.fields[0]
    taken, kept = [], []
    field.taken.connect(taken.append)
    field.kept.connect(lambda: kept.append(True))
    QTest.keyClicks(field.line, WORDS)
    field.set_may_hand_on(may=False)
    press(Qt.Key.Key_Return)
    assert (field.line.text(), taken, kept) == (WORDS, [], [True])
    field.set_may_hand_on(may=True)
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (field.line.text(), taken) == (WORDS, [])
    press(Qt.Key.Key_Return)
    assert (field.line.text(), taken) == ("", [WORDS])
