"""The live picture of the person before the camera, with an oval for the face."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPaintEvent, QPen, QResizeEvent, QTransform
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.domain.samples import FaceImage
from station_app.ui.style import Style, colour
from station_app.ui.tokens import FACE_PICTURE, PHOTO_RADIUS
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.icons import IconView, paint_icon
from station_app.ui.widgets.large_text import WHOLE
from station_app.ui.widgets.text_block import TextBlock

_OVAL = (0.27, 0.315, 0.44)
"""Half the oval's width and height, and where its middle is, as parts of width and height."""
_INSET = 14
_LARGE_TEXT_SHARE = 0.76


class LiveFaceView(QWidget):
    """The newest picture of the camera, as the operator sees the person: not mirrored.

    A picture that was not painted yet is replaced by the next: a slow machine shows fewer
    pictures, never old ones. `tag_word` is written on the picture, empty for none;
    `show_order` writes below it.
    """

    def __init__(self, style: Style, tag_word: str, name: str) -> None:
        super().__init__()
        self._style = style
        self._image: FaceImage | None = None
        self._order = ("", "")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setProperty(WHOLE, True)
        wide, self._high = picture_size(style)
        self.setMaximumHeight(self._high)
        self.setFixedWidth(wide)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*[style.px(_INSET)] * 4)
        if tag_word:
            self._column.addWidget(picture_tag(style, "ph.camera-fill", tag_word))
        self._column.addStretch(1)
        self._strip: QWidget | None = None

    @property
    def order(self) -> str:
        """The words on the picture."""
        return self._order[1]

    @property
    def image(self) -> FaceImage | None:
        """The newest picture."""
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self._high)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.width(), round(self._high * 0.7))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide, high = FACE_PICTURE
        self.setFixedWidth(round(self.height() * wide / high))

    def show_image(self, image: FaceImage) -> None:
        """Show `image` as soon as there is time to paint it."""
        self._image = image
        self.update()

    def show_order(self, icon: str, words: str) -> None:
        """Write one order on the picture, with an icon where there is one."""
        if (icon, words) == self._order:
            return
        self._order = icon, words
        if self._strip is not None:
            self._column.removeWidget(self._strip)
            self._strip.hide()
            self._strip.deleteLater()
        self._strip = _strip(self._style, icon, words)
        self._column.addWidget(self._strip)
        self._strip.show()
        self.setAccessibleDescription(words)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, radius = QRectF(self.rect()), self._style.px(PHOTO_RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._filling())
        painter.drawRoundedRect(box, radius, radius)
        if self._image is None:
            side = self._style.px(120)
            sign = QRectF(0, 0, side, side)
            sign.moveCenter(box.center() - QPointF(0, side / 4))
            paint_icon(painter, "ph.camera", sign, self._style.colours.slot)
        else:
            self._paint_oval(painter)

    def _filling(self) -> QBrush:
        """The middle of the picture, as large as the widget: a filled brush needs no clip path,
        which would cost more than the picture.
        """
        image = self._image
        if image is None:
            return QBrush(colour(self._style.colours.sunken))
        picture = QImage(
            image.pixels, image.width, image.height, 3 * image.width, QImage.Format.Format_RGB888
        )
        factor = max(self.width() / image.width, self.height() / image.height)
        scaled = picture.scaled(
            round(image.width * factor),
            round(image.height * factor),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        brush = QBrush(scaled)
        left, top = (self.width() - scaled.width()) / 2, (self.height() - scaled.height()) / 2
        brush.setTransform(QTransform.fromTranslate(left, top))
        return brush

    def _paint_oval(self, painter: QPainter) -> None:
        width = self._style.px(5)
        pen = QPen(colour("#FFFFFF"), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.4, 2.8])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        across, down, middle = _OVAL
        centre = QPointF(self.width() / 2, self.height() * middle)
        painter.drawEllipse(centre, self.width() * across, self.height() * down)


def picture_size(style: Style) -> tuple[int, int]:
    """Width and height of the live picture in pixels; smaller beside larger text."""
    wide, high = FACE_PICTURE
    share = _LARGE_TEXT_SHARE if style.is_large else 1.0
    return style.px(wide * share), style.px(high * share)


def picture_tag(style: Style, icon: str, word: str) -> Panel:
    """The dark tag in a picture's corner: an icon, and where the picture comes from."""
    tag = Panel(style.colours.ink, radius=style.px(10))
    row = QHBoxLayout(tag)
    row.setContentsMargins(style.px(12), 0, style.px(13), 0)
    row.setSpacing(style.px(8))
    row.addWidget(IconView(icon, style.px(20), style.colours.surface))
    row.addWidget(TextBlock(word, style.text(17, 600), style.colours.surface, wrap=False))
    tag.setFixedHeight(style.px(38))
    tag.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return tag


def _strip(style: Style, icon: str, words: str) -> Panel:
    strip = Panel(style.colours.ink, radius=style.px(12), alpha=0.94)
    row = QHBoxLayout(strip)
    row.setContentsMargins(*[style.px(side) for side in (16, 10, 16, 10)])
    row.setSpacing(style.px(12))
    if icon:
        row.addWidget(IconView(icon, style.px(28), style.colours.surface))
    row.addWidget(TextBlock(words, style.text(20, 600), style.colours.surface, line_height=1.35), 1)
    return strip
