"""Lessons with faces: a lesson that a change breaks fails here by its name."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from station_app.training.lesson import Lesson
from tests.lessons.plays import assert_recognised, is_before_camera, plays


@pytest.mark.parametrize(("lesson", "language"), plays(is_before_camera, in_turn=True))
def test_every_step_is_recognised(
    lesson: Lesson, language: str, qapp: QApplication, tmp_path: Path
) -> None:
    assert_recognised(lesson, language, tmp_path)
