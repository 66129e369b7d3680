"""The small dialogs over the desk: another finger, the PIN during a session, a screen's help."""

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.domain.fingers import FingerPosition
from station_app.ui.operator.views import NO_MARKS, HandMarks
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.tokens import FIELD_RADIUS
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Badge, Step
from station_app.ui.widgets.hand_view import HandView
from station_app.ui.widgets.key_bar import DeskKey
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.overlay import Overlay
from station_app.ui.widgets.pin_field import PinField
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.widgets.top_bar import LanguageSwitch

FINGER_KEYS = ("thumb", "index", "middle", "ring", "little")


class _FingerRow(QAbstractButton):
    """One finger of the chosen hand: its number, its name, and why it is not asked for."""

    def __init__(self, style: Style, number: int, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._style, self._number, self._name = style.half_grown, number, name
        self._why_not = ""
        self.setCheckable(True)
        self.setAutoExclusive(True)  # one of several, and read aloud as such
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{number}. {name}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def say_why_not(self, words: str) -> None:
        """Write why the finger is not asked for, empty where it may be."""
        self._why_not = words
        name = f"{self._number}. {self._name}"
        self.setAccessibleName(f"{name}, {words}" if words else name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(300), self._style.px(56))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        painter.setPen(QPen(colour(colours.primary if chosen else colours.control_border), 1.5))
        painter.setBrush(colour(colours.primary if chosen else colours.surface))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, style.px(FIELD_RADIUS), style.px(FIELD_RADIUS))
        painter.setPen(colour(colours.on_primary if chosen else colours.ink))
        painter.setFont(style.text(19, 700))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(box.adjusted(style.px(20), 0, 0, 0), left, str(self._number))
        painter.setFont(style.text(19, 600 if chosen else 500))
        painter.drawText(box.adjusted(style.px(54), 0, 0, 0), left, self._name)
        painter.setFont(style.text(16, 500))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box.adjusted(0, 0, -style.px(18), 0), right, self._why_not)


class HandDialog(Overlay):
    """Both hands, one finger at a time; 0 marks one as missing, Enter takes it, Esc goes back.

    `chosen` carries the finger and all that are missing; one that is missing may be chosen, so that
    nothing but the marks is taken.
    """

    chosen = Signal(FingerPosition, object)

    def __init__(
        self,
        host: QWidget,
        texts: Texts,
        style: Style,
        finger: FingerPosition,
        marks: HandMarks = NO_MARKS,
    ) -> None:
        super().__init__(
            host,
            texts,
            style,
            title=texts("hand.title"),
            width=860,
            keys=(DeskKey.BACK, DeskKey.MISSING, DeskKey.CHOOSE),
        )
        self._texts, self._look, self.marks = texts, style, marks
        is_left = style.appearance.left_handed
        if finger == FingerPosition.UNKNOWN:
            finger = FingerPosition.LEFT_INDEX if is_left else FingerPosition.RIGHT_INDEX
        self.finger: FingerPosition = finger
        row = QHBoxLayout()
        row.setSpacing(style.px(36))
        self.body.addLayout(row)
        self._hand_place = QHBoxLayout()
        row.addLayout(self._hand_place)
        column = QVBoxLayout()
        column.setSpacing(style.px(8))
        row.addLayout(column, 1)
        self._side = TextBlock("", style.text(22, 600), style.colours.ink, wrap=False)
        column.addWidget(self._side)
        self._rows: list[_FingerRow] = []
        for number, key in enumerate(FINGER_KEYS, start=1):
            finger_row = _FingerRow(style, number, texts(f"finger.plain.{key}"), self)
            finger_row.clicked.connect(lambda _checked=False, n=number: self._choose_number(n))
            column.addWidget(finger_row)
            self._rows.append(finger_row)
        column.addSpacing(style.px(6))
        column.addWidget(TextBlock(texts("hand.hint"), style.text(17), style.colours.ink3))
        self._hand: HandView | None = None
        self._show_choice()

    def on_key(self, key: DeskKey) -> None:
        """Enter takes the finger, 0 marks it."""
        if key is DeskKey.CHOOSE:
            self.hide()
            self.chosen.emit(self.finger, self.marks.missing)
        elif key is DeskKey.MISSING:
            self.marks = replace(self.marks, missing=self.marks.missing ^ {self.finger})
            self._show_choice()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_5:
            self._choose_number(key - Qt.Key.Key_0)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            self._choose_number(min(5, max(1, self._number() + step)))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            hand = 5 if key == Qt.Key.Key_Left else 0
            self.finger = FingerPosition(self._number() + hand)
            self._show_choice()
        else:
            super().keyPressEvent(event)

    def _number(self) -> int:
        return (self.finger - 1) % 5 + 1

    def _choose_number(self, number: int) -> None:
        self.finger = FingerPosition(number + (5 if self.finger.is_left else 0))
        self._show_choice()

    def _show_choice(self) -> None:
        left = self.finger.is_left
        self._side.setText(self._texts("hand.left") if left else self._texts("hand.right"))
        for number, row in enumerate(self._rows, start=1):
            row.setChecked(number == self._number())
            row.say_why_not(self._why_not(FingerPosition(number + (5 if left else 0))))
        if self._hand is not None:
            self._hand.deleteLater()
            self._hand_place.removeWidget(self._hand)
        self._hand = HandView(
            self._look,
            self.finger,
            largest=self._look.px(340),
            rings=False,
            missing=self.marks.missing,
            parent=self,
        )
        self._hand.setFixedSize(self._hand.sizeHint())
        self._hand_place.addWidget(self._hand)
        self._hand.show()

    def _why_not(self, finger: FingerPosition) -> str:
        if finger in self.marks.missing:
            return self._texts("hand.missing")
        return "" if self.marks.is_there(finger) else self._texts("hand.not_enrolled")


