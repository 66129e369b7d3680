"""The self-test: what each card has found, and what that means for the station."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from station_app.devices.camera import CameraFrame
from station_app.devices.computer import Battery
from station_app.domain.samples import FingerImage
from station_app.flow.readiness import FULL_ENOUGH, LEAST_BYTES, NEEDED_BYTES, ClockFacts

_EMPTY = 7


class CardKey(StrEnum):
    """What a station can be made of, in the cards' order."""

    SCANNER = "scanner"
    CAMERA = "camera"
    PRINTER = "printer"
    DOCUMENT_READER = "document_reader"
    DISK = "disk"
    CLOCK = "clock"
    BATTERY = "battery"
    SOUND = "sound"


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
    """What a test has found; `code` names its words, `facts` fill them. Times are local."""

    state: CardState
    code: str
    facts: Mapping[str, CardFact]
    image: FingerImage | CameraFrame | None = None


@dataclass(frozen=True, slots=True)
class CardCheck:
    """How a card is tested. `run` is called on a lane, or on the main thread if `here`.

    `end` is called on the main thread when the card's question is answered. What `run`
    raises of `KnownError` fails the card.
    """

    run: Callable[[], CardFinding]
    here: bool = False
    end: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class CardView:
    """One card."""

    key: CardKey
    state: CardState = CardState.UNTESTED
    code: str = ""
    facts: Mapping[str, CardFact] | None = None
    image: FingerImage | CameraFrame | None = None


@dataclass(frozen=True, slots=True)
class SelfTestView:
    """All cards, and the devices this version has no part for."""

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

    def found(self, key: CardKey, finding: CardFinding) -> None:
        """Its test has ended, or asks something."""
        self._cards[key] = CardView(key, finding.state, finding.code, finding.facts, finding.image)

    def fail(self, key: CardKey, code: str) -> None:
        """Its test could not be made."""
        self._cards[key] = CardView(key, CardState.FAILED, code, {})

    def leave(self) -> None:
        """Nobody is there to answer any more: what was asked is asked again another time."""
        for key, card in self._cards.items():
            if card.state is CardState.ASKING:
                self._cards[key] = CardView(key)

    def answer(self, key: CardKey, yes: bool) -> None:
        """The technician has seen or heard it, or has not."""
        card = self._cards[key]
        if card.state is CardState.ASKING:
            state = CardState.PASSED if yes else CardState.FAILED
            code = f"{key.value}_{'yes' if yes else 'no'}"
            self._cards[key] = replace(card, state=state, code=code)


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


def judge_camera(frames: Sequence[CameraFrame]) -> CardFinding:
    """What the camera shows, how large, and how fast; whether it is right, a person sees."""
    first, last = frames[0], frames[-1]
    seconds = last.taken - first.taken
    rate = round((last.number - first.number) / seconds) if seconds > 0 else 0
    facts: dict[str, CardFact] = {"size": f"{last.width}×{last.height}", "rate": rate}
    if last.is_dark:
        return CardFinding(CardState.FAILED, "camera_dark", facts, last)
    return CardFinding(CardState.ASKING, "camera_asked", facts, last)


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
