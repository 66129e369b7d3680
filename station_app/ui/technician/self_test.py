"""The self-test: what each card has found, and what that means for the station."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from station_app.devices.camera import CameraFrame
from station_app.devices.computer import Battery
from station_app.devices.drivers import DeviceFamily
from station_app.devices.finger_scanner import StopToken
from station_app.domain.device_trials import TestKind
from station_app.domain.samples import FingerImage
from station_app.flow.readiness import FULL_ENOUGH, LEAST_BYTES, NEEDED_BYTES, ClockFacts
from station_app.ui.widgets.icons import USB

_EMPTY = 7


class CardKey(StrEnum):
    """What a station can be made of, in the cards' order."""

    SCANNER = "scanner"
    CAMERA = "camera"
    PRINTER = "printer"
    PAPER = "paper"
    DOCUMENT_READER = "document_reader"
    DISPLAY = "display"
    STICK = "stick"
    DISK = "disk"
    CLOCK = "clock"
    BATTERY = "battery"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class CardKind:
    """What a card is of: its icon, and the family of the settings' device that it tries.

    `family` is None for a part of the computer. `is_in_morning`: the morning check has it too.
    """

    icon: str
    family: DeviceFamily | None = None
    is_in_morning: bool = False


CARDS: Final[Mapping[CardKey, CardKind]] = {
    CardKey.SCANNER: CardKind("ph.fingerprint", DeviceFamily.FINGER_SCANNER, is_in_morning=True),
    CardKey.CAMERA: CardKind("ph.camera", DeviceFamily.CAMERA, is_in_morning=True),
    CardKey.PRINTER: CardKind("ph.printer", DeviceFamily.PRINTER, is_in_morning=True),
    CardKey.PAPER: CardKind("ph.file-text"),
    CardKey.DOCUMENT_READER: CardKind(
        "ph.identification-card", DeviceFamily.DOCUMENT_READER, is_in_morning=True
    ),
    CardKey.DISPLAY: CardKind("ph.monitor", DeviceFamily.VOTER_DISPLAY, is_in_morning=True),
    CardKey.STICK: CardKind(USB),
    CardKey.DISK: CardKind("ph.hard-drive", is_in_morning=True),
    CardKey.CLOCK: CardKind("ph.clock", is_in_morning=True),
    CardKey.BATTERY: CardKind("ph.battery-medium", is_in_morning=True),
    CardKey.SOUND: CardKind("ph.speaker-high"),
}
"""A row a card. Its words: `test.name`, `test.absent`, `test.what`, and `test.found.<code>` with
`test.advice.<code>` for what its check finds."""


class CardState(StrEnum):
    """How a card stands."""

    UNTESTED = "untested"
    RUNNING = "running"
    ASKING = "asking"
    PASSED = "passed"
    ATTENTION = "attention"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SizeFact:
    """Bytes, to be written as MB or GB."""

    octets: int


@dataclass(frozen=True, slots=True)
class MinutesFact:
    """A time in minutes, to be written as hours and minutes."""

    minutes: int


CardFact = int | str | datetime | SizeFact | MinutesFact


@dataclass(frozen=True, slots=True)
class CardFinding:
    """What a test has found; `code` names its words, `facts` fill them. Times are local.

    `typed` is the number that a person who is asked has to type; empty for a question of yes or no.
    """

    state: CardState
    code: str
    facts: Mapping[str, CardFact]
    image: FingerImage | CameraFrame | None = None
    typed: str = ""


@dataclass(frozen=True, slots=True)
class CardProgress:
    """How far a running check is: `code` names its words (`test.found.<code>`), `facts` fill them.

    `of` is 0 where there is nothing to count.
    """

    code: str
    facts: Mapping[str, CardFact] = field(default_factory=dict)
    done: int = 0
    of: int = 0
    image: FingerImage | CameraFrame | None = None


class CardRun:
    """One run of a check, on its lane: what it tells meanwhile, and whether to end it.

    `is_morning`: the short form is enough.
    """

    def __init__(self, tell: Callable[[CardProgress], None], *, is_morning: bool = False) -> None:
        self.tell, self.is_morning, self.stop = tell, is_morning, StopToken()

    def is_over(self) -> bool:
        """Whether the run is to end."""
        return self.stop.stopped


@dataclass(frozen=True, slots=True)
class CardCheck:
    """How a card is tested. `run` is called on a lane, or on the main thread if `here`.

    A check of more than a second tells how far it is, and ends soon after `CardRun.stop`; what it
    finds then is not looked at. `end` is called on the main thread when the card's question is
    answered. What `run` raises of `KnownError` fails the card.
    """

    run: Callable[[CardRun], CardFinding]
    here: bool = False
    end: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class CardView:
    """One card; `done` of `of` while it runs, `of` is 0 where nothing is counted; `typed` as in
    `CardFinding`.
    """

    key: CardKey
    state: CardState = CardState.UNTESTED
    code: str = ""
    facts: Mapping[str, CardFact] | None = None
    image: FingerImage | CameraFrame | None = None
    done: int = 0
    of: int = 0
    typed: str = ""


