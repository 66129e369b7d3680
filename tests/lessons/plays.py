"""Every lesson in every language, as parameters; a test each stage has a third of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from station_app.assembly.lesson_headless import play_lesson
from station_app.languages import language_codes
from station_app.training.actions import CallFace, MarkMissing, Sit
from station_app.training.lesson import Lesson, StageKind
from station_app.training.lesson_file import shipped_lessons

LESSONS = shipped_lessons()


def is_at_station(lesson: Lesson) -> bool:
    return lesson.at is StageKind.STATION


def is_before_camera(lesson: Lesson) -> bool:
    return any(isinstance(step.do, CallFace | MarkMissing | Sit) for step in lesson.steps)


def plays(belongs: Callable[[Lesson], bool], *, in_turn: bool = False) -> list[Any]:
    """The lessons that belong there, with the ids `<lesson>-<language>`.

    `in_turn`: a lesson in one language, the next in the next one; the others are long.
    """
    languages = language_codes()
    return [
        pytest.param(
            lesson,
            language,
            id=f"{lesson.id}-{language}",
            marks=[pytest.mark.long] if in_turn and at % len(languages) != turn else [],
        )
        for at, lesson in enumerate(filter(belongs, LESSONS))
        for turn, language in enumerate(languages)
    ]


def assert_recognised(lesson: Lesson, language: str, home: Path) -> None:
    """Every step, nothing else, and no file stays."""
    played = play_lesson(lesson, language, home)
    result = played.result
    assert result.is_done, f"step {result.steps_done + 1} of {lesson.id}: {played.stuck}"
    assert not result.wrong
    assert not list(home.iterdir()), "nothing of an attempt stays"
