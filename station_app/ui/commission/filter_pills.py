"""The filters of the day log: one of them is dark."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from station_app.domain.day_log import LogFilter
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import KEY_RADIUS

_HEIGHT, _SIDE = 48, 17
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class FilterPill(QAbstractButton):
    """A filter with its count; Space, Enter and a click choose it, arrows go to the next."""

    moved = Signal(int)

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several, and read aloud as such
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_radius", style.px(KEY_RADIUS))
        self.setFixedHeight(style.px(_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        """Write the filter and its count."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.updateGeometry()

    def nextCheckState(self) -> None:
        """Which one is dark follows the page, not the press."""

    def sizeHint(self) -> QSize:
        return QSize(round(self._words_width(16) + self._style.px(2 * _SIDE)) + 2, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._words_width(13) + self._style.px(2 * 8)) + 2, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)

    def _words_width(self, px: int) -> float:
        return QFontMetricsF(self._style.text(px, 600)).horizontalAdvance(self.text())

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, ink, edge = colours.surface, colours.ink, colours.control_border
        if self.isChecked():
            fill, ink, edge = colours.primary, colours.on_primary, colours.primary
        elif self.underMouse():
            fill = colours.bg
        painter.setPen(QPen(colour(edge), 1))
        painter.setBrush(colour(fill))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, style.px(KEY_RADIUS), style.px(KEY_RADIUS))
        px = 16
        while px > 13 and self._words_width(px) > self.width() - style.px(2 * 8):
            px -= 1
        painter.setFont(style.text(px, 600))
        painter.setPen(colour(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())


class FilterPills(QWidget):
    """All filters in a row; `chosen` carries the one that is wanted.

    Faces have one where there are any: not every station compares them.
    """

    chosen = Signal(LogFilter)

    def __init__(self, texts: Texts, style: Style) -> None:
        super().__init__()
        self._texts = texts
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(8))
        self.pills: dict[LogFilter, FilterPill] = {}
        for shown in LogFilter:
            pill = FilterPill(style, self)
            pill.clicked.connect(lambda _checked=False, shown=shown: self.chosen.emit(shown))
            pill.moved.connect(lambda step, shown=shown: self._move(shown, step))
            row.addWidget(pill)
            self.pills[shown] = pill
        row.addStretch(1)

    def show_counts(self, shown: LogFilter, counts: Mapping[LogFilter, int]) -> None:
        """Mark the filter that holds, and write how many fit each."""
        for one, pill in self.pills.items():
            pill.setChecked(one is shown)
            number = self._texts.number(counts.get(one, 0))
            pill.set_words(self._texts(f"log.filter.{one.value}", number=number))
        by_face = counts.get(LogFilter.BY_FACE, 0) > 0 or shown is LogFilter.BY_FACE
        self.pills[LogFilter.BY_FACE].setVisible(by_face)

    def _move(self, shown: LogFilter, step: int) -> None:
        order = [one for one, pill in self.pills.items() if not pill.isHidden()]
        pill = self.pills[order[(order.index(shown) + step) % len(order)]]
        pill.setFocus(Qt.FocusReason.ShortcutFocusReason)
