"""The striped frame: whatever is inside is not a real voter."""

from PySide6.QtCore import QRectF, Qt
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
    """Wraps the desk and the dock; thin, so that 1366x768 still holds the whole desk."""

    def __init__(self, kind: StationKind, style: Style, texts: Texts) -> None:
        super().__init__()
        self._kind = kind
        self._style = style
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._row.setContentsMargins(EDGE, TOP, EDGE, EDGE)
        self.set_texts(texts)

    def set_texts(self, texts: Texts) -> None:
        """Write the sentence and the watermark word in another language."""
        training = self._kind is StationKind.TRAINING
        self._sentence = texts("frame.training") if training else texts("frame.demo")
        self._word = texts("frame.training_word") if training else texts("frame.demo_word")
        self.setAccessibleName(self._sentence)
        self.update()

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put `widget` inside the frame, at the right of the others."""
        self._row.addWidget(widget, stretch)

    def paintEvent(self, event: QPaintEvent) -> None:
        inside = self.rect().adjusted(EDGE, TOP, -EDGE, -EDGE)
        if inside.contains(
            event.rect()
        ):  # the desk covers it: a live picture asks 15 times a second
            return
        colours = self._style.colours
        painter = QPainter(self)
        paint_diagonals(
            painter, QRectF(self.rect()), colours.training_b, colours.training_a, _STRIPE
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = Style().text(15, 700)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(self._sentence) + 58
        pill = QRectF((self.width() - width) / 2, 3, width, TOP - 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(colours.surface))
        painter.drawRoundedRect(pill, 7, 7)
        paint_icon(
            painter, "ph.student", QRectF(pill.left() + 14, pill.top() + 3, 18, 18), colours.ink
        )
        painter.setPen(colour(colours.ink))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(pill.adjusted(40, 0, 0, 0), left, self._sentence)
        self._paint_watermark(painter, pill)

    def _paint_watermark(self, painter: QPainter, pill: QRectF) -> None:
        step = QFontMetricsF(painter.font()).horizontalAdvance(self._word) + 60
        painter.setPen(colour(self._style.colours.surface, 0.75))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        x = 24.0
        while x < self.width():
            box = QRectF(x, 0, step - 60, TOP)
            if box.right() < pill.left() - 20 or box.left() > pill.right() + 20:
                painter.drawText(box, middle, self._word)
            x += step
