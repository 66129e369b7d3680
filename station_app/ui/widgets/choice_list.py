"""One of several, chosen with the arrow keys, the mouse or a finger."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.icons import paint_icon
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.keys import press_by_enter
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import broken, broken_height

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, slots=True)
class Choice:
    """One that can be chosen: its icon, its words, a smaller line below, and the sign of its state
    at the right.
    """

    icon: str
    label: str
    line: str = ""
    tone: Tone | None = None


class ChoiceRow(QAbstractButton):
    """A row; Enter and Space choose it, and so does a click."""

    moved = Signal(int)

    def __init__(self, choice: Choice, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self._choice, self._style = choice, style.half_grown
        style = self._style
        self.setAccessibleName(f"{choice.label}. {choice.line}" if choice.line else choice.label)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_radius", style.px(FIELD_RADIUS))
        self._wraps = style.is_large
        if self._wraps:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        else:
            self.setFixedHeight(style.px(68 if choice.line else 56))

    def sizeHint(self) -> QSize:
        wide = self._style.px(320)
        return QSize(wide, self.heightForWidth(wide) if self._wraps else self.height())

    def hasHeightForWidth(self) -> bool:
        return self._wraps

    def heightForWidth(self, width: int) -> int:
        """With larger text the words are broken into lines instead of being cut."""
        around = self._style.px(18 + 26 + 16 + 16 + (26 + 14 if self._choice.tone else 0))
        label, line = self._lines(width - around)
        return max(self._style.px(56), round(label + line) + self._style.px(20))

    def _lines(self, room: float) -> tuple[float, float]:
        """How high label and line are in `room` pixels."""
        label, line = (
            broken_height(font, words, room) if words else 0.0
            for font, words in (
                (self._style.text(17, 600), self._choice.label),
                (self._style.text(15), self._choice.line),
            )
        )
        return label, line

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
        elif not press_by_enter(self, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours, choice = self._style, self._style.colours, self._choice
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        chosen = self.hasFocus()
        edge = style.px(2)
        ink = colours.ink if self.isEnabled() else colours.ink3
        fill = colours.surface if not self.underMouse() else colours.bg
        painter.setPen(QPen(colour(colours.ink if chosen else colours.line), edge))
        painter.setBrush(colour(fill if self.isEnabled() else colours.sunken))
        painter.drawRoundedRect(
            box.adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2),
            style.px(FIELD_RADIUS - 1),
            style.px(FIELD_RADIUS - 1),
        )
        side = style.px(26)
        icon = QRectF(style.px(18), (box.height() - side) / 2, side, side)
        paint_icon(painter, choice.icon, icon, ink)
        left = icon.right() + style.px(16)
        room = box.width() - left - style.px(16)
        if choice.tone is not None:
            sign = QRectF(0, (box.height() - side) / 2, side, side)
            sign.moveRight(box.right() - style.px(18))
            paint_icon(painter, choice.tone.icon, sign, choice.tone.ink(colours))
            room -= side + style.px(14)
        words = QRectF(left, 0, room, box.height())
        if self._wraps:
            self._paint_lines(painter, words, ink)
            return
        upper = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colour(ink))
        painter.setFont(style.text(17, 600))
        lift = style.px(12) if choice.line else 0
        label = painter.fontMetrics().elidedText(
            choice.label, Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words.adjusted(0, -lift, 0, -lift), upper, label)
        if choice.line:
            painter.setOpacity(1.0)  # it may say why it cannot be chosen
            painter.setPen(colour(colours.ink3))
            painter.setFont(style.text(15))
            painter.drawText(words.adjusted(0, lift, 0, lift), upper, choice.line)

    def _paint_lines(self, painter: QPainter, words: QRectF, ink: str) -> None:
        style, choice = self._style, self._choice
        label, line = self._lines(words.width())
        top = words.center().y() - (label + line) / 2
        wrapped = broken(Qt.AlignmentFlag.AlignLeft)
        painter.setPen(colour(ink))
        painter.setFont(style.text(17, 600))
        painter.drawText(QRectF(words.left(), top, words.width(), label), choice.label, wrapped)
        painter.setPen(colour(style.colours.ink3))
        painter.setFont(style.text(15))
        box = QRectF(words.left(), top + label, words.width(), line)
        if choice.line:
            painter.drawText(box, choice.line, wrapped)


class ChoiceList(QWidget):
    """Rows below each other; `chosen` carries the row's place in `choices`."""

    chosen = Signal(int)

    def __init__(self, style: Style, choices: Sequence[Choice]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(12))
        self.rows: list[ChoiceRow] = []
        for place, choice in enumerate(choices):
            row = ChoiceRow(choice, style, self)
            row.clicked.connect(lambda _checked=False, place=place: self.chosen.emit(place))
            row.moved.connect(lambda step, place=place: self._move(place + step))
            column.addWidget(row)
            self.rows.append(row)

    def focus_row(self, place: int) -> None:
        """Give the keyboard to a row, or to the nearest there is."""
        if self.rows:
            self.rows[min(max(place, 0), len(self.rows) - 1)].setFocus(
                Qt.FocusReason.ShortcutFocusReason
            )

    @property
    def focused_row(self) -> int:
        """The row that has the keyboard; the first one where none has."""
        return next((place for place, row in enumerate(self.rows) if row.hasFocus()), 0)

    def _move(self, place: int) -> None:
        self.focus_row(place % len(self.rows))


class ChoiceDialog(Overlay):
    """Asks for one of several; `chosen` carries its place."""

    chosen = Signal(int)

    def __init__(
        self,
        host: QWidget,
        texts: Texts,
        style: Style,
        *,
        title: str,
        choices: Sequence[Choice],
        first: int,
    ) -> None:
        super().__init__(
            host, texts, style, title=title, width=620, keys=(DeskKey.BACK, DeskKey.TAKE)
        )
        self._first = first
        self.list = ChoiceList(style, choices)
        self.list.chosen.connect(self._take)
        self.body.addWidget(self.list)

    def open(self) -> None:
        """Show, with the keyboard on the first choice."""
        super().open()
        self.list.focus_row(self._first)

    def on_key(self, key: DeskKey) -> None:
        """Enter takes the row that has the keyboard."""
        if key is DeskKey.TAKE:
            self._take(self.list.focused_row)

    def _take(self, place: int) -> None:
        self.hide()
        self.chosen.emit(place)
