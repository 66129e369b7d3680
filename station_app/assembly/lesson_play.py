"""A lesson under way: coach, hands and stage together, for the window and for runs without one."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from station_app.assembly.lesson_stage import LessonStage
from station_app.domain.errors import KnownError
from station_app.training.actions import Action
from station_app.training.coach import Coach, LessonView
from station_app.training.lesson import Lesson
from station_app.ui.training import desk_hands, door_hands, room_hands
from station_app.ui.training.hands import Hands

MOMENT_MS: Final = 350
"""Between two keys of the hands, where somebody watches."""
_MOMENT_AFTER_MS: Final = 100
_log = logging.getLogger(__name__)

_HANDS: Final = (desk_hands, room_hands, door_hands)
"""Their scripts are in the table by now."""


class LessonPlay:
    """Used on the main thread; `open_stage` makes a new stage, hurried or not, and `show_stage`
    puts it into the window. `changed` is told of every new view, `stuck` why the hands could not
    do a step. It is no part of the window, which would keep it and its stage.

    Raises `KnownError` as `open_stage` does.
    """

    def __init__(
        self,
        lesson: Lesson,
        window: QWidget,
        open_stage: Callable[[bool], LessonStage],
        show_stage: Callable[[QWidget], None],
        *,
        is_watched: bool = True,
    ) -> None:
        self._open_stage, self._show_stage = open_stage, show_stage
        self._is_watched = is_watched
        self.changed: Callable[[LessonView], None] = lambda _: None
        self._hands = Hands(window, MOMENT_MS if is_watched else 0)
        self._hands.stuck = self._give_up
        self.stuck: Callable[[str], None] = lambda _: None
        self._play_until = 0
        self._acted = -1
        self.stage = open_stage(not is_watched)
        self.coach = Coach(lesson, self.stage, time.monotonic)
        self.coach.changed = self._changed

    def start(self) -> None:
        """Show the stage and begin with the first step."""
        self._show_stage(self.stage.widget)
        self.stage.start()
        self.coach.start()

    def play_all(self) -> None:
        """Let the hands do every step from here on."""
        self._play(len(self.coach.lesson.steps))

    def show_me(self) -> None:
        """Let the hands do the present step; from its beginning, where the desk is elsewhere."""
        if not self.coach.is_ready or self._is_playing:
            return
        if self.coach.is_astray:
            self.go_back()
        self.coach.showing()
        self._play(max(self.coach.place, self.coach.replays_until) + 1)

    def do_at_bar(self, action: Action) -> None:
        """The learner has chosen what voter or device do."""
        if self.coach.is_ready and not self._is_playing:
            try:
                self.stage.do_at_bar(action)
            except KnownError as fault:
                _log.warning("lesson_finger_unread", extra={"code": fault.code})

    def go_back(self) -> None:
        """Go back a step: on a new stage the hands do those before it again, unseen and quickly."""
        if self.coach.view.can_go_back:
            self._begin_again(lambda: self.coach.go_back(self.stage))

    def again(self) -> None:
        """The lesson from its beginning, on a new stage."""
        self._begin_again(lambda: self.coach.begin_anew(self.stage))

    def close(self) -> None:
        """End it, whatever is under way."""
        self._hands.rest()
        self.coach.changed = lambda: None
        _let_go(self.stage)

    # --- the hands -------------------------------------------------------------------------------

    @property
    def _is_playing(self) -> bool:
        return self.coach.place < self._play_until

    def _play(self, until: int) -> None:
        self._play_until, self._acted = until, -1
        self._changed()

    def _begin_again(self, begin: Callable[[], None]) -> None:
        self._hands.rest()
        old, self.stage = self.stage, self._open_stage(True)
        self._show_stage(self.stage.widget)
        _let_go(old)
        self._hands.moment_ms = 0
        self.stage.start()
        self._play_until = 0
        begin()
        self._play(self.coach.replays_until)

    def _give_up(self, why: str) -> None:
        """The hands are at a loss: the learner goes on where the desk is."""
        _log.info("lesson_hands_stuck")
        self._play_until = 0
        self.coach.go_on_alone()
        self.stuck(why)

    def _changed(self) -> None:
        coach = self.coach
        if coach.is_ready and self._is_playing and self._acted != coach.place:
            step = coach.step
            assert step is not None, "it is ready"
            self._acted = coach.place
            self._hands.do(self.stage, step.do)
        elif not coach.is_replaying and self._is_watched and self._hands.moment_ms == 0:
            self._hands.moment_ms = MOMENT_MS
            self.stage.hurry(is_on=False)
        self.changed(coach.view)


def _let_go(stage: LessonStage) -> None:
    """Close it, and keep it for a moment: its lanes' last answers are still on their way to it."""
    stage.close()
    QTimer.singleShot(_MOMENT_AFTER_MS, partial(_forget, stage))


def _forget(_stage: LessonStage) -> None:
    """It was held until now."""
