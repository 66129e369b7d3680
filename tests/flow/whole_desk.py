"""A whole desk in one thread and three lanes, around parts the test decides."""

from dataclasses import dataclass, field
from typing import cast

from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.simulated.simulated_scanner import Manner, SimulatedFingerScanner
from station_app.domain.day import DayState
from station_app.domain.entries import Entry
from station_app.domain.matching import Matcher
from station_app.domain.policy import PROVISIONAL, Policy
from station_app.domain.samples import FingerImage, LiveFrame, Meters
from station_app.domain.session_states import State
from station_app.flow.approvals import demo_approver
from station_app.flow.bridge import QueueBridge
from station_app.flow.recorder import Recorder
from station_app.flow.runner import DeskLanes, DeskObserver, DeskParts, Runner, VoterReader
from station_app.flow.scanning import ScannerNow
from station_app.journal import Journal
from tests.flow.desk_parts import IMAGE, Book, MemoryList, ScriptedMatcher


@dataclass
class Witness(DeskObserver):
    """An observer that remembers."""

    states: list[State] = field(default_factory=list)
    frames: int = 0
    touches: list[bool] = field(default_factory=list)
    scanners: list[ScannerNow] = field(default_factory=list)
    bugs: list[BaseException] = field(default_factory=list)
    last_entry: int | None = None

    def state_changed(self, state: State) -> None:
        self.states.append(state)

    def frame_came(self, frame: LiveFrame, meters: Meters) -> None:
        self.frames += 1

    def finger_sensed(self, *, is_on: bool) -> None:
        self.touches.append(is_on)

    def scanner_changed(self, scanner: ScannerNow) -> None:
        self.scanners.append(scanner)

    def broke(self, bug: BaseException, last_entry: int) -> None:
        self.bugs.append(bug)
        self.last_entry = last_entry


class Station:
    """A whole desk in one thread and three lanes."""

    def __init__(
        self,
        scanner: FingerScanner | None = None,
        matcher: Matcher | None = None,
        voters: VoterReader | None = None,
        policy: Policy = PROVISIONAL,
        day: DayState = DayState.OPEN,
        marked: frozenset[str] = frozenset(),
        manner: Manner = Manner.STREAMS,
    ) -> None:
        self.bridge = QueueBridge()
        self.scanner = SimulatedFingerScanner(frames=3, seconds=0.03, manner=manner)
        self.matcher = ScriptedMatcher()
        self.book = Book()
        self.recorder = Recorder(cast(Journal, self.book))
        self.witness = Witness()
        lanes = self.lanes = DeskLanes.make(self.bridge, self._report)
        parts = DeskParts(
            scanner=scanner or self.scanner,
            assess=lambda _: Meters(5, 5, 5),
            matchers={FingerImage: matcher or self.matcher},
            voters=voters or MemoryList(),
            recorder=self.recorder,
            policy=policy,
            next_session=1,
            approver=demo_approver(),
            day=day,
            marked=marked,
        )
        self.runner = Runner(parts, lanes, self.bridge)
        self.runner.observe(self.witness)
        self.runner.start()

    def _report(self, bug: BaseException) -> None:
        self.runner.report_bug(bug)

    def write(self, *entries: Entry) -> None:
        """As somebody beside the desk writes."""
        self.lanes.journal.call(lambda: self.recorder.append_all(entries))

    def place(self, image: FingerImage = IMAGE) -> None:
        self.scanner.place(lambda: image)

    def until(self, kind: type, timeout: float = 60.0) -> State:
        assert self.bridge.run(lambda: isinstance(self.runner.state, kind), timeout), (
            self.runner.state
        )
        return self.runner.state
