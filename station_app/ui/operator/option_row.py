"""One of several answers in the commission's colour: a ring, its words, the key that picks it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from station_app.ui.style import Style, colour
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.text_block import fitted

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class OptionRow(QAbstractButton):
    """Chosen by a click, Space or Enter; arrows go to the next. A short one has no ring."""

    def __init__(self, style: Style, label: str, *, key: str = "", short: bool = False) -> None:
        super().__init__()
        self._style, self._label, self._key, self._short = style, label, key, short
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several, and read aloud as such
        self.setText(label)
        self.setAccessibleName(f"{key}. {label}" if key else label)
        self.setFixedHeight(style.px(48))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_radius", style.px(FIELD_RADIUS))

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(90 if self._short else 400), self._style.px(48))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self._go(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)

    def _go(self, step: int) -> None:
        """Give the keyboard to the row before or after; it is not chosen by that."""
        parent = self.parentWidget()
        assert parent is not None
        rows = parent.findChildren(OptionRow, options=Qt.FindChildOption.FindDirectChildrenOnly)
        rows = [row for row in rows if row._short == self._short]
        rows[(rows.index(self) + step) % len(rows)].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, edge = self.isChecked(), style.px(2)
        ink = colours.commission if chosen else colours.line
        if not chosen and self._short:
            ink = colours.control_border
        fill = colours.commission_soft if chosen else colours.surface
        if self.underMouse() and not chosen:
            fill = colours.bg
        painter.setPen(QPen(colour(ink), edge))
        painter.setBrush(colour(fill))
        box = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        radius = style.px(FIELD_RADIUS - 1)
        painter.drawRoundedRect(box, radius, radius)
        if self._short:
            words = box.adjusted(style.px(10), 0, -style.px(24 if self._key else 8), 0)
            font = style.text(16, 600 if chosen else 500)
            painter.setFont(fitted(font, self._label, words.width(), style.px(12)))
            painter.setPen(colour(colours.ink))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._label)
            self._paint_key(painter, box.adjusted(0, 0, -style.px(10), 0))
            return
        self._paint_ring(painter, chosen)
        left = style.px(50)
        room = self.width() - left - style.px(44)
        painter.setFont(fitted(style.text(17, 500), self._label, room, style.px(13)))
        painter.setPen(colour(colours.ink))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, 0, room + 1, self.height()), middle, self._label)
        self._paint_key(painter, box.adjusted(0, 0, -style.px(14), 0))

    def _paint_key(self, painter: QPainter, box: QRectF) -> None:
        painter.setFont(self._style.text(15, 600))
        painter.setPen(colour(self._style.colours.ink3))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box, right, self._key)

    def _paint_ring(self, painter: QPainter, chosen: bool) -> None:
        style, colours = self._style, self._style.colours
        side = style.px(21)
        ring = QRectF(style.px(17), (self.height() - side) / 2, side, side)
        if chosen:
            painter.setPen(QPen(colour(colours.commission), style.px(7)))
            ring = ring.adjusted(3, 3, -3, -3)
        else:
            painter.setPen(QPen(colour(colours.control_border), style.px(2)))
        painter.setBrush(colour(colours.surface))
        painter.drawEllipse(ring)
