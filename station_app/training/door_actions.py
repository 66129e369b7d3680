"""What a learner does at a station before its desk; part of the table of actions."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from station_app.domain.roles import Role
from station_app.training.actions import NOBODY, Action, Place, Present, action
from station_app.training.lesson_facts import (
    AtDoor,
    DoorAct,
    Fact,
    Page,
    PersonAdded,
    Shown,
    StationPart,
    Tested,
)
from station_app.training.lesson_people import CHAIR, OPERATOR
from station_app.training.sentences import Sentence

_TECHNICIAN = "technician."


class _AtDoor(Action):
    """An action that is one act at the door."""

    __slots__ = ()
    act: ClassVar[DoorAct]

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        return cls() if isinstance(fact, AtDoor) and fact.act is cls.act else None


@action("unlock", Place.DOOR)
@dataclass(frozen=True, slots=True)
class Unlock(_AtDoor):
    """Operator and member type their passphrases; also after a lock that nobody has asked for."""

    is_free = True
    is_signed = True
    act = DoorAct.UNLOCKED

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """With both."""
        return Sentence(
            self._key(),
            {"operator": OPERATOR.name, "member": CHAIR.name},
        )


@action("lock", Place.DOOR)
@dataclass(frozen=True, slots=True)
class Lock(_AtDoor):
    """The station is locked."""

    is_free = True
    act = DoorAct.LOCKED


class TechnicianPage(StrEnum):
    """Pages of the technician's room, in the order of its column."""

    LOAD = "load"
    DEVICES = "devices"
    TEST = "test"
    READY = "ready"
    PEOPLE = "people"
    APPEARANCE = "appearance"

    @property
    def shown(self) -> Shown:
        """The page as a step ends at it."""
        return Shown(f"{_TECHNICIAN}{self}")


@action("technician", Place.DOOR)
@dataclass(frozen=True, slots=True)
class GoToTechnician(Action):
    """A page of the technician's room is opened, from the door or from another page."""

    is_free = True
    page: TechnicianPage = TechnicianPage.LOAD

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        if isinstance(fact, Page) and fact.shown.startswith(_TECHNICIAN):
            return cls(TechnicianPage(fact.shown.removeprefix(_TECHNICIAN)))
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key for each page."""
        return Sentence(self._key(self.page))


@action("load", Place.DOOR)
@dataclass(frozen=True, slots=True)
class LoadList(_AtDoor):
    """The technician loads the list of the stick."""

    act = DoorAct.LOADED


class TrialEnd(StrEnum):
    """What a test of the self-test ends with."""

    WORKS = "works"
    FAILS = "fails"


@action("test", Place.DOOR)
@dataclass(frozen=True, slots=True)
class TryPart(Action):
    """A part of the station is tested, and what the test asks is answered."""

    part: StationPart
    end: TrialEnd = TrialEnd.WORKS

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        if isinstance(fact, Tested):
            return cls(fact.part, TrialEnd.WORKS if fact.passed else TrialEnd.FAILS)
        return None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """A key for each end, with the part's name."""
        return Sentence(self._key(self.end), {"part": Sentence(f"test.name.{self.part}")})


@action("add_person", Place.DOOR)
@dataclass(frozen=True, slots=True)
class AddPerson(Action):
    """Somebody new chooses a passphrase, and two persons agree to it."""

    is_signed = True
    role: Role

    @classmethod
    def of(cls, fact: Fact, present: Present) -> Self | None:
        return cls(fact.role) if isinstance(fact, PersonAdded) else None

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """With the role, and who agrees."""
        return Sentence(
            self._key(),
            {
                "role": Sentence(f"people.role.{self.role}"),
                "operator": OPERATOR.name,
                "member": CHAIR.name,
            },
        )


@action("stick", Place.BAR)
@dataclass(frozen=True, slots=True)
class PutStickIn(Action):
    """The stick is put in."""


@action("takeover", Place.BAR)
@dataclass(frozen=True, slots=True)
class TakeOver(Action):
    """The technician lets the spare take over, by the pack on the stick and the second medium of
    the station that has died; chair and member agree.
    """
