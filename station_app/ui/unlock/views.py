"""What the unlocking screen may show; no passphrase is ever in here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
