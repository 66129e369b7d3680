"""Whatever a lesson can say is in every language, and whatever is there is said."""

from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from enum import Enum
from itertools import chain
from string import Formatter
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest

from station_app.domain.fingers import FingerPosition
from station_app.languages import language_codes
from station_app.papers.paper_words import catalogue
from station_app.training.actions import ACTIONS, Action, OtherPin
from station_app.training.happenings import HAPPENINGS, Happening
from station_app.training.lesson import Lesson
from station_app.training.lesson_file import shipped_lessons
from station_app.training.sentences import Sentence
from station_app.training.word_forms import WordForms
from station_app.ui.texts import AUDIENCES
from tests.ui.test_operator_words import FORBIDDEN

WAYS_ON = Sentence("wrong.go_on"), Sentence("wrong.go_back")
FAMILIES = "step.", "happen.", "wrong.go_"
MOST_WORDS = 12
"""Of an order; values such as a reason come on top."""
LONGEST = {"title": 36, "why": 110, "tip": 110}


def lines(forms: WordForms[Any]) -> Iterator[Action | Happening]:
    """Every line of a table, with each word that its fields can have."""
    for form in forms.forms.values():
        kinds = get_type_hints(form, include_extras=True)
        asked = [one for one in fields(form) if one.default is MISSING]
        plain = form(**{one.name: values(kinds[one.name])[0] for one in asked})
        yield plain
        for one in fields(form):
            for value in values(kinds[one.name]):
                yield replace(plain, **{one.name: value})


def values(kind: Any) -> list[Any]:
    if get_origin(kind) is Annotated:
        return ["somebody" if "person" in get_args(kind) else "words"]
    if issubclass(kind, Enum):
        return [one for one in kind if one is not FingerPosition.UNKNOWN]
    return [3]


def said_by(lesson: Lesson) -> Iterator[Sentence | None]:
    yield from (lesson.title, lesson.why, lesson.tip)
    yield from (person.says for person in lesson.people.values())
    for step in lesson.steps:
        yield step.sentence()
        yield from (one.sentence for one in step.happens)


def by_tables() -> Iterator[Sentence]:
    for action in lines(ACTIONS):
        assert isinstance(action, Action)
        yield action.sentence()
    for happening in lines(HAPPENINGS):
        assert isinstance(happening, Happening)
        yield happening.sentence
    yield OtherPin().sentence()
    yield from WAYS_ON


def sentences() -> list[Sentence]:
    """Everything that lessons can say, with the sentences inside of sentences."""
    whole = [*by_tables(), *filter(None, chain.from_iterable(map(said_by, shipped_lessons())))]
    inside = (one.values.values() for one in whole)
    return [*whole, *(one for one in chain.from_iterable(inside) if isinstance(one, Sentence))]


def words(language: str) -> dict[str, str]:
    return dict(chain.from_iterable(catalogue(language, one).items() for one in AUDIENCES))


@pytest.mark.parametrize("language", language_codes())
def test_everything_that_a_lesson_says_has_words(language: str) -> None:
    texts = words(language)
    missing = sorted({one.key for one in sentences()} - texts.keys())
    assert missing == []
    wrong = {
        one.key
        for one in sentences()
        if {name for _, name, _, _ in Formatter().parse(texts[one.key]) if name} - one.values.keys()
    }
    assert sorted(wrong) == [], "a placeholder that nobody fills in"


def test_every_word_of_a_lesson_is_said() -> None:
    own = tuple(f"lesson.{one.id}." for one in shipped_lessons())
    there = {key for key in catalogue("en", "lessons") if key.startswith((*FAMILIES, *own))}
    assert sorted(there - {one.key for one in sentences()}) == []


@pytest.mark.parametrize("language", language_codes())
def test_lessons_use_no_forbidden_word(language: str) -> None:
    found = [
        (key, word)
        for key, text in catalogue(language, "lessons").items()
        for word in FORBIDDEN[language]
        if word in text.lower()
    ]
    assert found == []


def test_orders_are_short() -> None:
    texts = catalogue("en", "lessons")
    long = [
        key
        for key, text in texts.items()
        if key.startswith("step.") and len(text.split()) > MOST_WORDS
    ]
    assert long == []


@pytest.mark.parametrize("language", language_codes())
def test_a_lesson_is_told_in_few_words(language: str) -> None:
    texts = catalogue(language, "lessons")
    long = [
        (key, len(text))
        for lesson in shipped_lessons()
        for part, most in LONGEST.items()
        if len(text := texts[key := f"lesson.{lesson.id}.{part}"]) > most
    ]
    assert long == []


def test_a_lesson_has_three_to_eight_steps() -> None:
    steps = {one.id: len(one.steps) for one in shipped_lessons()}
    assert {name: number for name, number in steps.items() if not 3 <= number <= 8} == {}
