"""The field of a passphrase: dots, an eye to look, and what became of it."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLineEdit, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.icons import IconView, paint_icon
from station_app.ui.widgets.keys import is_modified
from station_app.ui.widgets.large_text import WHOLE
from station_app.ui.widgets.tags import Tone, state_tag
from station_app.ui.widgets.text_block import fitted

_LONGEST = 1000
_SPACED_PERCENT = 114
_HINT_PX, _LEAST_HINT_PX, _HINT_SIDE = 17, 12, 10
_DOTS = 12
"""Dots in the place of an accepted passphrase; its length is nobody's business."""
_NOT_TYPED = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_HOLDS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Line(QLineEdit):
    """The text itself; nothing of it is copied, dragged or brought back by undo."""

    taken = Signal(str)
    kept = Signal()
    typed = Signal(str, bool)
    may_hand_on = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if is_modified(event):
                event.ignore()  # Ctrl+Enter confirms the whole act, it hands nothing on
                return
            event.accept()
            if not event.isAutoRepeat() and self.text():
                self.take()
            return
        standard = QKeySequence.StandardKey
        if any(event.matches(one) for one in (standard.Copy, standard.Cut, standard.Undo)):
            event.accept()
            return
        if event.modifiers() & _NOT_TYPED:
            event.ignore()  # Alt and a letter, where no language waits for it: Qt would type it
            return
        if event.text():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.typed.emit(event.text(), shift)
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """On X11 whatever is selected now could be put anywhere with the middle button."""
        if self.echoMode() is QLineEdit.EchoMode.Normal:
            self.deselect()
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    def take(self) -> None:
        """Hand the passphrase on; from now on the field is empty.

        Where nobody may take it yet, it stays, and `kept` says so.
        """
        if not self.may_hand_on:
            self.kept.emit()
            return
        text = self.text()
        self.setText("")
        self.taken.emit(text)


