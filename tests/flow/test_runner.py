"""The runner on real lanes: the simulated scanner, a slow or failing core, a journal."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from desk_parts import IMAGE, Book, MemoryList, ScriptedMatcher, a_voter

from station_app.devices.simulated.finger_scanner import SimulatedFingerScanner
from station_app.domain import session_events as ev
from station_app.domain.captures import FingerImage, LiveFrame, Meters
from station_app.domain.entries import OutcomeKind
from station_app.domain.policy import PROVISIONAL
from station_app.domain.session_states import (
    AwaitingFinger,
    Blocked,
    Idle,
    Matching,
    State,
    Verdict,
    WaitingForScanner,
)
from station_app.flow.bridge import QueueBridge
from station_app.flow.lane import Lane
from station_app.flow.parts import Lanes, Parts
from station_app.flow.runner import Runner
from station_app.flow.tally import Tally


@dataclass
class Witness:
    """An observer that remembers."""

    states: list[State] = field(default_factory=list)
    frames: int = 0
    bugs: list[BaseException] = field(default_factory=list)

    def state_changed(self, state: State) -> None:
        self.states.append(state)

    def frame_came(self, frame: LiveFrame, meters: Meters) -> None:
        self.frames += 1

    def broke(self, bug: BaseException, last_entry: int | None) -> None:
        self.bugs.append(bug)


class Station:
    """A whole desk in one thread and three lanes."""

    def __init__(self) -> None:
        self.bridge = QueueBridge()
        self.scanner = SimulatedFingerScanner(frames=3, seconds=0.03)
        self.matcher = ScriptedMatcher()
        self.book = Book()
        self.witness = Witness()
        self.errors: list[BaseException] = []
        lanes = Lanes(*(Lane(name, self.bridge, self._bug) for name in ("scan", "match", "log")))
        parts = Parts(
            scanner=self.scanner,
            assess=lambda _: Meters(5, 5, 5),
            matcher=self.matcher,
            voters=MemoryList(),
            journal=self.book,
            policy=PROVISIONAL,
            next_session=1,
            tally=Tally.of(0, []),
        )
        self.runner = Runner(parts, lanes, self.bridge)
        self.runner.observe(self.witness)
        self.runner.start()

    def _bug(self, bug: BaseException) -> None:
        self.runner.report_bug(bug)

    def place(self, image: FingerImage = IMAGE) -> None:
        self.scanner.place(lambda: image)

    def until(self, kind: type, timeout: float = 5.0) -> State:
        assert self.bridge.run(lambda: isinstance(self.runner.state, kind), timeout), (
            self.runner.state
        )
        return self.runner.state


@pytest.fixture
def station() -> Iterator[Station]:
    made = Station()
    yield made
    made.runner.stop()


def test_from_the_glass_to_the_verdict(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.place()
    shown = station.until(Verdict)
    assert isinstance(shown, Verdict)
    assert shown.voter == a_voter(3)
    assert station.witness.frames == 3
    assert station.runner.tally.identified == 1
    assert station.runner.tally.last[0].list_number == 4
    assert station.runner.times.extract_ms > 0
    station.scanner.lift()
    station.until(Idle, timeout=6)


def test_verdict_only_after_the_journal_answered(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.book.gate.clear()
    station.place()
    assert not station.bridge.run(lambda: isinstance(station.runner.state, Verdict), 0.5)
    station.book.gate.set()
    station.until(Verdict)


def test_a_slow_match_for_a_cancelled_person_reaches_nobody(station: Station) -> None:
    station.matcher.answers = [(1, 12.0), (2, 12.0)]
    station.matcher.gate.clear()
    station.place()
    station.until(Matching)
    station.runner.handle(ev.Cancelled())
    station.until(Idle)
    station.scanner.lift()
    station.place()
    station.until(Matching)
    station.matcher.gate.set()
    shown = station.until(Verdict)
    assert isinstance(shown, Verdict)
    assert shown.voter == a_voter(2)
    assert [e.outcome for e in station.book.outcomes()] == [
        OutcomeKind.ABANDONED,
        OutcomeKind.IDENTIFIED,
    ]


def test_pulled_cable_and_back(station: Station) -> None:
    station.matcher.answers = [(3, 12.0)]
    station.scanner.place(lambda: (station.scanner.unplug(), IMAGE)[1])
    station.until(WaitingForScanner)
    station.scanner.lift()
    station.scanner.plug_in()
    assert isinstance(station.until(AwaitingFinger), AwaitingFinger | Idle)
    station.place()
    station.until(Verdict)
    kinds = [entry.kind for entry in station.book.entries]
    assert kinds.count("device_lost") == kinds.count("device_returned") == 1


def test_a_pin_is_looked_up_on_the_lane(station: Station) -> None:
    station.matcher.answers = [(3, 4.5)]
    station.runner.handle(ev.PinEntered(a_voter(3).pin))
    station.until(AwaitingFinger)
    assert station.matcher.named == []
    station.place()
    station.until(Verdict)
    assert station.matcher.named == [3]


def test_an_unknown_pin(station: Station) -> None:
    station.runner.handle(ev.PinEntered("9" * 14))
    shown = station.until(Verdict)
    assert isinstance(shown, Verdict)
    assert shown.outcome.reason == "pin_unknown"


def test_disk_full_and_mended(station: Station) -> None:
    station.matcher.answers = [(3, 12.0), (3, 12.0)]
    station.book.full = True
    station.place()
    station.until(Blocked)
    assert not station.book.entries
    station.book.full = False
    station.runner.handle(ev.RetryPressed())
    station.until(Idle)
    assert [e.outcome for e in station.book.outcomes()] == [OutcomeKind.ABANDONED]


def test_a_broken_list_blocks(station: Station) -> None:
    station.matcher.fault_code = "list_damaged"
    station.place()
    blocked = station.until(Blocked)
    assert isinstance(blocked, Blocked)
    assert blocked.code == "list_damaged"


def test_a_bug_stops_the_desk(station: Station) -> None:
    station.matcher.bug = ZeroDivisionError("ours")
    station.place()
    assert station.bridge.run(lambda: bool(station.witness.bugs), 5)
    before = station.runner.state
    station.runner.handle(ev.Cancelled())
    assert station.runner.state is before


def test_only_the_main_thread_may_handle(station: Station) -> None:
    caught: list[BaseException] = []

    def wrong() -> None:
        try:
            station.runner.handle(ev.Cancelled())
        except AssertionError as error:
            caught.append(error)

    thread = threading.Thread(target=wrong)
    thread.start()
    thread.join()
    assert caught


def test_a_scanner_that_is_not_there_at_the_start() -> None:
    station = Station.__new__(Station)
    station.bridge = QueueBridge()
    scanner = SimulatedFingerScanner()
    scanner.unplug()
    lanes = Lanes(*(Lane(name, station.bridge, print) for name in ("scan", "match", "log")))
    parts = Parts(
        scanner, lambda _: Meters(5, 5, 5), ScriptedMatcher(), MemoryList(), Book(), PROVISIONAL,
        1, Tally.of(0, []),
    )  # fmt: skip
    runner = Runner(parts, lanes, station.bridge)
    runner.start()
    assert station.bridge.run(lambda: isinstance(runner.state, WaitingForScanner), 5)
    scanner.plug_in()
    assert station.bridge.run(lambda: isinstance(runner.state, Idle), 5)
    runner.stop()


def test_the_bridge_keeps_order_and_time() -> None:
    bridge = QueueBridge()
    seen: list[str] = []
    bridge.later(0.05, lambda: seen.append("later"))
    bridge.post(lambda: seen.append("first"))
    bridge.post(lambda: seen.append("second"))
    begun = time.monotonic()
    assert bridge.run(lambda: len(seen) == 3, 1)
    assert seen == ["first", "second", "later"]
    assert time.monotonic() - begun >= 0.05
    assert not bridge.run(lambda: False, 0.01)
