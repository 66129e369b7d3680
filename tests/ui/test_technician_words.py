"""The technician's catalogues and help: complete, used, and the same in every language."""

import re
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from station_app.languages import language_codes, language_of
from station_app.papers.paper_words import catalogue
from station_app.snapshots import LoadStep, Refusal
from station_app.ui.technician.self_test import CardKey, CardState
from station_app.ui.texts import Texts, fault_lines
from station_app.ui.unlock.entry import UnlockStage
from tests.ui.door_samples import technician_pages
from tests.ui.test_operator_words import FORBIDDEN, placeholders, strings_in_source

CONTENT = Path(str(resources.files("station_app") / "content"))
OTHERS = [language for language in language_codes() if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_strings_and_placeholders(language: str) -> None:
    english, other = catalogue("en", "technician"), catalogue(language, "technician")
    assert other.keys() == english.keys()
    assert [key for key in other if placeholders(other[key]) != placeholders(english[key])] == []


@pytest.mark.parametrize("language", language_codes())
def test_no_string_is_empty_fuzzy_or_forbidden(language: str) -> None:
    with (CONTENT / "languages" / language / "technician.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert [message.id for message in messages if message.fuzzy or not message.string] == []
    found = [
        message.id
        for message in messages
        for word in FORBIDDEN.get(language, ("!",))
        if word in str(message.string).casefold()
    ]
    assert found == []


def test_no_key_belongs_to_two_audiences() -> None:
    assert catalogue("en", "operator").keys() & catalogue("en", "technician").keys() == set()


def test_every_string_is_used_and_every_used_one_is_there() -> None:
    keys = catalogue("en", "technician").keys()
    plain, patterns = strings_in_source()
    made = {
        *(f"load.{kind}.{step.value}" for kind in ("step", "wait", "proof") for step in LoadStep),
        *(key for key in keys if key.startswith(("test.found.", "test.advice."))),
        *(f"unlock.{kind}.{stage.value}" for kind in ("title", "lead") for stage in UnlockStage),
        *(f"test.state.{state.value}" for state in CardState),
        *(f"test.{kind}.{card.value}" for kind in ("name", "what", "absent") for card in CardKey),
    }
    unused = [
        key
        for key in keys
        if key not in plain | made and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert unused == []
    families = {key.split(".")[0] for key in keys}
    named = {
        text
        for text in plain
        if re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", text) and text.split(".")[0] in families
    }
    others = catalogue("en", "commission").keys() | {"load.status"}
    assert sorted(named - keys - others) == []
    never = {"unlock.title.opening", "unlock.lead.opening"}
    assert sorted(made - keys - never) == []


@pytest.mark.parametrize("language", language_codes())
def test_every_refusal_of_a_snapshot_has_help_of_three_short_lines(language: str) -> None:
    for page in {*Refusal, *technician_pages(language)}:
        lines = language_of(language).help_lines(page)
        assert lines is not None, page
        assert len(lines) == 3, page
        assert max(map(len, lines)) <= 75, page


def test_a_fault_without_a_page_says_whom_to_call_and_no_code() -> None:
    what, then = fault_lines(Texts("en"), "secrets_odd")
    assert "Call headquarters" in then
    assert "secrets_odd" not in what + then


def test_times_and_sizes_follow_the_language() -> None:
    assert Texts("ru").size(56_200_000) == "56\u00a0МБ"
    assert Texts("en").size(3) == "1 MB"
    assert Texts("en").size(61 * 10**9) == "61 GB"
    assert Texts("en").duration(70) == "1 h 10 min"
    assert Texts("ky").duration(4) == "4\u00a0мүн"
    assert Texts("en").seconds(0.2) == "1 s"
