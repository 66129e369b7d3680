"""The day's exceptions: choose an act by its key, fill its few fields, let it be signed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeySequence, QRegularExpressionValidator
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from station_app.domain.day import Day, DayState
from station_app.domain.day_acts import LoggedAct
from station_app.domain.day_report import DayFigures
from station_app.domain.entries import (
    LONGEST_ROOM,
    CameBack,
    OffExplained,
    StationWasOff,
    is_room,
)
from station_app.flow.day_acts import CheckedNumber
from station_app.ui.commission.act_forms import FORMS, ActForm
from station_app.ui.commission.act_words import OffTimes, act_line, off_words
from station_app.ui.commission.day_cards import EntryField, day_card, heading
from station_app.ui.room_shell import Place, RoomPage, page_column
from station_app.ui.style import Style
from station_app.ui.texts import Texts, fault_sentences
from station_app.ui.widgets.action_button import ActionButton
from station_app.ui.widgets.cards import Panel
from station_app.ui.widgets.choice_list import Choice, ChoiceList
from station_app.ui.widgets.keys import add_key
from station_app.ui.widgets.radio_rows import RadioRows
from station_app.ui.widgets.scroll_bar import scroll_bar_sheet
from station_app.ui.widgets.tags import Tone
from station_app.ui.widgets.text_block import ListedText, TextBlock

MOST_NUMBERS: Final = 40
"""List numbers of one act; more are written as another one."""
_LONGEST_NUMBERS: Final = 240
_NUMBERS: Final = re.compile(r"[0-9]+")
_ACTS, _SIDE, _NOTE = 376, 632, 39
_ICONS = {one.kind: one.icon for one in FORMS} | {StationWasOff.kind: "ph.lightning-slash"}


@dataclass(frozen=True, slots=True)
class ActRow:
    """An act that was written at a local time; `may_undo` it can be undone."""

    act: LoggedAct
    at: datetime
    is_undone: bool = False
    may_undo: bool = False

    @property
    def number(self) -> int:
        """Its entry."""
        return self.act.number

    def label(self, texts: Texts) -> str:
        """What it is, in the day log's words."""
        return texts(f"log.result.{self.act.entry.kind}")

    def line(self, texts: Texts) -> str:
        """When, whose list number, and the rest in short."""
        number = self.act.list_number
        parts = (
            texts.time(self.at),
            "" if number is None else texts.list_number(number),
            act_line(texts, self.act.entry, self.at),
        )
        return " · ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class ExceptionsView:
    """The page. `chosen` is the place of the act in `FORMS`, None before one is.

    `numbers` is typed, `checked` whom it means, None while that is looked up. `picks` and `rooms`
    are chosen and written by field. `rows` are the day's acts, newest first, None while they are
    read; `off` is what nobody has explained yet. `fault` is the code of what was refused.
    """

    day: Day = field(default_factory=Day)
    list_kind: str = ""
    figures: DayFigures = field(default_factory=DayFigures)
    chosen: int | None = None
    numbers: str = ""
    checked: tuple[CheckedNumber, ...] | None = ()
    picks: Mapping[str, int] = field(default_factory=dict)
    rooms: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[ActRow, ...] | None = None
    off: OffTimes | None = None
    fault: str = ""
    is_written: bool = False
    is_busy: bool = False

    @property
    def numbers_typed(self) -> tuple[int, ...]:
        """The list numbers in what is typed."""
        return tuple(int(one) for one in _NUMBERS.findall(self.numbers))

    @property
    def form(self) -> ActForm | None:
        """The chosen act."""
        return None if self.chosen is None else FORMS[self.chosen]

    @property
    def why_not(self) -> str:
        """The code of what is missing before the act can be signed, empty for nothing."""
        form = self.form
        if form is None:
            return "act"
        if not form.is_allowed(self.day, self.list_kind):
            return "paused" if form.rooms and self.day.state is DayState.OPEN else "day"
        if form.kind == CameBack.kind and self.figures.came_back >= self.figures.sent_away:
            return "away"
        if form.kind == OffExplained.kind and self.off is None:
            return "off"
        return self._missing(form)

    def _missing(self, form: ActForm) -> str:
        if form.takes_numbers and not self.numbers_typed:
            return "numbers"
        if form.takes_numbers and len(self.numbers_typed) > MOST_NUMBERS:
            return "many"
        if form.takes_numbers and self.checked is None:
            return "looking"
        if form.takes_numbers and not all(one.is_free for one in self.checked or ()):
            return "settled"
        if any(one.field not in self.picks for one in form.asked):
            return "choice"
        texts = [self.rooms.get(name, "").strip() for name in form.rooms]
        if not all(map(is_room, texts)) or len(set(texts)) < len(texts):
            return "rooms"
        return ""


