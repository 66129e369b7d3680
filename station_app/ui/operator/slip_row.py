"""The row under a voter's name: how far the slip is, or what its printer wants."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.entry_codes import PrintedTo
from station_app.ui.operator.devices import SlipStage, SlipView, printer_order
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.text_block import TextBlock

_PRINTER = "ph.printer"


class SlipRow(QWidget):
    """Shows a `SlipView`, and another one in its place; nothing before the first."""

    def __init__(self, texts: Texts, style: Style, to: PrintedTo) -> None:
        super().__init__()
        self._texts, self._style, self._to = texts, style, to
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._view: SlipView | None = None
        self._panel: Panel | None = None

    def show_slip(self, view: SlipView) -> None:
        """Say how far the slip is."""
        if view == self._view:
            return
        self._view = view
        if self._panel is not None:
            self._column.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        if view.stage is SlipStage.WAITING:
            order = printer_order(self._texts, view.reason)
            self._panel = self._card(order, self._texts("slip.later"))
        else:
            self._panel = self._card(self._texts(f"slip.{self._to.value}.{view.stage.value}"), "")
        self._column.addWidget(self._panel)

    def _card(self, words: str, more: str) -> Panel:
        """A quiet row; with `more` to say it is a fault's card."""
        style, colours = self._style, self._style.colours
        fill, ink = (
            (colours.warn_soft, colours.on_warn_soft) if more else (colours.sunken, colours.ink)
        )
        panel = Panel(
            fill,
            radius=style.px(14),
            border=colours.warn_edge if more else None,
            border_width=style.px(2),
        )
        row = QHBoxLayout(panel)
        row.setContentsMargins(*[style.px(side) for side in (18, 14, 18, 14)])
        row.setSpacing(style.px(16))
        row.addWidget(IconView(_PRINTER, style.px(30), ink))
        lines = QVBoxLayout()
        lines.setSpacing(style.px(2))
        lines.addWidget(TextBlock(words, style.text(19, 600), ink, line_height=1.25))
        if more:
            lines.addWidget(TextBlock(more, style.text(17), ink, line_height=1.25))
        row.addLayout(lines, 1)
        self.setAccessibleName(f"{words}. {more}".strip())
        return panel
