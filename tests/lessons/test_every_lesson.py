"""A lesson that a change breaks fails here by its name."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from station_app.assembly.lesson_headless import play_lesson
from station_app.languages import language_codes
from station_app.training.lesson import Lesson
from station_app.training.lesson_file import shipped_lessons

PLAYS = [
    pytest.param(lesson, language, id=f"{lesson.id}-{language}")
    for lesson in shipped_lessons()
    for language in language_codes()
]


@pytest.fixture(autouse=True)
def _garbage_is_collected() -> Iterator[None]:
    """The desk collects by its own timer, and leaves Python's off."""
    yield
    gc.enable()


@pytest.mark.parametrize(("lesson", "language"), PLAYS)
def test_every_step_is_recognised(
    lesson: Lesson, language: str, qapp: QApplication, tmp_path: Path
) -> None:
    result = play_lesson(lesson, language, tmp_path)
    assert result.is_done, f"step {result.steps_done + 1} of {lesson.id} was not recognised"
    assert not result.wrong
    assert not list(tmp_path.iterdir()), "nothing of an attempt stays"