class ExceptionsPage(RoomPage):
    """Shows an `ExceptionsView`; what is typed and pressed goes out as signals."""

    act_chosen = Signal(int)
    list_chosen = Signal()
    numbers_typed = Signal(str)
    picked = Signal(str, int)
    room_typed = Signal(str, str)
    write_pressed = Signal()
    undo_pressed = Signal(int)

    def __init__(self, texts: Texts, style: Style, view: ExceptionsView) -> None:
        super().__init__()
        self._texts, self._look, self._view = texts, style, view
        column = page_column(self, style)
        self.write = ActionButton(
            texts("act.write"), style, icon="ph.pen-nib", key="Ctrl+↵", primary=True
        )
        self.write.clicked.connect(lambda _checked=False: self._press())
        column.addLayout(self._head())
        row = QHBoxLayout()
        row.setSpacing(style.px(16))
        row.addWidget(self._acts_card(), _ACTS)
        panel, self._side = day_card(style)
        row.addWidget(panel, _SIDE)
        column.addLayout(row, 1)
        self._inside: QWidget | None = None
        self.field: EntryField | None = None
        self.newest: ChoiceList | None = None
        self.picks: dict[str, RadioRows] = {}
        self.rooms: dict[str, EntryField] = {}
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            add_key(self, QKeySequence(key), self._press)
        add_key(self, QKeySequence(Qt.Key.Key_Delete), self._undo_focused)
        self._fill_side(view)
        self._refresh(view)

    def take_focus(self) -> None:
        """Give the keyboard to the acts, or to the first field of the one that is chosen."""
        if self._view.form is None:
            self.acts.take_focus()
        else:
            self._focus_form()

    def update_view(self, view: ExceptionsView) -> bool:
        """Show how far it is; what is typed stays."""
        old, self._view = self._view, view
        if view.chosen != old.chosen:
            self._mark_act(view)
            self._fill_side(view)
            self.take_focus()
        elif view.form is None and view.rows != old.rows:
            had_focus = self.newest is not None and any(row.hasFocus() for row in self.newest.rows)
            self._fill_side(view)
            if had_focus:
                self._focus_newest()
        self._refresh(view)
        return True

    # --- building -------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        """The title, and below it what is missing, was refused or is written."""
        texts, style, colours = self._texts, self._look, self._look.colours
        head = QHBoxLayout()
        head.setSpacing(style.px(12))
        words = QVBoxLayout()
        words.setSpacing(style.px(2))
        title = TextBlock(texts("act.title"), style.display(28, 700), colours.ink, line_height=1.15)
        self.note = TextBlock("", style.text(15), colours.ink3, line_height=1.3)
        self.note.setMinimumHeight(style.px(_NOTE))  # two lines, so that nothing below moves
        words.addWidget(title)
        words.addWidget(self.note)
        head.addLayout(words, 1)
        head.addWidget(self.write, 0, Qt.AlignmentFlag.AlignVCenter)
        return head

    def _acts_card(self) -> Panel:
        texts, style = self._texts, self._look
        panel, column = day_card(style)
        column.addWidget(heading(style, texts("act.choose")))
        column.addSpacing(style.px(8))
        labels = [texts(f"act.kind.{one.kind}") for one in FORMS]
        self.acts = RadioRows(style, [*labels, texts("act.newest")])
        _let_shrink(self.acts, style)
        if (rows := self.acts.layout()) is not None:
            rows.setSpacing(style.px(4))  # eight of them fit on the lowest screen
        self._mark_act(self._view)
        self.acts.changed.connect(self._act_chosen)
        for row in self.acts.rows:
            row.numbered.connect(self._lead_to_list)
        column.addWidget(self.acts)
        column.addStretch(1)
        return panel

    def _mark_act(self, view: ExceptionsView) -> None:
        self.acts.blockSignals(True)
        chosen = len(FORMS) if view.chosen is None else view.chosen
        self.acts.rows[chosen].setChecked(True)
        self.acts.blockSignals(False)

    def _fill_side(self, view: ExceptionsView) -> None:
        """The fields of the chosen act, or the day's acts."""
        if self._inside is not None:
            self._side.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self.field, self.newest, self.picks, self.rooms = None, None, {}, {}
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._look.px(6))
        form, texts, style = view.form, self._texts, self._look
        self._off = TextBlock("", style.text(17), style.colours.ink, line_height=1.35)
        self._names = _Names(texts, style)
        if form is None:
            column.addWidget(heading(style, texts("act.newest")))
            self._add_newest(column, view)
        else:
            column.addWidget(heading(style, texts(f"act.kind.{form.kind}")))
            self._add_fields(column, form, view)
        self._side.addWidget(self._inside, 1)

    def _add_fields(self, column: QVBoxLayout, form: ActForm, view: ExceptionsView) -> None:
        if form.kind == OffExplained.kind:
            column.addWidget(self._off)
        if form.takes_numbers:
            # Beside each other: names need height, and these choices little width.
            row = QHBoxLayout()
            row.setSpacing(self._look.px(20))
            left, right = QVBoxLayout(), QVBoxLayout()
            self._add_numbers(left, view)
            self._add_choices(right, form, view)
            row.addLayout(left, 1)
            row.addLayout(right, 1)
            column.addLayout(row, 1)
            return
        self._add_choices(column, form, view)
        self._add_rooms(column, form, view)
        column.addStretch(1)

    def _add_numbers(self, column: QVBoxLayout, view: ExceptionsView) -> None:
        style, label = self._look, self._texts("act.numbers")
        column.setSpacing(style.px(6))
        column.addWidget(self._label(label))
        self.field = EntryField(style, label, view.numbers, longest=_LONGEST_NUMBERS)
        digits = QRegularExpression(r"[0-9 ,;]*")
        self.field.setValidator(QRegularExpressionValidator(digits, self.field))
        self.field.textEdited.connect(self.numbers_typed)
        column.addWidget(self.field)
        column.addWidget(self._names, 1)

    def _add_choices(self, column: QVBoxLayout, form: ActForm, view: ExceptionsView) -> None:
        texts, style = self._texts, self._look
        column.setSpacing(style.px(6))
        for one in form.asked:
            column.addWidget(self._label(texts(f"act.field.{one.field}")))
            rows = RadioRows(style, [texts(f"{one.words}.{code.value}") for code in one.codes])
            _let_shrink(rows, style)
            if (place := view.picks.get(one.field)) is not None:
                rows.rows[place].setChecked(True)
            rows.changed.connect(partial(self._picked, one.field))
            self.picks[one.field] = rows
            column.addWidget(rows)
        if form.takes_numbers:
            column.addStretch(1)

    def _add_rooms(self, column: QVBoxLayout, form: ActForm, view: ExceptionsView) -> None:
        for name in form.rooms:
            label = self._texts(f"act.field.{name}")
            column.addWidget(self._label(label))
            text = view.rooms.get(name, "")
            entry = EntryField(self._look, label, text, longest=LONGEST_ROOM)
            entry.textEdited.connect(partial(self.room_typed.emit, name))
            self.rooms[name] = entry
            column.addWidget(entry)

    def _label(self, text: str) -> TextBlock:
        style = self._look
        return TextBlock(text, style.text(16, 600), style.colours.ink2, line_height=1.25)

    def _add_newest(self, column: QVBoxLayout, view: ExceptionsView) -> None:
        texts, style = self._texts, self._look
        words = texts("decide.reading" if view.rows is None else "act.nothing")
        if view.rows:
            words = texts("act.undo.how")
        column.addWidget(TextBlock(words, style.text(16), style.colours.ink3, line_height=1.3))
        if not view.rows:
            column.addStretch(1)
            return
        choices = [
            Choice(
                _ICONS[one.act.entry.kind],
                one.label(texts),
                one.line(texts),
                Tone.BAD if one.is_undone else None,
            )
            for one in view.rows
        ]
        self.newest = newest = ChoiceList(style, choices)
        newest.chosen.connect(self._undo)
        area = _scrolled(newest, style, texts("act.newest"))
        column.addWidget(area, 1)
        for place, row in enumerate(newest.rows):
            if place:
                row.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab leads in, arrows lead on
            row.moved.connect(lambda _: area.ensureWidgetVisible(newest.rows[newest.focused_row]))

    def _refresh(self, view: ExceptionsView) -> None:
        texts, colours = self._texts, self._look.colours
        why = view.why_not
        self.write.setEnabled(not why and not view.is_busy)
        words, ink = texts(f"act.why.{why}") if why else texts("act.ready"), colours.ink3
        if view.fault:
            words, ink = fault_sentences(texts, view.fault), colours.stop_ink
        elif view.is_busy:
            words = texts("day.busy")
        elif view.is_written:
            words, ink = texts("act.written"), colours.ok_ink
        self.note.setText(words)
        self.note.set_ink(ink)
        self._names.show_numbers(view.checked or ())
        if view.off is not None:
            self._off.setText(off_words(texts, view.off))

    # --- the keyboard ----------------------------------------------------------------------

    def _focus_form(self) -> None:
        other = Qt.FocusReason.OtherFocusReason
        if self.field is not None:
            self.field.setFocus(other)
        elif self.picks:
            next(iter(self.picks.values())).take_focus()
        elif self.rooms:
            next(iter(self.rooms.values())).setFocus(other)
        elif self.write.isEnabled():
            self.write.setFocus(other)
        else:
            self.acts.take_focus()

    def _focus_newest(self) -> None:
        if self.newest is not None:
            self.newest.focus_row(0)

    def _lead_to_list(self, place: int) -> None:
        """The list's key leads into the list, also where that is shown already."""
        if place == len(FORMS) and self._view.form is None:
            self._focus_newest()

    def _act_chosen(self) -> None:
        place = self.acts.chosen
        if place is not None and place < len(FORMS):
            self.act_chosen.emit(place)
        elif place is not None:
            self.list_chosen.emit()
            self._focus_newest()

    def _picked(self, name: str) -> None:
        if (place := self.picks[name].chosen) is not None:
            self.picked.emit(name, place)

    def _press(self) -> None:
        if not self._view.why_not and not self._view.is_busy:
            self.write_pressed.emit()

    def _undo(self, place: int) -> None:
        rows = self._view.rows or ()
        if place < len(rows) and rows[place].may_undo and not self._view.is_busy:
            self.undo_pressed.emit(rows[place].number)

    def _undo_focused(self) -> None:
        if self.newest is not None and any(row.hasFocus() for row in self.newest.rows):
            self._undo(self.newest.focused_row)