class EyeButton(QAbstractButton):
    """Shows what is typed: until the next click, or as long as Space or Enter is held on it.

    Tab comes to it after everything else of its page (`put_eyes_last`), so that a passphrase
    typed one field too far is never shown.
    """

    def __init__(self, style: Style, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style = style.half_grown
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("focus_radius", style.px(8))
        self.setFixedSize(style.px(48), style.px(48))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _HOLDS:
            if not event.isAutoRepeat():
                self.setChecked(True)
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in _HOLDS:
            if not event.isAutoRepeat():
                self.setChecked(False)
            return
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setChecked(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        side = self._style.px(26)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        name = "ph.eye-slash" if self.isChecked() else "ph.eye"
        paint_icon(QPainter(self), name, box, self._style.colours.ink)


class PassphraseField(QWidget):
    """Takes one passphrase. Enter hands it on, and the field forgets it in the same moment.

    `taken` carries it; `typed` the text of a key press and whether Shift was held, for
    telling the keyboard's layout; `other_person` is Up or Down (-1, 1). `kept` says that
    Enter was pressed while nobody may take the passphrase: it is still there. `hint` is
    written in the field while it is empty.
    """

    taken = Signal(str)
    kept = Signal()
    typed = Signal(str, bool)
    other_person = Signal(int)
    focused = Signal()

    def __init__(self, style: Style, *, icon: str, name: str, show: str, hint: str = "") -> None:
        super().__init__()
        self._style = style = style.half_grown
        self._accepted = False
        self._wrong = False
        self.setFixedHeight(style.px(64))
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(style.px(18), 0, style.px(8), 0)
        row.setSpacing(style.px(12))
        row.addWidget(IconView(icon, style.px(26), style.colours.ink))
        self.line = _Line()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setFrame(False)
        self.line.setMaxLength(_LONGEST)
        self._dots, self._words = style.text(22), style.text(_HINT_PX)
        self._dots.setLetterSpacing(QFont.SpacingType.PercentageSpacing, _SPACED_PERCENT)
        self.line.setPlaceholderText(hint)
        self._set_font()
        self.line.setAccessibleName(name)
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        colours = style.colours
        self.line.setStyleSheet(
            "QLineEdit { lineedit-password-character: 8226; border: none;"
            f" background: {colours.surface}; color: {colours.ink};"
            f" placeholder-text-color: {colours.ink3};"
            f" selection-background-color: {colours.focus}; }}"
        )
        self.line.setDragEnabled(False)
        self.line.installEventFilter(self)
        self.line.taken.connect(self._take)
        self.line.kept.connect(self.kept)
        self.line.typed.connect(self.typed)
        self.line.textChanged.connect(self._edited)
        row.addWidget(self.line, 1)
        self._rest = QWidget()  # in the place of the text of an accepted passphrase
        row.addWidget(self._rest, 1)
        self._rest.hide()
        self.eye = EyeButton(style, show, self)
        self.eye.toggled.connect(self._look)
        row.addWidget(self.eye)
        self._tag: QWidget | None = None
        self.setProperty("focus_radius", style.px(FIELD_RADIUS))
        self.setFocusProxy(self.line)
        self.setProperty(WHOLE, True)

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(560), self._style.px(64))

    def minimumSizeHint(self) -> QSize:
        """Never so narrow that the tag's word is cut."""
        needed = self._row.minimumSize().width()
        return QSize(max(self._style.px(250), needed), self._style.px(56))

    def forget(self) -> None:
        """Empty the field."""
        self.line.setText("")
        self.eye.setChecked(False)

    def set_may_hand_on(self, may: bool) -> None:
        """Whether there is somebody to take the passphrase; Enter leaves it there otherwise."""
        self.line.may_hand_on = may

    def submit(self) -> bool:
        """Hand on what is typed; whether there was anything."""
        if self.line.text():
            self.line.take()
            return True
        return False

    def set_state(
        self, *, enabled: bool, accepted: bool, wrong: bool, tag: str, tone: Tone
    ) -> None:
        """Show what became of the passphrase; `tag` is its word, empty where none is."""
        self._accepted, self._wrong = accepted, wrong
        if self.line.hasFocus() and not enabled:
            _leave(self)
        self.line.setEnabled(enabled)
        self.line.setVisible(not accepted)
        self._rest.setVisible(accepted)
        if not enabled:
            self.eye.setChecked(False)
        self.eye.setVisible(enabled and not tag)
        if self._tag is not None:
            self._row.removeWidget(self._tag)
            self._tag.hide()
            self._tag.deleteLater()
            self._tag = None
        if tag:
            self._tag = state_tag(self._style, tone, tag)
            self._row.addWidget(self._tag)
        self.updateGeometry()
        self.update()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None and not self.line.text():
                self.other_person.emit(step)
                return True
        if event.type() is QEvent.Type.Resize:
            self._set_font()
        if isinstance(event, QFocusEvent):
            self.update()
            if event.gotFocus():
                self.focused.emit()
            elif not self.eye.hasFocus():
                self.eye.setChecked(False)
        return False

    def _take(self, text: str) -> None:
        self.eye.setChecked(False)
        self.taken.emit(text)

    def _edited(self, text: str) -> None:
        self._set_font()
        if text and self._wrong:
            self._wrong = False
            self.update()

    def _set_font(self) -> None:
        """The dots', or the hint's, as small as its words need."""
        hint, font = self.line.placeholderText(), self._dots
        if hint and not self.line.text():
            room = self.line.width() - self._style.px(_HINT_SIDE)
            font = fitted(self._words, hint, room, self._style.px(_LEAST_HINT_PX))
        self.line.setFont(font)

    def _look(self, looking: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if looking else QLineEdit.EchoMode.Password
        self.line.setEchoMode(mode)

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = style.px(2)
        ink = colours.stop_ink if self._wrong else colours.control_border
        if self.line.hasFocus() and not self._wrong:
            ink = colours.ink
        painter.setPen(QPen(colour(ink), edge))
        painter.setBrush(colour(colours.surface))
        box = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        painter.drawRoundedRect(box, style.px(FIELD_RADIUS - 1), style.px(FIELD_RADIUS - 1))
        if self._accepted:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(colours.ink))
            for dot in range(_DOTS):
                x = style.px(60) + dot * style.px(15)
                painter.drawEllipse(QRectF(x, box.center().y() - style.px(3), *[style.px(7)] * 2))


def put_eyes_last(page: QWidget) -> None:
    """Let Tab come to the eyes of `page` after everything else in it."""
    eyes = page.findChildren(EyeButton)
    if not eyes:
        return
    last: QWidget | None = None
    at = page.nextInFocusChain()
    while at is not None and at is not page:
        is_stop = at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.focusProxy() is None
        if page.isAncestorOf(at) and is_stop and not isinstance(at, EyeButton):
            last = at
        at = at.nextInFocusChain()
    for eye in eyes:
        if last is not None:
            QWidget.setTabOrder(last, eye)
        last = eye


def _leave(field: QWidget) -> None:
    """Give the keyboard to the screen or dialog around, so that Enter presses nothing else."""
    around = field.parentWidget()
    while around is not None and around.focusPolicy() is Qt.FocusPolicy.NoFocus:
        around = around.parentWidget()
    if around is not None:
        around.setFocus(Qt.FocusReason.OtherFocusReason)
