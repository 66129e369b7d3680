"""The field for a PIN: fourteen digits in slots of one, eight and five."""

from PySide6.QtCore import QRectF, QRegularExpression, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QRegularExpressionValidator,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.tokens import FIELD_RADIUS

PIN_DIGITS = 14
_GROUPS = (1, 8, 5)
_SLOT, _GAP, _GROUP_GAP = 15, 5, 16


class PinField(QLineEdit):
    """Takes digits only, by typing or pasting; Enter submits.

    `submitted` carries the fourteen digits; `incomplete` says Enter came too early.
    """

    submitted = Signal(str)
    incomplete = Signal()

    def __init__(self, style: Style, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style = style.grown
        self.setFrame(False)
        self.setMaxLength(PIN_DIGITS)
        self.setValidator(QRegularExpressionValidator(QRegularExpression(r"[0-9]*"), self))
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.setFont(style.text(24, 500))
        self.setFixedHeight(style.px(60))
        self.setAccessibleName(name)
        self.setProperty("focus_radius", style.px(FIELD_RADIUS))
        self.textChanged.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(366), self._style.px(60))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._slots()[-1].right()) + self._style.px(18), self._style.px(60))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            if not event.isAutoRepeat():
                self.submit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.insert_digits(QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Copy) or event.matches(
            QKeySequence.StandardKey.Cut
        ):
            event.accept()  # a PIN is not carried out of the program
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    def insert_digits(self, text: str) -> None:
        """Insert the ASCII digits of `text`, as many as there is room for."""
        room = PIN_DIGITS - len(self.text()) + len(self.selectedText())
        digits = "".join(sign for sign in text if sign in "0123456789")
        self.insert(digits[:room])

    def submit(self) -> None:
        """Emit `submitted` with a whole PIN, else `incomplete`."""
        if len(self.text()) == PIN_DIGITS:
            self.submitted.emit(self.text())
        else:
            self.incomplete.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = style.px(2)
        box = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        ink = colours.ink if self.hasFocus() else colours.control_border
        painter.setPen(QPen(colour(ink), edge))
        painter.setBrush(colour(colours.surface))
        painter.drawRoundedRect(box, style.px(FIELD_RADIUS - 1), style.px(FIELD_RADIUS - 1))
        painter.setFont(self.font())
        slots = self._slots()
        for slot, sign in zip(slots, self.text(), strict=False):
            painter.setPen(colour(colours.ink))
            painter.drawText(slot, Qt.AlignmentFlag.AlignCenter, sign)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(colours.slot))
        for slot in slots[len(self.text()) :]:
            painter.drawRoundedRect(
                QRectF(slot.left(), slot.center().y() + style.px(9), slot.width(), style.px(3)),
                style.px(1.5),
                style.px(1.5),
            )
        if self.hasFocus():
            self._paint_caret(painter, slots)

    def _paint_caret(self, painter: QPainter, slots: list[QRectF]) -> None:
        at = self.cursorPosition()
        slot = slots[min(at, PIN_DIGITS - 1)]
        x = slot.left() - self._style.px(1) if at < PIN_DIGITS else slot.right() + 1
        height = self._style.px(30)
        painter.setBrush(colour(self._style.colours.ink))
        painter.drawRect(QRectF(x - 1, slot.center().y() - height / 2, 2, height))

    def _slots(self) -> list[QRectF]:
        style = self._style
        slots, x = [], float(style.px(18))
        for group in _GROUPS:
            for _ in range(group):
                slots.append(QRectF(x, 0, style.px(_SLOT), self.height()))
                x += style.px(_SLOT) + style.px(_GAP)
            x += style.px(_GROUP_GAP) - style.px(_GAP)
        return slots
