"""What a station is made of, as the runner sees it; `assembly` makes the parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from station_app.devices.finger_scanner import FingerScanner
from station_app.domain.day import DayState
from station_app.domain.matching import Matcher
from station_app.domain.policy import Policy
from station_app.domain.samples import FingerImage, LiveFrame, Meters, Sample
from station_app.domain.session_states import State
from station_app.domain.voters import Voter
from station_app.flow.approvals import Approver
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.recorder import Recorder


class VoterReader(Protocol):
    """The voter list, used on the matching lane only."""

    def voter(self, row: int) -> Voter:
        """One record."""
        ...

    def find_by_pin(self, pin: str) -> int | None:
        """The row with this PIN."""
        ...


@dataclass(frozen=True, slots=True)
class Lanes:
    """One thread a device, one for matching and the list, one for the journal.

    `approval` stretches passphrases: half a second that nobody else should wait for.
    """

    scanner: Lane
    matching: Lane
    journal: Lane
    approval: Lane

    @classmethod
    def make(cls, bridge: Bridge, on_bug: Callable[[BaseException], None]) -> "Lanes":
        """All of them, each with its own thread."""
        names = ("scanner", "matching", "journal", "approval")
        return cls(*(Lane(name, bridge, on_bug) for name in names))

    def close(self) -> None:
        """End all of them."""
        for lane in (self.scanner, self.matching, self.journal, self.approval):
            lane.close()


@dataclass(frozen=True, slots=True)
class Parts:
    """What a station is made of; `assembly` chooses them.

    `assess` reads the live view's meters from a frame, on the scanner's lane; `matchers` compare
    samples of each kind, on the matching lane; `approver`
    knows who may sign; `day` is how the day stands when the desk is opened; `marked` has the
    voters whom only the commission identifies.
    """

    scanner: FingerScanner
    assess: Callable[[FingerImage], Meters]
    matchers: Mapping[type[Sample], Matcher]
    voters: VoterReader
    recorder: Recorder
    policy: Policy
    next_session: int
    approver: Approver
    day: DayState = DayState.OPEN
    marked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds the last person took: extraction and search summed over tries."""

    extract_ms: float = 0.0
    search_ms: float = 0.0
    journal_ms: float = 0.0


class Observer(Protocol):
    """Is told on the main thread what has changed."""

    def state_changed(self, state: State) -> None:
        """The session is in another state."""
        ...

    def frame_came(self, frame: LiveFrame, meters: Meters) -> None:
        """A frame of the live view, of the capture the state waits for."""
        ...

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """A bug: show the safe screen; the runner does nothing any more."""
        ...
