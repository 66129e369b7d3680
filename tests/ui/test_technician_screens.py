"""The screens before the desk, in every state, language and size: nothing clipped or forbidden."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from station_app.languages import language_codes
from station_app.ui.tokens import BASE_SIZE, SMALLEST_SIZE
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.text_block import TextBlock
from tests.ui.door_samples import finger, sample_states
from tests.ui.pictures import grab, write_pictures
from tests.ui.samples.technician import technician_states

TIGHT = [(language, SMALLEST_SIZE) for language in language_codes()]
FORBIDDEN = re.compile(r"SHA-?\d|SQL|Traceback|/home|/tmp|\.py\b|Argon|Ed25519|age1", re.IGNORECASE)


def clipped(widget: QWidget) -> list[str]:
    faults = [
        block.text()
        for block in widget.findChildren(TextBlock)
        if block.isVisibleTo(widget) and block.is_clipped()
    ]
    faults += [
        button.label
        for button in widget.findChildren(ActionButton)
        if button.isVisibleTo(widget) and button.width() < button.minimumSizeHint().width()
    ]
    for child in widget.findChildren(QWidget):
        corner = child.mapTo(widget, child.rect().bottomRight())
        if child.isVisibleTo(widget) and not widget.rect().contains(corner):
            faults.append(f"{type(child).__name__} {child.accessibleName()} outside")
    return faults


@pytest.mark.parametrize(("language", "size"), [*TIGHT, ("ky", (1920, 1080))])
def test_nothing_is_clipped_or_forbidden(
    qtbot: QtBot, language: str, size: tuple[int, int]
) -> None:
    faults = {}
    for state, widget in technician_states(language, finger, QSize(*size)):
        grab(widget, QSize(*size))
        found = clipped(widget)
        said = [block.text() for block in widget.findChildren(TextBlock)]
        said += [child.accessibleName() for child in widget.findChildren(QWidget)]
        found += [text for text in said if FORBIDDEN.search(text)]
        if found:
            faults[state] = found
    assert faults == {}


def test_everything_that_takes_the_keyboard_has_a_name(qtbot: QtBot) -> None:
    nameless = [
        (state, type(child).__name__)
        for state, widget in technician_states("en", finger, QSize(*BASE_SIZE))
        for child in widget.findChildren(QWidget)
        if isinstance(child, QAbstractButton | QLineEdit) and not child.accessibleName()
    ]
    assert nameless == []


def test_pictures_are_written_for_every_state(qtbot: QtBot, tmp_path: Path) -> None:
    files = write_pictures(
        tmp_path, ("ru",), lambda language, size: technician_states(language, finger, size)
    )
    assert {file.stem for file in files} == sample_states("ru")
    assert all(QImage(str(file)).size() == QSize(*BASE_SIZE) for file in files[:2])
