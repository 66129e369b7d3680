"""The shape of each verdict, drawn as paths: it must be told apart without its colour."""

from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QTransform

from station_app.ui.style import colour
from station_app.ui.widgets.icons import PALM, SIGNPOST, paint_icon
from station_app.ui.widgets.vector_paths import vector_path

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
