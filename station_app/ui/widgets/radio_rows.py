"""One of several that has to be chosen; nothing is chosen before a person does it."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.cards import paint_key_cap
from station_app.ui.widgets.keys import is_modified, press_by_enter
from station_app.ui.widgets.text_block import draw_fitted

_HEIGHT = 52
_WIDEST_EM = 20
"""A longer name takes lines, or a smaller font."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class RadioRow(QRadioButton):
    """A row: its number as a key, its words, and a ring that is filled once it is chosen."""

    stepped = Signal(int)
    numbered = Signal(int)

    def __init__(self, style: Style, number: int, label: str) -> None:
        super().__init__(label)
        self._style, self._number, self._is_large = style.half_grown, number, style.is_large
        style = self._style
        self.setAccessibleName(f"{label}, {number}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("focus_radius", style.px(FIELD_RADIUS))
        self.setFixedHeight(style.px(_HEIGHT))

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(320), self.height())

    def minimumSizeHint(self) -> QSize:
        """With larger text rows of several columns are stacked before a word is cut."""
        if not self._is_large:
            return QSize(0, self.height())
        font = self._style.text(17, 600)
        words = QFontMetricsF(font).horizontalAdvance(self.text())
        words = min(words, _WIDEST_EM * font.pixelSize())
        return QSize(round(words) + self._style.px(58 + 52) + 1, self.height())

    def hitButton(self, pos: object) -> bool:
        """The whole row is the button."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9 and not is_modified(event):
            self.numbered.emit(event.key() - Qt.Key.Key_1)
        elif not press_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        edge = style.px(2)
        box = QRectF(self.rect())
        painter.setPen(QPen(colour(colours.ink if chosen else colours.line), edge))
        painter.setBrush(colour(colours.surface))
        inner = box.adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        painter.drawRoundedRect(inner, style.px(FIELD_RADIUS - 1), style.px(FIELD_RADIUS - 1))
        cap = QRectF(style.px(14), 0, style.px(28), style.px(28))
        cap.moveTop(box.center().y() - cap.height() / 2)
        paint_key_cap(painter, cap, style, colours.control_border, colours.surface)
        painter.setPen(colour(colours.ink2))
        painter.setFont(style.text(14, 600))
        painter.drawText(cap.adjusted(0, 0, 0, -2), Qt.AlignmentFlag.AlignCenter, str(self._number))
        words = box.adjusted(style.px(58), 0, -style.px(52), 0)
        painter.setPen(colour(colours.ink))
        font = style.text(17, 600 if chosen else 500)
        draw_fitted(painter, words, font, self.text(), style.px(13))
        self._paint_ring(painter, box)

    def _paint_ring(self, painter: QPainter, box: QRectF) -> None:
        style, colours = self._style, self._style.colours
        side = style.px(22)
        ring = QRectF(box.right() - style.px(16) - side, box.center().y() - side / 2, side, side)
        painter.setPen(QPen(colour(colours.control_border), style.px(2)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(ring.adjusted(1, 1, -1, -1))
        if self.isChecked():
            third = side * 0.26
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(colours.ink))
            painter.drawEllipse(ring.adjusted(third, third, -third, -third))


class RadioRows(QWidget):
    """Rows below each other; arrows move, a number, Space or Enter chooses.

    `changed` says that another one was chosen.
    """

    changed = Signal()

    def __init__(self, style: Style, labels: Sequence[str]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        self.rows = [RadioRow(style, number, label) for number, label in enumerate(labels, 1)]
        for place, row in enumerate(self.rows):
            row.toggled.connect(self._toggled)
            row.stepped.connect(lambda step, place=place: self._focus(place + step))
            row.numbered.connect(self._choose)
            column.addWidget(row)

    @property
    def chosen(self) -> int | None:
        """The place of the one that is chosen, None before anybody did it."""
        return next((place for place, row in enumerate(self.rows) if row.isChecked()), None)

    def take_focus(self) -> None:
        """Give the keyboard to the one that is chosen, or to the first."""
        self._focus(self.chosen or 0)

    def _focus(self, place: int) -> None:
        row = self.rows[place % len(self.rows)]
        row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, place: int) -> None:
        if place < len(self.rows):
            self._focus(place)  # first: whoever hears of the choice may lead the keyboard on
            self.rows[place].setChecked(True)

    def _toggled(self, checked: bool) -> None:
        if checked:
            self.changed.emit()
