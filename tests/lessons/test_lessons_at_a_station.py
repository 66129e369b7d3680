"""Lessons at a whole station: a lesson that a change breaks fails here by its name."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from station_app.training.lesson import Lesson
from tests.lessons.plays import assert_recognised, is_at_station, plays


@pytest.mark.parametrize(("lesson", "language"), plays(is_at_station, in_turn=True))
def test_every_step_is_recognised(
    lesson: Lesson, language: str, qapp: QApplication, tmp_path: Path
) -> None:
    assert_recognised(lesson, language, tmp_path)
