"""The band of a verdict, and the frame in the same colour around the whole screen."""

from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.tokens import BAND, STOP_BAND, TOP_BAR, VERDICT_FRAME
from station_app.ui.widgets.icons import PALM, SIGNPOST, paint_icon, vector_path
from station_app.ui.widgets.text_block import fitted

_OCTAGON = "M64 6h72l58 58v72l-58 58H64L6 136V64z"
_HEXAGON = "M54 18h92l48 82-48 82H54L6 100z"
_CHECK = "M54 104l32 33 62-70"


class Shape(Enum):
    """Outline and sign; drawn in a square of 200 units."""

    CIRCLE_CHECK = auto()
    OCTAGON_HAND = auto()
    DIAMOND_SIGN = auto()
    SQUARE_ARROW = auto()
    HEXAGON_PEOPLE = auto()


def paint_shape(painter: QPainter, shape: Shape, box: QRectF, on: str, fill: str) -> None:
    """Draw `shape` into `box`: the body in colour `on`, the sign cut out in `fill`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / 200, box.height() / 200)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(on))
    painter.drawPath(_body(shape))
    match shape:
        case Shape.CIRCLE_CHECK:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(fill), 22, Qt.PenStyle.SolidLine,
                                Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))  # fmt: skip
            painter.drawPath(vector_path(_CHECK))
        case Shape.OCTAGON_HAND:
            paint_icon(painter, PALM, QRectF(36, 34, 128, 128), fill)
        case Shape.DIAMOND_SIGN:
            paint_icon(painter, SIGNPOST, QRectF(40, 40, 124, 124), fill)
        case Shape.SQUARE_ARROW:
            paint_icon(painter, "ph.arrow-clockwise-bold", QRectF(30, 30, 140, 140), fill)
        case Shape.HEXAGON_PEOPLE:
            paint_icon(painter, "ph.users-three-fill", QRectF(36, 36, 128, 128), fill)
    painter.restore()


def _body(shape: Shape) -> QPainterPath:
    path = QPainterPath()
    match shape:
        case Shape.CIRCLE_CHECK:
            path.addEllipse(QPointF(100, 100), 94, 94)
        case Shape.OCTAGON_HAND:
            path = vector_path(_OCTAGON)
        case Shape.DIAMOND_SIGN:
            path.addRoundedRect(QRectF(-66, -66, 132, 132), 14, 14)
            path = QTransform().translate(100, 100).rotate(45).map(path)
        case Shape.SQUARE_ARROW:
            path.addRoundedRect(QRectF(8, 8, 184, 184), 40, 40)
        case Shape.HEXAGON_PEOPLE:
            path = vector_path(_HEXAGON)
    return path


_SMALLEST_LINE_PX = 24
_STRIPE = 18
_FOOT = 16
_OUTLINE = 3
"""A white line between verdict and black ground, which some verdicts hardly differ from."""


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
        self.setMinimumHeight(self._least_height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(top_bar)
        column.addStretch(1)

    def _least_height(self) -> int:
        """The band's, or with larger text what word and line need below the top bar."""
        style, stripe = self._style, _STRIPE if self._stripe else 0
        least = style.px(STOP_BAND if self._stripe else BAND)
        if not style.is_large:
            return least
        line = style.display(44) if self._stripe else style.text(30)
        above = style.half_grown.px(TOP_BAR) + style.px(6 + self._word_px + 12 + _FOOT + stripe)
        return max(least, above + round(line.pixelSize() * 1.22))

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
        font = style.display(self._word_px, 800, grows=False)
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
        top, foot = style.half_grown.px(TOP_BAR) + style.px(6), style.px(_FOOT)
        room = QRectF(0, top, self.width(), self.height() - top - foot)
        side = self._shape_side()
        box = QRectF(style.px(40), room.center().y() - side / 2, side, side)
        paint_shape(painter, self._shape, box, self._on, self._fill)
        self._paint_words(painter, room)
        if self._stripe:
            self._paint_stripe(painter)
        if style.colours.outline:
            edge = style.px(_OUTLINE)
            inside = style.px(VERDICT_FRAME)
            line = QRectF(inside, self.height() - edge, self.width() - 2 * inside, edge)
            painter.fillRect(line, colour(style.colours.outline))

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
        if outline := self._style.colours.outline:
            thin = self._style.px(_OUTLINE)
            painter.setPen(QPen(colour(outline), thin))
            left, low = edge + thin / 2, self.height() - edge - thin / 2
            right = self.width() - left
            corners = ((left, 0.0), (left, low), (right, low), (right, 0.0))
            painter.drawPolyline([QPointF(x, y) for x, y in corners])
