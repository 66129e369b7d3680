"""Lessons as values: who comes, what happens, what the learner does, what is shown then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from station_app.training.actions import NOBODY, Action, Present
from station_app.training.happenings import DayIsBefore, Happening
from station_app.training.lesson_facts import Shown
from station_app.training.sentences import Sentence

DEMO_VOTERS: Final = 300
"""Voters of the demo list: the rows that a lesson's people are."""


class Audience(StrEnum):
    """Whom a lesson is for."""

    OPERATOR = "operator"
    TECHNICIAN = "technician"
    MEMBER = "member"


class StageKind(StrEnum):
    """Where a lesson is played: at an unlocked desk, or at a whole station with its door."""

    DESK = "desk"
    STATION = "station"


@dataclass(frozen=True, slots=True)
class LessonPerson:
    """Somebody who comes: the voter in `row` of the demo list, or stranger number `stranger`.

    `document` is the row whose PIN their document has: their own, another's, or None without one.
    A stranger's own document has a PIN that no list has (`has_document`). `says` is theirs.
    """

    name: str
    row: int | None
    stranger: int = 0
    document: int | None = None
    has_document: bool = True
    says: Sentence | None = None


@dataclass(frozen=True, slots=True)
class LessonStep:
    """One act of the learner: `do`, after what `happens`; done once `shows` is on the screen.

    Without `shows` the act alone is the step. `say` is said instead of the action's own sentence,
    `offers` are the bar's buttons, empty for the coach's choice. `line` is that in the file.
    """

    do: Action
    happens: tuple[Happening, ...] = ()
    shows: Shown | None = None
    say: Sentence | None = None
    offers: tuple[Action, ...] = ()
    line: int = 0

    def sentence(self, present: Present = NOBODY) -> Sentence:
        """What the learner reads."""
        return self.say or self.do.sentence(present)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson; `title`, `why` and `tip` are keys of the catalogue, or a trainer's words."""

    id: str
    audience: Audience
    at: StageKind
    people: Mapping[str, LessonPerson]
    steps: tuple[LessonStep, ...]
    title: Sentence
    why: Sentence | None = None
    tip: Sentence | None = None
    is_shipped: bool = field(default=False, compare=False)

    @property
    def begins_before_day(self) -> bool:
        """Whether the learner opens the day."""
        return DayIsBefore() in self.steps[0].happens
