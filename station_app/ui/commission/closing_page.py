"""Closing, screen 11 at the right: the counts by hand, and the checklist that must be complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.day_report import DayFigures, Gap, HandCount, gaps_of, unexplained
from station_app.domain.entry_codes import Count
from station_app.ui.commission.day_cards import (
    EntryField,
    add_tone_line,
    day_card,
    fill_card,
    heading,
    journal_tag,
)
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.room_shell import EmptyPage, Place, RoomPage, RoomShell, page_column, page_head
from station_app.ui.style import Style
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Line, Panel
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock

COUNTED: Final = (Count.BALLOTS, Count.SIGNATURES)
"""What people count and type in; slips are counted by the journal."""

LONGEST_COUNT: Final = 6
"""Digits of a count."""


class ClosingItem(StrEnum):
    """A line of the checklist."""

    DESK = "desk"
    JOURNAL = "journal"
    DECISIONS = "decisions"
    SLIPS = "slips"
    BALLOTS = "ballots"
    SIGNATURES = "signatures"
    REASONS = "reasons"


@dataclass(frozen=True, slots=True)
class ClosingView:
    """The page of a day that can be closed.

    `typed` are the counts as they are typed, `reasons` the written ones. `decisions` counts
    what the commission decided, `reviewed` how many of these it has looked at since.
    `unprinted` counts identifications without a slip.
    """

    figures: DayFigures
    typed: Mapping[Count, str] = field(default_factory=dict)
    reasons: Mapping[Count, str] = field(default_factory=dict)
    integrity: IntegrityView = field(default_factory=IntegrityView)
    is_desk_free: bool = True
    decisions: int = 0
    reviewed: int = 0
    unprinted: int = 0
    fault: str = ""
    is_busy: bool = False

    def counted(self, what: Count) -> int | None:
        """A typed count, None while there is none."""
        text = self.typed.get(what, "")
        return int(text) if text.isascii() and text.isdigit() else None

    @property
    def hand_count(self) -> HandCount | None:
        """Both typed counts, None while one is missing."""
        ballots, signatures = (self.counted(what) for what in COUNTED)
        if ballots is None or signatures is None:
            return None
        return HandCount(ballots, signatures)

    def gap(self, what: Count) -> Gap | None:
        """The difference of one count, None where there is none or it is not counted yet."""
        number = self.figures.slips if what is Count.SLIPS else self.counted(what)
        expected = self.figures.expected(what)
        if number is None or number == expected:
            return None
        return Gap(what, expected, number)

    def is_explained(self, what: Count) -> bool:
        """Whether a written reason for this count is there."""
        gap = self.gap(what)
        return gap is None or not unexplained((gap,), self.reasons)

    def is_done(self, item: ClosingItem) -> bool:
        """Whether a line of the checklist is complete."""
        match item:
            case ClosingItem.DESK:
                return self.is_desk_free
            case ClosingItem.JOURNAL:
                return self.integrity.is_sound
            case ClosingItem.DECISIONS:
                return self.reviewed >= self.decisions
            case ClosingItem.SLIPS:
                return self.is_explained(Count.SLIPS)
            case ClosingItem.BALLOTS:
                return self.counted(Count.BALLOTS) is not None
            case ClosingItem.SIGNATURES:
                return self.counted(Count.SIGNATURES) is not None
            case ClosingItem.REASONS:
                counted = self.hand_count
                return counted is not None and not unexplained(
                    gaps_of(self.figures, counted), self.reasons
                )

    @property
    def missing(self) -> ClosingItem | None:
        """The first line that is not complete; None when two persons can sign."""
        return next((item for item in ClosingItem if not self.is_done(item)), None)


_COUNTS, _LIST = 694, 400
_LONGEST_REASON = 300
_NUMBER_WIDTH, _DIFFERENCE_WIDTH = 132, 120


class ClosingPage(RoomPage):
    """Shows a `ClosingView`; what is typed and pressed goes out as signals."""

    count_typed = Signal(Count, str)
    reason_typed = Signal(Count, str)
    print_pressed = Signal()
    close_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: ClosingView) -> None:
        super().__init__()
        self._texts, self._look, self._view = texts, style, view
        column = page_column(self, style)
        column.addLayout(page_head(style, texts("close.title"), texts("close.line"), ()))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        row.addWidget(self._counts_card(view), _COUNTS)
        row.addWidget(self._list_card(), _LIST)
        column.addLayout(row, 1)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            add_key(self, QKeySequence(key), self._press_close)
        add_key(self, QKeySequence(Qt.Key.Key_F8), self._print)
        self.update_view(view)

    def take_focus(self) -> None:
        """Give the keyboard to the first count that is missing, or to the last step."""
        for what in COUNTED:
            if self._view.counted(what) is None:
                self.counts[what].setFocus()
                return
        for what, entry in self.reasons.items():
            if not self._view.is_explained(what):
                entry.setFocus()
                return
        self.close_button.setFocus()

    def update_view(self, view: ClosingView) -> bool:
        """Show how far it is; what is typed stays."""
        self._view = view
        texts, colours = self._texts, self._look.colours
        self._identified.setText(texts.number(view.figures.identified))
        self._slips.setText(texts.number(view.figures.slips))
        for what in Count:
            gap = view.gap(what)
            words = texts("close.no_difference")
            if gap is not None:
                words = f"{gap.counted - gap.expected:+,}".replace(",", " ").replace("-", "−")
            elif what is not Count.SLIPS and view.counted(what) is None:
                words = ""
            self.differences[what].setText(words)
            self.differences[what].set_ink(colours.stop_ink if gap is not None else colours.ok_ink)
            self._reason_rows[what].setVisible(gap is not None)
        self._print_button.setVisible(view.unprinted > 0)
        self._show_note(view)
        self._refill(view)
        return True

    # --- the counts -----------------------------------------------------------------------

    def _counts_card(self, view: ClosingView) -> Panel:
        texts, style, colours = self._texts, self._look, self._look.colours
        panel, column = day_card(style)
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.px(16))
        grid.setVerticalSpacing(style.px(10))
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(1, style.px(_NUMBER_WIDTH))
        grid.setColumnMinimumWidth(2, style.px(_DIFFERENCE_WIDTH))
        right = Qt.AlignmentFlag.AlignRight
        for place, key in ((1, "close.counted"), (2, "close.difference")):
            head = TextBlock(texts(key), style.text(15), colours.ink3, wrap=False, align=right)
            grid.addWidget(head, 0, place)
        self.counts: dict[Count, EntryField] = {}
        self.reasons: dict[Count, EntryField] = {}
        self.differences: dict[Count, TextBlock] = {}
        self._reason_rows: dict[Count, QWidget] = {}
        self._identified = self._number("")
        self._slips = self._number("")
        self._add_row(grid, 1, texts("close.identified"), self._identified, strong=True)
        for place, what in enumerate(Count, start=1):
            label = texts(f"close.count.{what.value}")
            number = self._slips if what is Count.SLIPS else self._count_field(what, label, view)
            row = 3 * place
            grid.addWidget(Line(colours.row_line), row - 1, 0, 1, 3)
            self._add_row(grid, row, label, number)
            difference = TextBlock("", style.text(20, 700), colours.ok_ink, wrap=False, align=right)
            self.differences[what] = difference
            grid.addWidget(difference, row, 2, Qt.AlignmentFlag.AlignVCenter)
            self._reason_rows[what] = self._reason_row(what, label, view)
            grid.addWidget(self._reason_rows[what], row + 1, 0, 1, 3)
        fill_card(column, heading(style, texts("close.counts")), style.px(10), grid)
        column.addStretch(1)
        self.note = TextBlock("", style.text(15), colours.ink3, line_height=1.35)
        column.addWidget(self.note)
        return panel

    def _add_row(
        self, grid: QGridLayout, row: int, label: str, number: QWidget, *, strong: bool = False
    ) -> None:
        style, colours = self._look, self._look.colours
        weight = 600 if strong else 400
        words = TextBlock(label, style.text(18, weight), colours.ink, line_height=1.25)
        grid.addWidget(words, row, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(number, row, 1, Qt.AlignmentFlag.AlignVCenter)

    def _number(self, text: str) -> TextBlock:
        style = self._look
        right = Qt.AlignmentFlag.AlignRight
        ink = style.colours.ink
        block = TextBlock(text, style.text(24, 700), ink, wrap=False, align=right)
        block.setContentsMargins(0, 0, style.px(14), 0)
        return block

    def _count_field(self, what: Count, label: str, view: ClosingView) -> EntryField:
        field = EntryField(
            self._look, label, view.typed.get(what, ""), longest=LONGEST_COUNT, digits=True
        )
        field.setFixedWidth(self._look.px(_NUMBER_WIDTH))
        field.textEdited.connect(partial(self.count_typed.emit, what))
        self.counts[what] = field
        return field

    def _reason_row(self, what: Count, label: str, view: ClosingView) -> QWidget:
        texts, style = self._texts, self._look
        name = texts("close.reason", count=label)
        field = EntryField(style, name, view.reasons.get(what, ""), longest=_LONGEST_REASON)
        field.setPlaceholderText(texts("close.reason.form"))
        field.textEdited.connect(partial(self.reason_typed.emit, what))
        self.reasons[what] = field
        body = QWidget()
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        row = QBoxLayout(down if style.is_large else across, body)
        row.setContentsMargins(0, 0, 0, style.px(4))
        row.addWidget(field, 1)
        if what is Count.SLIPS:
            row.setSpacing(style.px(12))
            self._print_button = ActionButton(
                texts("close.print"), style, icon="ph.printer", key="F8"
            )
            self._print_button.clicked.connect(lambda _checked=False: self._print())
            row.addWidget(self._print_button)
        return body

    def _show_note(self, view: ClosingView) -> None:
        """What was refused last, of what the ballots add up, or how to count."""
        colours = self._look.colours
        words = self._texts("close.counts.note")
        if view.figures.issued != view.figures.identified:
            words = sum_words(self._texts, view.figures)
        if view.fault:
            words = fault_sentences(self._texts, view.fault)
        self.note.setText(words)
        self.note.set_ink(colours.stop_ink if view.fault else colours.ink3)

    # --- the checklist --------------------------------------------------------------------

    def _list_card(self) -> Panel:
        texts, style = self._texts, self._look
        panel, column = day_card(style)
        fill_card(column, heading(style, texts("close.list")), style.px(6))
        self._items = QVBoxLayout()
        column.addLayout(self._items)
        column.addStretch(1)
        self.close_button = ActionButton(
            texts("close.button"), style, icon="ph.flag-banner", key="Ctrl+↵", primary=True,
            height=60,
        )  # fmt: skip
        self.close_button.clicked.connect(lambda _checked=False: self._press_close())
        self.why = TextBlock("", style.text(15), style.colours.ink3, line_height=1.35)
        fill_card(column, self.close_button, style.px(10), self.why)
        return panel

    def _refill(self, view: ClosingView) -> None:
        """The lines of the checklist anew; nothing in them takes the keyboard."""
        texts, style = self._texts, self._look
        while (item := self._items.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for one in ClosingItem:
            if one is ClosingItem.JOURNAL:
                continue
            done = view.is_done(one)
            column.addWidget(Line(style.colours.row_line))
            tone = Tone.GOOD if done else Tone.OPEN
            add_tone_line(column, style, tone, self._said(one, view, done), strong=not done, pad=3)
        column.addSpacing(style.px(4))
        column.addWidget(journal_tag(texts, style, view.integrity))
        self._items.addWidget(body)
        body.show()
        missing = view.missing
        self.close_button.setEnabled(missing is None and not view.is_busy)
        if view.is_busy:
            self.why.setText(texts("day.busy"))
        else:
            note = texts(f"close.why.{missing.value}") if missing else texts("close.note")
            self.why.setText(note)

    def _said(self, item: ClosingItem, view: ClosingView, done: bool) -> str:
        texts, number = self._texts, self._texts.number
        match item:
            case ClosingItem.DECISIONS if not done:
                return texts("close.item.decisions.left", number=number(view.decisions))
            case ClosingItem.DECISIONS:
                return texts("close.item.decisions", number=number(view.decisions))
            case ClosingItem.SLIPS if view.unprinted:
                return texts("close.item.slips.left", number=number(view.unprinted))
            case ClosingItem.SLIPS:
                return texts("close.item.slips", number=number(view.figures.slips))
            case _:
                return texts(f"close.item.{item.value}")

    def _press_close(self) -> None:
        if self._view.missing is None and not self._view.is_busy:
            self.close_pressed.emit()

    def _print(self) -> None:
        if self._view.unprinted:
            self.print_pressed.emit()


def sum_words(texts: Texts, figures: DayFigures) -> str:
    """How many ballots there must be, and of what they add up."""
    return texts(
        "close.sum",
        identified=texts.number(figures.identified),
        elsewhere=texts.number(figures.issued_elsewhere),
        admitted=texts.number(figures.admitted),
        issued=texts.number(figures.issued),
    )


def _page(room: RoomShell, view: ClosingView | None) -> RoomPage:
    if view is None:
        return EmptyPage(room.texts, room.style_in_use, "close.title", "close.not_open")
    return ClosingPage(room.texts, room.style_in_use, view)


_NO_DAY: ClosingView | None = None
CLOSE: Final = Place("close", "ph.flag-banner", _NO_DAY, _page, lambda _: ("day_close",))
"""Its view is None while there is no day to close."""
