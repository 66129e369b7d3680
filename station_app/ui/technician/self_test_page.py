"""The self-test (13): a card a device, pressed and answered, and what to do about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.devices.camera import CameraFrame
from station_app.domain.samples import FingerImage
from station_app.ui.commission.day_cards import EntryField
from station_app.ui.room_shell import Place, RoomPage, page_column, page_head
from station_app.ui.style import Style, colour
from station_app.ui.technician.self_test import (
    CARDS,
    CardFact,
    CardKey,
    CardState,
    CardView,
    MinutesFact,
    SelfTestView,
    SizeFact,
)
from station_app.ui.texts import Texts, fault_lines
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Panel, card
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.tags import Tone, state_tag
from station_app.ui.widgets.text_block import TextBlock

TONES = {
    CardState.UNTESTED: Tone.OPEN,
    CardState.RUNNING: Tone.OPEN,
    CardState.ASKING: Tone.OPEN,
    CardState.PASSED: Tone.GOOD,
    CardState.ATTENTION: Tone.ATTENTION,
    CardState.FAILED: Tone.BAD,
}


def card_line(texts: Texts, card: CardView) -> str:
    """What a card says below its name."""
    if not card.code:
        return texts(f"test.what.{card.key.value}")
    if _is_fault(texts, card):
        return fault_lines(texts, card.code)[0]
    return _filled(texts, f"test.found.{card.code}", card)


def card_advice(texts: Texts, card: CardView) -> str:
    """What to do about a card that did not pass."""
    if _is_fault(texts, card):
        return fault_lines(texts, card.code)[1]
    return texts(f"test.advice.{card.code.removesuffix('_left')}")


def verdict(texts: Texts, view: SelfTestView) -> str:
    """The one sentence over all cards."""
    if view.to_fix:
        return texts("test.verdict.fix", number=view.to_fix)
    if view.left:
        return texts("test.verdict.left", number=view.left)
    if attention := view.count(CardState.ATTENTION):
        return texts("test.verdict.attention", number=attention)
    return texts("test.verdict.ready")


def _is_fault(texts: Texts, card: CardView) -> bool:
    return card.state is CardState.FAILED and f"test.found.{card.code}" not in texts


def _filled(texts: Texts, key: str, card: CardView) -> str:
    return texts(key, **{name: _shown(texts, fact) for name, fact in (card.facts or {}).items()})


def _shown(texts: Texts, fact: CardFact) -> str:
    match fact:
        case datetime():
            return f"{texts.date(fact)} {texts.time(fact)}"
        case SizeFact(octets=octets):
            return texts.size(octets)
        case MinutesFact(minutes=minutes):
            return texts.duration(minutes)
        case int():
            return texts.number(fact)
        case _:
            return fact


_COLUMNS, _CARDS, _SIDE, _MOST_ADVICE = 4, 782, 312, 2
_ROWS, _HIGH, _LOW = 2, 290, 176
"""A card's greatest height in so many rows, and in more."""


