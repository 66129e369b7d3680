"""Screen 11, the turnout: numbers, hours, sex and age, methods; Ctrl+T makes tables of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.domain.day_report import DayFigures, Turnout
from station_app.domain.errors import KnownError
from station_app.flow.day_parts import PaperDestination
from station_app.ui.commission.day_cards import went_words
from station_app.ui.commission.day_log import Local
from station_app.ui.commission.turnout_charts import (
    AgePyramid,
    HourBars,
    TurnoutTables,
    TurnoutView,
    busiest,
    hour_words,
    method_lines,
)
from station_app.ui.room_shell import Place, RoomPage, RoomShell
from station_app.ui.style import Style
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Line, Panel, card
from station_app.ui.widgets.icons import IconView
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.text_block import TextBlock

_MARGINS = (24, 20, 24, 20)
_METHOD_ICONS = {
    "finger": "ph.fingerprint",
    "face": "ph.user-focus",
    "commission": "ph.users-three",
}


def acts_words(texts: Texts, figures: DayFigures) -> str:
    """Ballots taken to voters, admitted and struck off; empty where there were none."""
    counts = (figures.issued_elsewhere, figures.admitted, figures.struck_off)
    if not any(counts):
        return ""
    elsewhere, admitted, struck = map(texts.number, counts)
    return texts("turnout.acts", elsewhere=elsewhere, admitted=admitted, struck=struck)


class TurnoutPage(RoomPage):
    """Shows a `TurnoutView`; what is pressed goes out as signals."""

    table_pressed = Signal()
    refresh_pressed = Signal()
    print_pressed = Signal()

    def __init__(self, texts: Texts, style: Style, view: TurnoutView) -> None:
        super().__init__()
        self._texts, self._look, self._view = texts, style, view
        self.tables: TurnoutTables | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(*[style.px(side) for side in _MARGINS])
        column.setSpacing(style.px(12))
        column.addLayout(self._head())
        turnout = view.turnout
        if turnout is None:
            column.addStretch(1)
        else:
            column.addLayout(self._figures(turnout.figures))
            if view.as_table:
                self.tables = TurnoutTables(texts, style, turnout)
                column.addWidget(self.tables, 1)
            else:
                column.addWidget(self._hours(turnout), 1)
                column.addLayout(self._lower(turnout))
        add_key(self, QKeySequence("Ctrl+T"), self.table_pressed.emit)
        add_key(self, QKeySequence("F5"), self.refresh_pressed.emit)
        add_key(self, QKeySequence("F8"), self.print_pressed.emit)

    def take_focus(self) -> None:
        """Give the keyboard to the tables, or to the button that shows them."""
        if self.tables is not None:
            self.tables.take_focus()
        else:
            self._switch.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- building -------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        texts, style, colours = self._texts, self._look, self._look.colours
        head = QHBoxLayout()
        head.setSpacing(style.px(8))
        title = TextBlock(texts("turnout.title"), style.display(28, 700), colours.ink, wrap=False)
        head.addWidget(title)
        head.addSpacing(style.px(16))
        words, ink = "", colours.ink2
        if self._view.fault:
            words, ink = fault_sentences(texts, self._view.fault), colours.stop_ink
        elif self._view.went is not None:
            words = went_words(texts, self._view.went)
        elif self._view.turnout is None:
            words = texts("turnout.waiting")
        else:
            words = acts_words(texts, self._view.turnout.figures)
        head.addWidget(TextBlock(words, style.text(15), ink, line_height=1.25), 1)
        as_table = self._view.as_table
        self._switch = ActionButton(
            texts("turnout.as_charts" if as_table else "turnout.as_table"),
            style,
            icon="ph.chart-bar" if as_table else "ph.table",
            key="Ctrl+T",
            height=48,
        )
        self._switch.clicked.connect(lambda _checked=False: self.table_pressed.emit())
        head.addWidget(self._switch)
        went = self._view.went
        label = texts("went.cancel" if went is not None and went.is_printing else "log.print")
        printing = ActionButton(label, style, icon="ph.printer", key="F8", height=48)
        printing.clicked.connect(lambda _checked=False: self.print_pressed.emit())
        head.addWidget(printing)
        return head

    def _figures(self, figures: DayFigures) -> QHBoxLayout:
        texts = self._texts
        at = self._view.at
        when = texts("turnout.at_closing")
        if not self._view.is_closed and at is not None:
            when = texts("turnout.at", time=texts.time(at))
        row = QHBoxLayout()
        row.setSpacing(self._look.px(12))
        for title, number, line in (
            (
                "turnout.identified",
                texts.number(figures.identified),
                texts("turnout.of", number=texts.number(figures.listed)),
            ),
            ("turnout.turnout", texts.percent(figures.identified, figures.listed), when),
            (
                "turnout.stopped",
                texts.number(figures.already_identified),
                texts("turnout.already"),
            ),
            ("turnout.voided", texts.number(figures.voided), texts("turnout.two_signatures")),
        ):
            row.addWidget(self._figure(texts(title), number, line), 1)
        return row

    def _figure(self, title: str, number: str, line: str) -> Panel:
        style, colours = self._look, self._look.colours
        panel = card(style)
        panel.setAccessibleName(f"{title}: {number}, {line}")
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (18, 12, 18, 12)])
        column.setSpacing(0)
        column.addWidget(TextBlock(title, style.text(15), colours.ink3, wrap=False))
        column.addWidget(
            TextBlock(number, style.display(38, 700), colours.ink, line_height=1.15, wrap=False)
        )
        column.addWidget(TextBlock(line, style.text(14), colours.ink3, wrap=False))
        return panel

    def _hours(self, turnout: Turnout) -> Panel:
        texts, style = self._texts, self._look
        most = busiest(turnout.by_hour)
        line = ""
        if most is not None:
            line = texts(
                "turnout.busiest", first=hour_words(most.hour), last=hour_words(most.hour + 1)
            )
        panel, column = self._card(texts("turnout.by_hour"), line)
        self.hours = HourBars(texts, style, turnout.by_hour)
        column.addWidget(self.hours, 1)
        return panel

    def _lower(self, turnout: Turnout) -> QHBoxLayout:
        texts, style = self._texts, self._look
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        men = sum(band.men for band in turnout.by_age)
        women = sum(band.women for band in turnout.by_age)
        line = texts("turnout.sexes", men=texts.number(men), women=texts.number(women))
        ages, column = self._card(texts("turnout.by_age"), line)
        self.ages = AgePyramid(texts, style, turnout.by_age)
        column.addWidget(self.ages, 1)
        row.addWidget(ages, 1)
        methods, column = self._card(texts("turnout.by_method"), "")
        for one in method_lines(texts, turnout.figures):
            column.addWidget(Line(style.colours.row_line))
            column.addLayout(self._method(one.method, texts.number(one.identified), one.share))
        column.addStretch(1)
        row.addWidget(methods, 1)
        return row

    def _method(self, method: str, number: str, share: str) -> QHBoxLayout:
        style, colours = self._look, self._look.colours
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        row.addWidget(IconView(_METHOD_ICONS[method], style.px(24), colours.ink))
        words = self._texts(f"turnout.method.{method}")
        row.addWidget(TextBlock(words, style.text(17), colours.ink, wrap=False), 1)
        count = TextBlock(number, style.text(19, 700), colours.ink, wrap=False)
        count.setMinimumHeight(style.px(43))
        row.addWidget(count)
        right = Qt.AlignmentFlag.AlignRight
        part = TextBlock(share, style.text(17), colours.ink3, wrap=False, align=right)
        part.setFixedWidth(style.grown.px(76 if style.is_large else 72))
        row.addWidget(part)
        return row

    def _card(self, title: str, line: str) -> tuple[Panel, QVBoxLayout]:
        style, colours = self._look, self._look.colours
        panel = card(style)
        column = QVBoxLayout(panel)
        column.setContentsMargins(*[style.px(side) for side in (20, 12, 20, 10)])
        column.setSpacing(style.px(6))
        head = QHBoxLayout()
        head.addWidget(TextBlock(title, style.text(19, 600), colours.ink, wrap=False))
        head.addStretch(1)
        if line:
            head.addWidget(TextBlock(line, style.text(15), colours.ink3, wrap=False))
        column.addLayout(head)
        return panel, column


TURNOUT: Final = Place(
    "turnout",
    "ph.chart-bar",
    TurnoutView(),
    lambda room, view: TurnoutPage(room.texts, room.style_in_use, view),
    lambda _: ("turnout",),
)


Read = Callable[[Callable[[Turnout], None], Callable[[KnownError], None]], None]
"""Adds up the day on the lanes, and answers on the main thread."""


class TurnoutController:
    """Adds up the day whenever the page is shown; `make_paper` prints it, `is_closed` tells
    whether the day is.
    """

    def __init__(
        self,
        room: RoomShell,
        read: Read,
        make_paper: Callable[[], None],
        *,
        is_closed: Callable[[], bool],
        local: Local,
    ) -> None:
        self._room, self._read, self._make_paper = room, read, make_paper
        self._is_closed, self._local = is_closed, local
        self._view = TurnoutView()
        self._turn = 0
        room.connect_pages(TurnoutPage, self._connect)
        room.place_shown.connect(self._shown)

    def _connect(self, page: TurnoutPage) -> None:
        page.table_pressed.connect(self.turn_over)
        page.refresh_pressed.connect(self.refresh)
        page.print_pressed.connect(self._make_paper)

    def _shown(self, place: object) -> None:
        if place is TURNOUT:
            self.refresh()

    def refresh(self) -> None:
        """Add up the day anew: the page is shown, or F5 is pressed."""
        self._turn += 1
        turn = self._turn

        def found(turnout: Turnout) -> None:
            if turn == self._turn:
                as_table = self._view.as_table
                view = TurnoutView.of(turnout, self._local, is_closed=self._is_closed())
                self._put(replace(view, as_table=as_table))

        def failed(fault: KnownError) -> None:
            if turn == self._turn:
                self.say_fault(fault.code)

        self._read(found, failed)

    def turn_over(self) -> None:
        """Show the tables in the place of the charts, or the charts again."""
        self._put(replace(self._view, as_table=not self._view.as_table))

    def say_fault(self, code: str) -> None:
        """Something that was asked for could not be done."""
        self._put(replace(self._view, went=None, fault=code))

    def say_made(self, went: PaperDestination | None, fault: str) -> None:
        """The turnout on paper was made, and is there (local time)."""
        self._put(replace(self._view, went=went, fault=fault))

    def _put(self, view: TurnoutView) -> None:
        self._view = view
        self._room.show_view(TURNOUT, view)
