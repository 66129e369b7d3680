"""A page of which there is nothing to show yet: its title, and why."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from station_app.ui.style import Style
from station_app.ui.technician.page import page_column, page_head
from station_app.ui.texts import Texts


class EmptyPage(QWidget):
    """Says what will be here; it takes the keyboard so that keys work."""

    def __init__(self, texts: Texts, style: Style, title: str, line: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(f"{texts(title)}. {texts(line)}")
        column = page_column(self, style)
        column.addLayout(page_head(style, texts(title), texts(line), ()))
        column.addStretch(1)

    def take_focus(self) -> None:
        """There is nothing to press."""
        self.setFocus()
