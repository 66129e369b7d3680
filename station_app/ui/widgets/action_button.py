"""A button inside a page: an outline, or filled for the one thing to do next."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.tokens import KEY_RADIUS
from station_app.ui.widgets.icons import paint_icon
from station_app.ui.widgets.keys import press_by_enter

_ICON, _GAP = 24, 10


class ActionButton(QPushButton):
    """Names a result; `key` is the key that does the same, drawn beside the words.

    A `danger` is outlined in red: it takes something back. One that cannot be pressed is grey
    all over. Words too long for one line at the button's width are drawn smaller, down to 13 px.
    """

    def __init__(
        self,
        label: str,
        style: Style,
        *,
        icon: str = "",
        key: str = "",
        primary: bool = False,
        danger: bool = False,
        height: int = 52,
        px: int = 17,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        style = style.half_grown
        self._label, self._style, self._icon, self._key = label, style, icon, key
        self._primary, self._danger, self._px = primary, danger, px
        self.setFixedHeight(style.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focus_radius", style.px(KEY_RADIUS))
        self.set_label(label)

    def set_label(self, label: str) -> None:
        """Write other words on it."""
        self._label = label
        self.setAccessibleName(f"{label}, {self._key}" if self._key else label)
        self.updateGeometry()
        self.update()

    @property
    def label(self) -> str:
        """The words on it."""
        return self._label

    def sizeHint(self) -> QSize:
        width = (
            self._words_width(self._font(self._px))
            + self._beside()
            + self._style.px(2 * (28 if self._primary else 22))
        )
        return QSize(round(width + 1), self.height())

    def minimumSizeHint(self) -> QSize:
        width = self._words_width(self._font(13)) + self._beside() + self._style.px(2 * 8)
        return QSize(round(width + 1), self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def _font(self, px: int) -> QFont:
        return self._style.text(px, 600)

    def _words_width(self, font: QFont) -> float:
        return QFontMetricsF(font).horizontalAdvance(self._label)

    def _beside(self) -> float:
        """What icon and key take beside the words."""
        width = self._style.px(_ICON + _GAP) if self._icon else 0
        return width + (self._key_width() + self._style.px(_GAP) if self._key else 0)

    def _key_width(self) -> float:
        words = QFontMetricsF(self._style.text(14, 600)).horizontalAdvance(self._key)
        return words + self._style.px(18) if self._primary else words

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_primary = self._primary and self.isEnabled()
        fill = colours.primary if is_primary else colours.surface
        if self.isDown() and not is_primary:
            fill = colours.sunken
        elif self.underMouse() and self.isEnabled() and not is_primary:
            fill = colours.bg
        ink = colours.on_primary if is_primary else colours.ink
        outline = fill if is_primary else colours.control_border
        if self._danger:
            ink = outline = colours.stop_ink
        if not self.isEnabled():
            fill, ink, outline = colours.sunken, colours.ink3, colours.line
        edge = style.px(2)
        box = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        painter.setPen(QPen(colour(outline), edge))
        painter.setBrush(colour(fill))
        painter.drawRoundedRect(box, style.px(KEY_RADIUS - 1), style.px(KEY_RADIUS - 1))
        font, room = self._font(self._px), self.width() - self._beside() - style.px(2 * 8)
        while font.pixelSize() > style.px(13) and self._words_width(font) > room:
            font.setPixelSize(font.pixelSize() - 1)
        words = self._words_width(font)
        x = (self.width() - self._beside() - words) / 2
        if self._icon:
            side = style.px(_ICON)
            paint_icon(painter, self._icon, QRectF(x, (self.height() - side) / 2, side, side), ink)
            x += style.px(_ICON + _GAP)
        painter.setPen(colour(ink))
        painter.setFont(font)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(x, 0, words + 2, self.height()), middle, self._label)
        if self._key:
            self._paint_key(painter, x + words + style.px(_GAP), ink)

    def _paint_key(self, painter: QPainter, x: float, ink: str) -> None:
        style = self._style
        box = QRectF(x, 0, self._key_width(), style.px(26))
        box.moveTop((self.height() - box.height()) / 2)
        painter.setFont(style.text(14, 600))
        if self._primary:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(ink, 0.6 if self.isEnabled() else 1.0), 1))
            painter.drawRoundedRect(box, style.px(6), style.px(6))
        else:
            ink = style.colours.ink3
        painter.setPen(colour(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
