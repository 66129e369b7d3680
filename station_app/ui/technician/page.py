"""The frame of a technician's page: title, what it is about, and its buttons at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.ui.style import Style
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.text_block import TextBlock

_MARGINS = (24, 20, 24, 32)


def page_column(page: QWidget, style: Style) -> QVBoxLayout:
    """The column of a page, inside its margins."""
    column = QVBoxLayout(page)
    column.setContentsMargins(*[style.px(side) for side in _MARGINS])
    column.setSpacing(style.px(16))
    return column


def page_head(style: Style, title: str, line: str, buttons: Sequence[ActionButton]) -> QHBoxLayout:
    """Title and line at the left, the page's buttons at the right."""
    head = QHBoxLayout()
    head.setSpacing(style.px(12))
    words = QVBoxLayout()
    words.setSpacing(style.px(2))
    ink, faint = style.colours.ink, style.colours.ink3
    words.addWidget(TextBlock(title, style.display(28, 700), ink, line_height=1.15))
    words.addWidget(TextBlock(line, style.text(17), faint, line_height=1.4))
    head.addLayout(words, 1)
    for button in buttons:
        head.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
    return head
