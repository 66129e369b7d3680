"""The commission's room in every state; `test_nothing_is_cut` measures it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from station_app.ui.tokens import BASE_SIZE
from tests.ui.samples.commission import day_states, log_state_names
from tests.ui.samples.day import (
    sample_closing_views,
    sample_day_views,
    sample_decisions_views,
)
from tests.ui.samples.exceptions import sample_exceptions_views

DIALOGS = {"sign-open", "sign-close", "sign-reopen", "day-pausing", "day-resuming"}
DIALOGS |= {"export-none", "export-which", "sign-act", "sign-undo", "act-noting"}


def test_everything_that_takes_the_keyboard_has_a_name(qtbot: QtBot) -> None:
    states, nameless = set(), []
    for state, widget in day_states("ru", QSize(*BASE_SIZE)):
        states.add(state)
        nameless += [
            (state, type(child).__name__)
            for child in widget.findChildren(QWidget)
            if isinstance(child, QAbstractButton | QLineEdit | QTableView)
            and child.focusPolicy() is not Qt.FocusPolicy.NoFocus
            and not child.accessibleName()
        ]
    assert nameless == []
    expected = sample_day_views("ru").keys() | sample_decisions_views("ru").keys()
    expected |= sample_exceptions_views("ru").keys()
    assert states == expected | sample_closing_views("ru").keys() | DIALOGS | log_state_names()
