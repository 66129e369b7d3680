"""The lessons' window at work: their list, a lesson with its desk and panel, and the way between.

`station-app lesson run` with a display. Nothing of a sitting is kept: what was done in it is
shown until the window is closed.
"""

import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from station_app.assembly.endings import first_bug_raised, interrupt_closes
from station_app.assembly.exam_control import ExamControl
from station_app.assembly.lesson_desk import LessonDesk
from station_app.assembly.lesson_play import LessonPlay
from station_app.assembly.lesson_stage import LessonStage, lessons_home
from station_app.assembly.lesson_station import LessonStation
from station_app.assembly.program_log import log_start
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.flow.sticks import StickFinder
from station_app.training.coach import LessonResult, LessonView
from station_app.training.lesson import Lesson, StageKind
from station_app.ui.qt_bridge import QtBridge, collect_garbage_here
from station_app.ui.qt_log import log_qt_messages
from station_app.ui.training.lesson_list import LessonList
from station_app.ui.training.lesson_panel import LessonPanel
from station_app.ui.training.lesson_window import LessonWindow

OnBug = Callable[[BaseException], None]
Refusal = Callable[[], Code | None]


def open_stage(
    lesson: Lesson,
    language: str,
    on_bug: OnBug,
    home: Path | None = None,
    *,
    is_hurried: bool,
    audible: bool = False,
) -> LessonStage:
    """A new stage of the lesson's kind. Raises `KnownError` as its class does."""
    kind = LessonDesk if lesson.at is StageKind.DESK else LessonStation
    return kind(lesson, language, home=home, is_hurried=is_hurried, audible=audible, on_bug=on_bug)


