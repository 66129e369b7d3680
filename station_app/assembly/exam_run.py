"""An exam that the one player holds through the real window, where nobody watches."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from station_app.assembly.endings import bugs_raised
from station_app.assembly.exam_control import ExamControl
from station_app.assembly.exam_desk import EXAM_STAGE
from station_app.assembly.lesson_desk import LessonDesk
from station_app.domain.exam_sheet import ExamSheet
from station_app.flow.lane import Lane
from station_app.flow.sticks import StickFinder
from station_app.papers.exam_sheet import exam_text
from station_app.training.exam_keeping import sheet_facts
from station_app.training.script import VisitResult
from station_app.ui.qt_bridge import QtBridge
from station_app.ui.training.lesson_list import LessonList
from station_app.ui.training.lesson_window import LessonWindow

_PATIENCE_MS = 60_000
"""A voter who takes longer than this is stuck: the exam ends with those who came."""


def hold_unseen(
    seed: int, language: str, *, as_json: bool = False, home: Path | None = None
) -> bool:
    """Let the player deal with everybody, and print the sheet; True where all was right.

    `home` is where the exam's journal is while it lasts. Raises `KnownError` as `LessonDesk` does.
    """
    sheet = played_exam(seed, language, home)
    if as_json:
        typer.echo(json.dumps(sheet_facts(sheet), ensure_ascii=False))
    else:
        typer.echo(exam_text(sheet, language), nl=False)
    return sheet.is_whole and sheet.right == sheet.voters


def played_exam(seed: int, language: str, home: Path | None = None) -> ExamSheet:
    """The sheet of a learner who makes no mistake, through the real window."""
    app = QApplication.instance() or QApplication([])
    with _control(language, home) as control:
        desk = control.open(seed)
        patience = QTimer()
        patience.setSingleShot(True)
        patience.timeout.connect(app.quit)

        def on_result(_: VisitResult) -> None:
            patience.start(_PATIENCE_MS)

        with bugs_raised(desk.stage.runner):
            desk.play(app.quit, on_result)
            patience.start(_PATIENCE_MS)
            app.exec()
        return desk.exam.finish(language)


@contextmanager
def _control(language: str, home: Path | None) -> Iterator[ExamControl]:
    bridge = QtBridge()
    window = LessonWindow(LessonList(language=language))

    def on_bug(bug: BaseException) -> None:
        raise bug

    lane = Lane("exam", bridge, on_bug)
    control = ExamControl(
        window,
        lane,
        bridge,
        StickFinder([]),
        lambda language: LessonDesk(EXAM_STAGE, language, home=home, is_hurried=True),
    )
    window.show()
    try:
        yield control
    finally:
        window.show_list()
        control.close()
        lane.close()
        window.close()
