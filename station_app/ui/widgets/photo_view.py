"""The voter's photo, or a neutral silhouette where the list has none."""

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QImageReader,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.tokens import PHOTO_RADIUS
from station_app.ui.widgets.finger_view import paint_covering
from station_app.ui.widgets.icons import vector_path
from station_app.ui.widgets.large_text import WHOLE
from station_app.ui.widgets.text_block import fitted

_FORMATS: Final = {b"\x89PNG": b"png", b"\xff\xd8\xff": b"jpeg"}
_LARGEST_SIDE: Final = 1600
"""Pixels. The centre puts none of more than 1000 into a list."""


def portrait_image(data: bytes) -> QImage:
    """The portrait; a null image for what is no PNG or JPEG of a portrait's size."""
    known = next((known for start, known in _FORMATS.items() if data.startswith(start)), None)
    if known is None:
        return QImage()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    reader = QImageReader(buffer, QByteArray(known))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > _LARGEST_SIDE:
        return QImage()
    picture = reader.read()
    return picture if picture.size() == size else QImage()


_WIDTH, _HEIGHT = 240, 300
_BACK = "#C4CFD8"
_SHOULDERS = "M10 300c2-58 34-80 74-88 10 14 62 14 72 0 40 8 72 30 74 88z"
_NECK = "M96 176h48v34c-6 22-42 22-48 0z"
_FACE = "M76 122c0-36 18-56 44-56s44 20 44 56c0 40-22 70-44 70s-44-30-44-70z"
_COLLAR = "M84 212l36 32 36-32 8 6-20 42-24-18-24 18-20-42z"
_LONG_HAIR = (
    "M72 132c-6-60 20-92 48-92s56 30 50 92c-1 26 6 44 14 58h-34v-40H92v40H56c10-14 17-34 16-58z"
)
_FRINGE = "M80 118c4-34 20-50 42-52 18 4 34 18 38 50-20-4-40-16-50-30-6 14-16 26-30 32z"
_SHORT_HAIR = (
    "M76 116c-4-44 16-70 46-70s48 24 42 70c-4-16-10-26-18-32-18 6-44 6-54 2-8 8-12 16-16 30z"
)
_WOMAN = (
    (_LONG_HAIR, "#5D6F80", 1.0),
    (_SHOULDERS, "#4A5C6E", 1.0),
    (_NECK, "#7C8D9C", 1.0),
    (_FACE, "#8E9EAC", 1.0),
    (_FRINGE, "#5D6F80", 1.0),
    (_COLLAR, "#3B4D5F", 0.55),
)
_NOBODY = (
    (_SHOULDERS, "#4A5C6E", 1.0),
    (_NECK, "#7C8D9C", 1.0),
    (_FACE, "#8E9EAC", 1.0),
)
_MAN = (
    (_SHOULDERS, "#4A5C6E", 1.0),
    (_NECK, "#7C8D9C", 1.0),
    (_FACE, "#8E9EAC", 1.0),
    (_SHORT_HAIR, "#5D6F80", 1.0),
    (_COLLAR, "#3B4D5F", 0.55),
)


def paint_silhouette(painter: QPainter, sex: str, box: QRectF, radius: float) -> None:
    """A head and shoulders without features, by sex: "f", "m", or empty for neither."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    clip = QPainterPath()
    clip.addRoundedRect(box, radius, radius)
    painter.setClipPath(clip)
    painter.fillRect(box, QColor(_BACK))
    shade = QLinearGradient(box.topLeft(), box.bottomRight())
    shade.setColorAt(0, colour("#FFFFFF", 0.35))
    shade.setColorAt(1, colour("#0E1C2B", 0.12))
    painter.fillRect(box, shade)
    factor = max(box.width() / _WIDTH, box.height() / _HEIGHT)
    painter.translate(box.center().x() - _WIDTH * factor / 2, box.bottom() - _HEIGHT * factor)
    painter.scale(factor, factor)
    painter.setPen(Qt.PenStyle.NoPen)
    for drawing, ink, opacity in {"f": _WOMAN, "m": _MAN}.get(sex, _NOBODY):
        painter.setBrush(colour(ink, opacity))
        painter.drawPath(vector_path(drawing))
    painter.restore()


class PhotoView(QWidget):
    """A 4:5 picture that takes its height from the layout and its width from its height.

    `no_photo` is written on the silhouette; `is_small` leaves it to screen readers.
    """

    def __init__(
        self,
        style: Style,
        portrait: bytes,
        sex: str,
        *,
        height: int,
        name: str,
        no_photo: str,
        is_small: bool = False,
        radius: float = PHOTO_RADIUS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style, self._radius = style, style.px(radius)
        self._picture = portrait_image(portrait)
        self._sex = sex
        self._no_photo = "" if is_small else no_photo
        self._tallest = style.px(height)
        self.setAccessibleName(no_photo if self._picture.isNull() else name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setProperty(WHOLE, True)
        self.setMaximumHeight(self._tallest)
        self.setFixedWidth(round(self._tallest * 0.8))

    def sizeHint(self) -> QSize:
        return QSize(round(self._tallest * 0.8), self._tallest)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() * 0.7

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedWidth(round(self.height() * 0.8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        box, radius = QRectF(self.rect()), self._radius
        if not self._picture.isNull():
            paint_covering(painter, self._picture, box, radius)
            return
        paint_silhouette(painter, self._sex, box, radius)
        if self._no_photo:
            self._paint_no_photo(painter, box)

    def _paint_no_photo(self, painter: QPainter, box: QRectF) -> None:
        style = self._style
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = box.width() - style.px(24)
        painter.setFont(fitted(style.text(15, 600), self._no_photo, room, style.px(11)))
        width = painter.fontMetrics().horizontalAdvance(self._no_photo) + style.px(24)
        chip = QRectF(0, 0, width, style.px(32))
        chip.moveBottom(box.bottom() - style.px(12))
        chip.moveLeft(box.center().x() - width / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(style.colours.surface, 0.94))
        painter.drawRoundedRect(chip, style.px(8), style.px(8))
        painter.setPen(colour(style.colours.ink))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self._no_photo)
