"""How two persons come to open a station: the rules of the screen, without the screen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role


@dataclass(frozen=True, slots=True)
class ListIdentity:
    """The loaded list as people recognise it, so that a wrong laptop is seen at once.

    Times are local. `digits` and `words` say the list's hash, to compare aloud. A list that
    is not `is_proven` is tried at its first unlocking.
    """

    precinct: str
    place: str
    voters: int
    sequence: int
    created: datetime
    issuer: str
    digits: str
    words: str
    is_proven: bool


class SideState(StrEnum):
    """Where one person's passphrase is."""

    EMPTY = "empty"
    CHECKING = "checking"
    ACCEPTED = "accepted"
    WRONG = "wrong"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class SideView:
    """One of the two: who it is, of how many, and how far they are.

    `tries` are left after a wrong passphrase, `wait_s` seconds until the next may be typed.
    """

    kind: Role
    person: Person | None
    others: int
    state: SideState = SideState.EMPTY
    tries: int = 0
    wait_s: int = 0


class UnlockStage(StrEnum):
    """How far the station is."""

    STARTING = "starting"
    NOT_SET_UP = "not_set_up"
    NO_LIST = "no_list"
    LOCKED = "locked"
    OPENING = "opening"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class UnlockView:
    """The whole screen. `is_slow`: somebody has been waiting for more than 400 ms.

    `fault` is the code of what hinders the station, empty where nothing does; `precinct` is
    what the settings say, also without a list. `compared`: fingers of a corrected list that
    were held against those identified, of how many; None while nothing is compared.
    """

    stage: UnlockStage
    operator: SideView
    member: SideView
    identity: ListIdentity | None = None
    is_slow: bool = False
    fault: str = ""
    opened_voters: int = 0
    precinct: str = ""
    compared: tuple[int, int] | None = None

    def side(self, kind: Role) -> SideView:
        """The operator's side or the member's."""
        return self.operator if kind is Role.OPERATOR else self.member


@dataclass(frozen=True, slots=True)
class TrainingView:
    """The lessons, which may be opened from here: whether they are, or the code of why not.

    `has_failed`: they did not open, for no reason that is known.
    """

    is_open: bool = False
    fault: str = ""
    has_failed: bool = False


SLOW_AFTER_S = 0.4
SIDES = (Role.OPERATOR, Role.MEMBER)


@dataclass(frozen=True, slots=True)
class DoorStanding:
    """What is known of the station before anybody has typed anything.

    `precinct` is that of its settings, empty where it has none.
    """

    persons: Sequence[Person]
    identity: ListIdentity | None
    list_fault: str
    waits: dict[Role, float]
    precinct: str = ""


class UnlockDoor(Protocol):
    """The station's lock. Every call takes its time and is made on a lane.

    All raise `KnownError`.
    """

    def standing(self) -> DoorStanding:
        """Who may open the station, and which list is loaded.

        Raises `people_missing` where the station is not set up.
        """
        ...

    def enter(self, person_id: str, passphrase: str) -> None:
        """Take one person's passphrase; kept until both are there or `forget`.

        Raises `wrong_passphrase`, `too_many_tries` and others.
        """
        ...

    def tries_left(self, kind: Role) -> int:
        """Wrong passphrases of this kind of person before a wait."""
        ...

    def wait_seconds(self, kind: Role) -> float:
        """How long no passphrase of this kind is taken; 0 when one is."""
        ...

    def open(self) -> int:
        """Open the station for the two who have entered; how many voters are on its list."""
        ...

    def compared(self) -> tuple[int, int] | None:
        """How much of a corrected list `open` has compared, of how much; on any thread."""
        ...

    def stop_comparing(self) -> None:
        """End an `open` that compares, now or before `forget`, with `list_comparing_stopped`.

        On any thread.
        """
        ...

    def forget(self) -> None:
        """Let go of what has been entered and opened."""
        ...


