"""The words of the lessons' window: the same in every language, and each of them used."""

import re
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from station_app.languages import language_codes
from station_app.papers.paper_words import catalogue
from station_app.training.actions import ACTIONS, Place
from station_app.training.lesson import Audience
from station_app.ui.texts import AUDIENCES
from tests.ui.test_operator_words import placeholders, strings_in_source

CONTENT = Path(str(resources.files("station_app") / "content"))
OTHERS = [language for language in language_codes() if language != "en"]
FAMILIES = "lesson.ui.", "nav."


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("audience", ["lessons", "exam"])
def test_every_language_has_the_same_strings_and_placeholders(language: str, audience: str) -> None:
    english, other = catalogue("en", audience), catalogue(language, audience)
    assert other.keys() == english.keys()
    assert [key for key in other if placeholders(other[key]) != placeholders(english[key])] == []


@pytest.mark.parametrize("language", language_codes())
@pytest.mark.parametrize("audience", ["lessons", "exam"])
def test_no_string_is_empty_or_fuzzy(language: str, audience: str) -> None:
    with (CONTENT / "languages" / language / f"{audience}.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert [message.id for message in messages if message.fuzzy or not message.string] == []


@pytest.mark.parametrize("audience", ["lessons", "exam"])
def test_no_key_belongs_to_two_audiences(audience: str) -> None:
    own, others = catalogue("en", audience).keys(), set(AUDIENCES) - {audience}
    assert [own & catalogue("en", other).keys() for other in others] == [set()] * len(others)


def test_every_string_of_the_window_is_used_and_every_used_one_is_there() -> None:
    plain, patterns = strings_in_source()
    named = {
        *(f"nav.lessons_{audience}" for audience in Audience),
        "nav.exam",
        "nav.leave",
        "lesson.ui.program",  # the launcher's, too
        "lesson.ui.passphrase",  # of the coach
        "lesson.ui.passphrases",
    }
    keys = {key for key in catalogue("en", "lessons") if key.startswith(FAMILIES)}
    unused = [
        key
        for key in keys - named
        if key not in plain and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert sorted(unused) == []
    assert sorted(named - keys) == []
    said = {text for text in plain if re.fullmatch(r"lesson\.ui(\.[a-z_]+)+", text)}
    assert sorted(said - keys) == []


def test_short_words_of_the_bar_are_of_things_done_there() -> None:
    names = {name for name, form in ACTIONS.forms.items() if form.place is Place.BAR}
    short = {
        key.removeprefix("lesson.ui.offer.").split(".")[0]
        for key in catalogue("en", "lessons")
        if key.startswith("lesson.ui.offer.")
    }
    assert short <= names
