"""The commission's room in every state, language and size: nothing clipped or forbidden."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from station_app.ui.tokens import BASE_SIZE
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.pictures import grab, write_pictures
from tests.ui.samples.commission import day_states, log_state_names
from tests.ui.samples.day import (
    sample_closing_views,
    sample_day_views,
    sample_decisions_views,
)
from tests.ui.test_technician_screens import FORBIDDEN, TIGHT, clipped

DIALOGS = {"sign-open", "sign-close", "sign-reopen", "day-pausing", "day-resuming"}
DIALOGS |= {"export-none", "export-which"}


@pytest.mark.parametrize(("language", "size"), [*TIGHT, ("ky", (1920, 1080))])
def test_nothing_is_clipped_or_forbidden(
    qtbot: QtBot, language: str, size: tuple[int, int]
) -> None:
    faults = {}
    for state, widget in day_states(language, QSize(*size)):
        grab(widget, QSize(*size))
        found = clipped(widget)
        if state == "decisions":  # its rows scroll
            found = [fault for fault in found if not fault.endswith("outside")]
        said = [block.text() for block in widget.findChildren(TextBlock)]
        said += [child.accessibleName() for child in widget.findChildren(QWidget)]
        found += [text for text in said if FORBIDDEN.search(text)]
        if found:
            faults[state] = found
    assert faults == {}


def test_everything_that_takes_the_keyboard_has_a_name(qtbot: QtBot) -> None:
    nameless = [
        (state, type(child).__name__)
        for state, widget in day_states("en", QSize(*BASE_SIZE))
        for child in widget.findChildren(QWidget)
        if isinstance(child, QAbstractButton | QLineEdit | QTableView)
        and child.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and not child.accessibleName()
    ]
    assert nameless == []


def test_pictures_are_written_for_every_state(qtbot: QtBot, tmp_path: Path) -> None:
    files = write_pictures(tmp_path, ("ru",), day_states)
    states = sample_day_views("ru").keys() | sample_decisions_views("ru").keys()
    states |= sample_closing_views("ru").keys() | DIALOGS | log_state_names()
    assert {file.stem for file in files} == states
    assert all(QImage(str(file)).size() == QSize(*BASE_SIZE) for file in files[:2])