class LessonApp:
    """Made once a process, on the main thread. `lessons` are those of the list; `home` is where
    attempts have their folders; `refusal` tells why there are none now, None where there are.
    `is_watched` False: the hands are hurried. `failed` takes what ends a lesson and is no bug: the
    list says it.
    """

    def __init__(
        self,
        lessons: Sequence[Lesson],
        language: str,
        on_bug: OnBug,
        home: Path | None = None,
        *,
        refusal: Refusal = lambda: None,
        is_watched: bool = True,
    ) -> None:
        self._lessons, self._on_bug, self._home = tuple(lessons), on_bug, home
        self._refusal, self._is_watched = refusal, is_watched
        self._results: dict[str, LessonResult] = {}
        self._bridge = QtBridge()
        room = LessonList(language=language, moving=is_watched)
        self.window = LessonWindow(room)
        room.lesson_chosen.connect(self._choose)
        room.exam_chosen.connect(lambda seed: self.start(lambda: self.exam.begin(seed)))
        room.leave_pressed.connect(self.window.close)
        room.show_lessons(self._lessons, self._results)
        self._panel: LessonPanel | None = None
        self.play: LessonPlay | None = None
        self.failed: Callable[[KnownError], None] = lambda fault: self._refuse(fault.code)
        sticks = StickFinder([home or lessons_home()])
        self.exam = ExamControl(
            self.window, self._bridge, on_bug, sticks, home, is_watched=is_watched
        )

    def start(self, begin: Callable[[], object]) -> None:
        """Begin something. The list says why not, where there are no lessons any more (a station
        was unlocked since the window was opened) or no desk can be made.
        """
        fault: str | None = self._refusal()
        if fault is None:
            try:
                begin()
            except KnownError as refused:
                fault = refused.code
        if fault is not None:
            self._refuse(fault)

    def _refuse(self, code: str) -> None:
        self.window.show_list()
        self.end()
        self.exam.end()
        self.window.room.show_refusal(code)

    # --- a lesson ------------------------------------------------------------------------------

    def begin(self, lesson: Lesson) -> LessonPlay:
        """Show this lesson from its beginning. Raises `KnownError` as `open_stage` does."""
        self.end()
        window = self.window
        panel = LessonPanel(window.language, appearance=window.appearance, moving=self._is_watched)
        panel.set_place(*self._place_of(lesson))
        play = LessonPlay(
            lesson,
            window,
            partial(self._stage_of, lesson),
            lambda stage: window.show_stage(stage, panel),
            is_watched=self._is_watched,
        )
        self.play, self._panel = play, panel
        play.changed = partial(self._show, panel, play)
        panel.offer_chosen.connect(play.do_at_bar)
        panel.show_me_pressed.connect(play.show_me)
        # A panel's button is still at work while it is pressed: what takes it away comes after.
        later = self._bridge.post
        panel.back_pressed.connect(lambda: later(lambda: self.start(play.go_back)))
        panel.again_pressed.connect(lambda: later(lambda: self.start(play.again)))
        panel.leave_pressed.connect(lambda: later(self.leave))
        panel.next_pressed.connect(lambda: later(partial(self._go_on, lesson)))
        play.start()
        return play

    def end(self) -> None:
        """Close the lesson that is under way, if there is one; how far it came is remembered."""
        play, self.play, self._panel = self.play, None, None
        if play is not None:
            self._remember(play)
            play.close()

    def close(self) -> None:
        """End whatever is under way, for good."""
        self.end()
        self.exam.close()

    def leave(self) -> None:
        """To the list; where one lesson alone was asked for, out of the window."""
        play = self.play
        lesson = None if play is None else play.coach.lesson
        self.window.show_list()
        self.end()
        if lesson is not None and lesson not in self._lessons:
            self.window.close()
        elif lesson is not None:
            self.window.room.show_lessons(self._lessons, self._results)
            self.window.room.go_to_lesson(lesson.audience, lesson.id)

    def _choose(self, name: str) -> None:
        lesson = next(one for one in self._lessons if one.id == name)
        self.start(lambda: self.begin(lesson))

    def _go_on(self, lesson: Lesson) -> None:
        following = self._next_of(lesson)
        if following is None:
            self.leave()
        else:
            self.start(lambda: self.begin(following))

    def _stage_of(self, lesson: Lesson, is_hurried: bool) -> LessonStage:
        return open_stage(
            lesson,
            self.window.language,
            self._stage_failed,
            self._home,
            is_hurried=is_hurried,
            audible=self._is_watched,
        )

    def _stage_failed(self, bug: BaseException) -> None:
        """The stage is still at work while it tells of a fault: what takes it away comes after."""
        if isinstance(bug, KnownError):
            self._bridge.post(partial(self.failed, bug))
        else:
            self._on_bug(bug)

    def _show(self, panel: LessonPanel, play: LessonPlay, view: LessonView) -> None:
        if panel is not self._panel:
            return
        panel.show_view(view)
        if view.is_over and play.coach.result.is_done:
            self._remember(play)
            self.window.end_stage()
            panel.show_result(
                play.coach.result, has_next=self._next_of(play.coach.lesson) is not None
            )

    def _remember(self, play: LessonPlay) -> None:
        result = play.coach.result
        before = self._results.get(result.lesson)
        if before is None or not before.is_done or result.is_done:
            self._results[result.lesson] = result

    def _of_audience(self, lesson: Lesson) -> list[Lesson]:
        return [one for one in self._lessons if one.audience is lesson.audience]

    def _place_of(self, lesson: Lesson) -> tuple[int, int]:
        """Its number among those for the same people, from 1, of how many; 0 for none of them."""
        others = self._of_audience(lesson)
        return (others.index(lesson) + 1, len(others)) if lesson in others else (0, 0)

    def _next_of(self, lesson: Lesson) -> Lesson | None:
        number, of = self._place_of(lesson)
        return self._of_audience(lesson)[number] if 0 < number < of else None


def run_lessons(
    lessons: Sequence[Lesson],
    language: str,
    begin: Callable[[LessonApp], object] = lambda _: None,
    refusal: Refusal = lambda: None,
) -> None:
    """Show the list of lessons until the window is closed, or what `begin` begins; the bug that
    ended it is raised then. `refusal`: see `LessonApp`. Whatever hinders `begin` is said there.
    """
    log_start()
    log_qt_messages()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    with first_bug_raised(lambda _: application.quit()) as on_bug:
        app = LessonApp(lessons, language, on_bug, refusal=refusal)
        garbage = collect_garbage_here(app.window)
        app.window.closing.connect(application.quit)
        # The window that has opened the lessons ends them so: nothing of them is to stay.
        with interrupt_closes(app.window.close, signal.SIGTERM):
            try:
                app.window.showFullScreen()
                app.start(lambda: begin(app))
                application.exec()
            finally:
                app.close()
                garbage.stop()