class _Names(QScrollArea):
    """Whom the typed numbers mean, a line each, and what keeps a ballot from one."""

    def __init__(self, texts: Texts, style: Style) -> None:
        super().__init__()
        self._texts, self._look = texts, style
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(texts("act.names"))
        self.setProperty("focus_radius", style.px(4))
        self.setMinimumHeight(style.px(58))
        self.setStyleSheet(scroll_bar_sheet(style))
        self.viewport().setAutoFillBackground(False)
        self._shown: tuple[CheckedNumber, ...] | None = None
        self.show_numbers(())

    def show_numbers(self, numbers: tuple[CheckedNumber, ...]) -> None:
        """Show these."""
        if numbers == self._shown:
            return
        self._shown = numbers
        style, colours = self._look, self._look.colours
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, style.px(4), 0)
        column.setSpacing(style.px(2))
        for one in numbers:
            ink = colours.ink if one.is_free else colours.stop_ink
            words = number_words(self._texts, one)
            column.addWidget(ListedText(words, style.text(16, 500), ink, line_height=1.25))
        column.addStretch(1)
        self.setWidget(body)
        body.setAutoFillBackground(False)


def number_words(texts: Texts, one: CheckedNumber) -> str:
    """A list number, the voter's name, and what keeps a ballot from this voter, if anything."""
    number, settled = texts.list_number(one.list_number), one.settled
    if not one.voter_id:
        return texts("act.number.unknown", number=number)
    if settled is None:
        return texts("act.number.free", number=number, name=one.name)
    code = "identified" if settled.place is None else "elsewhere"
    code = "struck" if settled.is_struck_off else code
    time = texts.time(settled.first_at)
    return texts(f"act.number.{code}", number=number, name=one.name, time=time)


def _let_shrink(rows: RadioRows, style: Style) -> None:
    """As narrow as the layout has them; with larger text never narrower than their words."""
    if not style.is_large:
        for row in rows.rows:
            row.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)


def _scrolled(inside: QWidget, style: Style, name: str) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    area.setStyleSheet(scroll_bar_sheet(style))
    area.viewport().setAutoFillBackground(False)
    body = QWidget()
    column = QVBoxLayout(body)
    column.setContentsMargins(style.px(4), style.px(8), style.px(8), style.px(4))
    column.addWidget(inside)
    column.addStretch(1)
    area.setWidget(body)
    body.setAutoFillBackground(False)
    return area


EXCEPTIONS: Final = Place(
    "exceptions",
    "ph.list-plus",
    ExceptionsView(),
    lambda room, view: ExceptionsPage(room.texts, room.style_in_use, view),
    lambda _: ("exceptions",),
)
