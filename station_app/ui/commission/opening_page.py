"""Screen 20: the zero that everybody sees, what was checked just now, and the signatures."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.domain.day_report import DayFigures
from station_app.flow.day_book import is_clock_wrong
from station_app.flow.opening_checks import CheckedPart, OpeningCheck
from station_app.papers.paper_words import words_of
from station_app.ui.commission.day_cards import (
    EntryField,
    add_fault,
    add_tone_line,
    day_card,
    figure_rows,
    fill_card,
    heading,
    number_card,
    number_rows,
)
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.operator.views import GapView, gap_words
from station_app.ui.room_shell import RoomPage, page_column, page_head
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Line, Panel
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock

_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.\- ]?([0-5]\d)")
_DAY: Final = timedelta(days=1)


class ClockState(StrEnum):
    """What the phone's time says about the station's clock."""

    NOT_TOLD = "not_told"
    UNREADABLE = "unreadable"
    RIGHT = "right"
    AHEAD = "ahead"
    BEHIND = "behind"
    CONFIRMED = "confirmed"


class WhyNot(StrEnum):
    """Why the day cannot be opened yet."""

    LOOKING = "looking"
    CHECKS = "checks"
    JOURNAL = "journal"
    UNREADABLE = "unreadable"
    CLOCK = "clock"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class OpeningView:
    """The page before a day. `today` is local; `checks` is None while they are looked at,
    `checked_at` when that was.

    `minutes` tells by how much the clock is wrong; `fault` is the code of what was refused,
    `gap` what a takeover left out, None for nothing; `phone` is the time typed.
    """

    today: datetime
    listed: int
    list_sequence: int
    checks: tuple[OpeningCheck, ...] | None
    integrity: IntegrityView = field(default_factory=IntegrityView)
    clock: ClockState = ClockState.NOT_TOLD
    minutes: int = 0
    fault: str = ""
    is_busy: bool = False
    checked_at: datetime | None = None
    gap: GapView | None = None
    phone: str = ""

    @property
    def why_not(self) -> WhyNot | None:
        """What is missing before two persons can sign; None when nothing is."""
        if self.is_busy:
            return WhyNot.BUSY
        if self.integrity.is_broken:
            return WhyNot.JOURNAL
        if self.checks is None:
            return WhyNot.LOOKING
        if any(check.fault for check in self.checks):
            return WhyNot.CHECKS
        if self.clock is ClockState.UNREADABLE:
            return WhyNot.UNREADABLE
        if self.clock in (ClockState.AHEAD, ClockState.BEHIND):
            return WhyNot.CLOCK
        return None


class PhoneClock:
    """The time that the chair reads from a phone. `now` is the station's, local."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.text = ""
        self._is_confirmed = False

    def type(self, text: str) -> None:
        """Another text is in the field; what was confirmed was about the one before."""
        self.text, self._is_confirmed = text, False

    def confirm(self) -> None:
        """The chair has seen that the clocks differ, and goes on."""
        self._is_confirmed = True

    @property
    def is_confirmed(self) -> bool:
        """Whether the difference has been confirmed."""
        return self._is_confirmed

    @property
    def time(self) -> datetime | None:
        """The time typed, None where there is none; of three days the nearest to now."""
        found = _TIME.fullmatch(self.text.strip())
        if found is None:
            return None
        now = self._now()
        hour, minute = map(int, found.groups())
        today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return min((today - _DAY, today, today + _DAY), key=lambda at: abs(at - now))

    @property
    def state(self) -> tuple[ClockState, int]:
        """What it says, and by how many minutes the clock is wrong."""
        if not self.text.strip():
            return ClockState.NOT_TOLD, 0
        told = self.time
        if told is None:
            return ClockState.UNREADABLE, 0
        ahead = self._now() - told
        if not is_clock_wrong(ahead):
            return ClockState.RIGHT, 0
        minutes = round(abs(ahead) / timedelta(minutes=1))
        if self._is_confirmed:
            return ClockState.CONFIRMED, minutes
        return (ClockState.AHEAD if ahead > timedelta() else ClockState.BEHIND), minutes


_NUMBER, _REPORT, _SIGN = 318, 384, 376
_LONGEST_TIME = 5


