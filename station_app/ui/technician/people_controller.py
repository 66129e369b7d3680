"""Connects the page of people with the vault: passphrases in, views out."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer

from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.flow.lane import Lane
from station_app.ui.room_shell import RoomShell
from station_app.ui.technician.people import (
    KnownPerson,
    PeopleAct,
    PeopleDesk,
    PeopleRun,
    PeopleStage,
)
from station_app.ui.technician.people_page import PEOPLE, PeoplePage
from station_app.ui.unlock.entry import SIDES, SideState

_TICK_MS = 100


class PeopleController:
    """Every call of the desk is made on the lane; answers to what was cancelled are dropped."""

    def __init__(
        self,
        room: RoomShell,
        desk: PeopleDesk,
        lane: Lane,
        *,
        seconds: Callable[[], float],
    ) -> None:
        self._room, self._desk, self._lane, self._seconds = room, desk, lane, seconds
        self._run = PeopleRun()
        self._turn = 0
        self._tick = QTimer(room)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self.look_at_the_clock)
        room.connect_pages(PeoplePage, self._connect)
        room.place_shown.connect(self._shown)
        room.place_left.connect(self._left)

    def _connect(self, page: PeoplePage) -> None:
        presses = page.presses
        presses.person_pressed.connect(self._choose)
        presses.add_pressed.connect(self._add)
        presses.act_pressed.connect(self._act)
        presses.named.connect(self._name)
        presses.new_typed.connect(self._take_new)
        presses.agreed.connect(self._take)
        presses.other_pressed.connect(self._other)
        presses.back_pressed.connect(self.leave)

    def _shown(self, place: object) -> None:
        """Also when the room was locked meanwhile: others may be here."""
        if place is PEOPLE:
            self.look()

    def _left(self, place: object) -> None:
        if place is PEOPLE:
            self.leave()

    @property
    def is_busy(self) -> bool:
        """Whether a passphrase is being looked at or a change is made."""
        view = self._run.view(self._seconds())
        checking = view.sides is not None and any(
            view.sides.side(kind).state is SideState.CHECKING for kind in SIDES
        )
        return checking or view.is_checking or view.stage is PeopleStage.SAVING

    def look(self) -> None:
        """Read the people anew."""
        if self._run.stage is PeopleStage.SAVING:
            self._show()
            return
        self._turn += 1
        self._run.look()
        self._show()
        self._read()

    def look_at_the_clock(self) -> None:
        """Show how long a wait still is."""
        self._show()

    def _read(self) -> None:
        turn = self._turn

        def found(people: Sequence[KnownPerson]) -> None:
            if turn == self._turn:
                self._run.found(people)
                self._show()

        def failed(fault: KnownError) -> None:
            if turn == self._turn:
                self._run.not_found(fault.code)
                self._show()

        self._lane.run(self._desk.look, found, failed)

    def leave(self) -> None:
        """The page is left, or its change given up: whatever was typed is gone."""
        if self._run.stage is not PeopleStage.SAVING:
            self._turn += 1
            self._run.cancel()
            self._lane.run(self._desk.forget, lambda _: None, lambda _: None)
            self._show()

    def _choose(self, person: Person) -> None:
        self._run.choose(person)
        self._show()

    def _add(self) -> None:
        if self._run.stage is PeopleStage.LIST:
            self._run.add()
            self._show()

    def _act(self, act: PeopleAct) -> None:
        self._run.act(act)
        self._go_on()

    def _name(self, name: str, role: Role) -> None:
        self._run.name(name, role)
        self._show()

    def _take_new(self, passphrase: str) -> None:
        change, turn = self._run.change, self._turn
        if change is None or self.is_busy:
            return
        first = self._run.stage is PeopleStage.NEW
        self._run.check()
        self._show()

        def take() -> None:
            if first:
                self._desk.take_new(change, passphrase)
            else:
                self._desk.take_again(passphrase)

        def took(_: None) -> None:
            if turn == self._turn:
                self._run.took()
                self._go_on()

        def refused(fault: KnownError) -> None:
            if turn == self._turn:
                self._run.refuse_new(fault.code)
                self._show()

        self._lane.run(take, took, refused)

    def _go_on(self) -> None:
        """To the two who agree, where everything else has been said."""
        if self._run.stage is not PeopleStage.APPROVE:
            self._show()
            return
        turn = self._turn

        def known(waits: dict[Role, float]) -> None:
            if turn == self._turn:
                self._run.agreeing(waits, self._seconds())
                self._show()

        def failed(fault: KnownError) -> None:
            if turn == self._turn:
                self._run.failed(fault.code)
                self.look()

        self._run.agreeing({}, self._seconds())
        self._lane.run(
            lambda: {kind: self._desk.wait_seconds(kind) for kind in SIDES}, known, failed
        )

    def _other(self, kind: Role, step: int) -> None:
        entry = self._run.entry
        people = entry.people(kind)
        present = entry.view(self._seconds()).side(kind).person
        if present in people:
            entry.choose(kind, people[(people.index(present) + step) % len(people)])
            self._show()

    def _take(self, kind: Role, passphrase: str) -> None:
        entry, turn = self._run.entry, self._turn
        person = entry.view(self._seconds()).side(kind).person
        if person is None or not entry.may_type(kind) or self.is_busy:
            return
        entry.check(kind, self._seconds())
        self._show()
        person_id = person.id

        def entered(_: None) -> None:
            if turn == self._turn:
                if entry.accept(kind):
                    self._carry_out()
                self._show()

        def refused(fault: KnownError) -> None:
            if turn == self._turn:
                self._refused(kind, fault)

        self._lane.run(lambda: self._desk.enter(person_id, passphrase), entered, refused)

    def _refused(self, kind: Role, fault: KnownError) -> None:
        turn = self._turn

        def ask() -> tuple[int, float]:
            return self._desk.tries_left(kind), self._desk.wait_seconds(kind)

        def show(answer: tuple[int, float]) -> None:
            if turn == self._turn:
                self._run.entry.refuse(kind, fault, *answer, self._seconds())
                self._show()

        self._lane.run(ask, show, lambda _: show((0, 0.0)))

    def _carry_out(self) -> None:
        change = self._run.change
        assert change is not None
        self._run.saving()

        def made(_: None) -> None:
            self._run.made()
            self._run.look()
            self._read()
            self._show()

        def failed(fault: KnownError) -> None:
            self._run.failed(fault.code)
            self._run.look()
            self._read()
            self._show()

        self._lane.run(lambda: self._desk.carry_out(change), made, failed)

    def _show(self) -> None:
        view = self._run.view(self._seconds())
        self._room.show_view(PEOPLE, view)
        is_waiting = view.sides is not None and self._run.entry.is_waiting
        if is_waiting and not self._tick.isActive():
            self._tick.start()
        elif not is_waiting:
            self._tick.stop()
