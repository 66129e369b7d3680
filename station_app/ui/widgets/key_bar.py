"""The bar of keys at the bottom: mouse, touch and keyboard are one and the same action."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QKeyCombination, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import KEY_RADIUS
from station_app.ui.widgets.cards import paint_key_cap
from station_app.ui.widgets.icons import paint_icon
from station_app.ui.widgets.keys import press_by_enter


@dataclass(frozen=True, slots=True)
class KeySpec:
    """One key: what its cap says, its text key, its icon, and the keys that press it."""

    cap: str
    text: str
    icon: str
    presses: tuple[Qt.Key | QKeyCombination, ...]
    primary: bool = False
    right: bool = False


_CTRL_ENTER = (
    Qt.Modifier.CTRL | Qt.Key.Key_Return,
    Qt.Modifier.CTRL | Qt.Key.Key_Enter,
)


class DeskKey(Enum):
    """Every key of the desk and of the dialogs."""

    MORE = KeySpec("F9", "key.more", "ph.dots-three", (Qt.Key.Key_F9,), right=True)
    HELP = KeySpec("F1", "key.help", "ph.question", (Qt.Key.Key_F1,))
    DOCUMENT = KeySpec("F2", "key.document", "ph.identification-card", (Qt.Key.Key_F2,))
    OTHER_FINGER = KeySpec("F3", "key.other_finger", "ph.hand-pointing", (Qt.Key.Key_F3,))
    FACE = KeySpec("F4", "key.face", "ph.user-focus", (Qt.Key.Key_F4,))
    COMMISSION = KeySpec("F5", "key.commission", "ph.users-three", (Qt.Key.Key_F5,))
    ROOM = KeySpec("F11", "key.room", "ph.clipboard-text", (Qt.Key.Key_F11,))
    CALL = KeySpec("F10", "key.call", "ph.megaphone-simple", (Qt.Key.Key_F10,))
    SLIP = KeySpec("F8", "key.slip", "ph.receipt", (Qt.Key.Key_F8,))
    CANNOT_TURN = KeySpec("F7", "key.cannot_turn", "ph.wheelchair", (Qt.Key.Key_F7,))
    SAME = KeySpec("1", "face.same", "", (Qt.Key.Key_1,))
    DIFFERS = KeySpec("2", "face.differs", "", (Qt.Key.Key_2,))
    MISMATCH = KeySpec("F5", "key.mismatch", "ph.users-three", (Qt.Key.Key_F5,))
    OTHER_PERSON = KeySpec("F5", "key.other_person", "ph.users-three", (Qt.Key.Key_F5,))
    LAST_STOP = KeySpec("F5", "key.last_stop", "ph.users-three", (Qt.Key.Key_F5,))
    STOP_LOOK = KeySpec("F5", "key.stop_look", "ph.users-three", (Qt.Key.Key_F5,))
    CANCEL = KeySpec("Esc", "key.cancel", "ph.x", (Qt.Key.Key_Escape,), right=True)
    NEXT = KeySpec(
        "Enter",
        "key.next_voter",
        "ph.arrow-right",
        (Qt.Key.Key_Return, Qt.Key.Key_Enter),
        primary=True,
        right=True,
    )
    GO_ON = KeySpec(
        "Enter",
        "key.go_on",
        "ph.arrow-right",
        (Qt.Key.Key_Return, Qt.Key.Key_Enter),
        primary=True,
        right=True,
    )
    RETRY = KeySpec(
        "Enter",
        "key.retry",
        "ph.arrow-clockwise",
        (Qt.Key.Key_Return, Qt.Key.Key_Enter),
        primary=True,
        right=True,
    )
    BACK = KeySpec("Esc", "key.back", "ph.x", (Qt.Key.Key_Escape,))
    CLOSE = KeySpec(
        "Esc", "key.close", "ph.x", (Qt.Key.Key_Escape, Qt.Key.Key_F1), primary=True, right=True
    )
    MISSING = KeySpec("0", "key.missing", "ph.prohibit", (Qt.Key.Key_0,))
    CHOOSE = KeySpec(
        "Enter",
        "key.choose",
        "ph.check",
        (Qt.Key.Key_Return, Qt.Key.Key_Enter),
        primary=True,
        right=True,
    )
    TAKE = KeySpec(
        "Enter",
        "key.take",
        "ph.check",
        (Qt.Key.Key_Return, Qt.Key.Key_Enter),
        primary=True,
        right=True,
    )
    REFUSE = KeySpec("F6", "key.refuse", "ph.prohibit", (Qt.Key.Key_F6,), right=True)
    CONFIRM = KeySpec(
        "Ctrl+Enter", "key.confirm", "ph.pen-nib", _CTRL_ENTER, primary=True, right=True
    )
    MAKE_VOID = KeySpec(
        "Ctrl+Enter", "key.make_void", "ph.pen-nib", _CTRL_ENTER, primary=True, right=True
    )
    WRITE_DOWN = KeySpec(
        "Ctrl+Enter", "key.write_down", "ph.pen-nib", _CTRL_ENTER, primary=True, right=True
    )
    OPEN_DAY = KeySpec(
        "Ctrl+Enter", "key.open_day", "ph.sun-horizon", _CTRL_ENTER, primary=True, right=True
    )
    PAUSE_DAY = KeySpec(
        "Ctrl+Enter", "key.pause_day", "ph.pause", _CTRL_ENTER, primary=True, right=True
    )
    RESUME_DAY = KeySpec(
        "Ctrl+Enter", "key.resume_day", "ph.play", _CTRL_ENTER, primary=True, right=True
    )
    CLOSE_DAY = KeySpec(
        "Ctrl+Enter", "key.close_day", "ph.flag-banner", _CTRL_ENTER, primary=True, right=True
    )
    REOPEN_DAY = KeySpec(
        "Ctrl+Enter", "key.reopen_day", "ph.lock-key-open", _CTRL_ENTER, primary=True, right=True
    )
    SIGN_ACT = KeySpec(
        "Ctrl+Enter", "key.sign_act", "ph.pen-nib", _CTRL_ENTER, primary=True, right=True
    )
    NOTE_ACT = KeySpec(
        "Ctrl+Enter", "key.note_act", "ph.note-pencil", _CTRL_ENTER, primary=True, right=True
    )
    UNDO_ACT = KeySpec(
        "Ctrl+Enter", "key.undo_act", "ph.pen-nib", _CTRL_ENTER, primary=True, right=True
    )
    LEAVE_EXAM = KeySpec(
        "Ctrl+Enter", "key.leave_exam", "ph.sign-out", _CTRL_ENTER, primary=True, right=True
    )
    LOOK_UP = KeySpec(
        "Enter",
        "key.look_up",
        "ph.magnifying-glass",
        (Qt.Key.Key_Return, Qt.Key.Key_Enter),
        primary=True,
        right=True,
    )


_FIRST_KEYS = 3


class KeyButton(QPushButton):
    """A button that shows its key cap, its icon and the result it names.

    One that cannot be pressed is grey all over, with text that can still be read. `may_shrink`:
    where keys are many, the icon gives way to the words.
    """

    def __init__(
        self,
        spec: KeySpec,
        label: str,
        style: Style,
        parent: QWidget | None = None,
        *,
        primary: tuple[str, str] | None = None,
        may_shrink: bool = False,
    ) -> None:
        super().__init__(parent)
        self._spec = spec
        self._primary = primary or (style.colours.primary, style.colours.on_primary)
        self._label = label
        self._style = style = style.half_grown
        self.setAccessibleName(f"{label}, {spec.cap}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("focus_radius", style.px(KEY_RADIUS))
        across = QSizePolicy.Policy.Maximum if may_shrink else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        icon = self._style.px(24 + 10)
        return self.minimumSizeHint() + QSize(icon, 0)

    def minimumSizeHint(self) -> QSize:
        style = self._style
        words = QFontMetricsF(self._label_font()).horizontalAdvance(self._label)
        around = style.px(10 + 10 + (22 if self._spec.primary else 16))
        return QSize(round(around + self._cap_width() + words + 1), style.px(56))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def _label_font(self) -> QFont:
        return self._style.text(18, 600) if self._spec.primary else self._style.text(17, 500)

    def _cap_width(self) -> float:
        words = QFontMetricsF(self._style.text(14, 600)).horizontalAdvance(self._spec.cap)
        return max(self._style.px(38), words + self._style.px(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours, spec = self._style, self._style.colours, self._spec
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_primary = spec.primary and self.isEnabled()
        primary, on_primary = self._primary
        fill = primary if is_primary else colours.bg
        if not self.isEnabled() or self.isDown() or (self.underMouse() and not spec.primary):
            fill = colours.sunken
        ink = on_primary if is_primary else colours.ink
        if not self.isEnabled():
            ink = colours.ink3
        edge = colours.outline or (fill if is_primary else colours.line)
        painter.setPen(QPen(colour(edge), 2 if colours.outline else 1))
        painter.setBrush(colour(fill))
        box = QRectF(self.rect())
        radius = style.px(KEY_RADIUS)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        is_short = self.width() < self.sizeHint().width()
        spare = (self.width() - self.minimumSizeHint().width()) / 2 if is_short else 0
        cap = QRectF(style.px(10) + spare, 0, self._cap_width(), style.px(29))
        cap.moveTop(box.center().y() - cap.height() / 2)
        if is_primary or not self.isEnabled():
            paint_key_cap(painter, cap, style, ink, fill)
        else:
            paint_key_cap(painter, cap, style, colours.control_border, colours.surface)
        painter.setPen(colour(ink if is_primary or not self.isEnabled() else colours.ink2))
        painter.setFont(style.text(14, 600))
        painter.drawText(
            cap.adjusted(0, 0, 0, -style.px(2)), Qt.AlignmentFlag.AlignCenter, spec.cap
        )
        side = 0 if is_short else style.px(24)
        icon = QRectF(cap.right() + style.px(10), box.center().y() - side / 2, side, side)
        if not is_short:
            paint_icon(painter, spec.icon, icon, ink)
        painter.setPen(colour(ink))
        painter.setFont(self._label_font())
        painter.drawText(
            QRectF(icon.right() + (0 if is_short else style.px(10)), 0, box.width(), box.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self._label,
        )


class KeyBar(QWidget):
    """The keys of one screen, in reading order, primary key at the right.

    `pressed` carries the key. The shortcuts hold in the whole window while the bar is
    enabled and visible. Auto-repeat never presses a key. `primary` are the colours of the
    primary key and of its words; `note` stands before the keys at the right, to say why one is
    disabled. `more`: where there is no room for all, `DeskKey.MORE` leads to the others.
    """

    pressed = Signal(DeskKey)

    def __init__(
        self,
        keys: tuple[DeskKey, ...],
        texts: Texts,
        style: Style,
        *,
        height: int,
        side: int = 20,
        bordered: bool = True,
        primary: tuple[str, str] | None = None,
        note: QWidget | None = None,
        more: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style = style
        self._bordered = bordered
        self._note, self._is_stacked = note, False
        if more or not style.is_large:
            self.setFixedHeight(style.half_grown.px(height))
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(side), 0, style.px(side), 0)
        row.setSpacing(style.px(10))
        self.buttons: dict[DeskKey, KeyButton] = {}
        self._actions: dict[DeskKey, QAction] = {}
        right = tuple(key for key in keys if key.value.right)
        for key in (
            *(k for k in keys if not k.value.right),
            None,
            *((DeskKey.MORE, *right) if more else right),
        ):
            if key is None:
                self._fill(row, note)
                continue
            button = KeyButton(
                key.value, texts(key.value.text), style, self,
                primary=primary, may_shrink=note is None,
            )  # fmt: skip
            action = QAction(texts(key.value.text), self)
            action.setShortcuts([QKeySequence(press) for press in key.value.presses])
            action.setAutoRepeat(False)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(lambda _checked=False, key=key: self.pressed.emit(key))
            # Not `action.trigger`: PySide never frees what it keeps of such a connection.
            button.clicked.connect(lambda _checked=False, action=action: action.trigger())
            self.addAction(action)
            self.buttons[key], self._actions[key] = button, action
            row.addWidget(button)

    def _fill(self, row: QHBoxLayout, note: QWidget | None) -> None:
        if note is None:
            row.addStretch(1)
        else:
            row.addWidget(note, 1, Qt.AlignmentFlag.AlignVCenter)

    @property
    def hidden(self) -> tuple[DeskKey, ...]:
        """The keys that the bar has no room for; each still does what it does."""
        return tuple(key for key, button in self.buttons.items() if button.isHidden())

    def minimumSizeHint(self) -> QSize:
        """With `DeskKey.MORE` the bar is never wider than its place."""
        hint = super().minimumSizeHint()
        return QSize(0, hint.height()) if DeskKey.MORE in self.buttons else hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if DeskKey.MORE in self.buttons:
            self._make_room()
        elif self._style.is_large:
            self._stack()

    def _make_room(self) -> None:
        """The first keys and those at the right stay, the others wait behind `DeskKey.MORE`."""
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        margins, gap = layout.contentsMargins(), layout.spacing()
        room = self.width() - margins.left() - margins.right()

        def needs(keys: Sequence[DeskKey]) -> int:
            wide = (self.buttons[key].minimumSizeHint().width() + gap for key in keys)
            return sum(wide)

        more = DeskKey.MORE
        rest = [key for key in self.buttons if key is not more]
        shown = rest
        if needs(rest) > room:
            shown = [more, *(key for key in rest if key.value.right)]
            for key in [key for key in rest if not key.value.right][:_FIRST_KEYS]:
                if needs([*shown, key]) > room:
                    break
                shown.append(key)
        for key, button in self.buttons.items():
            button.setVisible(key in shown)
        self._actions[more].setEnabled(more in shown)

    def _stack(self) -> None:
        """Keys of a dialog stand below each other where they have no room side by side."""
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        wide = [one.minimumSizeHint().width() for one in self.buttons.values()]
        needed = sum(wide) + layout.spacing() * len(wide)
        if self._note is not None:
            needed += self._note.minimumSizeHint().width()
        if not self._is_stacked and needed > self.width():
            self._is_stacked = True
            layout.setDirection(QHBoxLayout.Direction.TopToBottom)
            for button in self.buttons.values():
                button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_enabled(self, key: DeskKey, enabled: bool) -> None:
        """Let a key be pressed or not; it stays where it is."""
        self.buttons[key].setEnabled(enabled)
        self._actions[key].setEnabled(enabled)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(self._style.colours.surface))
        if self._bordered:
            painter.fillRect(0, 0, self.width(), 1, colour(self._style.colours.line))
