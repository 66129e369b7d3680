"""The hand that shows which finger to place: five round-capped lines and a palm."""

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from station_app.domain.fingers import FingerPosition
from station_app.ui.style import Style, colour
from station_app.ui.widgets.icons import vector_path

# The drawing is 380 by 400 units, with room for the rings around the outermost tips.
_LEFT, _TOP, _WIDTH, _HEIGHT = -14, -8, 408, 408
# Root, tip and thickness of the five fingers of a right hand seen from its back.
_FINGERS = (
    (QPointF(128, 300), QPointF(52, 226), 46),
    (QPointF(150, 214), QPointF(126, 92), 42),
    (QPointF(200, 204), QPointF(198, 58), 43),
    (QPointF(248, 212), QPointF(268, 80), 41),
    (QPointF(288, 240), QPointF(326, 142), 36),
)
_PALM = (
    "M126 224c10-16 160-20 176 6 10 24 6 74-10 110-12 30-30 44-82 44-60 0-78-26-94-66"
    "-10-30-6-70 10-94z"
)
RING_MS: Final = 1600
_RING_FROM, _RING_TO = 36, 64
_STILL_RINGS = ((36, 4, 1.0), (50, 3, 0.45), (64, 2, 0.2))


def put_hand_at_its_side(row: QBoxLayout, style: Style) -> None:
    """The row of words and hand: the hand comes first where the station is left-handed.

    A finger is always shown on its own hand; only the place of the picture changes.
    """
    if style.appearance.left_handed:
        row.setDirection(QBoxLayout.Direction.RightToLeft)


class HandView(QWidget):
    """A hand with one dark finger, mirrored for the left; rings pulse around its tip.

    Fingers that are `missing` are drawn as outlines of short dashes.
    `largest` is the widget's largest width in pixels; the hand shrinks before text does.
    """

    def __init__(
        self,
        style: Style,
        finger: FingerPosition,
        *,
        largest: int,
        rings: bool = True,
        missing: Collection[FingerPosition] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._finger = finger
        is_left = finger.is_left
        self._missing = {(one - 1) % 5 for one in missing if one.is_left is is_left}
        is_there = finger != FingerPosition.UNKNOWN and finger not in missing
        self._chosen = (finger - 1) % 5 if is_there else None
        self._rings = rings
        self._largest = largest
        self._phase = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        if rings and style.moving:
            self._pulse = QVariantAnimation(self)
            self._pulse.setDuration(RING_MS)
            self._pulse.setStartValue(0.0)
            self._pulse.setEndValue(1.0)
            self._pulse.setLoopCount(-1)
            self._pulse.setEasingCurve(QEasingCurve.Type.InOutSine)
            self._pulse.valueChanged.connect(self._beat)
            self._pulse.start()

    @property
    def finger(self) -> FingerPosition:
        """The finger that is dark."""
        return self._finger

    def sizeHint(self) -> QSize:
        return QSize(self._largest, round(self._largest * _HEIGHT / _WIDTH))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() / 2.2

    def _beat(self, phase: float) -> None:
        self._phase = phase
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min(self.width() / _WIDTH, self.height() / _HEIGHT, self._largest / _WIDTH)
        painter.translate(QRectF(self.rect()).center())
        painter.scale(-scale if self._finger.is_left else scale, scale)
        painter.translate(-_LEFT - _WIDTH / 2, -_TOP - _HEIGHT / 2)
        chosen = self._chosen
        self._paint_hand(painter, chosen)
        if chosen is not None:
            tip = _FINGERS[chosen][1]
            if self._rings:
                self._paint_rings(painter, tip)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self._style.colours.surface, 0.9))
            painter.drawEllipse(tip - QPointF(0, 2), 9, 11)

    def _paint_hand(self, painter: QPainter, chosen: int | None) -> None:
        colours = self._style.colours
        for number, (root, tip, thick) in enumerate(_FINGERS):
            if number in self._missing:
                self._paint_missing(painter, root, tip, thick)
                continue
            ink = colours.ink if number == chosen else colours.hand
            painter.setPen(QPen(colour(ink), thick, Qt.PenStyle.SolidLine,
                                Qt.PenCapStyle.RoundCap))  # fmt: skip
            painter.drawLine(root, tip)
        painter.setPen(QPen(colour(colours.hand), 14, Qt.PenStyle.SolidLine,
                            Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))  # fmt: skip
        painter.setBrush(colour(colours.hand))
        painter.drawPath(vector_path(_PALM))

    def _paint_missing(self, painter: QPainter, root: QPointF, tip: QPointF, thick: float) -> None:
        line = QPainterPath(root)
        line.lineTo(tip)
        around = QPainterPathStroker(QPen(Qt.GlobalColor.black, thick - 4))
        around.setCapStyle(Qt.PenCapStyle.RoundCap)
        dashes = QPen(colour(self._style.colours.control_border), 3)
        dashes.setDashPattern([2, 3])
        painter.setPen(dashes)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(around.createStroke(line))

    def _paint_rings(self, painter: QPainter, tip: QPointF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ink = self._style.colours.ink
        for radius, width, opacity in self._ring_shapes():
            painter.setPen(QPen(colour(ink, opacity), width))
            painter.drawEllipse(tip, radius, radius)

    def _ring_shapes(self) -> tuple[tuple[float, float, float], ...]:
        if not self._style.moving:
            return _STILL_RINGS
        rings = []
        for part in range(3):
            phase = (self._phase + part / 3) % 1.0
            radius = _RING_FROM + (_RING_TO - _RING_FROM) * phase
            rings.append((radius, 4 - 2 * phase, 1.0 - phase))
        return tuple(rings)
