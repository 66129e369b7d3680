"""An answer to a question that the operator decides, with the key that gives it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy

from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.keys import press_by_enter
from station_app.ui.widgets.text_block import fitted


class AnswerButton(QPushButton):
    """An answer with its key; dashed and dead until it `is_open`, and then `why_not` is beside it.

    `is_chosen`: it was given, and the station works on it.
    """

    def __init__(
        self,
        texts: Texts,
        style: Style,
        key: DeskKey,
        question: str,
        *,
        is_open: bool,
        is_chosen: bool,
        why_not: str = "",
    ) -> None:
        super().__init__()
        self._style, self._key = style.half_grown, key
        style = self._style
        self._words, self._is_chosen = texts(key.value.text), is_chosen
        self._why_not = "" if is_open or is_chosen else why_not
        self.setAccessibleName(f"{question} {self._words}, {key.value.cap}")
        self.setAccessibleDescription(self._why_not)
        self.setFixedHeight(style.px(58))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("focus_radius", style.px(FIELD_RADIUS))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setEnabled(is_open)
        action = QAction(self._words, self)
        action.setShortcuts([QKeySequence(press) for press in key.value.presses])
        action.setAutoRepeat(False)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setEnabled(is_open)
        action.triggered.connect(lambda _checked=False: self.click())
        self.addAction(action)

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(420), self._style.px(58))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._style.px(280), self._style.px(58))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_dead = not self.isEnabled() and not self._is_chosen
        fill = colours.primary if self._is_chosen else colours.surface
        if self.isEnabled() and (self.isDown() or self.underMouse()):
            fill = colours.sunken
        ink = colours.on_primary if self._is_chosen else colours.ink
        if is_dead:
            ink = colours.ink3
        edge = style.px(2)
        pen = QPen(colour(fill if self._is_chosen else colours.control_border), edge)
        if is_dead:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.setBrush(colour(fill))
        radius = style.px(FIELD_RADIUS)
        box = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        painter.drawRoundedRect(box, radius, radius)
        self._paint_words(painter, box, ink)

    def _paint_words(self, painter: QPainter, box: QRectF, ink: str) -> None:
        style = self._style
        painter.setPen(QPen(colour(ink), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        cap = QRectF(box.left() + style.px(20), 0, style.px(28), style.px(28))
        cap.moveTop(box.center().y() - cap.height() / 2)
        painter.drawRoundedRect(cap, style.px(6), style.px(6))
        painter.setFont(style.text(15, 600))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key.value.cap)
        middle = Qt.AlignmentFlag.AlignVCenter
        inner = box.adjusted(style.px(60), 0, -style.px(20), 0)
        font, beside = style.text(17, 600), style.text(15, 500)
        room = inner.width()
        if self._why_not:
            room -= QFontMetricsF(beside).horizontalAdvance(self._why_not) + style.px(16)
        font = fitted(font, self._words, room, style.px(13))
        painter.setFont(font)
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, self._words)
        if self._why_not:
            painter.setFont(beside)
            painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, self._why_not)
