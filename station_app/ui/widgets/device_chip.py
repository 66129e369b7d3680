"""A device in the top bar: an icon while it works, words when somebody has to do something."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.widgets.icons import paint_icon


class ChipLevel(StrEnum):
    """How a device does: works, is at it, wants something soon, hinders the work."""

    OK = "ok"
    BUSY = "busy"
    WARN = "warn"
    FAULT = "fault"

    @property
    def speaks(self) -> bool:
        """Whether the words are drawn, not only read aloud."""
        return self in (ChipLevel.WARN, ChipLevel.FAULT)


@dataclass(frozen=True, slots=True)
class ChipView:
    """What a chip says; `words` are always read aloud."""

    level: ChipLevel
    words: str


_SIGNS: Final = {
    ChipLevel.OK: "ph.check-circle-fill",
    ChipLevel.BUSY: "ph.dots-three-circle-fill",
}


class DeviceChip(QWidget):
    """Hidden until it is told what to show.

    `on` None is for the white bar; else the chip is drawn in that colour, upon `behind`.
    """

    def __init__(self, style: Style, icon: str, *, on: str | None, behind: str) -> None:
        super().__init__()
        self._style, self._icon, self._on, self._behind = style, icon, on, behind
        self._view: ChipView | None = None
        self.setFixedHeight(style.px(48))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def view(self) -> ChipView | None:
        """What is shown."""
        return self._view

    def show_chip(self, view: ChipView | None) -> None:
        """Show `view`; None hides the chip."""
        if view == self._view:
            return
        self._view = view
        self.setAccessibleName(view.words if view else "")
        self.setVisible(view is not None)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        style, view = self._style, self._view
        width = style.px(50)
        if view is not None and view.level.speaks:
            words = QFontMetricsF(style.text(15, 500)).horizontalAdvance(view.words)
            width = round(words) + style.px(50)
        return QSize(width, style.px(48))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style, box = self._style, QRectF(self.rect())
        side = style.px(24)
        icon = QRectF(style.px(8), box.center().y() - side / 2, side, side)
        if self._view.level.speaks:
            self._paint_words(painter, self._view, box, icon)
        else:
            self._paint_sign(painter, self._view, box, icon)

    def _paint_words(self, painter: QPainter, view: ChipView, box: QRectF, icon: QRectF) -> None:
        style, colours = self._style, self._style.colours
        is_fault = view.level is ChipLevel.FAULT
        fill, ink = (colours.stop, colours.on_stop) if is_fault else (colours.warn, colours.on_warn)
        # Upon a verdict's band, which may have the same colour, it keeps an edge.
        painter.setPen(QPen(colour(self._on), 2) if self._on else Qt.PenStyle.NoPen)
        painter.setBrush(colour(fill))
        edge = style.px(6)
        painter.drawRoundedRect(box.adjusted(1, edge, -1, -edge), style.px(10), style.px(10))
        paint_icon(painter, self._icon, icon, ink)
        painter.setPen(colour(ink))
        painter.setFont(style.text(15, 500))
        painter.drawText(
            box.adjusted(style.px(38), 0, 0, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            view.words,
        )

    def _paint_sign(self, painter: QPainter, view: ChipView, box: QRectF, icon: QRectF) -> None:
        style, colours = self._style, self._style.colours
        paint_icon(painter, self._icon, icon, self._on or colours.ink2)
        dot = style.px(14)
        sign = QRectF(icon.right() - style.px(4), box.center().y(), dot, dot)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._behind))
        painter.drawEllipse(sign.adjusted(-1, -1, 1, 1))
        good = colours.ok if view.level is ChipLevel.OK else colours.ink2
        paint_icon(painter, _SIGNS[view.level], sign, self._on or good)