class PinDialog(Overlay):
    """Takes the PIN of a document while a session runs."""

    pin_entered = Signal(str)

    def __init__(self, host: QWidget, texts: Texts, style: Style) -> None:
        super().__init__(
            host,
            texts,
            style,
            title=texts("pin.title"),
            width=680,
            keys=(DeskKey.BACK, DeskKey.LOOK_UP),
        )
        self._texts, self._look = texts, style
        self.field = PinField(style, texts("pin.name"))
        self.field.setFixedWidth(style.grown.px(366))
        self._hint = TextBlock(
            texts("ready.document_hint"), style.text(17), style.colours.ink3, wrap=False
        )
        self.body.addWidget(self._hint)
        self.body.addWidget(self.field)
        self.field.submitted.connect(self._submit)
        self.field.incomplete.connect(self._say_short)

    def open(self) -> None:
        """Show, ready for the first digit."""
        super().open()
        self.field.setFocus()

    def on_key(self, key: DeskKey) -> None:
        """Enter submits as it does in the field."""
        if key is DeskKey.LOOK_UP:
            self.field.submit()

    def _submit(self, pin: str) -> None:
        self.hide()
        self.pin_entered.emit(pin)

    def _say_short(self) -> None:
        self._hint.setText(self._texts("pin.short"))
        self._hint.set_ink(self._look.colours.stop_ink)


class MoreDialog(Overlay):
    """The keys that the bar has no room for with larger text, and the languages."""

    chosen = Signal(DeskKey)
    language_chosen = Signal(str)

    def __init__(
        self, host: QWidget, texts: Texts, style: Style, hidden: tuple[DeskKey, ...]
    ) -> None:
        super().__init__(
            host, texts, style, title=texts("more.title"), width=680, keys=(DeskKey.BACK,)
        )
        self.buttons: dict[DeskKey, ActionButton] = {}
        for key in hidden:
            spec = key.value
            button = ActionButton(texts(spec.text), style, icon=spec.icon, key=spec.cap)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            for press in spec.presses:
                add_key(self, QKeySequence(press), button.click)
            self.body.addWidget(button)
            self.buttons[key] = button
        track = (style.colours.sunken, 1.0)
        ink = style.colours.ink2
        switch = LanguageSwitch(texts, style, ink=ink, track=track, parent=self, full_names=True)
        switch.chosen.connect(self.language_chosen)
        self.body.addWidget(switch)

    def open(self) -> None:
        """Show, with the keyboard on the first key."""
        super().open()
        first = next(iter(self.buttons.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)


class HelpOverlay(Overlay):
    """Three lines about the screen behind it."""

    def __init__(self, host: QWidget, texts: Texts, style: Style, screens: tuple[str, ...]) -> None:
        super().__init__(
            host, texts, style, title=texts("help.title"), width=860, keys=(DeskKey.CLOSE,)
        )
        pages = (texts.help_lines(screen) for screen in screens)
        lines = next((page for page in pages if page), (texts("help.missing"),))
        for number, line in enumerate(lines, start=1):
            sign = Badge(
                style,
                side=48,
                fill=style.colours.sunken,
                ink=style.colours.ink,
                text=str(number),
            )
            words = TextBlock(line, style.text(22, 500), style.colours.ink, line_height=1.3)
            self.body.addWidget(Step(sign, words, style.px(20)))
