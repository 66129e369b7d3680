"""The pattern behind a place's name: arches of a finger, broken as ridges are."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from station_app.ui.style import Style, colour

_ARCHES = 23
_WIDE, _HIGH = 560, 768


class RidgePanel(QWidget):
    """A dark panel with faint arches that fade towards its top; children lie upon it."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._style.colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(colours.primary))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.scale(self.width() / _WIDE, self.height() / _HIGH)
        for number in range(_ARCHES):
            _paint_arch(painter, number, colours.on_primary)
        painter.restore()
        fade = QLinearGradient(0, 0, 0, self.height())
        fade.setColorAt(0.08, colour(colours.primary))
        fade.setColorAt(0.6, colour(colours.primary, 0.0))
        painter.fillRect(self.rect(), fade)


def _paint_arch(painter: QPainter, number: int, ink: str) -> None:
    half, high, foot = 19 * (number + 1), 21.3 * (number + 1), 527 + 7 * number
    arch = QPainterPath(QPointF(300 - half, _HIGH + 40))
    arch.lineTo(300 - half, foot)
    arch.arcTo(QRectF(300 - half, foot - high, 2 * half, 2 * high), 180, -180)
    arch.lineTo(300 + half + 2 * (number + 1), _HIGH + 40)
    pen = QPen(colour(ink, 0.16), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    # Lengths in widths of the pen: a long stroke, a gap, a shorter one, a gap.
    long, short = 90 + number * 67 % 180, 45 + number * 41 % 110
    pen.setDashPattern([long, 7, short, 7])
    painter.setPen(pen)
    painter.drawPath(arch)
