"""Asks for a folder by its name, where the file is on no stick."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.text_block import TextBlock


class FolderDialog(Overlay):
    """`entered` carries what was typed. `title` and `hint` are keys of its words,
    `facts` fill those of the hint.
    """

    entered = Signal(str)

    def __init__(
        self,
        host: QWidget,
        texts: Texts,
        style: Style,
        folder: str,
        *,
        title: str = "load.folder_title",
        hint: str = "load.folder_hint",
        facts: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            host,
            texts,
            style,
            title=texts(title),
            width=760,
            keys=(DeskKey.BACK, DeskKey.TAKE),
        )
        colours = style.colours
        self.body.addWidget(TextBlock(texts(hint, **(facts or {})), style.text(17), colours.ink3))
        self.field = QLineEdit(folder)
        self.field.setFont(style.text(18))
        self.field.setFixedHeight(style.px(60))
        self.field.setAccessibleName(texts(title))
        self.field.setProperty("focus_radius", style.px(12))
        self.field.setStyleSheet(
            f"QLineEdit {{ border: {style.px(2)}px solid {colours.control_border};"
            f" border-radius: {style.px(12)}px; padding: 0 {style.px(14)}px;"
            f" background: {colours.surface}; color: {colours.ink}; }}"
        )
        self.field.returnPressed.connect(self._take)
        self.body.addWidget(self.field)

    def open(self) -> None:
        """Show, ready to type."""
        super().open()
        self.field.setFocus()
        self.field.selectAll()

    def on_key(self, key: DeskKey) -> None:
        """Enter takes the folder as it does in the field."""
        if key is DeskKey.TAKE:
            self._take()

    def _take(self) -> None:
        self.hide()
        self.entered.emit(self.field.text().strip())
