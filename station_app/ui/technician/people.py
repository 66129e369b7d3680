"""Changing who may unlock a station: the rules of the page, without the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from station_app.domain.roles import Person, Role
from station_app.ui.unlock.entry import DoorStanding, UnlockEntry, UnlockView


class PeopleAct(StrEnum):
    """What is done to a person."""

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


class PeopleStage(StrEnum):
    """Where the page is; a change goes down this list."""

    LOOKING = "looking"
    LIST = "list"
    PERSON = "person"
    WHO = "who"
    NEW = "new"
    AGAIN = "again"
    APPROVE = "approve"
    SAVING = "saving"


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person and the local time at which they were added, None where it is not known."""

    person: Person
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PeopleChange:
    """What two persons agree to. `person_id` is empty for a person to be added."""

    act: PeopleAct
    person_id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class PeopleView:
    """The whole page; no passphrase is ever in here.

    `fault` is the code of what was refused, empty where nothing was; `done` the change made
    last. `sides` are the two who agree, in `APPROVE` and `SAVING`.
    """

    stage: PeopleStage
    people: tuple[KnownPerson, ...] = ()
    change: PeopleChange | None = None
    may_remove: bool = False
    fault: str = ""
    done: PeopleChange | None = None
    sides: UnlockView | None = None
    is_checking: bool = False


class PeopleDesk(Protocol):
    """The station's people. Every call is made on a lane; all raise `KnownError`."""

    def look(self) -> Sequence[KnownPerson]:
        """Everybody, in the order in which they were added."""
        ...

    def wait_seconds(self, kind: Role) -> float:
        """How long no passphrase of this kind is taken; 0 when one is."""
        ...

    def tries_left(self, kind: Role) -> int:
        """Wrong passphrases of this kind of person before a wait."""
        ...

    def take_new(self, change: PeopleChange, passphrase: str) -> None:
        """Keep the new passphrase of the person to change until it is repeated.

        Raises `passphrase_short`, `passphrase_guessable`, `passphrase_unusable`.
        """
        ...

    def take_again(self, passphrase: str) -> None:
        """Hold it against the first; raises `passphrase_differs`, both are forgotten then."""
        ...

    def enter(self, person_id: str, passphrase: str) -> None:
        """Take the passphrase of one who agrees; raises as `Door.enter` does."""
        ...

    def carry_out(self, change: PeopleChange) -> None:
        """Make the change that two have agreed to; everything typed is forgotten after."""
        ...

    def forget(self) -> None:
        """Let go of what has been typed."""
        ...


class PeopleRun:
    """The page's state. Times are monotonic seconds, given by the caller."""

    def __init__(self) -> None:
        self._stage = PeopleStage.LOOKING
        self._people: tuple[KnownPerson, ...] = ()
        self._change: PeopleChange | None = None
        self._fault = ""
        self._done: PeopleChange | None = None
        self._is_checking = False
        self.entry = UnlockEntry(needs_list=False)
        """The two who agree."""

    @property
    def stage(self) -> PeopleStage:
        """Where the page is."""
        return self._stage

    @property
    def change(self) -> PeopleChange | None:
        """The change under way."""
        return self._change

    def view(self, now: float) -> PeopleView:
        """What to show at `now`."""
        agreeing = self._stage in (PeopleStage.APPROVE, PeopleStage.SAVING)
        return PeopleView(
            self._stage,
            self._people,
            self._change,
            self._change is not None and self._may_remove(self._change),
            self._fault,
            self._done,
            self.entry.view(now) if agreeing else None,
            self._is_checking,
        )

    def found(self, people: Sequence[KnownPerson]) -> None:
        """The people have been read."""
        self._people = tuple(people)
        self._stage, self._change = PeopleStage.LIST, None

    def look(self) -> None:
        """They are being read; what happened last stays said."""
        self._stage, self._change, self._is_checking = PeopleStage.LOOKING, None, False

    def not_found(self, code: str) -> None:
        """They cannot be read."""
        self._people, self._fault = (), code
        self._stage, self._change = PeopleStage.LIST, None

    def choose(self, person: Person) -> None:
        """Somebody of the list: what is to be done?"""
        self._begin(
            PeopleStage.PERSON, PeopleChange(PeopleAct.REPLACE, person.id, person.name, person.role)
        )

    def add(self) -> None:
        """Somebody new: who is it?"""
        self._begin(PeopleStage.WHO, PeopleChange(PeopleAct.ADD, "", "", Role.OPERATOR))

    def act(self, act: PeopleAct) -> None:
        """Replace the chosen person's passphrase, or remove them where that is allowed."""
        change = self._change
        if change is None or (act is PeopleAct.REMOVE and not self._may_remove(change)):
            return
        self._change = PeopleChange(act, change.person_id, change.name, change.role)
        self._stage = PeopleStage.APPROVE if act is PeopleAct.REMOVE else PeopleStage.NEW

    def name(self, name: str, role: Role) -> None:
        """The new person's name and role; a name that is none is refused."""
        self._change = PeopleChange(PeopleAct.ADD, "", name.strip(), role)
        try:
            Person("new", name.strip(), role)
        except ValueError:
            self._fault = "name_unusable"
            return
        self._fault, self._stage = "", PeopleStage.NEW

    def check(self) -> None:
        """A new passphrase is being looked at."""
        self._fault, self._is_checking = "", True

    def took(self) -> None:
        """It was good: once more, and then the two who agree."""
        self._is_checking = False
        first = self._stage is PeopleStage.NEW
        self._stage = PeopleStage.AGAIN if first else PeopleStage.APPROVE

    def refuse_new(self, code: str) -> None:
        """It was not: both are typed again."""
        self._is_checking = False
        self._fault, self._stage = code, PeopleStage.NEW

    def agreeing(self, waits: dict[Role, float], now: float) -> None:
        """The two who agree may type."""
        self.entry = UnlockEntry(needs_list=False)
        self.entry.begin(DoorStanding([one.person for one in self._people], None, "", waits), now)

    def saving(self) -> None:
        """Both have agreed: the change is being made."""
        self._stage = PeopleStage.SAVING

    def made(self) -> None:
        """The change is made."""
        self._done, self._fault = self._change, ""

    def failed(self, code: str) -> None:
        """It was refused, and everybody is as before."""
        self._done, self._fault = None, code

    def cancel(self) -> None:
        """Back to the list; nothing has changed."""
        if self._stage not in (PeopleStage.LOOKING, PeopleStage.SAVING):
            self._begin(PeopleStage.LIST, None)

    def _begin(self, stage: PeopleStage, change: PeopleChange | None) -> None:
        self._stage, self._change = stage, change
        self._fault, self._done, self._is_checking = "", None, False

    def _may_remove(self, change: PeopleChange) -> bool:
        """Not the last operator, member (the chair is one) or chair, as the vault has it."""
        others = [one.person.role for one in self._people if one.person.id != change.person_id]
        return change.role is Role.TECHNICIAN or any(
            change.role in (role, role.kind) for role in others
        )
