"""An exam that the one player holds through the real window, where nobody watches."""

import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from station_app.assembly.endings import first_bug_raised
from station_app.assembly.lesson_app import LessonApp
from station_app.domain.exam_sheet import ExamSheet
from station_app.training.script import VisitResult

_PATIENCE_MS: Final = 120_000
"""A voter who takes longer than this is stuck: the exam ends with those who came."""


def played_exam(seed: int, language: str, home: Path | None = None) -> ExamSheet:
    """The sheet of a learner who makes no mistake.

    `home` is where the exam has its folder. Raises `KnownError` as `LessonDesk` does, and the bug
    that ended it.
    """
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    loop = QEventLoop()  # as in `play_lesson`
    patience = QTimer()
    patience.setSingleShot(True)
    patience.timeout.connect(loop.quit)

    def on_result(_: VisitResult) -> None:
        patience.start(_PATIENCE_MS)

    with first_bug_raised(lambda _: loop.quit()) as on_bug:
        app = LessonApp((), language, on_bug, home, is_watched=False)
        app.window.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        app.window.show()
        try:
            desk = app.exam.open(seed)
            desk.play(loop.quit, on_result)
            patience.start(_PATIENCE_MS)
            loop.exec()
            sheet = desk.exam.finish(language)
        finally:
            patience.stop()
            app.close()
            app.window.close()
            app.window.deleteLater()
    return sheet
