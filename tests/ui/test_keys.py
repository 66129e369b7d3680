"""Enter on what can be pressed: once however long it is held, and not with Ctrl; the number pad."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from station_app.ui.commission.day_log_page import FilterPill
from station_app.ui.operator.manual_dialog import OptionRow
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.training.lesson_parts import KeyedButton
from station_app.ui.unlock.side import PersonButton
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.answer_button import AnswerButton
from station_app.ui.widgets.choice_list import Choice, ChoiceRow
from station_app.ui.widgets.key_bar import DeskKey, KeyButton
from station_app.ui.widgets.radio_rows import RadioRow, RadioRows

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
PAD = Qt.KeyboardModifier.KeypadModifier

BUTTONS: dict[str, Callable[[Style, QWidget], QAbstractButton]] = {
    "action": lambda style, _: ActionButton("Open", style),
    "answer": lambda style, _: AnswerButton(
        Texts("en"), style, DeskKey.SAME, "Same?", is_open=True, is_chosen=False
    ),
    "choice": lambda style, around: ChoiceRow(Choice("ph.user", "A"), style, around),
    "key": lambda style, _: KeyButton(DeskKey.HELP.value, "Help", style),
    "lesson": lambda style, _: KeyedButton(style, "N", "Next", "N"),
    "option": lambda style, _: OptionRow(style, "Passport"),
    "person": lambda style, _: PersonButton("A", "choose", style, others=True),
    "pill": FilterPill,
    "radio": lambda style, _: RadioRow(style, 1, "A"),
}


@pytest.fixture
def around(qtbot: QtBot) -> QWidget:
    around = QWidget()
    qtbot.addWidget(around)
    return around


def send(button: QAbstractButton, key: Qt.Key, held: Qt.KeyboardModifier, *, again: bool) -> None:
    QApplication.sendEvent(button, QKeyEvent(QEvent.Type.KeyPress, key, held, "", again))


@pytest.mark.parametrize("name", BUTTONS)
def test_enter_clicks_once_however_long_it_is_held(around: QWidget, name: str) -> None:
    button = BUTTONS[name](Style(), around)
    button.setParent(around)
    clicks: list[str] = []
    button.clicked.connect(lambda: clicks.append(name))
    send(button, Qt.Key.Key_Return, CTRL, again=False)
    for _ in range(3):
        send(button, Qt.Key.Key_Return, NONE, again=True)
    assert clicks == []
    send(button, Qt.Key.Key_Return, NONE, again=False)
    send(button, Qt.Key.Key_Enter, PAD, again=False)
    assert clicks == [name, name]


def test_rows_are_chosen_on_the_number_pad_and_not_with_ctrl(around: QWidget) -> None:
    rows = RadioRows(Style(), ["A", "B"])
    rows.setParent(around)
    send(rows.rows[0], Qt.Key.Key_2, CTRL, again=False)
    assert rows.chosen is None, "Ctrl and a number leads to a place, where no dialog is open"
    send(rows.rows[0], Qt.Key.Key_2, PAD, again=False)
    assert rows.chosen == 1
