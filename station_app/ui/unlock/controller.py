"""Connects the unlocking screen with the station's lock: passphrases in, views out."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.flow.lane import Lane
from station_app.ui.unlock.entry import SIDES, DoorStanding, UnlockDoor, UnlockEntry, UnlockStage
from station_app.ui.unlock.keyboard_watch import KeyboardWatch
from station_app.ui.unlock.screen import UnlockScreen

_TICK_MS = 100
_CLOCK_EVERY_MS = 1000


class UnlockController(QObject):
    """Every call of the door is made on the lane; the screen is never kept waiting.

    `opened` is emitted when two persons have opened the station, `locked` when it is
    locked again, `clock_ticked` every second with the local time.
    """

    opened = Signal()
    locked = Signal()
    clock_ticked = Signal(object)

    def __init__(
        self,
        screen: UnlockScreen,
        door: UnlockDoor,
        lane: Lane,
        keyboard: KeyboardWatch,
        *,
        seconds: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(screen)
        self._screen, self._door, self._lane = screen, door, lane
        self._keyboard, self._seconds, self._now = keyboard, seconds, now
        self._entry = UnlockEntry()
        screen.passphrase_taken.connect(self._take)
        screen.person_chosen.connect(self._choose)
        screen.typed.connect(self._typed)
        screen.stop_pressed.connect(door.stop_comparing)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self.refresh)
        clock = QTimer(self)
        clock.timeout.connect(self._show_clock)
        clock.start(_CLOCK_EVERY_MS)
        self._show_clock()

    def start(self) -> None:
        """Look at the station anew: its people, its list."""

        def found(standing: DoorStanding) -> None:
            self._entry.begin(standing, self._seconds())
            self._screen.set_people({kind: self._entry.people(kind) for kind in SIDES})
            self.refresh()

        def failed(fault: KnownError) -> None:
            self._entry.not_set_up(fault.code)
            self.refresh()

        self._lane.run(self._door.standing, found, failed)

    def lock(self) -> None:
        """Lock the station; whatever was typed or opened is gone."""
        self._screen.forget()
        self._entry.lock()
        self.refresh()
        self._lane.run(self._door.forget, lambda _: None, lambda _: None)
        self.start()  # looked at before anybody's next passphrase: it resets the sides
        self.locked.emit()

    def refresh(self) -> None:
        """Show what is so now."""
        view = self._entry.view(self._seconds(), self._door.compared())
        self._screen.show_view(view)
        if self._entry.is_waiting and not self._tick.isActive():
            self._tick.start()
        elif not self._entry.is_waiting:
            self._tick.stop()

    @property
    def is_busy(self) -> bool:
        """Whether something is being checked or opened."""
        view = self._entry.view(self._seconds())
        checking = any(view.side(kind).state.value == "checking" for kind in SIDES)
        return checking or view.stage is UnlockStage.OPENING

    def _typed(self, text: str, shift: bool) -> None:
        self._keyboard.typed(text, shift)
        self._show_keyboard()

    def _show_keyboard(self) -> None:
        self._screen.set_keyboard(self._keyboard.layout, self._keyboard.caps_lock)

    def _show_clock(self) -> None:
        now = self._now()
        self._screen.set_clock(now)
        self._show_keyboard()
        self.clock_ticked.emit(now)

    def _choose(self, kind: Role, person: Person) -> None:
        self._entry.choose(kind, person)
        self.refresh()

    def _take(self, kind: Role, passphrase: str) -> None:
        person = self._entry.view(self._seconds()).side(kind).person
        if person is None or not self._entry.may_type(kind):
            return
        self._entry.check(kind, self._seconds())
        self.refresh()
        person_id = person.id

        def enter() -> None:
            self._door.enter(person_id, passphrase)

        def entered(_: None) -> None:
            if self._entry.accept(kind):
                self._open()
            self.refresh()

        def refused(fault: KnownError) -> None:
            self._refused(kind, fault)

        self._lane.run(enter, entered, refused)

    def _refused(self, kind: Role, fault: KnownError) -> None:

        def ask() -> tuple[int, float]:
            return self._door.tries_left(kind), self._door.wait_seconds(kind)

        def show(answer: tuple[int, float]) -> None:
            tries, wait_s = answer
            self._entry.refuse(kind, fault, tries, wait_s, self._seconds())
            self.refresh()
            if fault.code == Code.UNKNOWN_PERSON:
                self.start()

        def blind(_: KnownError) -> None:
            show((0, 0.0))

        self._lane.run(ask, show, blind)

    def _open(self) -> None:
        self._entry.opening(self._seconds())

        def opened(voters: int) -> None:
            self._entry.opened(voters)
            self.refresh()
            self.opened.emit()

        def found(standing: DoorStanding) -> None:
            self._entry.list_is(standing.identity)
            self.refresh()

        def failed(fault: KnownError) -> None:
            self._entry.failed(fault.code)
            self._lane.run(self._door.forget, lambda _: None, lambda _: None)
            self._lane.run(self._door.standing, found, lambda _: None)
            self.refresh()

        self._lane.run(self._door.open, opened, failed)
