"""A stage whose facts are told by the test."""

from collections.abc import Callable

from station_app.training.actions import Action
from station_app.training.cast import Cast, cast_of
from station_app.training.happenings import Happening
from station_app.training.lesson import Lesson
from station_app.training.lesson_facts import AtBar, Fact
from station_app.training.lists import demo_precinct


class ToldStage:
    """Implements `CoachedStage`; `held` keeps happenings until the test lets them be over."""

    def __init__(self, lesson: Lesson) -> None:
        self.cast: Cast = cast_of(lesson, demo_precinct())
        self.happened: list[Happening] = []
        self.is_held = False
        self.held: list[Callable[[], None]] = []
        self._listen: Callable[[Fact], None] = lambda _: None

    def follow(self, listen: Callable[[Fact], None]) -> None:
        self._listen = listen

    def do_happening(self, happening: Happening, done: Callable[[], None]) -> None:
        self.happened.append(happening)
        if self.is_held:
            self.held.append(done)
        else:
            done()

    def do_at_bar(self, action: Action) -> None:
        self.tell(AtBar(action))

    def tell(self, *facts: Fact) -> None:
        for fact in facts:
            self._listen(fact)