def _rows(view: SelfTestView) -> int:
    return max(_ROWS, -(-len(view.cards) // _COLUMNS))


def _columns(style: Style) -> int:
    """How many cards stand side by side: fewer, the larger the text."""
    return {100: _COLUMNS, 125: 3}.get(style.appearance.text_percent, 2)


class SelfTestPage(RoomPage):
    """Shows a `SelfTestView`; what is pressed goes out as signals."""

    card_pressed = Signal(CardKey)
    card_answered = Signal(CardKey, bool)
    card_stopped = Signal(CardKey)
    test_all_pressed = Signal()
    morning_pressed = Signal()
    stop_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: SelfTestView, precinct: str) -> None:
        super().__init__()
        self._texts, self._style, self._precinct = texts, style, precinct
        self.buttons: dict[CardKey, list[ActionButton]] = {}
        self.fields: dict[CardKey, EntryField] = {}
        self._asked = {one.key: one.typed for one in view.cards}
        self._states = {one.key: one.state for one in view.cards}
        column = page_column(self, style)
        buttons = self._head_buttons(view)
        column.addLayout(page_head(style, texts("test.title"), texts("test.line"), buttons))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        cards = QWidget()
        grid = QGridLayout(cards)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(style.px(14))
        rows, columns = _rows(view), _columns(style)
        for place, one in enumerate(view.cards):
            made = self._card(one) if rows == _ROWS else self._low_card(one)
            grid.addWidget(made, place // columns, place % columns)
        for place in range(columns):
            grid.setColumnStretch(place, 1)
        for place in range(rows):
            grid.setRowStretch(place, 1)
        row.addWidget(cards, _CARDS)
        row.addWidget(self._side(view), _SIDE)
        column.addLayout(row, 1)
        add_key(self, QKeySequence(Qt.Key.Key_F5), self.test_all_pressed.emit)
        add_key(self, QKeySequence(Qt.Key.Key_F6), self.morning_pressed.emit)
        add_key(self, QKeySequence(Qt.Key.Key_Escape), self.stop_pressed.emit)

    def _head_buttons(self, view: SelfTestView) -> tuple[ActionButton, ActionButton]:
        texts, style = self._texts, self._style
        untested = all(one.state is CardState.UNTESTED for one in view.cards)
        words = texts("test.all" if untested else "test.all_again")
        self._all = ActionButton(words, style, icon="ph.arrow-clockwise", key="F5")
        self._all.clicked.connect(lambda _checked=False: self.test_all_pressed.emit())
        morning = ActionButton(texts("test.morning"), style, icon="ph.sun-horizon", key="F6")
        morning.clicked.connect(lambda _checked=False: self.morning_pressed.emit())
        return self._all, morning

    def take_focus(self) -> None:
        """Give the keyboard to the first question, else to the first card that can be tested."""
        self._focus_one_of(tuple(self.buttons))

    def _focus_one_of(self, keys: Sequence[CardKey]) -> None:
        """Nobody's next Enter is to stop a test."""
        asking = (key for key in keys if self._states[key] is CardState.ASKING)
        idle = (key for key in keys if self._states[key] is not CardState.RUNNING)
        key = next(asking, None) or next(idle, None)
        self._focus(key)

    def _focus(self, key: CardKey | None) -> None:
        if key is None:
            self._all.setFocus()
        elif key in self.fields:
            self.fields[key].setFocus()
        else:
            self.buttons[key][0].setFocus()

    def keep(self) -> tuple[CardKey | None, dict[str, str]]:
        """The card that has the keyboard, and what is typed by the number that is asked for."""
        typed = {self._asked[key]: field.text() for key, field in self.fields.items()}
        for key, buttons in self.buttons.items():
            field = self.fields.get(key)
            if any(one.hasFocus() for one in (*buttons, *([field] if field else []))):
                return key, typed
        return None, typed

    def take_over(self, kept_typed: tuple[CardKey | None, dict[str, str]]) -> bool:
        """Go on with those digits, and give the keyboard to that card, or to the next that wants
        something.
        """
        kept, typed = kept_typed
        for key, field in self.fields.items():
            field.setText(typed.get(self._asked[key], ""))
        if kept is None:
            return False
        if self._states.get(kept) in (CardState.ASKING, CardState.RUNNING):
            self._focus(kept)
            return True
        order = list(CardKey)
        place = order.index(kept)
        self._focus_one_of([key for key in (*order[place:], *order[:place]) if key in self.buttons])
        return True

    def _card(self, view: CardView) -> Panel:
        texts, style, colours = self._texts, self._style, self._style.colours
        panel, column = self._frame(view, _HIGH, (17, 14, 17, 13))
        head = QHBoxLayout()
        if isinstance(view.image, CameraFrame):  # the whole width: a person looks for himself
            head.addWidget(_Picture(style, view.image))
        else:
            sign = IconView(CARDS[view.key].icon, style.px(36), colours.ink)
            head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            if view.image is not None:
                head.addWidget(_Picture(style, view.image), 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(head)
        column.addSpacing(style.px(10))
        name, line = texts(f"test.name.{view.key.value}"), card_line(texts, view)
        if view.of:
            line = f"{line} {texts('test.counted', done=view.done, of=view.of)}"
        column.addWidget(TextBlock(name, style.text(18, 600), colours.ink, line_height=1.2))
        column.addSpacing(style.px(4))
        column.addWidget(TextBlock(line, style.text(15), colours.ink3, line_height=1.3))
        column.addStretch(1)
        self._add_buttons(column, view, f"{name}: {line}")
        word = texts(f"test.state.{view.state.value}")
        column.addWidget(state_tag(style, TONES[view.state], word))
        panel.setAccessibleName(f"{name}. {line}. {word}")
        return panel

    def _frame(
        self, view: CardView, height: int, margins: tuple[int, int, int, int]
    ) -> tuple[Panel, QVBoxLayout]:
        style, colours = self._style, self._style.colours
        border = {CardState.FAILED: colours.stop_ink, CardState.ATTENTION: colours.warn_edge}.get(
            view.state
        )
        panel = card(style, border=border, border_width=3 if border else 1)
        panel.setMaximumHeight(style.px(height))
        panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in margins])
        column.setSpacing(0)
        return panel, column

    def _low_card(self, view: CardView) -> Panel:
        """The card where there are three rows of them: its state is a sign beside its name, and in
        words where it has no buttons."""
        texts, style, colours = self._texts, self._style, self._style.colours
        panel, column = self._frame(view, _LOW, (14, 11, 14, 11))
        name, line = texts(f"test.name.{view.key.value}"), card_line(texts, view)
        word = texts(f"test.state.{view.state.value}")
        head = QHBoxLayout()
        head.setSpacing(style.px(8))
        head.addWidget(IconView(CARDS[view.key].icon, style.px(24), colours.ink))
        head.addWidget(TextBlock(name, style.text(16, 600), colours.ink, line_height=1.15), 1)
        tone = TONES[view.state]
        if view.state in (CardState.FAILED, CardState.ATTENTION, CardState.PASSED):
            head.addWidget(IconView(tone.icon, style.px(20), tone.ink(colours)))
        column.addLayout(head)
        column.addSpacing(style.px(3))
        if view.of:
            line = f"{line} {texts('test.counted', done=view.done, of=view.of)}"
        column.addWidget(TextBlock(line, style.text(14), colours.ink3, line_height=1.25))
        column.addStretch(1)
        self._add_buttons(column, view, f"{name}: {line}")
        if view.key not in self.buttons:
            column.addWidget(state_tag(style, tone, word))
        panel.setAccessibleName(f"{name}. {line}. {word}")
        return panel

    def _add_buttons(self, column: QVBoxLayout, view: CardView, about: str) -> None:
        texts, key = self._texts, view.key
        row = QHBoxLayout()
        row.setSpacing(self._style.px(8))
        buttons = []
        if view.state is CardState.ASKING and view.typed:
            row.addWidget(self._number_field(view, about))
        elif view.state is CardState.ASKING:
            for word, yes in (("test.yes", True), ("test.no", False)):
                button = self._button(texts(word), about)
                button.clicked.connect(
                    lambda _checked=False, yes=yes: self.card_answered.emit(key, yes)
                )
                buttons.append(button)
        elif view.state is CardState.RUNNING:
            button = self._button(texts("test.stop"), about)
            button.clicked.connect(lambda _checked=False: self.card_stopped.emit(key))
            buttons.append(button)
        elif view.state is not CardState.PASSED:
            words = "test.start" if view.state is CardState.UNTESTED else "test.again"
            button = self._button(texts(words), about)
            button.clicked.connect(lambda _checked=False: self.card_pressed.emit(key))
            buttons.append(button)
        for button in buttons:
            row.addWidget(button, 1)
        if buttons or key in self.fields:
            self.buttons[key] = buttons
            column.addLayout(row)
            column.addSpacing(self._style.px(10))

    def _number_field(self, view: CardView, about: str) -> EntryField:
        """Takes the number that another screen shows; its last digit answers, Enter too."""
        digits = len(view.typed)
        field = EntryField(self._style, about, "", longest=digits, digits=True)

        def answer() -> None:
            self.card_answered.emit(view.key, field.text() == view.typed)

        field.textChanged.connect(lambda text: answer() if len(text) == digits else None)
        field.returnPressed.connect(answer)
        self.fields[view.key] = field
        return field

    def _button(self, label: str, about: str) -> ActionButton:
        button = ActionButton(label, self._style, height=48, px=15)
        button.setAccessibleName(f"{about} {label}")
        return button

    def _side(self, view: SelfTestView) -> Panel:
        texts, style, colours = self._texts, self._style, self._style.colours
        panel = card(style)
        panel.setMaximumWidth(style.px(_SIDE))
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (24, 22, 24, 20)])
        column.setSpacing(0)
        if self._precinct:
            place = texts("top.precinct", number=self._precinct)
            column.addWidget(TextBlock(place, style.text(17), colours.ink3))
            column.addSpacing(style.px(6))
        words = TextBlock(
            verdict(texts, view), style.display(34, 700), colours.ink, line_height=1.12
        )
        column.addWidget(words)
        column.addSpacing(style.px(14))
        column.addWidget(_Segments(style, [TONES[one.state] for one in view.cards]))
        column.addSpacing(style.px(16))
        self._add_picture(column, view)
        self._add_advice(column, view)
        column.addStretch(1)
        if view.absent:
            names = ", ".join(texts(f"test.absent.{key.value}") for key in view.absent)
            note = texts("test.absent", names=names)
            column.addWidget(TextBlock(note, style.text(15), colours.ink3, line_height=1.35))
        return panel

    def _add_picture(self, column: QVBoxLayout, view: SelfTestView) -> None:
        """What a low card has no room for: the picture that somebody is asked about, or makes."""
        if _rows(view) == _ROWS:
            return
        for state in (CardState.ASKING, CardState.RUNNING):
            for one in view.cards:
                if one.state is state and one.image is not None:
                    column.addWidget(_Picture(self._style, one.image, scale=1.6))
                    column.addSpacing(self._style.px(14))
                    return

    def _add_advice(self, column: QVBoxLayout, view: SelfTestView) -> None:
        """What to do next, the red ones first; never more than a person can keep in mind."""
        wanting = [
            one
            for state in (CardState.FAILED, CardState.ATTENTION)
            for one in view.cards
            if one.state is state
        ]
        for one in wanting[:_MOST_ADVICE]:
            column.addLayout(self._advice(one))
            column.addSpacing(self._style.px(12))
        if len(wanting) > _MOST_ADVICE:
            number = self._texts.number(len(wanting) - _MOST_ADVICE)
            more = self._texts("test.more", number=number)
            ink = self._style.colours.ink3
            column.addWidget(TextBlock(more, self._style.text(15), ink))

    def _advice(self, view: CardView) -> QHBoxLayout:
        texts, style, colours = self._texts, self._style, self._style.colours
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        tone = TONES[view.state]
        ink = tone.ink(colours)
        row.addWidget(IconView(tone.icon, style.px(24), ink), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        name = texts(f"test.name.{view.key.value}")
        words.addWidget(TextBlock(name, style.text(16, 600), colours.ink, line_height=1.35))
        advice = TextBlock(card_advice(texts, view), style.text(16), colours.ink, line_height=1.35)
        words.addWidget(advice)
        row.addLayout(words, 1)
        return row


class _Segments(QWidget):
    """One segment a card, in its colour."""

    def __init__(self, style: Style, tones: list[Tone]) -> None:
        super().__init__()
        self._style, self._tones = style, tones
        self.setFixedHeight(style.px(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        style, colours = self._style, self._style.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = style.px(5)
        width = (self.width() - gap * (len(self._tones) - 1)) / max(1, len(self._tones))
        for place, tone in enumerate(self._tones):
            painter.setPen(QPen(colour(colours.control_border), 1))
            painter.setBrush(colour(tone.full(colours)))
            box = QRectF(place * (width + gap), 0, width, self.height())
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), style.px(4), style.px(4))


class _Picture(QWidget):
    """A small picture of a finger, or of what a camera sees, cut to its frame."""

    def __init__(
        self, style: Style, image: FingerImage | CameraFrame, *, scale: float = 1.0
    ) -> None:
        super().__init__()
        is_camera = isinstance(image, CameraFrame)
        depth, form = (
            (3, QImage.Format.Format_RGB888) if is_camera else (1, QImage.Format.Format_Grayscale8)
        )
        width, height = image.width, image.height
        self._picture = QImage(image.pixels, width, height, depth * width, form).copy()
        wide, high = (142, 68) if is_camera else (66, 78)
        self._size = QSize(style.px(wide * scale), style.px(high * scale))
        self._radius = style.px(8)
        self.setFixedSize(self._size)

    def sizeHint(self) -> QSize:
        return self._size

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), self._radius, self._radius)
        painter.setClipPath(frame)
        size = QSize(self._picture.size()).scaled(
            self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
        )
        box = QRectF(0, 0, size.width(), size.height())
        box.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(box, self._picture)


TEST: Final = Place(
    "test",
    "ph.check-square-offset",
    SelfTestView(()),
    lambda room, view: SelfTestPage(room.texts, room.style_in_use, view, room.precinct),
    lambda _: ("self_test",),
)
