"""Surfaces: the white card, the tag, the key cap, numbered and pictured steps."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.tokens import CARD_RADIUS
from station_app.ui.widgets.icons import IconView, paint_icon
from station_app.ui.widgets.text_block import TextBlock


class Panel(QFrame):
    """A filled rounded rectangle with an optional border, its children inside.

    `alpha` is the filling's opacity, 0.0 to 1.0.
    """

    def __init__(
        self,
        fill: str | None,
        *,
        radius: float,
        border: str | None = None,
        border_width: float = 1,
        alpha: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fill = fill
        self._alpha = alpha
        self._radius = radius
        self._border = border
        self._border_width = border_width

    def set_border(self, ink: str, width: float) -> None:
        """Draw an edge of this colour and width in pixels."""
        self._border, self._border_width = ink, width
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = self._border_width / 2 if self._border else 0.0
        painter.setPen(
            QPen(colour(self._border), self._border_width) if self._border else Qt.PenStyle.NoPen
        )
        painter.setBrush(colour(self._fill, self._alpha) if self._fill else Qt.BrushStyle.NoBrush)
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, self._radius - inset, self._radius - inset)


def card(style: Style, *, border: str | None = None, border_width: float = 1) -> Panel:
    """A white card with the radius of cards."""
    return Panel(
        style.colours.surface,
        radius=style.px(CARD_RADIUS),
        border=border or style.colours.line,
        border_width=border_width if border_width == 1 else style.px(border_width),
    )


def tag(style: Style, icon: str, text: str) -> Panel:
    """The green tag of a state that is good: icon and word."""
    panel = Panel(style.colours.ok_soft, radius=style.px(8))
    row = QHBoxLayout(panel)
    row.setContentsMargins(style.px(10), 0, style.px(14), 0)
    row.setSpacing(style.px(6))
    row.addWidget(IconView(icon, style.px(22), style.colours.on_ok_soft))
    row.addWidget(TextBlock(text, style.text(17, 600), style.colours.on_ok_soft, wrap=False))
    panel.setFixedHeight(style.half_grown.px(38))
    panel.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return panel


class Line(QWidget):
    """A hairline between rows."""

    def __init__(self, ink: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour(self._ink))


def paint_key_cap(painter: QPainter, box: QRectF, style: Style, ink: str, fill: str) -> None:
    """The outline of a key: a rounded rectangle whose lower edge is thicker."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = style.px(7)
    painter.setBrush(colour(ink))
    painter.drawRoundedRect(box, radius, radius)
    painter.setBrush(colour(fill))
    painter.drawRoundedRect(box.adjusted(1.2, 1.2, -1.2, -style.px(3)), radius - 1.2, radius - 1.2)
    painter.restore()


class KeyCap(QWidget):
    """A small picture of a key, telling which one leads here."""

    def __init__(self, text: str, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._style = style = style.half_grown
        self.setFixedSize(QSize(style.px(38), style.px(29)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint_key_cap(painter, box, style, colours.control_border, colours.surface)
        painter.setPen(colour(colours.ink2))
        painter.setFont(style.text(14, 600))
        painter.drawText(
            box.adjusted(0, 0, 0, -style.px(2)), Qt.AlignmentFlag.AlignCenter, self._text
        )


class Badge(QWidget):
    """A rounded square with a number or an icon, in front of a step."""

    def __init__(
        self,
        style: Style,
        *,
        side: int,
        fill: str,
        ink: str,
        icon: str = "",
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style, self._fill, self._ink = style.half_grown, fill, ink
        style = self._style
        self._icon, self._text = icon, text
        self.setFixedSize(style.px(side), style.px(side))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._fill))
        box = QRectF(self.rect())
        painter.drawRoundedRect(box, self._style.px(15), self._style.px(15))
        if self._icon:
            third = box.width() * 0.22
            paint_icon(painter, self._icon, box.adjusted(third, third, -third, -third), self._ink)
        else:
            painter.setPen(colour(self._ink))
            painter.setFont(self._style.text(25, 700))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._text)


class Step(QWidget):
    """One thing to do: a sign and its sentence."""

    def __init__(
        self,
        sign: QWidget,
        words: TextBlock,
        gap: int,
        *,
        centred: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(gap)
        alignment = Qt.AlignmentFlag.AlignVCenter if centred else Qt.AlignmentFlag.AlignTop
        row.addWidget(sign, 0, alignment)
        row.addWidget(words, 1, alignment)
