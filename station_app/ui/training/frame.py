"""The striped frame: whatever is inside is not a real voter."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.ui.operator.views import StationKind
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.widgets.icons import paint_icon
from station_app.ui.widgets.verdict_band import paint_diagonals

EDGE = 8
TOP = 30
_STRIPE = 26


class TrainingFrame(QWidget):
    """Wraps the desk and the dock, or the voter's display; thin, so that 1366x768 still holds the
    whole desk.
    """

    def __init__(self, kind: StationKind, style: Style, texts: Texts) -> None:
        super().__init__()
        self._kind = kind
        self._style = style
        self._edge, self._top = style.px(EDGE), style.px(TOP)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._row.setContentsMargins(self._edge, self._top, self._edge, self._edge)
        self.set_texts(texts)

    def set_texts(self, texts: Texts) -> None:
        """Write the sentence and the watermark word in another language."""
        training = self._kind is StationKind.TRAINING
        self._sentence = texts("frame.training") if training else texts("frame.demo")
        self._word = texts("frame.training_word") if training else texts("frame.demo_word")
        self.setAccessibleName(self._sentence)
        self.update()

    def room(self, size: QSize) -> QSize:
        """What is left inside a frame of this size."""
        return size - QSize(2 * self._edge, self._edge + self._top)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put `widget` inside the frame, at the right of the others."""
        self._row.addWidget(widget, stretch)

    def paintEvent(self, event: QPaintEvent) -> None:
        style, edge, top = self._style, self._edge, self._top
        inside = self.rect().adjusted(edge, top, -edge, -edge)
        if inside.contains(
            event.rect()
        ):  # the desk covers it: a live picture asks 15 times a second
            return
        colours = style.colours
        painter = QPainter(self)
        paint_diagonals(
            painter, QRectF(self.rect()), colours.training_b, colours.training_a, style.px(_STRIPE)
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = style.text(15, 700)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(self._sentence) + style.px(58)
        pill = QRectF((self.width() - width) / 2, style.px(3), width, top - style.px(6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(colours.surface))
        painter.drawRoundedRect(pill, style.px(7), style.px(7))
        side = style.px(18)
        sign = QRectF(pill.left() + style.px(14), pill.top() + style.px(3), side, side)
        paint_icon(painter, "ph.student", sign, colours.ink)
        painter.setPen(colour(colours.ink))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(pill.adjusted(style.px(40), 0, 0, 0), left, self._sentence)
        self._paint_watermark(painter, pill)

    def _paint_watermark(self, painter: QPainter, pill: QRectF) -> None:
        px = self._style.px
        step = QFontMetricsF(painter.font()).horizontalAdvance(self._word) + px(60)
        painter.setPen(colour(self._style.colours.surface, 0.75))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        x = float(px(24))
        while x + step - px(60) <= self.width():
            box = QRectF(x, 0, step - px(60), self._top)
            if box.right() < pill.left() - px(20) or box.left() > pill.right() + px(20):
                painter.drawText(box, middle, self._word)
            x += step
