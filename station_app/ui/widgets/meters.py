"""Bars: five-part meters, attempts used, and plain progress."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.ui.style import Style, colour


class SegmentBar(QWidget):
    """`filled` of `parts` segments; the word beside it carries the meaning.

    `ink` is the colour on grounds that are not the theme's, empty for the theme's own.
    """

    def __init__(
        self,
        style: Style,
        filled: int,
        parts: int = 5,
        parent: QWidget | None = None,
        *,
        ink: str = "",
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._ink = ink
        self._filled = filled
        self._parts = parts
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(style.px(12))

    def set_filled(self, filled: int) -> None:
        """Fill the first `filled` segments."""
        self._filled = filled
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = style.px(5)
        width = (self.width() - gap * (self._parts - 1)) / self._parts
        for part in range(self._parts):
            full = part < self._filled
            ink, empty = self._ink or colours.ink, "" if self._ink else colours.sunken
            painter.setBrush(
                colour(ink) if full else colour(empty) if empty else QColor(0, 0, 0, 0)
            )
            edge = ink if full or self._ink else colours.control_border
            painter.setPen(QPen(colour(edge), 1))
            box = QRectF(part * (width + gap), 0, width, self.height())
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), style.px(4), style.px(4))


class ProgressBar(QWidget):
    """A bar filled to a fraction that really was measured."""

    def __init__(
        self,
        style: Style,
        *,
        height: int,
        fraction: float = 0.0,
        bordered: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._fraction = fraction
        self._bordered = bordered
        self._height = style.px(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self._height)

    def set_fraction(self, fraction: float) -> None:
        """Fill to `fraction`, 0.0 to 1.0."""
        self._fraction = min(1.0, max(0.0, fraction))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(120), self._height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        radius = box.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(colours.sunken))
        painter.drawRoundedRect(box, radius, radius)
        clip = QPainterPath()
        clip.addRoundedRect(box, radius, radius)
        painter.setClipPath(clip)
        painter.setBrush(colour(colours.ink))
        painter.drawRect(QRectF(0, 0, box.width() * self._fraction, box.height()))
        painter.setClipping(False)
        if self._bordered:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(colours.control_border), 1))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
