"""Connects the page of exceptions with the day's desk: an act is drafted, signed and written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject

from station_app.domain.day_acts import UNDOABLE
from station_app.domain.entries import StationWasOff
from station_app.domain.entry_codes import UndoReason
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person
from station_app.flow.day_acts import ActLine, CheckedNumber
from station_app.flow.day_desk import DayDesk
from station_app.flow.day_parts import ActResult
from station_app.flow.day_reading import DayLook
from station_app.ui.commission.act_forms import ActForm
from station_app.ui.commission.act_words import OffTimes
from station_app.ui.commission.closing_controller import DayRoomParts
from station_app.ui.commission.exceptions_page import (
    EXCEPTIONS,
    MOST_NUMBERS,
    ActRow,
    ExceptionsPage,
    ExceptionsView,
)
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.commission.two_person_dialog import SignRequest
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey

_REASONS = tuple(UndoReason)


class ExceptionsController(QObject):
    """Keeps what is typed until the act is written; `acted` is told of it."""

    def __init__(
        self,
        room: CommissionRoom,
        desk: DayDesk,
        parts: DayRoomParts,
        acted: Callable[[ActResult], None],
    ) -> None:
        super().__init__(room)
        self._room, self._desk, self._parts, self._acted = room, desk, parts, acted
        self._view = ExceptionsView(list_kind=desk.facts.list_kind)
        self._lines: tuple[ActLine, ...] = ()
        self._turn = 0
        room.connect_pages(ExceptionsPage, self._connect)

    def _connect(self, page: ExceptionsPage) -> None:
        page.act_chosen.connect(self._choose)
        page.list_chosen.connect(lambda: self._choose(None))
        page.numbers_typed.connect(self._type)
        page.picked.connect(self._pick)
        page.room_typed.connect(self._name_room)
        page.write_pressed.connect(self._ask)
        page.undo_pressed.connect(self._ask_undo)

    def follow(self, look: DayLook) -> None:
        """How the day stands now; what is typed stays."""
        self._put(day=look.day, figures=look.figures, off=off_of(look, self._parts.local))

    def shown(self) -> None:
        """The page is shown: read the acts, and look the typed numbers up again."""
        self._desk.acts(self._found, self._failed)
        self._look_up()

    # --- what is typed --------------------------------------------------------------------

    def _choose(self, place: int | None) -> None:
        if place != self._view.chosen:
            self._turn += 1
            self._put(
                chosen=place, numbers="", checked=(), picks={}, rooms={}, fault="", is_written=False
            )

    def _type(self, text: str) -> None:
        self._put(numbers=text, checked=None, fault="", is_written=False)
        self._look_up()

    def _look_up(self) -> None:
        self._turn += 1
        turn, numbers = self._turn, self._view.numbers_typed

        def found(checked: tuple[CheckedNumber, ...]) -> None:
            if turn == self._turn:
                self._put(checked=tuple(map(self._locally, checked)))

        if numbers:
            self._desk.check_numbers(numbers[:MOST_NUMBERS], found, self._failed)
        else:
            self._put(checked=())

    def _locally(self, one: CheckedNumber) -> CheckedNumber:
        if one.settled is None:
            return one
        return replace(
            one, settled=replace(one.settled, first_at=self._parts.local(one.settled.first_at))
        )

    def _pick(self, name: str, place: int) -> None:
        self._put(picks={**self._view.picks, name: place}, fault="")

    def _name_room(self, name: str, text: str) -> None:
        self._put(rooms={**self._view.rooms, name: text.strip()}, fault="")

    # --- what is signed -------------------------------------------------------------------

    def _ask(self) -> None:
        view, form = self._view, self._view.form
        if form is None or view.why_not or self._desk.is_acting:
            return
        texts = Texts(self._room.language)
        title = texts(f"act.kind.{form.kind}")
        draft = form.draft(view.picks, view.rooms, view.off.number if view.off else 0)

        def write(signers: tuple[Person, ...], _: object = None) -> None:
            self._desk.act(signers, draft, view.checked or (), self._written, self._failed)
            self._put(is_busy=self._desk.is_acting)

        if not form.needs_two:
            present = self._parts.act.present
            self._room.ask_person(present, lambda person: write((person,)), title=title)
            return
        request = SignRequest(
            operation=Operation.DAY_ACT,
            confirm=DeskKey.SIGN_ACT,
            title=title,
            line=_chosen(texts, form, view),
            follows=_signed(texts, form, view),
        )
        self._room.ask_signatures(request, self._parts.act, write)

    def _ask_undo(self, number: int) -> None:
        found = next((one for one in self._lines if one.act.number == number), None)
        if found is None or self._desk.is_acting:
            return
        texts = Texts(self._room.language)

        def undo(signers: tuple[Person, ...], place: int) -> None:
            self._desk.undo(signers, number, _REASONS[place], self._written, self._failed)
            self._put(is_busy=self._desk.is_acting)

        row = self._row(found)
        request = SignRequest(
            operation=Operation.DAY_ACT,
            confirm=DeskKey.UNDO_ACT,
            title=texts("act.undo.title"),
            line=f"{row.label(texts)}: {row.line(texts)}",
            follows=texts("act.undo.follows"),
            reasons=tuple(texts(f"act.undo.{one.value}") for one in _REASONS),
        )
        self._room.ask_signatures(request, self._parts.act, undo)

    # --- answers --------------------------------------------------------------------------

    def _written(self, acted: ActResult) -> None:
        self._turn += 1
        self._put(
            chosen=None, numbers="", checked=(), picks={}, rooms={},
            fault="", is_written=True, is_busy=False,
        )  # fmt: skip
        self._acted(acted)
        self._desk.acts(self._found, self._failed)

    def _failed(self, fault: KnownError) -> None:
        self._put(fault=fault.code, is_busy=False)

    def _found(self, lines: tuple[ActLine, ...]) -> None:
        self._lines = lines
        self._put(rows=tuple(map(self._row, lines)))

    def _row(self, one: ActLine) -> ActRow:
        may_undo = isinstance(one.act.entry, UNDOABLE) and not one.is_undone
        return ActRow(one.act, self._parts.local(one.act.at), one.is_undone, may_undo)

    def _put(self, **changes: object) -> None:
        self._view = replace(self._view, **changes)  # type: ignore[arg-type]
        self._room.show_view(EXCEPTIONS, self._view)


def off_of(look: DayLook, local: Callable[[datetime], datetime]) -> OffTimes | None:
    """When the station was off that nobody has explained, in local times."""
    act = look.off
    if act is None or not isinstance(act.entry, StationWasOff):
        return None
    return OffTimes.of(act.entry, local(act.at), act.number)


def _chosen(texts: Texts, form: ActForm, view: ExceptionsView) -> str:
    """What was chosen, in one line."""
    codes = (one.codes[view.picks[one.field]] for one in form.asked)
    words = (f"{one.words}.{code.value}" for one, code in zip(form.asked, codes, strict=True))
    return " · ".join(map(texts, words))


def _signed(texts: Texts, form: ActForm, view: ExceptionsView) -> str:
    """Every list number and room that is signed for, and what follows: as many lines as needed."""
    numbers = ", ".join(texts.list_number(one.list_number) for one in view.checked or ())
    rooms = " → ".join(view.rooms[name] for name in form.rooms)
    return "\n".join(filter(None, (numbers, rooms, texts(f"act.follows.{form.kind}"))))
