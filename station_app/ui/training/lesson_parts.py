"""What the lesson's panel is made of: a step, the dots, who is at the desk, an offer."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextOption,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from station_app.training.coach import RowState, StepRow
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import KEY_RADIUS
from station_app.ui.training.lesson_words import said
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.icons import IconView, paint_icon
from station_app.ui.widgets.keys import press_by_enter
from station_app.ui.widgets.text_block import TextBlock, fitted

_SMALLEST = 12
_SIGN = 26
STEP_MARGIN = 10
"""Base pixels between the ground of a step and what is on it."""
_DOT, _LONG_DOT, _DOT_GAP = 10, 22, 4
BAR_MARGIN = 12
"""Base pixels between the dashed edge and what is inside."""


def words_block(
    style: Style, words: str, font: QFont, ink: str, room: float, *, line_height: float = 1.32
) -> TextBlock:
    """A text for a column of `room` pixels: its type is made smaller where one word has no room."""
    own = fitted(font, _longest(words, font), room - 2, style.px(_SMALLEST))
    return TextBlock(words, own, ink, line_height=line_height)


class Dots(QWidget):
    """A dot for each lesson: those before this one and itself dark, itself long."""

    def __init__(self, style: Style, number: int, of: int) -> None:
        super().__init__()
        self._style, self._number, self._of = style, number, of
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(60), self._style.px(_DOT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        needed = (self._of - 1) * (_DOT + _DOT_GAP) + _LONG_DOT
        unit = min(style.px(100) / 100, self.width() / needed)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        x, side = 0.0, _DOT * unit
        for place in range(1, self._of + 1):
            wide = _LONG_DOT * unit if place == self._number else side
            ink = colours.ink if place <= self._number else colours.line
            painter.setBrush(colour(ink))
            painter.drawRoundedRect(QRectF(x, 0, wide, side), side / 2, side / 2)
            x += wide + _DOT_GAP * unit


class _StepSign(QWidget):
    """A tick, or the step's number in a ring."""

    def __init__(self, style: Style, number: int, state: RowState, spoken: str) -> None:
        super().__init__()
        self._style, self._number, self._state = style.half_grown, number, state
        self.setFixedSize(self._style.px(_SIGN), self._style.px(_SIGN))
        self.setAccessibleName(spoken)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self._state is RowState.DONE:
            paint_icon(painter, "ph.check-circle-fill", box, colours.ok_ink)
            return
        ink = colours.ink if self._state is RowState.CURRENT else colours.ink3
        painter.setPen(QPen(colour(ink), style.px(2)))
        painter.drawEllipse(box.adjusted(1.5, 1.5, -1.5, -1.5))
        painter.setFont(fitted(style.text(14, 700), str(self._number), box.width() - 8, 9))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._number))


class StepLine(Panel):
    """One step of the lesson; the present one lies on a ground of its own.

    `room` is the width of the column in pixels.
    """

    def __init__(self, texts: Texts, style: Style, number: int, row: StepRow, room: float) -> None:
        colours, is_now = style.colours, row.state is RowState.CURRENT
        super().__init__(colours.sunken if is_now else None, radius=style.px(12))
        side, gap = style.px(STEP_MARGIN), style.px(12)
        line = QHBoxLayout(self)
        line.setContentsMargins(side, style.px(8), side, style.px(8))
        line.setSpacing(gap)
        sign = _StepSign(
            style, number, row.state, texts(f"lesson.ui.step.{row.state.value}", number=number)
        )
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        ink = colours.ink3 if row.state is RowState.WAITING else colours.ink
        left = room - gap - sign.width()
        font = style.text(16.5, 600 if is_now else 400)
        line.addWidget(words_block(style, said(texts, row.sentence), font, ink, left), 1)


