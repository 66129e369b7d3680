"""The column at the left of the technician's and the chair's pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.widgets.icons import paint_icon

NAV_WIDTH = 208
_LARGE_WIDTH = 158
"""Base pixels of the column with larger text: words and keys, no icons."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place to go: its code, icon, words and the key that leads there."""

    code: str
    icon: str
    label: str
    key: str


class NavButton(QAbstractButton):
    """A row of the column; the one that is shown is dark."""

    def __init__(self, item: NavItem, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self._item, self._look, self._style = item, style, style.half_grown
        self._has_icon = not style.is_large
        style = self._style
        self._is_here = False
        self._say_name()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focus_radius", style.px(12))
        self.setFixedHeight(self._height())

    def _height(self) -> int:
        """A row's, or with larger text as much as the lines of the label need."""
        style = self._style
        if self._has_icon:
            return style.px(52)
        room = QRectF(0, 0, self._look.grown.px(_LARGE_WIDTH - 25) - self._beside(), 1000)
        flags = int(Qt.TextFlag.TextWordWrap.value)
        metrics = QFontMetricsF(style.text(16, 600))
        lines = metrics.boundingRect(room, flags, self._item.label).height()
        return max(self._look.px(48), round(lines) + style.px(12))

    def _beside(self) -> float:
        """What the key and the margins take beside the label."""
        style = self._style
        key = QFontMetricsF(style.text(13, 600)).horizontalAdvance(self._item.key)
        return key + style.px(12 + 8) + style.px(50 if self._has_icon else 10)

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(183), self._style.px(52))

    def set_key(self, key: str) -> None:
        """Write another key, or none where the key does something else now."""
        if key != self._item.key:
            self._item = replace(self._item, key=key)
            self._say_name()
            self.update()

    def _say_name(self) -> None:
        item = self._item
        self.setAccessibleName(f"{item.label}, {item.key}" if item.key else item.label)

    def mark(self, is_here: bool) -> None:
        """Draw it dark, or not: that follows the page, not the press."""
        self._is_here = is_here
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        ink, faint = colours.ink2, colours.ink3
        if self._is_here:
            ink = faint = colours.on_primary
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(colours.primary))
            painter.drawRoundedRect(box, style.px(12), style.px(12))
        elif self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(colours.bg))
            painter.drawRoundedRect(box, style.px(12), style.px(12))
        if self._has_icon:
            side = style.px(26)
            icon = QRectF(style.px(12), (box.height() - side) / 2, side, side)
            paint_icon(painter, self._item.icon, icon, ink)
        painter.setPen(colour(ink))
        painter.setFont(style.text(16, 600 if self._is_here else 500))
        middle = Qt.AlignmentFlag.AlignVCenter
        key_font = style.text(13, 600)
        key = QFontMetricsF(key_font).horizontalAdvance(self._item.key) + style.px(12 + 8)
        wrapped = QTextOption(middle | Qt.AlignmentFlag.AlignLeft)
        wrapped.setWrapMode(QTextOption.WrapMode.WordWrap)
        left = style.px(50 if self._has_icon else 10)
        painter.drawText(box.adjusted(left, 0, -key, 0), self._item.label, wrapped)
        painter.setPen(colour(faint))
        painter.setFont(key_font)
        painter.drawText(
            box.adjusted(0, 0, -style.px(12), 0), middle | Qt.AlignmentFlag.AlignRight,
            self._item.key,
        )  # fmt: skip


class NavColumn(QWidget):
    """The places, and at the foot those that are always offered (`below`)."""

    chosen = Signal(str)

    def __init__(
        self,
        style: Style,
        items: Sequence[NavItem],
        below: Sequence[NavItem],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style = style
        wide = style.grown.px(_LARGE_WIDTH) if style.is_large else style.px(NAV_WIDTH)
        self.setFixedWidth(wide)
        column = QVBoxLayout(self)
        edge = style.px(12)
        column.setContentsMargins(edge, style.px(16), style.px(13), style.px(16))
        column.setSpacing(style.px(4))
        self._buttons: dict[str, NavButton] = {}
        for item in (*items, None, *below):
            if item is None:
                column.addStretch(1)
                continue
            button = NavButton(item, style, self)
            button.clicked.connect(lambda _checked=False, code=item.code: self.chosen.emit(code))
            self._buttons[item.code] = button
            column.addWidget(button)

    def set_key(self, code: str, key: str) -> None:
        """Write another key beside a place, or none."""
        self._buttons[code].set_key(key)

    def mark(self, code: str) -> None:
        """Draw `code` as the place that is shown."""
        for own, button in self._buttons.items():
            button.mark(own == code)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._style.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(colours.surface))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), colour(colours.line))
