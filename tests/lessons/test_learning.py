"""A learner at the real window: wrong acts, Show me, a step back, once more, and the way out."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.assembly.lesson_app import LessonApp
from station_app.training.coach import RowState
from station_app.training.lesson_facts import Shown
from station_app.training.lesson_file import shipped_lessons
from tests.lessons.lesson_window import PATIENCE_MS, Learner

LESSONS = shipped_lessons()
DRY = next(one for one in LESSONS if one.id == "dry_finger")


def raised(bug: BaseException) -> None:
    raise bug


@pytest.fixture
def app(qtbot: QtBot, tmp_path: Path) -> Iterator[LessonApp]:
    app = LessonApp(LESSONS, "en", raised, tmp_path / "home", is_watched=False)
    qtbot.addWidget(app.window)
    app.window.show()
    yield app
    app.close()
    QApplication.processEvents()  # the lanes' last answers


def attempts(home: Path) -> set[str]:
    return {one.name for one in home.iterdir()}


def test_a_lesson_with_everything_that_a_learner_does(
    app: LessonApp, qtbot: QtBot, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    at = Learner(qtbot, app, DRY)
    at.is_at(1)
    at.sees(Shown.READY)
    (first,) = attempts(home)
    at.presses(Qt.Key.Key_F5)
    at.sees(Shown.MANUAL)
    assert at.view.wrong is not None
    assert at.view.wrong.way.key == "wrong.go_back"
    at.play.again()
    at.waits(lambda: first not in attempts(home))
    at.is_at(1)
    at.sees(Shown.READY)
    (first,) = attempts(home)
    at.clicks("show me")
    at.is_at(2)
    assert at.view.wrong is None
    wet = next(one for one in at.view.offers if one not in at.play.coach.lesson.steps[0].offers)
    at.play.do_at_bar(wet)
    at.is_at(3)
    result = at.play.coach.result
    assert (result.steps_done, result.shown, result.wrong) == (2, 1, {})

    at.clicks("back")
    at.waits(lambda: first not in attempts(home))
    at.is_at(2)
    at.sees(Shown.TRY_AGAIN)
    assert [row.state for row in at.view.rows] == [
        RowState.DONE, RowState.CURRENT, RowState.WAITING,
    ]  # fmt: skip
    assert at.play.coach.result.wrong == {}
    for number in (2, 3):
        at.is_at(number)
        at.clicks("show me")
    at.waits(lambda: at.panel.is_over)
    assert at.play.coach.result.shown == 3

    at.clicks("again")
    at.waits(lambda: not at.panel.is_over)
    at.is_at(1)
    assert at.play.coach.result.wrong == {}
    at.panel.leave_pressed.emit()
    at.waits(lambda: not attempts(home))
    assert app.play is None
    assert app.window.room.isVisible()


def test_a_stage_that_was_left_stays_nowhere(app: LessonApp, qtbot: QtBot) -> None:
    """Neither its desk nor its runner: a learner may begin, or leave, a hundred times."""
    at = Learner(qtbot, app, DRY)

    def parts() -> list[weakref.ref[object]]:
        at.is_at(1)
        stage = at.play.stage
        return [weakref.ref(one) for one in (stage, stage.widget, stage.runner)]

    def is_gone(left: list[weakref.ref[object]]) -> bool:
        gc.collect()
        return all(one() is None for one in left)

    at.play.again()
    left = parts()
    at.play.again()
    last = parts()
    at.waits(lambda: is_gone(left))
    del at.play
    app.leave()
    qtbot.waitUntil(lambda: is_gone(last), timeout=PATIENCE_MS)
