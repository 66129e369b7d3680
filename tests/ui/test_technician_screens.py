"""The screens before the desk, in every state; `test_nothing_is_cut` measures them."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from station_app.ui.tokens import BASE_SIZE
from tests.ui.door_samples import finger, sample_states
from tests.ui.samples.technician import technician_states


def test_everything_that_takes_the_keyboard_has_a_name(qtbot: QtBot) -> None:
    states, nameless = set(), []
    for state, widget in technician_states("ru", finger, QSize(*BASE_SIZE)):
        states.add(state)
        nameless += [
            (state, type(child).__name__)
            for child in widget.findChildren(QWidget)
            if isinstance(child, QAbstractButton | QLineEdit) and not child.accessibleName()
        ]
    assert nameless == []
    assert states == sample_states("ru")
