"""The walk over the screens finds what is planted, and nothing on a screen without a fault."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from station_app.ui.style import Style
from station_app.ui.widgets.text_block import TextBlock
from tests.ui import screen_walk
from tests.ui.desk_samples import sample_desk

SIZE = QSize(640, 480)


class Painted(QWidget):
    """Paints a text into its own rectangle, as many of our widgets do."""

    def __init__(
        self, parent: QWidget, words: str, width: int, px: int = 20, *, wraps: bool = False
    ) -> None:
        super().__init__(parent)
        self._words, self._px, self._wraps = words, px, wraps
        self.setGeometry(20, 20, width, 60)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        painter = QPainter(self)
        painter.setFont(Style().text(self._px))
        if self._wraps:
            wrapped = QTextOption(Qt.AlignmentFlag.AlignVCenter)
            wrapped.setWrapMode(QTextOption.WrapMode.WordWrap)
            painter.drawText(QRectF(self.rect()), self._words, wrapped)
        else:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)


def sound(root: QWidget) -> None:
    Painted(root, "Long enough for this", 300)
    Painted(root, "In two lines", 80, wraps=True).move(400, 20)
    button = QPushButton("Go on", root)
    button.setGeometry(20, 120, 100, 48)
    TextBlock("One line", Style().text(17), "#000000", parent=root).setGeometry(20, 200, 300, 40)


def painted_text_too_wide(root: QWidget) -> None:
    Painted(root, "Long enough for this", 90)


def painted_word_too_wide(root: QWidget) -> None:
    Painted(root, "Immeasurable", 60, wraps=True)


def painted_lines_too_high(root: QWidget) -> None:
    Painted(root, "A sentence that needs several lines at this width", 100, wraps=True)


def type_too_small(root: QWidget) -> None:
    Painted(root, "tiny", 300, px=8)


def wrapped_text_too_high(root: QWidget) -> None:
    words = "A sentence that needs several lines at this width"
    TextBlock(words, Style().text(17), "#000000", parent=root).setGeometry(20, 20, 120, 30)


def part_off_the_window(root: QWidget) -> None:
    QPushButton("Confirm", root).setGeometry(560, 20, 120, 60)


def one_over_the_other(root: QWidget) -> None:
    QPushButton("Confirm", root).setGeometry(20, 20, 120, 60)
    QWidget(root).setGeometry(100, 20, 120, 60)


def button_too_small(root: QWidget) -> None:
    button = QPushButton("ENG", root)
    button.setGeometry(20, 20, 60, 42)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)


def field_squeezed(root: QWidget) -> None:
    QLineEdit(root).setGeometry(20, 20, 60, 60)


def list_without_its_scroll_bar(root: QWidget) -> None:
    area = QScrollArea(root)
    area.setGeometry(20, 20, 200, 100)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inside = QWidget()
    inside.setFixedSize(150, 300)
    area.setWidget(inside)


def stop_that_shows_nothing(root: QWidget) -> None:
    page = QWidget(root)
    page.setGeometry(20, 20, 100, 100)
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def larger_than_the_screen(root: QWidget) -> None:
    row = QHBoxLayout(root)
    wide = QWidget()
    wide.setMinimumSize(700, 100)
    row.addWidget(wide)


PLANTED: dict[Callable[[QWidget], None], set[str]] = {
    sound: set(),
    painted_text_too_wide: {"cut"},
    painted_word_too_wide: {"cut"},
    painted_lines_too_high: {"cut"},
    type_too_small: {"type too small"},
    wrapped_text_too_high: {"cut"},
    part_off_the_window: {"off the window"},
    one_over_the_other: {"covered"},
    button_too_small: {"too small to press"},
    field_squeezed: {"narrow field"},
    list_without_its_scroll_bar: {"no scroll bar"},
    stop_that_shows_nothing: {"invisible tab stop", "no name"},
    larger_than_the_screen: {"larger than the screen"},
}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_what_is_planted_is_found(qtbot: QtBot, plant: Callable[[QWidget], None]) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    plant(root)
    for stop in root.findChildren(QPushButton) + root.findChildren(QLineEdit):
        stop.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    found = screen_walk.look(root, SIZE, plant.__name__, "en", "alone")
    assert {one.rule for one in found} == PLANTED[plant]


@pytest.mark.parametrize(
    ("words", "rules"),
    [("Score 4.2", {"forbidden"}), ("No such file: /tmp/x.py", {"forbidden"}), ("Ready", set())],
)
def test_what_no_screen_says_is_found(qtbot: QtBot, words: str, rules: set[str]) -> None:
    desk = sample_desk("en")
    qtbot.addWidget(desk)
    Painted(desk, "Long enough for this", 300)
    TextBlock(words, Style().text(17), "#000000", parent=desk).setGeometry(20, 200, 300, 40)
    found = screen_walk.look(desk, QSize(*screen_walk.SIZES[0]), "planted", "en", "alone")
    assert {one.rule for one in found} == rules


def test_a_finding_says_where_it_is(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    column = QVBoxLayout(root)
    column.addStretch(1)
    button_too_small(root)
    (found,) = screen_walk.look(root, SIZE, "somewhere", "ky", "dock away")
    QApplication.processEvents()
    assert str(found) == (
        "too small to press by 2 px: somewhere 640x480 ky dock away standard: QPushButton 'ENG'"
    )
    assert QRect(*found.box) == QRect(20, 20, 60, 42)
