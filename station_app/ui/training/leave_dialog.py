"""The question before an exam is left: it cannot be resumed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.focus_ring import FocusRing
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.text_block import TextBlock


class LeaveDialog(Overlay):
    """`agreed` says that the exam is to be left; Esc goes back to it, and Enter does nothing."""

    agreed = Signal()

    def __init__(self, host: QWidget, texts: Texts, style: Style) -> None:
        super().__init__(
            host,
            texts,
            style,
            title=texts("exam.leave.title"),
            width=860,
            keys=(DeskKey.BACK, DeskKey.LEAVE_EXAM),
        )
        line = texts("exam.leave.line")
        self.body.addWidget(TextBlock(line, style.text(20), style.colours.ink2, line_height=1.4))
        self._ring = FocusRing(self, style)

    def on_key(self, key: DeskKey) -> None:
        """It is left."""
        self.hide()
        self.agreed.emit()
