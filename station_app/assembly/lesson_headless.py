"""Lessons without a person: the hands play each through the real window, offscreen."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from station_app.assembly.endings import first_bug_raised
from station_app.assembly.lesson_app import LessonApp
from station_app.training.coach import LessonResult, LessonView
from station_app.training.lesson import Lesson

PATIENCE_MS: Final = 120_000
"""A step that is not recognised in this time is not at all."""


@dataclass(frozen=True, slots=True)
class Played:
    """How far it came, and why the hands could not do a step, empty where they could."""

    result: LessonResult
    stuck: str = ""


def play_lesson(lesson: Lesson, language: str, home: Path | None = None) -> Played:
    """Play the lesson, until its end or until a step is not recognised.

    `home` is where the attempt has its folder. Raises `KnownError` as `LessonApp.begin` does, and
    the bug that ended it.
    """
    reason = ""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    loop = QEventLoop()  # its end is not the application's, which would end every later loop
    patience = QTimer()
    patience.setSingleShot(True)
    patience.timeout.connect(loop.quit)
    ending = QTimer()
    ending.setSingleShot(True)
    with first_bug_raised(lambda _: loop.quit()) as on_bug:
        app = LessonApp((), language, on_bug, home, is_watched=False)
        app.failed = on_bug
        app.window.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        app.window.show()
        try:
            play = app.begin(lesson)
            shown = play.changed

            def end() -> None:
                app.window.repaint()  # a fault of the last page is a fault of the lesson too
                loop.quit()

            def stuck(why: str) -> None:
                nonlocal reason
                reason = why
                loop.quit()

            def changed(view: LessonView) -> None:
                shown(view)
                patience.start(PATIENCE_MS)
                if view.is_over or view.wrong is not None:  # nobody is there to mend it
                    ending.start(0)

            ending.timeout.connect(end)
            play.changed = changed
            play.stuck = stuck
            patience.start(PATIENCE_MS)
            play.play_all()
            loop.exec()
            result = play.coach.result
        finally:
            patience.stop()
            ending.stop()
            app.close()
            application.processEvents()  # the lanes' last answers, while there is a desk to hear
            app.window.close()
            app.window.deleteLater()
    return Played(result, reason)
