"""The dock's hand on the simulated scanner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from station_app.devices.simulated.finger_scanner import SimulatedFingerScanner
from station_app.domain.fingers import FingerPosition
from station_app.flow.acts import Impression, Touch
from station_app.flow.bridge import Bridge
from station_app.flow.demo_queue import DemoPerson
from station_app.flow.rehearsal import Person, Rehearsal, Result
from station_app.flow.runner import Runner
from station_app.synthetic.presets import Preset
from station_app.ui.training.dock import SimulatorDock
from station_app.ui.training.simulator import Expectation, Manner, QueuePerson

_DWELL_S = 3.0

Hand = Callable[[FingerPosition, Manner, int], Impression]
"""Finger, manner and how often it was laid down before -> what the scanner will see."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person of the dock's list and their hand."""

    shown: QueuePerson
    hand: Hand


class DockSimulator:
    """Implements `Simulator` over the simulated scanner.

    `start_queue` lets the queue pass by itself; it is called at most once.
    """

    def __init__(
        self,
        scanner: SimulatedFingerScanner,
        waiting: Sequence[Waiting],
        start_queue: Callable[[], None],
    ) -> None:
        self._scanner = scanner
        self._waiting = list(waiting)
        self._start_queue: Callable[[], None] | None = start_queue
        self._placed = 0

    def people(self) -> Sequence[QueuePerson]:
        """Everybody, in the queue's order."""
        return [one.shown for one in self._waiting]

    def mark_done(self, person: int) -> None:
        """This person has been at the desk."""
        one = self._waiting[person]
        self._waiting[person] = replace(one, shown=replace(one.shown, done=True))

    def place(self, person: int, finger: FingerPosition, manner: Manner) -> None:
        """Lay the finger down; every time is another impression of it."""
        self._placed += 1
        self._scanner.place(self._waiting[person].hand(finger, manner, self._placed))

    def lift(self) -> None:
        """Take it off."""
        self._scanner.lift()

    def unplug(self) -> None:
        """Pull the cable."""
        self._scanner.unplug()

    def plug_in(self) -> None:
        """Put it back."""
        self._scanner.plug_in()

    def run_queue(self) -> None:
        """Let the queue pass; once."""
        start, self._start_queue = self._start_queue, None
        if start is not None:
            start()


def queue_dock(
    runner: Runner,
    scanner: SimulatedFingerScanner,
    bridge: Bridge,
    people: Sequence[Person],
    waiting: Sequence[Waiting],
    language: str,
    passphrase: str = "",
) -> SimulatorDock:
    """The dock with these people, who may also pass by themselves.

    `passphrase` is that of an invented commission, empty where there is a real one.
    """

    def on_result(result: Result) -> None:
        simulator.mark_done(people.index(result.person))
        dock.refresh()

    def start_queue() -> None:
        Rehearsal(runner, scanner, bridge, people, on_result, dock.refresh, _DWELL_S).start()

    simulator = DockSimulator(scanner, waiting, start_queue)
    dock = SimulatorDock(simulator, language, passphrase)
    return dock


def invented_people(queue: Sequence[DemoPerson]) -> list[Waiting]:
    """The demo's people: whatever finger is chosen, in whatever manner."""

    def hand_of(one: DemoPerson) -> Hand:
        return lambda finger, manner, times: one.body.finger(finger, Preset(manner), times)

    return [
        Waiting(
            QueuePerson(key, one.body.name, Expectation(one.lesson), pin=one.body.pin),
            hand_of(one),
        )
        for key, one in enumerate(queue)
    ]


def real_images(people: Sequence[Person]) -> list[Waiting]:
    """Real images: a person is one file, whatever finger is chosen."""

    def hand_of(person: Person) -> Hand:
        touches = [act for act in person.acts if isinstance(act, Touch)]
        return lambda *_: touches[0].impression

    return [
        Waiting(QueuePerson(key, person.who, Expectation(_expectation(person))), hand_of(person))
        for key, person in enumerate(people)
    ]


def _expectation(person: Person) -> str:
    return "identified" if person.outcome == "identified" else "already"
