"""docs/lessons.md: the example is a lesson, and the tables are whole."""

import re
from pathlib import Path

from station_app.domain.exam_sheet import ExamError
from station_app.papers.paper_words import catalogue
from station_app.training.actions import ACTIONS
from station_app.training.happenings import HAPPENINGS
from station_app.training.lesson_facts import Shown
from station_app.training.lesson_file import lesson_of, shipped_lessons
from station_app.training.word_forms import WordForms

DOCUMENT = (Path(__file__).parents[2] / "docs" / "lessons.md").read_text(encoding="utf-8")
ERROR_ROW = re.compile(r"^\|\s?(.*?)\s?\|\s?(.*?)\s?\|$", re.MULTILINE)
LESSON_ROW = re.compile(r"^\| (\d\d) \| `([a-z_]+)` \| (\w+) \| .* \| (\w+) \|$", re.MULTILINE)


def test_the_example_is_a_lesson() -> None:
    example = DOCUMENT.split("```yaml\n")[1].split("```")[0]
    lesson = lesson_of(example.encode(), "swapped.yaml")
    assert 3 <= len(lesson.steps) <= 8


def test_the_list_is_every_lesson_in_its_order() -> None:
    listed = [(name, audience, at) for _, name, audience, at in LESSON_ROW.findall(DOCUMENT)]
    assert listed == [(one.id, one.audience, one.at) for one in shipped_lessons()]


def test_each_error_of_the_exam_has_lessons_to_repeat() -> None:
    words, lessons = catalogue("en", "exam"), {one.id for one in shipped_lessons()}
    rows = dict(ERROR_ROW.findall(DOCUMENT.split("| the sheet says |")[1].split("## ")[0]))
    del rows["---"]
    assert list(rows) == [words[f"exam.error.{error}"] for error in ExamError]
    assert set(re.findall(r"`([a-z_]+)`", " ".join(rows.values()))) <= lessons


def test_the_tables_name_everything_that_a_file_can_say() -> None:
    grammar = DOCUMENT.split("## Write a lesson")[1]
    there = set(re.findall(r"[a-z_.]+", " ".join(re.findall(r"`([^`\n]+)`", grammar))))
    tables: tuple[WordForms[object], ...] = (ACTIONS, HAPPENINGS)  # type: ignore[assignment]
    names = {word for table in tables for name in table.forms for word in name.split()}
    assert sorted((names | set(Shown)) - there) == []
