"""The coach of a lesson: keeps the place in it, and says what comes next and what was wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from station_app.training.actions import Action
from station_app.training.happenings import Happening
from station_app.training.lesson import Lesson
from station_app.training.lesson_facts import Fact
from station_app.training.sentences import Sentence


class RowState(StrEnum):
    """How far a step is."""

    DONE = "done"
    CURRENT = "current"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as the learner sees it."""

    sentence: Sentence
    state: RowState


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Who is at the desk, as far as the learner may know.

    `pin` is their document's, empty without a document; `says` is what they say.
    """

    name: str
    pin: str = ""
    says: Sentence | None = None


@dataclass(frozen=True, slots=True)
class WrongStep:
    """Something else than the step was done: what, and what is next.

    `help_page` is that of the screen shown. `way` says how to go on: from here
    (`wrong.go_on`), or back a step (`wrong.go_back`) where the desk is elsewhere by now.
    """

    done: Sentence
    expected: Sentence
    help_page: str
    way: Sentence


@dataclass(frozen=True, slots=True)
class LessonView:
    """Everything the lesson's panel shows.

    `number` of `of` is the step, from 1. `happened` tells what the world did before it. `is_busy`:
    something is being prepared, or shown by the hands, and nobody is asked for anything.
    """

    number: int
    of: int
    title: Sentence
    why: Sentence | None
    rows: tuple[StepRow, ...]
    tip: Sentence | None = None
    person: PersonCard | None = None
    offers: tuple[Action, ...] = ()
    wrong: WrongStep | None = None
    happened: tuple[Sentence, ...] = ()
    can_go_back: bool = False
    is_busy: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class LessonResult:
    """How a lesson went: `wrong` counts acts by the name of the action, `shown` the steps that the
    hands did for the learner.
    """

    lesson: str
    steps_done: int
    steps: int
    wrong: Mapping[str, int]
    shown: int
    seconds: float

    @property
    def is_done(self) -> bool:
        """Whether every step was done."""
        return self.steps_done == self.steps


class CoachedStage(Protocol):
    """A stage as far as the coach knows it; everything on the main thread."""

    def follow(self, listen: Callable[[Fact], None]) -> None:
        """Tell `listen` of every fact from now on."""
        ...

    def do_happening(self, happening: Happening, done: Callable[[], None]) -> None:
        """Let this happen; `done` is called once it has, at once or later."""
        ...

    def do_at_bar(self, action: Action) -> None:
        """Let voter or hand do this; the fact is told first. Raises `KnownError` as fingers do."""
        ...


class Coach:
    """Made once a lesson. Told of facts by the stage, it changes its `view` and calls `changed`."""

    def __init__(self, lesson: Lesson, stage: CoachedStage, clock: Callable[[], float]) -> None:
        raise NotImplementedError
