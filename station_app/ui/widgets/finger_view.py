"""The live image of the finger, and the small picture of the last one."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.domain.samples import FingerImage
from station_app.ui.style import Style, colour
from station_app.ui.widgets.icons import paint_icon, vector_path

_FRAME_INSET = 12


def to_qimage(image: FingerImage) -> QImage:
    """A grey picture that owns its pixels."""
    shown = QImage(
        image.pixels, image.width, image.height, image.width, QImage.Format.Format_Grayscale8
    )
    return shown.copy()


def paint_covering(painter: QPainter, picture: QImage, box: QRectF, radius: float) -> None:
    """Fill `box` with the middle of `picture`, its corners rounded."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    clip = QPainterPath()
    clip.addRoundedRect(box, radius, radius)
    painter.setClipPath(clip)
    factor = min(picture.width() / box.width(), picture.height() / box.height())
    part = QRectF(0, 0, box.width() * factor, box.height() * factor)
    part.moveCenter(QPointF(picture.width() / 2, picture.height() / 2))
    painter.drawImage(box, picture, part)
    painter.restore()


class LiveFingerView(QWidget):
    """The glass: the newest frame, with corner marks and the word for "live".

    A frame that arrives before the last one was painted replaces nothing and is dropped:
    a slow machine shows fewer frames, never old ones.
    """

    def __init__(
        self,
        style: Style,
        live_word: str,
        name: str,
        *,
        idle_icon: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._word = live_word
        self._idle_icon = idle_icon
        self._picture: QImage | None = None
        self._live = False
        self._painted = True
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setSizePolicy(policy)
        self.setFixedWidth(style.px(432))
        self.setMaximumHeight(style.px(532))

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(432), self._style.px(532))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._style.px(432), self._style.px(400))

    def show_frame(self, image: FingerImage, *, live: bool = True) -> bool:
        """Show `image`; False when it was dropped because the last is not painted yet."""
        if not self._painted:
            return False
        self._picture = to_qimage(image)
        self._live = live
        self._painted = not self.isVisible()
        self.update()
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._painted = True
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = self._style.px(_FRAME_INSET)
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        if self._picture is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self._style.colours.sunken))
            painter.drawRoundedRect(box, self._style.px(14), self._style.px(14))
            side = self._style.px(168)
            icon = QRectF(0, 0, side, side)
            icon.moveCenter(box.center())
            paint_icon(painter, self._idle_icon, icon, self._style.colours.slot)
        else:
            paint_covering(painter, self._picture, box, self._style.px(14))
        self._paint_corners(painter)
        if self._live:
            self._paint_live(painter, box)

    def _paint_corners(self, painter: QPainter) -> None:
        width = self._style.px(6)
        pen = QPen(colour(self._style.colours.ink), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        corner = vector_path("M0 40V12C0 5.4 5.4 0 12 0h28")
        scale, edge = self._style.scale, width / 2 + 1
        across, down = self.width() - edge, self.height() - edge
        for x, y, sx, sy in (
            (edge, edge, 1, 1), (across, edge, -1, 1), (across, down, -1, -1), (edge, down, 1, -1)
        ):  # fmt: skip
            painter.save()
            painter.translate(x, y)
            painter.scale(sx * scale, sy * scale)
            pen.setWidthF(6)
            painter.setPen(pen)
            painter.drawPath(corner)
            painter.restore()

    def _paint_live(self, painter: QPainter, box: QRectF) -> None:
        style = self._style
        font = style.text(16, 600)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(self._word) + style.px(44)
        chip = QRectF(box.left() + style.px(14), box.top() + style.px(14), width, style.px(36))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(style.colours.ink))
        painter.drawRoundedRect(chip, style.px(10), style.px(10))
        painter.setBrush(colour(style.colours.surface))
        dot = style.px(10)
        painter.drawEllipse(
            QRectF(chip.left() + style.px(13), chip.center().y() - dot / 2, dot, dot)
        )
        painter.setPen(colour(style.colours.surface))
        painter.drawText(
            chip.adjusted(style.px(31), 0, 0, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self._word,
        )


class LastFingerView(QWidget):
    """The last image, small, beside its fault in words."""

    def __init__(
        self, style: Style, image: FingerImage, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._picture = to_qimage(image)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(style.px(200))
        self.setMaximumHeight(style.px(250))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._style.px(200), self._style.px(160))

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(200), self._style.px(250))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = self._style.px(16)
        paint_covering(painter, self._picture, box, radius)
        painter.setPen(QPen(colour(self._style.colours.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)