class UnlockEntry:
    """The screen's state. Times are monotonic seconds, given by the caller.

    Without `needs_list` two persons may type where no list is loaded.
    """

    def __init__(self, *, needs_list: bool = True) -> None:
        self._needs_list = needs_list
        self._stage = UnlockStage.STARTING
        self._persons: dict[Role, list[Person]] = {kind: [] for kind in SIDES}
        self._sides = {kind: SideView(kind, None, 0) for kind in SIDES}
        self._identity: ListIdentity | None = None
        self._precinct = ""
        self._fault = ""
        self._busy_since: float | None = None
        self._wait_ends: dict[Role, float] = {}
        self._voters = 0

    def view(self, now: float, compared: tuple[int, int] | None = None) -> UnlockView:
        """What to show at `now`; `compared` as `Door.compared` says."""
        sides = {kind: self._side(kind, now) for kind in SIDES}
        return UnlockView(
            stage=self._stage,
            operator=sides[Role.OPERATOR],
            member=sides[Role.MEMBER],
            identity=self._identity,
            is_slow=self._busy_since is not None and now - self._busy_since >= SLOW_AFTER_S,
            fault=self._fault,
            opened_voters=self._voters,
            precinct=self._precinct,
            compared=compared if self._stage is UnlockStage.OPENING else None,
        )

    @property
    def is_waiting(self) -> bool:
        """Whether the picture changes as time passes, without a key."""
        return self._busy_since is not None or bool(self._wait_ends)

    def begin(self, standing: DoorStanding, now: float) -> None:
        """The station has been looked at; everybody may type."""
        self._identity, self._precinct = standing.identity, standing.precinct
        self._fault = standing.list_fault
        self._stage = self._locked()
        for kind in SIDES:
            own = [one for one in standing.persons if one.role.kind is kind]
            self._persons[kind] = own
            old = self._sides[kind].person
            person = old if old in own else next(iter(own), None)
            self._sides[kind] = SideView(kind, person, max(0, len(own) - 1))
            self._start_wait(kind, standing.waits.get(kind, 0.0), now)

    def not_set_up(self, code: str) -> None:
        """There are no people, or their file cannot be read."""
        self._fault = "" if code == Code.PEOPLE_MISSING else code
        self._stage = UnlockStage.NOT_SET_UP

    def people(self, kind: Role) -> list[Person]:
        """Everybody of a kind, to choose from."""
        return list(self._persons[kind])

    def choose(self, kind: Role, person: Person) -> None:
        """Another person of the kind sits down; what was accepted of the first is not theirs."""
        side = self._sides[kind]
        if person != side.person and side.state is not SideState.CHECKING:
            self._sides[kind] = SideView(kind, person, side.others)

    def may_type(self, kind: Role) -> bool:
        """Whether a passphrase of this side is taken now."""
        free = (SideState.EMPTY, SideState.WRONG)
        return (
            self._stage is UnlockStage.LOCKED
            and self._sides[kind].state in free
            and self._sides[kind].person is not None
        )

    def check(self, kind: Role, now: float) -> None:
        """A passphrase is being looked at."""
        self._fault = ""
        self._sides[kind] = replace(self._sides[kind], state=SideState.CHECKING)
        self._busy_since = now

    def accept(self, kind: Role) -> bool:
        """It was theirs. True when both are there now: the station is to be opened."""
        self._busy_since = None
        self._sides[kind] = replace(self._sides[kind], state=SideState.ACCEPTED)
        return all(side.state is SideState.ACCEPTED for side in self._sides.values())

    def refuse(self, kind: Role, fault: KnownError, tries: int, wait_s: float, now: float) -> None:
        """It was not, or could not be looked at."""
        self._busy_since = None
        side = self._sides[kind]
        if wait_s > 0:
            self._start_wait(kind, wait_s, now)
        elif fault.code == Code.WRONG_PASSPHRASE:
            self._sides[kind] = replace(side, state=SideState.WRONG, tries=tries)
        else:
            self._sides[kind] = replace(side, state=SideState.EMPTY)
            self._fault = fault.code

    def opening(self, now: float) -> None:
        """Both are there: the list is being opened."""
        self._stage = UnlockStage.OPENING
        self._busy_since = now

    def opened(self, voters: int) -> None:
        """The station is open."""
        self._busy_since = None
        self._stage, self._voters = UnlockStage.OPEN, voters

    def failed(self, code: str) -> None:
        """It could not be opened; both type again."""
        self._reset(UnlockStage.LOCKED)
        self._fault = code

    def list_is(self, identity: ListIdentity | None) -> None:
        """After a failed opening: a list that has failed its trial is not loaded any more."""
        self._identity = identity
        if identity is None and self._stage is UnlockStage.LOCKED:
            self._stage = UnlockStage.NO_LIST

    def lock(self) -> None:
        """Nobody has typed anything any more."""
        self._reset(self._locked())

    def _locked(self) -> UnlockStage:
        return UnlockStage.LOCKED if self._identity or not self._needs_list else UnlockStage.NO_LIST

    def _reset(self, stage: UnlockStage) -> None:
        self._stage, self._busy_since, self._fault, self._voters = stage, None, "", 0
        for kind, side in self._sides.items():
            if kind not in self._wait_ends:
                self._sides[kind] = replace(side, state=SideState.EMPTY, tries=0)

    def _start_wait(self, kind: Role, seconds: float, now: float) -> None:
        if seconds > 0:
            self._wait_ends[kind] = now + seconds
            self._sides[kind] = replace(self._sides[kind], state=SideState.WAITING)

    def _side(self, kind: Role, now: float) -> SideView:
        end = self._wait_ends.get(kind)
        if end is None:
            return self._sides[kind]
        if now < end:
            return replace(self._sides[kind], wait_s=math.ceil(end - now))
        del self._wait_ends[kind]
        self._sides[kind] = replace(self._sides[kind], state=SideState.EMPTY, tries=0)
        return self._sides[kind]
