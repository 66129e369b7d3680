"""The panel beside a desk that somebody learns at: what lesson and exam share.

The desk keeps the keyboard; every button here has a key that no desk and no room uses.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from station_app.domain.appearance import STANDARD, Appearance
from station_app.training.actions import Action
from station_app.ui.style import Style, colour
from station_app.ui.texts import Texts
from station_app.ui.training.lesson_parts import (
    BAR_MARGIN,
    STEP_MARGIN,
    DashedCard,
    Dots,
    KeyedButton,
    StepLine,
    words_block,
)
from station_app.ui.training.lesson_words import offer_words
from station_app.ui.widgets.focus_ring import FocusRing
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.large_text import LargeTextArea
from station_app.ui.widgets.text_block import TextBlock

PANEL_WIDTH: Final = 356
_EDGE: Final = 20
_SCROLL_BAR: Final = 4
"""Base pixels that a scroll bar takes beyond the margin."""
_SCROLL_KEYS: Final = {"Shift+PgDown": Qt.Key.Key_PageDown, "Shift+PgUp": Qt.Key.Key_PageUp}
_MOST_OFFERS: Final = 9
_ALONE: Final = 2
"""Up to so many offers have a row each."""
_ESC_AGAIN_MS: Final = 3000


def offer_key(number: int) -> str:
    """The key of the bar's button `number`, from 1; Ctrl and a number is the rooms'."""
    return f"Alt+{number}"


class _Scrolled(LargeTextArea):
    """Keeps one part of its page in sight, `wanted`; the bar takes its place from the margin of
    `right` pixels.
    """

    def __init__(self, style: Style, page: QWidget, wanted: QWidget | None, right: int) -> None:
        super().__init__(style, page)
        self._page, self._wanted, self._right = page, wanted, right
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._show_wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        column = self._page.layout()
        assert column is not None
        margins = column.contentsMargins()
        bar = self.width() - self.viewport().width()
        margins.setRight(max(0, self._right - bar))
        column.setContentsMargins(margins)
        super().resizeEvent(event)
        self._later.start()  # what is below is laid out by then

    def _show_wanted(self) -> None:
        if self._wanted is not None:
            self.follow(self._wanted)


class SidePanel(QWidget):
    """356 px at the right of a desk; built anew for each view, language, scale and appearance.

    `offer_chosen` carries an `Action`. Esc that the desk has no use for leaves when it is pressed
    twice, the button at once. `focus_lost`: what had the keyboard here is gone.
    """

    offer_chosen = Signal(object)
    leave_pressed = Signal()
    next_pressed = Signal()
    focus_lost = Signal()

    def __init__(
        self, language: str, *, appearance: Appearance = STANDARD, moving: bool = True
    ) -> None:
        super().__init__()
        self._texts = Texts(language)
        self._moving = moving
        self._style = Style(moving=moving, appearance=appearance)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._body: QWidget | None = None
        self._area: _Scrolled | None = None
        self._leave: KeyedButton | None = None
        self._esc = QTimer(self)
        self._esc.setSingleShot(True)
        self._esc.setInterval(_ESC_AGAIN_MS)
        self._esc.timeout.connect(self._say_leave)
        self._ring = FocusRing(self, self._style)
        self.setFixedWidth(self._style.px(PANEL_WIDTH))

    # --- what it is told -------------------------------------------------------------------

    def set_language(self, language: str) -> None:
        """Change the words."""
        if language != self._texts.language:
            self._texts = Texts(language)
            self._rebuild()

    def set_look(self, scale: float, appearance: Appearance) -> None:
        """Draw everything anew in these sizes and colours."""
        if scale != self._style.scale or appearance != self._style.appearance:
            self._style = Style(scale, moving=self._moving, appearance=appearance)
            self._ring.set_style(self._style)
            self.setFixedWidth(self._style.px(PANEL_WIDTH))
            self._rebuild()

    def press_escape(self) -> None:
        """Esc that nobody else used: the second one in three seconds leaves."""
        if self._esc.isActive():
            self._esc.stop()
            self.leave_pressed.emit()
        else:
            self._esc.start()
            self._say_leave()

    def scroll_by(self, event: QKeyEvent) -> bool:
        """Scroll as a key asks; False where it is no such key, or everything is in sight."""
        return self._area is not None and self._area.scroll_by(event)

    # --- building --------------------------------------------------------------------------

    def _build(self, column: QVBoxLayout) -> None:
        """Put everything into the panel's column; its sides have no margins."""
        raise NotImplementedError

    def _rebuild(self) -> None:
        held = self._held()
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._area = self._leave = None
        style = self._style
        self._body = body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, style.px(16), 0, style.px(16))
        column.setSpacing(style.px(12))
        self._build(column)
        self._add_scroll_keys(body)
        self._column.addWidget(body)
        body.show()
        self._ring.raise_()
        if held is not None:
            self._hold(held)

    @property
    def _room(self) -> int:
        """The width of the column in pixels."""
        return self._style.px(PANEL_WIDTH - 2 * _EDGE - _SCROLL_BAR)

    def _inset(self, one: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(self._style.px(_EDGE), 0, self._style.px(_EDGE), 0)
        row.addWidget(one)
        return row

    def _head(self, words: str, number: int, of: int) -> QBoxLayout:
        """Where this is in a row of `of`, and the way out; `of` 0 is no row."""
        texts, style = self._texts, self._style
        place = QVBoxLayout()
        place.setSpacing(style.px(6))
        named = TextBlock(words, style.text(15, 600), style.colours.ink3, line_height=1.2)
        place.addWidget(named)
        if of:
            place.addWidget(Dots(style, number, of))
        self._leave = KeyedButton(style, self._way_out, texts("lesson.ui.leave"), self._way_out)
        self._leave.setObjectName("leave")
        self._leave.clicked.connect(self.leave_pressed)
        both = named.minimumSizeHint().width() + self._leave.minimumSizeHint().width()
        row = self._beside(both)
        row.addLayout(place, 1)
        if row.direction() is QBoxLayout.Direction.LeftToRight:
            self._leave.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            row.addWidget(self._leave, 0, Qt.AlignmentFlag.AlignTop)
        else:
            row.addWidget(self._leave)
        if self._esc.isActive():
            self._say_leave()
        return row

    def _beside(self, needed: int) -> QBoxLayout:
        """A row inside the margins, or a column where what it holds needs more than a row has."""
        style, gap = self._style, self._style.px(10)
        is_row = needed + gap <= style.px(PANEL_WIDTH - 2 * _EDGE)
        kind = QBoxLayout.Direction
        row = QBoxLayout(kind.LeftToRight if is_row else kind.TopToBottom)
        row.setContentsMargins(style.px(_EDGE), 0, style.px(_EDGE), 0)
        row.setSpacing(gap)
        return row

    def _say_leave(self) -> None:
        if self._leave is not None:
            again = self._esc.isActive()
            words = self._texts("lesson.ui.leave_again" if again else "lesson.ui.leave")
            self._leave.set_words("Esc" if again else self._way_out, words)

    @property
    def _way_out(self) -> str:
        """The keys that leave."""
        return "Esc Esc"

    def _scrolled(self, parts: Sequence[QWidget], wanted: QWidget | None) -> QWidget:
        """Parts below each other, as far as there is room; `wanted` of them is in sight."""
        style = self._style
        page = QWidget()
        column = QVBoxLayout(page)
        outside, inside = style.px(_EDGE - STEP_MARGIN), style.px(STEP_MARGIN)
        column.setContentsMargins(outside, 0, outside, 0)
        column.setSpacing(style.px(8))
        for part in parts:
            row = QHBoxLayout()  # the ground of a step is wider than the column
            inset = 0 if isinstance(part, StepLine) else inside
            row.setContentsMargins(inset, 0, inset, 0)
            row.addWidget(part)
            column.addLayout(row)
        column.addStretch(1)
        self._area = _Scrolled(style, page, wanted, outside)
        return self._area

    def _bar(
        self, person: QWidget, offers: Sequence[Action], *, is_open: bool = True
    ) -> DashedCard:
        """Who is at the desk, and what they and the devices can do."""
        texts, style = self._texts, self._style
        card = DashedCard(style)
        card.setAccessibleName(texts("lesson.ui.bar"))
        card.column.addWidget(person)
        grid = QGridLayout()
        grid.setSpacing(style.px(8))
        shown = offers[:_MOST_OFFERS]
        is_short = style.is_large or len(shown) > _ALONE
        across = 2 if is_short and not style.is_large else 1
        if is_short and shown:
            hint = texts("lesson.ui.bar_keys")
            card.column.addWidget(
                TextBlock(hint, style.text(14), style.colours.ink3, line_height=1.2)
            )
        for place, offer in enumerate(shown):
            number = place + 1
            key = offer_key(number)
            cap = str(number) if is_short else f"Alt {number}"
            button = KeyedButton(style, cap, offer_words(texts, offer), key)
            button.setObjectName(f"offer {offer!r}")
            button.setEnabled(is_open)
            button.clicked.connect(partial(self._choose, offer))
            add_key(button, QKeySequence(key), button.click)
            grid.addWidget(button, place // across, place % across)
        for place in range(across):
            grid.setColumnStretch(place, 1)
        if shown:
            card.column.addLayout(grid)
        return card

    def _person_lines(self, name: str, lines: Sequence[str], beside: int = 0) -> QWidget:
        """Who stands at the desk, as text; `beside` pixels of the bar's width are taken."""
        style, colours = self._style, self._style.colours
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(4))
        room = self._room - 2 * style.px(BAR_MARGIN) - beside - style.px(4)
        if name:
            font = style.text(16.5, 600)
            column.addWidget(words_block(style, name, font, colours.ink, room, line_height=1.25))
        for line in lines:
            font = style.text(15.5)
            column.addWidget(words_block(style, line, font, colours.ink2, room, line_height=1.25))
        column.addStretch(1)
        return words

    def _foot(self, *buttons: KeyedButton) -> QBoxLayout:
        widest = max(button.minimumSizeHint().width() for button in buttons)
        row = self._beside(len(buttons) * widest)
        for button in buttons:
            row.addWidget(button, 1)
        return row

    def _choose(self, offer: Action, _checked: bool = False) -> None:
        self.offer_chosen.emit(offer)

    def _add_scroll_keys(self, body: QWidget) -> None:
        for sequence, key in _SCROLL_KEYS.items():
            add_key(body, QKeySequence(sequence), partial(self._scroll, key))

    def _scroll(self, key: Qt.Key) -> None:
        none = Qt.KeyboardModifier.NoModifier
        self.scroll_by(QKeyEvent(QKeyEvent.Type.KeyPress, key, none))

    # --- the keyboard ----------------------------------------------------------------------

    def _held(self) -> str | None:
        """The name of the button here that has the keyboard; None where none has."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            return None
        return focused.objectName()

    def _hold(self, name: str) -> None:
        """Give the keyboard to the same button, if there still is one."""
        body = self._body
        same = body.findChild(KeyedButton, name) if name and body is not None else None
        if same is not None and same.isVisibleTo(self) and same.isEnabled():
            same.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.focus_lost.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(self._style.colours.surface))
        painter.fillRect(0, 0, 1, self.height(), colour(self._style.colours.line))
