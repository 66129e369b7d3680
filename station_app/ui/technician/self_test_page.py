"""Self-test (13): a card for each device, and one verdict at the right."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.domain.samples import FingerImage
from station_app.ui.style import Style, colour
from station_app.ui.technician.page import page_column, page_head
from station_app.ui.technician.self_test import CardKey, CardState, CardView, SelfTestView
from station_app.ui.technician.self_test_words import (
    TONES,
    card_advice,
    card_line,
    verdict,
)
from station_app.ui.texts import Texts
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Panel, card
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.tags import Tone, state_tag
from station_app.ui.widgets.text_block import TextBlock

_COLUMNS, _CARDS, _SIDE, _CARD_HEIGHT, _MOST_ADVICE = 4, 782, 312, 290, 2
_ICONS = {
    CardKey.SCANNER: "ph.fingerprint",
    CardKey.CAMERA: "ph.camera",
    CardKey.PRINTER: "ph.printer",
    CardKey.DOCUMENT_READER: "ph.identification-card",
    CardKey.DISK: "ph.hard-drive",
    CardKey.CLOCK: "ph.clock",
    CardKey.BATTERY: "ph.battery-medium",
    CardKey.SOUND: "ph.speaker-high",
}


class SelfTestPage(QWidget):
    """Shows a `SelfTestView`; what is pressed goes out as signals."""

    card_pressed = Signal(CardKey)
    card_answered = Signal(CardKey, bool)
    test_all_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: SelfTestView, precinct: str) -> None:
        super().__init__()
        self._texts, self._style, self._precinct = texts, style, precinct
        self.buttons: dict[CardKey, list[ActionButton]] = {}
        column = page_column(self, style)
        column.addLayout(page_head(style, texts("test.title"), texts("test.line"), ()))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        cards = QWidget()
        grid = QGridLayout(cards)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(style.px(14))
        for place, one in enumerate(view.cards):
            grid.addWidget(self._card(one), place // _COLUMNS, place % _COLUMNS)
        for place in range(_COLUMNS):
            grid.setColumnStretch(place, 1)
        for place in range(2):
            grid.setRowStretch(place, 1)
        row.addWidget(cards, _CARDS)
        row.addWidget(self._side(view), _SIDE)
        column.addLayout(row, 1)
        add_key(self, QKeySequence(Qt.Key.Key_F5), self.test_all_pressed.emit)

    def take_focus(self) -> None:
        """Give the keyboard to the first card that wants something."""
        for buttons in self.buttons.values():
            buttons[0].setFocus()
            return
        self._all.setFocus()

    def focused_card(self) -> CardKey | None:
        """The card that has the keyboard."""
        for key, buttons in self.buttons.items():
            if any(button.hasFocus() for button in buttons):
                return key
        return None

    def focus_card(self, key: CardKey) -> None:
        """Give the keyboard to a card, or to the next that wants something."""
        order = list(CardKey)
        waiting = [*order[order.index(key) :], *order[: order.index(key)]]
        for one in waiting:
            if one in self.buttons:
                self.buttons[one][0].setFocus()
                return
        self._all.setFocus()

    def _card(self, view: CardView) -> Panel:
        texts, style, colours = self._texts, self._style, self._style.colours
        border = {CardState.FAILED: colours.stop, CardState.ATTENTION: colours.warn_edge}.get(
            view.state
        )
        panel = card(style, border=border, border_width=3 if border else 1)
        panel.setMaximumHeight(style.px(_CARD_HEIGHT))
        panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (17, 16, 17, 15)])
        column.setSpacing(0)
        head = QHBoxLayout()
        sign = IconView(_ICONS[view.key], style.px(40), colours.ink)
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        if view.image is not None:
            head.addWidget(_Picture(style, view.image), 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(head)
        column.addSpacing(style.px(10))
        name, line = texts(f"test.name.{view.key.value}"), card_line(texts, view)
        column.addWidget(TextBlock(name, style.text(18, 600), colours.ink, line_height=1.2))
        column.addSpacing(style.px(4))
        column.addWidget(TextBlock(line, style.text(15), colours.ink3, line_height=1.3))
        column.addStretch(1)
        self._add_buttons(column, view, f"{name}: {line}")
        word = texts(f"test.state.{view.state.value}")
        column.addWidget(state_tag(style, TONES[view.state], word))
        panel.setAccessibleName(f"{name}. {line}. {word}")
        return panel

    def _add_buttons(self, column: QVBoxLayout, view: CardView, about: str) -> None:
        texts, key = self._texts, view.key
        row = QHBoxLayout()
        row.setSpacing(self._style.px(8))
        buttons = []
        if view.state is CardState.ASKING:
            for word, yes in (("test.yes", True), ("test.no", False)):
                button = self._button(texts(word), about)
                button.clicked.connect(
                    lambda _checked=False, yes=yes: self.card_answered.emit(key, yes)
                )
                buttons.append(button)
        elif view.state is not CardState.RUNNING and view.state is not CardState.PASSED:
            words = "test.start" if view.state is CardState.UNTESTED else "test.again"
            button = self._button(texts(words), about)
            button.clicked.connect(lambda _checked=False: self.card_pressed.emit(key))
            buttons.append(button)
        for button in buttons:
            row.addWidget(button, 1)
        if buttons:
            self.buttons[key] = buttons
            column.addLayout(row)
            column.addSpacing(self._style.px(10))

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
        self._add_advice(column, view)
        column.addStretch(1)
        if view.absent:
            names = ", ".join(texts(f"test.absent.{key.value}") for key in view.absent)
            note = texts("test.absent", names=names)
            column.addWidget(TextBlock(note, style.text(15), colours.ink3, line_height=1.35))
            column.addSpacing(style.px(14))
        untested = all(one.state is CardState.UNTESTED for one in view.cards)
        self._all = ActionButton(
            texts("test.all" if untested else "test.all_again"),
            style,
            icon="ph.arrow-clockwise",
            key="F5",
        )
        self._all.clicked.connect(lambda _checked=False: self.test_all_pressed.emit())
        column.addWidget(self._all)
        return panel

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
        ink = colours.stop if tone is Tone.BAD else colours.on_warn_soft
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
    """A small picture of a finger, cut to its frame."""

    def __init__(self, style: Style, image: FingerImage) -> None:
        super().__init__()
        self._style = style
        self._picture = QImage(
            image.pixels, image.width, image.height, image.width, QImage.Format.Format_Grayscale8
        ).copy()
        self.setFixedSize(style.px(66), style.px(78))

    def sizeHint(self) -> QSize:
        return QSize(self._style.px(66), self._style.px(78))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), self._style.px(8), self._style.px(8))
        painter.setClipPath(frame)
        size = QSize(self._picture.size()).scaled(
            self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
        )
        box = QRectF(0, 0, size.width(), size.height())
        box.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(box, self._picture)
