"""A page of a room: title, what it is about, and its buttons at the right."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.text_block import TextBlock

_MARGINS = (24, 20, 24, 32)


class RoomPage(QWidget):
    """One page; it shows a view, and gives out what is pressed as signals."""

    def update_view(self, view: Any) -> bool:
        """Show another view of the same form; False where a new page is needed."""
        return False

    def take_focus(self) -> None:
        """Give the keyboard to what leads on."""
        raise NotImplementedError

    def keep(self) -> Any:
        """What the next page of this kind takes over; see `take_over`."""
        return None

    def take_over(self, kept: Any) -> bool:
        """Show what the page before has kept; True where the keyboard has its place by that."""
        return False


class EmptyPage(RoomPage):
    """A page of which there is nothing to show yet; it takes the keyboard so that keys work."""

    def __init__(self, texts: Texts, style: Style, title: str, line: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(f"{texts(title)}. {texts(line)}")
        column = page_column(self, style)
        column.addLayout(page_head(style, texts(title), texts(line), ()))
        column.addStretch(1)

    def take_focus(self) -> None:
        self.setFocus()


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
