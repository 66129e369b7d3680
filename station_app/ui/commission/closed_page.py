"""A closed day: its counts, its protocol, and the way back, which two persons sign."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

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
from station_app.ui.commission.day_views import ClosedView
from station_app.ui.commission.export_bar import last_words
from station_app.ui.commission.exporting import Export
from station_app.ui.commission.figures_page import FiguresPage
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import TextBlock


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
        fill_card(
            column,
            heading(style, texts("close.counts")),
            style.px(8),
            number_rows(texts, style, (*figure_rows(texts, figures), *counts), pad=3),
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
        self.protocol = ActionButton(
            texts("day.protocol_again"), style, icon="ph.printer", key="F8", height=48
        )
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

    def _add_exported(self, column: QVBoxLayout, exported: Export | None) -> None:
        if exported is None:
            add_tone_line(column, self._look, Tone.ATTENTION, self._texts("day.not_exported"))
        else:
            words = last_words(self._texts, exported)
            add_tone_line(column, self._look, Tone.GOOD, words)

    def _print(self) -> None:
        if not self._view.is_busy:
            self.print_pressed.emit()
