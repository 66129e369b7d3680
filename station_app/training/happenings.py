"""Happenings: what the world does before a step of a lesson. One class a happening."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, TypeVar

from station_app.training.sentences import Sentence
from station_app.training.word_forms import PERSON, WordForms


@dataclass(frozen=True, slots=True)
class Happening:
    """One of them; `sentence` tells the learner. `is_start`: belongs to the first step."""

    is_start: ClassVar[bool] = False

    @property
    def sentence(self) -> Sentence:
        """In words: the key `happen.<name>`."""
        return Sentence(f"happen.{HAPPENINGS.name_of(self)}")


HAPPENINGS: Final = WordForms[Happening]("happening")
HappeningT = TypeVar("HappeningT", bound=Happening)


def happening(name: str) -> Callable[[type[HappeningT]], type[HappeningT]]:
    """Puts a class into the table."""

    def add(form: type[HappeningT]) -> type[HappeningT]:
        HAPPENINGS.add(name, form)
        return form

    return add


@happening("comes")
@dataclass(frozen=True, slots=True)
class Comes(Happening):
    """This person comes to the desk; whoever was there has left."""

    who: Annotated[str, PERSON]


@happening("leaves")
@dataclass(frozen=True, slots=True)
class Leaves(Happening):
    """Nobody stays before the desk."""


@happening("scanner_out")
@dataclass(frozen=True, slots=True)
class ScannerOut(Happening):
    """The scanner's cable is pulled."""


@happening("camera_out")
@dataclass(frozen=True, slots=True)
class CameraOut(Happening):
    """The camera's cable is pulled."""


@happening("paper_out")
@dataclass(frozen=True, slots=True)
class PaperOut(Happening):
    """The printer's paper has run out."""


@happening("battery_low")
@dataclass(frozen=True, slots=True)
class BatteryLow(Happening):
    """The laptop runs on its battery, which is low."""


@happening("power_cut")
@dataclass(frozen=True, slots=True)
class PowerCut(Happening):
    """The station was off and is on again: whatever was under way is interrupted."""


@happening("day_is_open")
@dataclass(frozen=True, slots=True)
class DayIsOpen(Happening):
    """The lesson begins on an open day, which it does anyway; first step only."""

    is_start = True


@happening("day_is_before")
@dataclass(frozen=True, slots=True)
class DayIsBefore(Happening):
    """The lesson begins before the day is opened; first step only."""

    is_start = True


@happening("no_list")
@dataclass(frozen=True, slots=True)
class NoList(Happening):
    """The station was set up and has no list yet; first step only."""

    is_start = True


@happening("station_died")
@dataclass(frozen=True, slots=True)
class StationDied(Happening):
    """The station of the open day has died, and the learner is at a spare; first step only."""

    is_start = True


@happening("identified")
@dataclass(frozen=True, slots=True)
class WasIdentified(Happening):
    """This person was identified earlier today; first step only."""

    is_start = True

    who: Annotated[str, PERSON]


@happening("count")
@dataclass(frozen=True, slots=True)
class Count(Happening):
    """The commission has counted the ballots by hand: so many were issued."""

    ballots: int

    @property
    def sentence(self) -> Sentence:
        """With the number."""
        return Sentence("happen.count", {"ballots": self.ballots})
