"""The band of a verdict, and the frame in the same colour around the whole screen."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.tokens import BAND, STOP_BAND, TOP_BAR, VERDICT_FRAME
from station_app.ui.widgets.text_block import fitted
from station_app.ui.widgets.verdict_shapes import Shape, paint_shape

_SMALLEST_LINE_PX = 24
_STRIPE = 18
_FOOT = 16


class VerdictBandView(QWidget):
    """Shape, word and one line on the verdict's colour; the top bar lies on it.

    The word is fitted to the width, between its largest and smallest size, and never
    wrapped. The band takes its part of a window higher than it needs.
    """

    def __init__(
        self,
        style: Style,
        *,
        fill: str,
        on: str,
        shape: Shape,
        word: str,
        word_px: int,
        smallest_word_px: int,
        line: str,
        hazard_stripe: bool,
        top_bar: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._fill, self._on, self._shape = fill, on, shape
        self._word, self._line = word, line
        self._word_px, self._smallest_word_px = word_px, smallest_word_px
        self._stripe = hazard_stripe
        self.setAccessibleName(f"{word}. {line}")
        self.setMinimumHeight(style.px(STOP_BAND if hazard_stripe else BAND))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(top_bar)
        column.addStretch(1)

    def set_line(self, line: str) -> None:
        """Write another line under the word."""
        if line != self._line:
            self._line = line
            self.setAccessibleName(f"{self._word}. {line}")
            self.update()

    def is_clipped(self) -> bool:
        """True when the word or the line is wider than the band has room for."""
        room = self._text_room()
        return any(
            QFontMetricsF(font).horizontalAdvance(text) > room + 0.5
            for font, text in ((self._word_font(), self._word), (self._line_font(), self._line))
        )

    def word_px(self) -> int:
        """The size of the word as fitted, in pixels."""
        return self._word_font().pixelSize()

    def _word_font(self) -> QFont:
        style = self._style
        font = style.display(self._word_px, 800)
        return fitted(font, self._word, self._text_room(), style.px(self._smallest_word_px))

    def _line_font(self) -> QFont:
        style = self._style
        font = style.display(44, 700) if self._stripe else style.text(30, 500)
        return fitted(font, self._line, self._text_room(), style.px(_SMALLEST_LINE_PX))

    def _shape_side(self) -> int:
        return self._style.px(200 if self._stripe else 176)

    def _text_left(self) -> int:
        return self._style.px(40 + 36) + self._shape_side()

    def _text_room(self) -> float:
        return self.width() - self._text_left() - self._style.px(40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour(self._fill))
        top, foot = style.px(TOP_BAR + 6), style.px(_FOOT)
        room = QRectF(0, top, self.width(), self.height() - top - foot)
        side = self._shape_side()
        box = QRectF(style.px(40), room.center().y() - side / 2, side, side)
        paint_shape(painter, self._shape, box, self._on, self._fill)
        self._paint_words(painter, room)
        if self._stripe:
            self._paint_stripe(painter)

    def _paint_words(self, painter: QPainter, room: QRectF) -> None:
        style = self._style
        word, line = self._word_font(), self._line_font()
        gap = style.px(12)
        line_height = line.pixelSize() * (1.1 if self._stripe else 1.22)
        top = room.center().y() - (word.pixelSize() + gap + line_height) / 2
        painter.setPen(colour(self._on))
        for font, text, height in (
            (word, self._word, float(word.pixelSize())),
            (line, self._line, line_height),
        ):
            metrics = QFontMetricsF(font)
            baseline = top + (height + metrics.ascent() - metrics.descent()) / 2
            painter.setFont(font)
            painter.drawText(round(self._text_left()), round(baseline), text)
            top += height + gap

    def _paint_stripe(self, painter: QPainter) -> None:
        height, edge = self._style.px(_STRIPE), self._style.px(VERDICT_FRAME)
        top = self.height() - height
        paint_diagonals(
            painter,
            QRectF(edge, top, self.width() - 2 * edge, height),
            self._on,
            self._fill,
            self._style.px(_STRIPE),
        )


def paint_diagonals(painter: QPainter, box: QRectF, first: str, second: str, width: float) -> None:
    """Stripes of two colours, `width` wide across, rising to the right, inside `box`."""
    painter.save()
    painter.setClipRect(box)
    painter.fillRect(box, colour(second))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(first))
    across = width * 2**0.5
    x = box.left() - box.height()
    while x < box.right() + across:
        painter.drawPolygon(
            [
                QPointF(x, box.bottom()),
                QPointF(x + box.height(), box.top()),
                QPointF(x + box.height() + across, box.top()),
                QPointF(x + across, box.bottom()),
            ]
        )
        x += 2 * across
    painter.restore()


class VerdictFrame(QWidget):
    """The verdict's colour around the screen; every event passes through it."""

    def __init__(self, style: Style, ink: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._style, self._ink = style, ink
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        edge = self._style.px(VERDICT_FRAME)
        painter = QPainter(self)
        ink = colour(self._ink)
        painter.fillRect(0, 0, edge, self.height(), ink)
        painter.fillRect(self.width() - edge, 0, edge, self.height(), ink)
        painter.fillRect(0, self.height() - edge, self.width(), edge, ink)