class OpeningPage(RoomPage):
    """Shows an `OpeningView`; what is typed and pressed goes out as signals."""

    phone_typed = Signal(str)
    confirm_pressed = Signal()
    check_pressed = Signal()
    open_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: OpeningView) -> None:
        super().__init__()
        self._texts, self._look, self._view = texts, style, view
        column = page_column(self, style)
        line = texts("day.open.line", day=texts.day(view.today))
        column.addLayout(page_head(style, texts("day.open.title"), line, ()))
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        self._left = _holder(row, _NUMBER)
        self._middle = _holder(row, _REPORT)
        row.addWidget(self._sign_card(view.phone), _SIGN)
        column.addLayout(row, 1)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            add_key(self, QKeySequence(key), self._press_open)
        add_key(self, QKeySequence(Qt.Key.Key_F5), self.check_pressed.emit)
        self.update_view(view)

    def take_focus(self) -> None:
        """Give the keyboard to what is asked for first."""
        self.phone.setFocus()

    def update_view(self, view: OpeningView) -> bool:
        """Show how far it is; what is typed stays."""
        self._view = view
        texts, style = self._texts, self._look
        zero = number_card(
            texts, style, texts("day.so_far"), 0, texts("day.open.show"), view.integrity
        )
        _put(self._left, zero)
        _put(self._middle, self._report_card(view))
        self._show_clock(view)
        self._show_status(view)
        return True

    # --- the cards ------------------------------------------------------------------------

    def _report_card(self, view: OpeningView) -> Panel:
        texts, style = self._texts, self._look
        panel, column = day_card(style)
        figures = figure_rows(texts, DayFigures(listed=view.listed))
        fill_card(
            column,
            heading(style, texts("day.zero_report")),
            style.px(8),
            number_rows(texts, style, figures, pad=2),
        )
        if view.checks != ():
            at = view.checked_at
            title = texts("day.checked", time=texts.time(at)) if at else texts("day.check.title")
            fill_card(column, style.px(10), heading(style, title), style.px(4))
        if view.checks is None:
            column.addWidget(Line(style.colours.row_line))
            add_tone_line(column, style, Tone.OPEN, texts("day.checking"))
        for check in view.checks or ():
            column.addWidget(Line(style.colours.row_line))
            add_tone_line(
                column,
                style,
                _tone(check),
                self._check_words(check, view),
                pad=3,
            )
        column.addStretch(1)
        return panel

    def _check_words(self, check: OpeningCheck, view: OpeningView) -> str:
        texts = self._texts
        if code := check.fault or check.note:
            keys = (f"day.check.{code}", f"day.check.{check.what.value}_note", f"slip.{code}")
            if key := next((one for one in keys if one in texts), ""):
                return texts(key)
            return words_of(texts.language).reason(code, check.facts)
        number = texts.number(view.list_sequence)
        key = f"day.check.{check.what.value}"
        return texts(key, number=number) if check.what is CheckedPart.LIST else texts(key)

    def _sign_card(self, phone: str) -> Panel:
        texts, style, colours = self._texts, self._look, self._look.colours
        panel, column = day_card(style)
        label = TextBlock(texts("day.phone"), style.text(17, 600), colours.ink, line_height=1.25)
        self.phone = EntryField(style, texts("day.phone"), phone, longest=_LONGEST_TIME)
        self.phone.setPlaceholderText(texts("day.phone_form"))
        self.phone.textEdited.connect(self.phone_typed)
        self.clock_words = TextBlock("", style.text(15), colours.ink3, line_height=1.3)
        self.confirm = ActionButton(texts("day.clock.confirm"), style, icon="ph.check", height=48)
        self.confirm.clicked.connect(lambda _checked=False: self.confirm_pressed.emit())
        self._status = QWidget()
        status = QVBoxLayout(self._status)
        status.setContentsMargins(0, 0, 0, 0)
        self.open = ActionButton(
            texts("day.open.button"), style, icon="ph.sun-horizon", key="Ctrl+↵", primary=True,
            height=60,
        )  # fmt: skip
        self.open.clicked.connect(lambda _checked=False: self._press_open())
        self.why = TextBlock("", style.text(15), colours.ink3, line_height=1.35)
        fill_card(
            column,
            heading(style, texts("day.two_sign")),
            style.px(4),
            TextBlock(texts("day.two_sign.line"), style.text(16), colours.ink2, line_height=1.4),
            style.px(18),
            label,
            style.px(8),
            self.phone,
            style.px(8),
            self.clock_words,
            style.px(8),
            self.confirm,
        )
        column.addStretch(1)
        fill_card(column, self._status, self.open, style.px(10), self.why)
        return panel

    def _show_clock(self, view: OpeningView) -> None:
        texts, colours = self._texts, self._look.colours
        wrong = view.clock in (ClockState.AHEAD, ClockState.BEHIND)
        minutes = texts.number(view.minutes)
        self.clock_words.setText(texts(f"day.clock.{view.clock.value}", minutes=minutes))
        bad = wrong or view.clock is ClockState.UNREADABLE
        self.clock_words.set_ink(colours.stop_ink if bad else colours.ink3)
        self.confirm.setVisible(wrong)

    def _show_status(self, view: OpeningView) -> None:
        texts = self._texts
        why = view.why_not
        fault = QWidget()
        column = QVBoxLayout(fault)
        column.setContentsMargins(0, 0, 0, 0)
        if view.gap is not None:
            gap = f"{gap_words(texts, view.gap)} {texts('gap.order')}"
            add_tone_line(column, self._look, Tone.ATTENTION, gap, strong=True)
        add_fault(column, texts, self._look, view.fault)
        layout = self._status.layout()
        assert isinstance(layout, QVBoxLayout)
        _put(layout, fault)
        self.open.setEnabled(why is None)
        self.why.setText(texts(f"day.open.why.{why.value}") if why else texts("day.open.next"))

    def _press_open(self) -> None:
        if self._view.why_not is None:
            self.open_pressed.emit()


def _tone(check: OpeningCheck) -> Tone:
    """Green only where the look itself found nothing."""
    if check.fault:
        return Tone.BAD
    return Tone.ATTENTION if check.note else Tone.GOOD


def _holder(row: QHBoxLayout, stretch: int) -> QVBoxLayout:
    """A place in the row whose widget changes."""
    column = QVBoxLayout()
    row.addLayout(column, stretch)
    return column


def _put(holder: QVBoxLayout, widget: QWidget) -> None:
    while (item := holder.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
    holder.addWidget(widget)
    widget.show()
