"""Connects the day's and the decisions' pages with the day's desk."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from station_app.domain.day import DayState
from station_app.domain.day_report import DayFigures
from station_app.domain.entry_codes import Paper, PauseReason, ReopenReason, VoidReason
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person
from station_app.flow.day_desk import DayDesk
from station_app.flow.day_parts import ActResult, PaperDestination
from station_app.flow.day_reading import DayLook, DecisionLine
from station_app.flow.day_report import is_all_compared
from station_app.flow.opening_checks import CheckedPart, OpeningCheck
from station_app.ui.commission.closing_controller import ClosingController, DayRoomParts
from station_app.ui.commission.closing_page import CLOSE
from station_app.ui.commission.day_log import IntegrityView
from station_app.ui.commission.day_page import DAY, ClosedPage, DayView, RunningPage
from station_app.ui.commission.day_views import ClosedView, ListChange, RunningView
from station_app.ui.commission.decisions_page import (
    DECISIONS,
    DecisionsPage,
    DecisionsView,
    decision_rows,
)
from station_app.ui.commission.exceptions_controller import ExceptionsController, off_of
from station_app.ui.commission.exceptions_page import EXCEPTIONS
from station_app.ui.commission.export import ExportController, ExportView, exported
from station_app.ui.commission.opening_page import OpeningPage, OpeningView, PhoneClock
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.commission.turnout_page import TurnoutController
from station_app.ui.commission.two_person_dialog import SignRequest
from station_app.ui.operator.views import GapView, gap_view
from station_app.ui.texts import Texts
from station_app.ui.widgets.key_bar import DeskKey

_EVERY_MS = 5000
_REASONS = tuple(ReopenReason)


class DayController(QObject):
    """Reads the day while the room is shown, and carries out what is pressed."""

    def __init__(self, room: CommissionRoom, desk: DayDesk, parts: DayRoomParts) -> None:
        super().__init__(room)
        self._room, self._desk, self._parts = room, desk, parts
        self._look: DayLook | None = None
        self._checks: tuple[OpeningCheck, ...] | None = None
        self._checked_at: datetime | None = None
        self._integrity = IntegrityView()
        self._fault = self._paper_fault = ""
        self._went: PaperDestination | None = None
        self._opens_next = False
        self._clock = PhoneClock(lambda: parts.local(parts.now()))
        self.turnout = TurnoutController(
            room, desk.turnout, self._print_turnout, is_closed=self._is_closed, local=parts.local
        )
        desk.follow(self._printing)
        self.closing = ClosingController(room, desk, parts, self._acted)
        self.exceptions = ExceptionsController(room, desk, parts, self._acted)
        self._leaving: ExportController | None = None
        if parts.export is not None:
            self._leaving = ExportController(room, parts.export, parts.lane, parts.local)
            self._leaving.changed.connect(self._show)
            self._leaving.finished.connect(self.refresh)
        self._tick = QTimer(self)
        self._tick.setInterval(_EVERY_MS)
        self._tick.timeout.connect(self.refresh)
        room.place_shown.connect(self._shown)
        room.left.connect(self._tick.stop)
        room.connect_pages(OpeningPage, self._connect_opening)
        room.connect_pages(RunningPage, self._connect_running)
        room.connect_pages(ClosedPage, self._connect_closed)
        room.connect_pages(DecisionsPage, self._connect_decisions)

    def _connect_opening(self, page: OpeningPage) -> None:
        page.phone_typed.connect(self._type)
        page.confirm_pressed.connect(self._confirm)
        page.check_pressed.connect(self._check)
        page.open_pressed.connect(self._open)

    def _connect_running(self, page: RunningPage) -> None:
        page.pause_pressed.connect(self._pause)
        page.resume_pressed.connect(self._resume)
        page.print_pressed.connect(lambda: self._print(Paper.ZERO_REPORT))
        self._connect_export(page)

    def _connect_closed(self, page: ClosedPage) -> None:
        page.reopen_pressed.connect(self._reopen)
        page.next_pressed.connect(self._open_next)
        page.print_pressed.connect(lambda: self._print(Paper.PROTOCOL))
        self._connect_export(page)

    def _connect_export(self, page: RunningPage | ClosedPage) -> None:
        if self._leaving is not None:
            page.export_pressed.connect(self._leaving.press)

    def _connect_decisions(self, page: DecisionsPage) -> None:
        page.refresh_pressed.connect(lambda: self._shown(DECISIONS))

    @property
    def is_busy(self) -> bool:
        """Whether an act is under way: the station is not locked meanwhile."""
        return self._desk.is_busy or (self._leaving is not None and self._leaving.is_busy)

    def show_integrity(self, view: IntegrityView) -> None:
        """What is known of the journal (times local)."""
        self._integrity = view
        self.closing.show_integrity(view)
        self._show()

    def void(
        self,
        signers: tuple[Person, ...],
        number: int,
        reason: VoidReason,
        failed: Callable[[KnownError], None],
    ) -> None:
        """Make the identification of entry `number` void, for those who have signed it."""
        self._desk.void(signers, number, reason, self._acted, failed)

    def refresh(self) -> None:
        """Read how the day stands."""
        self._desk.look(self._found, self._failed)

    # --- what is shown --------------------------------------------------------------------

    def _shown(self, place: object) -> None:
        self._fault = ""
        self._tick.start()
        self.refresh()
        if place is DECISIONS:
            self._desk.decisions(self._decided, self._failed)
        elif place is CLOSE:
            self._desk.decisions(lambda lines: self.closing.count_decisions(len(lines)), _nobody)
        elif place is EXCEPTIONS:
            self.exceptions.shown()
        elif place is DAY and self._is_before and self._checks is None:
            self._check()

    def _print_turnout(self) -> None:
        if self._desk.cancel_printing(Paper.TURNOUT):
            return

        def made(acted: ActResult) -> None:
            self.turnout.say_made(self._local(acted.went), acted.paper_fault)

        self._desk.print_paper(
            Paper.TURNOUT, made, lambda fault: self.turnout.say_fault(fault.code)
        )

    def _is_closed(self) -> bool:
        return self._look is not None and self._look.day.state is DayState.CLOSED

    @property
    def _is_before(self) -> bool:
        return self._look is None or self._look.day.state is DayState.BEFORE or self._opens_next

    def _found(self, look: DayLook) -> None:
        self._look = look
        if look.day.state is not DayState.CLOSED:
            self._opens_next = False
        self.closing.follow(look)
        self.exceptions.follow(look)
        self._show()

    def _decided(self, lines: tuple[DecisionLine, ...]) -> None:
        names = {person.id: person.name for person in self._parts.people()}
        figures = self._look.figures if self._look else DayFigures()
        alarm = self._desk.facts.manual_alarm_percent
        rows = decision_rows(lines, names, self._parts.local)
        self._room.show_view(DECISIONS, DecisionsView(rows, figures, alarm))
        self.closing.review(len(lines))

    def _show(self) -> None:
        if self._look is not None:
            self._room.show_view(DAY, self._view(self._look))

    def _view(self, look: DayLook) -> DayView:
        if self._is_before:
            return self._opening_view()
        local = self._parts.local
        if look.closed is not None and look.closed_at is not None and self._is_closed():
            return ClosedView(
                figures=look.figures,
                closed_at=local(look.closed_at),
                signers=self._names(look.closed.chair, look.closed.member),
                ballots=look.closed.ballots,
                signatures=look.closed.signatures,
                gaps=self.closing.gaps_of(look),
                may_open_next=self._desk.facts.list_kind != "live",
                integrity=self._integrity,
                fault=self._fault,
                paper_fault=self._paper_fault,
                went=self._went,
                is_busy=self._desk.is_acting,
                export=self._export_view(look),
                exported=exported(look, look.day.closed_entry, local),
                list_change=_list_change(look),
            )
        assert look.opened is not None, "an open day was opened"
        assert look.opened_at is not None, "and at some time"
        return RunningView(
            figures=look.figures,
            opened_at=local(look.opened_at),
            signers=self._names(look.opened.chair, look.opened.member),
            is_paused=look.day.state is DayState.PAUSED,
            is_untouched=look.figures == _untouched(look.figures),
            unprinted=len(look.unprinted),
            alarm_percent=self._desk.facts.manual_alarm_percent,
            integrity=self._integrity,
            fault=self._fault,
            paper_fault=self._paper_fault,
            went=self._went,
            is_busy=self._desk.is_acting,
            export=self._export_view(look),
            list_change=_list_change(look),
            gap=self._gap(),
            off=off_of(look, local),
        )

    def _gap(self) -> GapView | None:
        local = self._parts.local
        return gap_view(self._desk.facts.predecessors, lambda at: f"{local(at):%H:%M}")

    def _export_view(self, look: DayLook) -> ExportView | None:
        return None if self._leaving is None else self._leaving.view(look)

    def _opening_view(self) -> OpeningView:
        facts = self._desk.facts
        clock, minutes = self._clock.state
        return OpeningView(
            today=self._parts.local(self._parts.now()),
            listed=facts.listed,
            list_sequence=facts.list_sequence,
            checks=self._checks,
            integrity=self._integrity,
            clock=clock,
            minutes=minutes,
            fault=self._fault,
            is_busy=self._desk.is_acting,
            checked_at=self._checked_at,
            gap=self._gap(),
            phone=self._clock.text,
        )

    def _local(self, went: PaperDestination | None) -> PaperDestination | None:
        return None if went is None else replace(went, at=self._parts.local(went.at))

    def _names(self, *ids: str) -> tuple[str, ...]:
        names = {person.id: person.name for person in self._parts.people()}
        return tuple(names.get(id_, id_) for id_ in ids)

    # --- what is pressed ------------------------------------------------------------------

    def _type(self, text: str) -> None:
        self._clock.type(text)
        self._fault = ""
        self._show()

    def _confirm(self) -> None:
        self._clock.confirm()
        self._show()

    def _check(self) -> None:
        self._checks = None
        self._show()

        def looked(checks: tuple[OpeningCheck, ...]) -> None:
            self._checks = checks
            self._checked_at = self._parts.local(self._parts.now())
            self._show()

        def failed(fault: KnownError) -> None:
            self._checks = (OpeningCheck(CheckedPart.LIST, fault.code),)
            self._failed(fault)

        self._parts.lane.run(self._parts.checks, looked, failed)

    def _open(self) -> None:
        texts = Texts(self._room.language)
        number = texts.number(self._desk.facts.listed)
        request = SignRequest(
            operation=Operation.OPEN_DAY,
            confirm=DeskKey.OPEN_DAY,
            title=texts("day.open.title"),
            line=texts("day.open.sign.line", number=number),
            follows=texts("day.open.sign.follows"),
        )

        def open_(signers: tuple[Person, ...], _: int) -> None:
            self._fault = ""
            confirmed, phone = self._clock.is_confirmed, self._clock.time
            self._desk.open_day(
                signers, phone, is_confirmed=confirmed, done=self._opened, failed=self._failed
            )
            self._show()

        self._room.ask_signatures(request, self._parts.act, open_)

    def _opened(self, acted: ActResult) -> None:
        self._clock.type("")
        self._checks = None
        self._acted(acted)

    def _open_next(self) -> None:
        self._opens_next, self._fault = True, ""
        self._show()
        self._check()

    def _pause(self) -> None:
        def pause(by: Person, reason: PauseReason | None) -> None:
            assert reason is not None, "a pause has a reason"
            self._desk.pause(by, reason, self._acted, self._failed)
            self._show()

        self._room.ask_who(self._parts.act.present, pause, reasons=True)

    def _resume(self) -> None:
        def resume(by: Person, _: PauseReason | None) -> None:
            self._desk.resume(by, self._acted, self._failed)
            self._show()

        self._room.ask_who(self._parts.act.present, resume, reasons=False)

    def _reopen(self) -> None:
        texts = Texts(self._room.language)
        request = SignRequest(
            operation=Operation.REOPEN_DAY,
            confirm=DeskKey.REOPEN_DAY,
            title=texts("day.reopen"),
            line=texts("day.reopen.line"),
            follows=texts("day.reopen.follows"),
            reasons=tuple(texts(f"day.reopen.{reason.value}") for reason in _REASONS),
        )

        def reopen(signers: tuple[Person, ...], place: int) -> None:
            self._desk.reopen(signers, _REASONS[place], self._acted, self._failed)
            self._show()

        self._room.ask_signatures(request, self._parts.act, reopen)

    def _print(self, paper: Paper) -> None:
        """Print a paper; the same key takes back one that is at the printer."""
        if not self._desk.cancel_printing(paper):
            self._desk.print_paper(paper, self._acted, self._failed)

    def _printing(self, went: PaperDestination) -> None:
        if went.paper is Paper.TURNOUT:
            self.turnout.say_made(self._local(went), "")
        elif went.paper is not Paper.DAY_LOG:
            self._paper_fault, self._went = "", self._local(went)
            self.refresh()

    def _acted(self, acted: ActResult) -> None:
        self._fault, self._paper_fault = "", acted.paper_fault
        self._went = self._local(acted.went)
        self._found(acted.look)

    def _failed(self, fault: KnownError) -> None:
        self._fault = fault.code
        self._desk.look(self._found, lambda _: self._show())


def _nobody(_: KnownError) -> None:
    """The page says what it knows."""


def _untouched(figures: DayFigures) -> DayFigures:
    """The figures before anybody stood at the desk: voters may have been visited on the eve."""
    return DayFigures(
        listed=figures.listed,
        issued_elsewhere=figures.issued_elsewhere,
        struck_off=figures.struck_off,
        struck_not_listed=figures.struck_not_listed,
        acts_undone=figures.acts_undone,
    )


def _list_change(look: DayLook) -> ListChange | None:
    """All lists that came during the day together."""
    found = look.comparisons
    if not found:
        return None
    return ListChange(
        is_compared=all(map(is_all_compared, found)),
        marked=sum(one.marked for one in found),
        missing=sum(one.missing for one in found),
    )
