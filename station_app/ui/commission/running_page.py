"""The open or paused day: counts, times, available actions."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence

from station_app.ui.commission.day_cards import (
    add_fault,
    add_list_change,
    add_paper,
    add_tone_line,
    day_card,
    figure_rows,
    fill_card,
    heading,
    number_rows,
)
from station_app.ui.commission.day_views import RunningView
from station_app.ui.commission.figures_page import FiguresPage
from station_app.ui.operator.gap import gap_words
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock


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
        if view.is_untouched:
            again = ActionButton(
                texts("day.zero_again"), style, icon="ph.printer", key="F8", height=52
            )
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
        if self._view.is_untouched and not self._view.is_busy:
            self.print_pressed.emit()