class DashedCard(QWidget):
    """A card with a dashed edge: what is inside is simulated."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*[style.px(BAR_MARGIN)] * 4)
        self.column.setSpacing(style.px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(colour(colours.control_border), style.px(1.5))
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.setBrush(colour(colours.surface))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, style.px(14), style.px(14))


class NoteCard(Panel):
    """A sign and lines of text on a coloured ground: a tip, or what was wrong.

    `lines` are texts with their weight; `room` is the width of the column in pixels.
    """

    def __init__(
        self,
        style: Style,
        icon: str,
        lines: Sequence[tuple[str, int]],
        room: float,
        *,
        fill: str,
        ink: str,
    ) -> None:
        super().__init__(fill, radius=style.px(14))
        side, gap, sign = style.px(14), style.px(10), style.half_grown.px(24)
        row = QHBoxLayout(self)
        row.setContentsMargins(side, style.px(12), side, style.px(12))
        row.setSpacing(gap)
        row.addWidget(IconView(icon, sign, ink), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(style.px(6))
        left = room - 2 * side - gap - sign
        for words, weight in lines:
            column.addWidget(words_block(style, words, style.text(15.5, weight), ink, left))
        row.addLayout(column, 1)
        self.setAccessibleName(" ".join(words for words, _ in lines))


class KeyedButton(QPushButton):
    """A button of the panel: the cap of its key, then words, in lines where they have to be.

    `key` is what a screen reader says of it. The `primary` one is filled.
    """

    def __init__(
        self, style: Style, cap: str, label: str, key: str, *, primary: bool = False
    ) -> None:
        super().__init__()
        self._style = style = style.half_grown
        self._cap, self._label, self._key, self._primary = cap, label, key, primary
        self._cap_font = style.text(14, 600)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focus_radius", style.px(KEY_RADIUS))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_words(cap, label)

    def set_words(self, cap: str, label: str) -> None:
        """Write other words on it."""
        self._cap, self._label = cap, label
        self.setAccessibleName(f"{label}, {self._key}" if self._key else label)
        self.updateGeometry()
        self.update()

    @property
    def label(self) -> str:
        """The words on it."""
        return self._label

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        box = QRectF(0, 0, self._room(width), 1000)
        flags = int(Qt.TextFlag.TextWordWrap.value)
        lines = QFontMetricsF(self._font(width)).boundingRect(box, flags, self._label)
        return max(self._style.px(48), round(lines.height()) + self._style.px(12))

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(self._style.text(15, 600)).horizontalAdvance(self._label)
        wide = round(words + self._beside() + 2)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        font = self._style.text(_SMALLEST, 600)
        longest = QFontMetricsF(font).horizontalAdvance(_longest(self._label, font))
        return QSize(round(longest + self._beside() + 2), self._style.px(48))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def _cap_width(self) -> float:
        words = QFontMetricsF(self._cap_font).horizontalAdvance(self._cap)
        return max(self._style.px(24), words + self._style.px(10))

    def _beside(self) -> float:
        """What key and margins take beside the words."""
        return (self._cap_width() if self._cap else 0) + self._style.px(8 + 8 + 10)

    def _room(self, width: float) -> float:
        return width - self._beside()

    def _font(self, width: float) -> QFont:
        """As large as lets the words stand in two lines, none of them broken."""
        font, room = self._style.text(15, 600), self._room(width)
        smallest = self._style.px(_SMALLEST)
        while font.pixelSize() > smallest and not self._fits(font, room):
            font.setPixelSize(font.pixelSize() - 1)
        return font

    def _fits(self, font: QFont, room: float) -> bool:
        metrics, flags = QFontMetricsF(font), int(Qt.TextFlag.TextWordWrap.value)
        widest = metrics.horizontalAdvance(_longest(self._label, font))
        lines = metrics.boundingRect(QRectF(0, 0, room, 1000), flags, self._label).height()
        return widest < room and lines < 2.5 * metrics.height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, ink, edge = colours.surface, colours.ink, colours.control_border
        if not self.isEnabled():
            fill, ink, edge = colours.sunken, colours.ink3, colours.line
        elif self._primary:
            fill, ink, edge = colours.primary, colours.on_primary, colours.primary
        elif self.isDown():
            fill = colours.sunken
        elif self.underMouse():
            fill = colours.bg
        wide = style.px(2)
        painter.setPen(QPen(colour(edge), wide))
        painter.setBrush(colour(fill))
        box = QRectF(self.rect()).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        painter.drawRoundedRect(box, style.px(KEY_RADIUS), style.px(KEY_RADIUS))
        left = float(style.px(8))
        if self._cap:
            cap = QRectF(left, 0, self._cap_width(), style.px(26))
            cap.moveTop((self.height() - cap.height()) / 2)
            painter.setPen(QPen(colour(ink), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cap, style.px(6), style.px(6))
            painter.setFont(self._cap_font)
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._cap)
            left = cap.right() + style.px(8)
        wrapped = QTextOption(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        wrapped.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.setPen(colour(ink))
        painter.setFont(self._font(self.width()))
        room = QRectF(left, 0, self._room(self.width()), self.height())
        painter.drawText(room, self._label, wrapped)


def _longest(words: str, font: QFont) -> str:
    """The widest word."""
    return max(words.split(), key=QFontMetricsF(font).horizontalAdvance, default="")