@dataclass(frozen=True, slots=True)
class SelfTestView:
    """All cards, and the parts that this station does not have."""

    cards: tuple[CardView, ...]
    absent: tuple[CardKey, ...] = ()

    def count(self, *states: CardState) -> int:
        """How many cards are in one of these states."""
        return sum(card.state in states for card in self.cards)

    @property
    def to_fix(self) -> int:
        """Cards that keep the station from being ready."""
        return self.count(CardState.FAILED)

    @property
    def left(self) -> int:
        """Cards that nobody has seen, heard or held the end of."""
        return self.count(CardState.UNTESTED, CardState.RUNNING, CardState.ASKING)


class TrialNotes(Protocol):
    """Where the end of each test is written down; on the lane of the tests."""

    def subject(self, family: DeviceFamily | None) -> tuple[str, str]:
        """Driver and hardware that a test of this family tries now."""
        ...

    def note(self, part: str, test: TestKind, subject: tuple[str, str], *, passed: bool) -> None:
        """Write down the end of a test. Raises `KnownError`."""
        ...


class SelfTest:
    """The cards as they are tested."""

    def __init__(self, present: Sequence[CardKey]) -> None:
        self._cards = {key: CardView(key) for key in CardKey if key in present}
        self._absent = tuple(key for key in CardKey if key not in present)

    def view(self) -> SelfTestView:
        """What to show."""
        return SelfTestView(tuple(self._cards.values()), self._absent)

    def start(self, key: CardKey) -> bool:
        """A card is tested now; False when it is being tested already."""
        if self._cards[key].state is CardState.RUNNING:
            return False
        self._cards[key] = CardView(key, CardState.RUNNING)
        return True

    def tell(self, key: CardKey, how_far: CardProgress) -> None:
        """How far its test is."""
        if self._cards[key].state is CardState.RUNNING:
            self._cards[key] = CardView(
                key,
                CardState.RUNNING,
                how_far.code,
                how_far.facts,
                how_far.image,
                how_far.done,
                how_far.of,
            )

    def forget(self, key: CardKey) -> None:
        """Its test was ended before it had found anything."""
        self._cards[key] = CardView(key)

    def found(self, key: CardKey, finding: CardFinding) -> None:
        """Its test has ended, or asks something."""
        self._cards[key] = CardView(
            key, finding.state, finding.code, finding.facts, finding.image, typed=finding.typed
        )

    def fail(self, key: CardKey, code: str) -> None:
        """Its test could not be made."""
        self._cards[key] = CardView(key, CardState.FAILED, code, {})

    def leave(self) -> None:
        """Nobody is there to answer any more: what was asked is asked again another time."""
        for key, card in self._cards.items():
            if card.state is CardState.ASKING:
                self._cards[key] = CardView(key)

    def answer(self, key: CardKey, yes: bool) -> bool:
        """The technician has seen or heard it, or has not; False where nothing was asked."""
        card = self._cards[key]
        if card.state is not CardState.ASKING:
            return False
        state = CardState.PASSED if yes else CardState.FAILED
        code = f"{key.value}_{'yes' if yes else 'no'}"
        self._cards[key] = replace(card, state=state, code=code, typed="")
        return True


def judge_clock(facts: ClockFacts) -> CardFinding:
    """Whether the clock can be right; a phone tells whether it is. `now` is local."""
    now = facts.now
    if facts.behind:
        behind = MinutesFact(round(facts.behind.total_seconds() / 60))
        return CardFinding(CardState.FAILED, "clock_behind", {"behind": behind})
    if facts.valid_from is not None and now < facts.valid_from:
        return CardFinding(CardState.FAILED, "clock_early", {"now": now})
    if facts.valid_to is not None and now > facts.valid_to:
        return CardFinding(CardState.FAILED, "clock_late", {"now": now})
    return CardFinding(CardState.ASKING, "clock_asked", {"now": now})


def judge_disk(free: int, *, keeps: bool) -> CardFinding:
    """Whether a polling day has room on the disk, and the disk keeps what it is given."""
    facts = {"free": SizeFact(free), "needed": SizeFact(NEEDED_BYTES)}
    if not keeps or free < LEAST_BYTES:
        return CardFinding(CardState.FAILED, "disk_short" if keeps else "disk_forgets", facts)
    if free < NEEDED_BYTES:
        return CardFinding(CardState.ATTENTION, "disk_low", facts)
    return CardFinding(CardState.PASSED, "disk_room", facts)


def judge_battery(state: Battery | None) -> CardFinding:
    """Whether the station gets through a power cut; nothing but an empty battery blocks."""
    if state is None:
        return CardFinding(CardState.ATTENTION, "battery_none", {})
    facts: dict[str, CardFact] = {"percent": state.percent}
    if state.is_charging:
        return CardFinding(CardState.PASSED, "battery_charging", facts)
    if state.percent <= _EMPTY:
        return CardFinding(CardState.FAILED, "battery_empty", facts)
    code = "battery_low" if state.percent < FULL_ENOUGH else "battery_full"
    judged = CardState.ATTENTION if state.percent < FULL_ENOUGH else CardState.PASSED
    if state.minutes is None:
        return CardFinding(judged, code, facts)
    return CardFinding(judged, f"{code}_left", facts | {"left": MinutesFact(state.minutes)})
