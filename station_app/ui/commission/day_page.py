"""The open, the paused and the closed day: counts, times, available actions."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.ui.commission.act_words import off_words
from station_app.ui.commission.day_cards import (
    add_fault,
    add_list_change,
    add_paper,
    add_tone_line,
    day_card,
    figure_rows,
    fill_card,
    heading,
    number_card,
    number_rows,
)
from station_app.ui.commission.day_views import ClosedView, RunningView
from station_app.ui.commission.export import ExportBar, LastExport, last_words
from station_app.ui.commission.opening_page import OpeningPage, OpeningView
from station_app.ui.operator.views import gap_words
from station_app.ui.room_shell import EmptyPage, Place, RoomPage, RoomShell, page_column, page_head
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock

_NUMBER, _FIGURES, _STATE = 340, 384, 354


class FiguresPage(RoomPage):
    """The day in figures. Those who inherit make the cards, and say in `_print` when F8 may."""

    print_pressed = Signal()
    export_pressed = Signal()

    def __init__(self, texts: Texts, style: Style) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        add_key(self, QKeySequence(Qt.Key.Key_F8), self._print)

    def _print(self) -> None:
        """Ask for the paper, if there may be one now."""
        raise NotImplementedError

    def _lay_out(
        self,
        view: RunningView | ClosedView,
        title: str,
        line: str,
        number_words: tuple[str, str],
        cards: tuple[Panel, Panel],
    ) -> None:
        """Title and line with the export bar beside them; below, the number of those identified
        with the words above and below it, and the cards of figures and of state."""
        texts, style = self._texts, self._look
        column = page_column(self, style)
        head = page_head(style, title, line, ())
        if view.export is not None:
            bar = ExportBar(texts, style, view.export)
            bar.pressed.connect(self.export_pressed)
            head.addWidget(bar, 2)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        caption, shown = number_words
        number = number_card(texts, style, caption, view.figures.identified, shown, view.integrity)
        row.addWidget(number, _NUMBER)
        for card, width in zip(cards, (_FIGURES, _STATE), strict=True):
            row.addWidget(card, width)
        column.addLayout(row, 1)


class RunningPage(FiguresPage):
    """Shows a `RunningView`; what is pressed goes out as signals."""

    pause_pressed = Signal()
    resume_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: RunningView) -> None:
        super().__init__(texts, style)
        self._view = view
        paused = view.is_paused
        line = texts(
            "day.running.line",
            time=texts.time(view.opened_at),
            names=", ".join(view.signers),
        )
        shown = texts("day.paused.show" if paused else "day.running.show")
        self._lay_out(
            view,
            texts("day.paused.title" if paused else "day.running.title"),
            line,
            (texts("day.so_far"), shown),
            (self._figures_card(view), self._state_card(view)),
        )
        if paused:
            for key in ("Ctrl+Return", "Ctrl+Enter"):
                add_key(self, QKeySequence(key), self._press)

    def take_focus(self) -> None:
        """Give the keyboard to what can be done."""
        self.act.setFocus()

    def _figures_card(self, view: RunningView) -> Panel:
        texts, style, figures = self._texts, self._look, view.figures
        panel, column = day_card(style)
        more = (
            (texts("day.figure.already"), figures.already_identified),
            (texts("day.figure.not_on_list"), figures.not_on_list),
            (texts("day.figure.unprinted"), view.unprinted),
        )
        fill_card(
            column,
            heading(style, texts("day.figures")),
            style.px(8),
            number_rows(texts, style, (*figure_rows(texts, figures), *more), pad=3),
        )
        column.addStretch(1)
        return panel

    def _state_card(self, view: RunningView) -> Panel:
        texts, style = self._texts, self._look
        panel, column = day_card(style)
        column.addWidget(heading(style, texts("day.state")))
        column.addSpacing(style.px(8))
        tone = Tone.ATTENTION if view.is_paused else Tone.GOOD
        words = texts("day.state.paused" if view.is_paused else "day.state.open")
        add_tone_line(column, style, tone, words, strong=True)
        if view.gap is not None:
            gap = f"{gap_words(texts, view.gap)} {texts('gap.order')}"
            add_tone_line(column, style, Tone.ATTENTION, gap, strong=True)
        if view.off is not None:
            words = f"{off_words(texts, view.off)}. {texts('day.off.explain')}"
            add_tone_line(column, style, Tone.ATTENTION, words, strong=True)
        over = view.is_over_alarm
        share = texts(
            "day.manual_over" if over else "day.manual",
            share=texts.percent(view.figures.by_commission, view.figures.identified),
            alarm=texts.number(view.alarm_percent),
        )
        add_tone_line(column, style, Tone.ATTENTION if over else Tone.GOOD, share)
        if view.unprinted:
            number = texts.number(view.unprinted)
            words = texts("day.unprinted", number=number)
            add_tone_line(column, style, Tone.ATTENTION, words)
        add_list_change(column, texts, style, view.list_change)
        add_paper(column, texts, style, view.went, view.paper_fault)
        column.addStretch(1)
        add_fault(column, texts, style, view.fault)
        if view.is_untouched or _is_printing(view):
            words = texts("went.cancel" if _is_printing(view) else "day.zero_again")
            again = ActionButton(words, style, icon="ph.printer", key="F8", height=52)
            again.clicked.connect(lambda _checked=False: self._print())
            again.setEnabled(not view.is_busy)
            fill_card(column, again, style.px(10))
        self.act = ActionButton(
            texts("day.resume" if view.is_paused else "day.pause"),
            style,
            icon="ph.play" if view.is_paused else "ph.pause",
            key="Ctrl+↵" if view.is_paused else "",
            primary=view.is_paused,
            height=60,
        )
        self.act.clicked.connect(lambda _checked=False: self._press())
        self.act.setEnabled(not view.is_busy)
        note = texts("day.busy" if view.is_busy else "day.pause.note")
        words_below = TextBlock(note, style.text(15), style.colours.ink3, line_height=1.35)
        fill_card(column, self.act, style.px(10), words_below)
        return panel

    def _press(self) -> None:
        if not self._view.is_busy:
            (self.resume_pressed if self._view.is_paused else self.pause_pressed).emit()

    def _print(self) -> None:
        if (self._view.is_untouched or _is_printing(self._view)) and not self._view.is_busy:
            self.print_pressed.emit()


class ClosedPage(FiguresPage):
    """Shows a `ClosedView`; what is pressed goes out as signals."""

    reopen_pressed = Signal()
    next_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: ClosedView) -> None:
        super().__init__(texts, style)
        self._view = view
        line = texts(
            "day.closed.line", time=texts.time(view.closed_at), names=", ".join(view.signers)
        )
        self._lay_out(
            view,
            texts("day.closed.title"),
            line,
            (texts("day.closed.number"), texts("day.closed.show")),
            (self._counts_card(view), self._acts_card(view)),
        )

    def take_focus(self) -> None:
        """Give the keyboard to the protocol: opening again is nobody's next step."""
        self.protocol.setFocus()

    def _counts_card(self, view: ClosedView) -> Panel:
        texts, style, figures = self._texts, self._look, view.figures
        panel, column = day_card(style)
        counts = (
            (texts("close.count.slips"), figures.slips),
            (texts("close.count.ballots"), view.ballots),
            (texts("close.count.signatures"), view.signatures),
        )
        rows = (*figure_rows(texts, figures), *counts)
        pad = 0 if figures.has_acts else 3
        fill_card(
            column,
            heading(style, texts("close.counts")),
            style.px(8),
            number_rows(texts, style, rows, pad=pad),
            style.px(8),
        )
        if not view.gaps:
            add_tone_line(column, style, Tone.GOOD, texts("close.all_agree"))
        else:
            number = texts.number(len(view.gaps))
            words = texts("close.explained", number=number)
            add_tone_line(column, style, Tone.ATTENTION, words)
        column.addStretch(1)
        return panel

    def _acts_card(self, view: ClosedView) -> Panel:
        texts, style = self._texts, self._look
        panel, column = day_card(style)
        column.addWidget(heading(style, texts("day.state")))
        column.addSpacing(style.px(8))
        add_tone_line(column, style, Tone.GOOD, texts("day.state.closed"), strong=True)
        add_list_change(column, texts, style, view.list_change)
        if view.export is not None:
            self._add_exported(column, view.exported)
        add_paper(column, texts, style, view.went, view.paper_fault)
        column.addStretch(1)
        add_fault(column, texts, style, view.fault)
        words = texts("went.cancel" if _is_printing(view) else "day.protocol_again")
        self.protocol = ActionButton(words, style, icon="ph.printer", key="F8", height=48)
        self.protocol.clicked.connect(lambda _checked=False: self._print())
        reopen = ActionButton(texts("day.reopen"), style, icon="ph.lock-key-open", height=48)
        reopen.clicked.connect(lambda _checked=False: self.reopen_pressed.emit())
        buttons = [self.protocol, reopen]
        if view.may_open_next:
            following = ActionButton(texts("day.next"), style, icon="ph.sun-horizon", height=48)
            following.clicked.connect(lambda _checked=False: self.next_pressed.emit())
            buttons.append(following)
        for button in buttons:
            button.setEnabled(not view.is_busy)
            fill_card(column, button, style.px(10))
        note = texts("day.busy" if view.is_busy else "day.reopen.note")
        column.addWidget(TextBlock(note, style.text(15), style.colours.ink3, line_height=1.35))
        return panel

    def _add_exported(self, column: QVBoxLayout, exported: LastExport | None) -> None:
        if exported is None:
            add_tone_line(column, self._look, Tone.ATTENTION, self._texts("day.not_exported"))
        else:
            words = last_words(self._texts, exported)
            add_tone_line(column, self._look, Tone.GOOD, words)

    def _print(self) -> None:
        if not self._view.is_busy:
            self.print_pressed.emit()


def _is_printing(view: RunningView | ClosedView) -> bool:
    return view.went is not None and view.went.is_printing


DayView = OpeningView | RunningView | ClosedView


def _page(room: RoomShell, view: DayView | None) -> RoomPage:
    texts, style = room.texts, room.style_in_use
    match view:
        case OpeningView():
            return OpeningPage(texts, style, view)
        case RunningView():
            return RunningPage(texts, style, view)
        case ClosedView():
            return ClosedPage(texts, style, view)
        case None:
            return EmptyPage(texts, style, "nav.day", "day.reading")


def _help_pages(view: DayView | None) -> tuple[str, ...]:
    if view is None or isinstance(view, OpeningView):
        return ("day_open",)
    return ("day",) if view.export is None else ("day", "export")


_UNKNOWN: DayView | None = None
DAY: Final = Place("day", "ph.sun-horizon", _UNKNOWN, _page, _help_pages)
"""Its view is None until the day has been read."""
