"""The catalogues and help pages: nothing missing, nothing unused, no forbidden word."""

import ast
import re
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from station_app.domain.error_codes import Code
from station_app.domain.errors import MIRROR_CODES, READER_CODES, SCREEN_CODES
from station_app.domain.samples import RetryReason
from station_app.domain.slips import PRINTER_CODES
from station_app.flow.battery_watch import LowBattery
from station_app.languages import language_codes, language_of, languages
from station_app.papers.paper_words import catalogue
from station_app.ui.operator.controller import BUG_CODE
from station_app.ui.operator.devices import DevicesView, device_pages
from station_app.ui.texts import Texts
from tests.ui.commission_pages import commission_pages
from tests.ui.desk_samples import finger_source
from tests.ui.door_samples import technician_pages
from tests.ui.samples.desk import SAMPLE_GAP, sample_gaps, sample_views

CONTENT = Path(str(resources.files("station_app") / "content"))
UI = Path(str(resources.files("station_app") / "ui"))
OTHERS = [language for language in language_codes() if language != "en"]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def strings_in_source() -> tuple[set[str], list[re.Pattern[str]]]:
    """Every string of the ui's source, and every f-string as a pattern."""
    plain: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for file in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[a-z_]+"
                    for part in node.values
                ]
                if "." in "".join(parts) and re.match(r"[a-z_]+\\\.", parts[0]):
                    patterns.append(re.compile("".join(parts)))
    return plain, patterns


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_string(language: str) -> None:
    assert catalogue(language, "operator").keys() == catalogue("en", "operator").keys()


@pytest.mark.parametrize("language", language_codes())
def test_no_string_is_empty_or_fuzzy(language: str) -> None:
    with (CONTENT / "languages" / language / "operator.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert [message.id for message in messages if message.fuzzy or not message.string] == []


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_are_the_same_in_every_language(language: str) -> None:
    english = catalogue("en", "operator")
    different = [
        key
        for key, text in catalogue(language, "operator").items()
        if placeholders(text) != placeholders(english[key])
    ]
    assert different == []


def test_every_string_is_used_by_the_source() -> None:
    plain, patterns = strings_in_source()
    unused = [
        key
        for key in catalogue("en", "operator")
        if key not in plain and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert unused == []


OF_KEYS = ("operator", "commission", "lessons", "exam")
"""Catalogues with words of the desk's keys."""


def test_every_key_in_the_source_has_a_string() -> None:
    families = {key.split(".")[0] for key in catalogue("en", "operator")}
    plain, _ = strings_in_source()
    keys = {
        text
        for text in plain
        if re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", text) and text.split(".")[0] in families
    }
    there = {key for one in OF_KEYS for key in catalogue("en", one)}
    assert sorted(keys - there) == []


ON_A_DESK = {
    "device_lost", "fonts_missing", "gallery_engine", "list_version", "memory_full",
    "model_damaged", "no_read_permission", "person_removed", "simulated_on_live_list",
    "too_many_tries", "trial_search_failed", "unknown_person", "wrong_passphrase",
}  # fmt: skip
"""Faults of a list, of papers and of signing that a desk or its unlocking can meet."""

FORBIDDEN: dict[str, tuple[str, ...]] = {
    "en": ("receipt", "voted", "you vote", "fraud", "fake", "suspicious", "please", "avis", "!"),
    "ru": ("проголосов", "фальш", "мошен", "подозр", "пожалуйста", "ресит", "!"),
    "ky": ("добуш берди", "алдамчы", "шектүү", "!"),
}


@pytest.mark.parametrize("language", language_codes())
def test_no_forbidden_word_is_used(language: str) -> None:
    texts = dict(catalogue(language, "operator"))
    record = language_of(language)
    texts |= {page: " ".join(record.help_lines(page) or ()) for page in record.help_pages}
    found = [
        (key, word)
        for key, text in texts.items()
        for word in FORBIDDEN.get(language, ("!",))
        if word in text.casefold()
    ]
    assert found == []


def test_decided_words_are_used() -> None:
    russian, kyrgyz, english = Texts("ru"), Texts("ky"), Texts("en")
    assert "Идентификация подтверждена" in russian("verdict.identified.line")
    assert russian("verdict.already.line") == "Идентификация сегодня уже была"
    assert [english(f"verdict.{kind}.word") for kind in ("identified", "already")] == [
        "IDENTIFIED",
        "STOP",
    ]
    assert kyrgyz("finger.order.right_index") == "Оң колдун сөөмөйүн коюңуз"


@pytest.mark.parametrize("language", language_codes())
def test_help_of_every_screen_has_three_short_lines(language: str) -> None:
    pages = {
        page
        for view in sample_views(language, finger_source).values()
        for page in view.help_pages()
    }
    pages |= technician_pages(language) | commission_pages()
    pages |= {"lessons", "exam", Code.LESSONS_CLOSED}
    pages |= {*MIRROR_CODES, *PRINTER_CODES, *READER_CODES, Code.DISPLAY_LOST}
    pages |= {*device_pages(DevicesView(battery=LowBattery(18, is_empty=False)))}
    pages |= ON_A_DESK
    ready = sample_gaps(language)["gap-ready"]
    pages |= {*ready.help_pages(gap=SAMPLE_GAP)}
    written = language_of(language).help_pages
    assert written <= pages
    for name in written:
        lines = language_of(language).help_lines(name)
        assert lines is not None
        assert len(lines) == 3, name
        assert max(map(len, lines)) <= 75, name


@pytest.mark.parametrize("language", language_codes())
def test_help_names_no_file_and_no_command(language: str) -> None:
    """Who reads it has a screen; the commands' own errors name what a technician types."""
    record = language_of(language)
    names = re.compile(r"`|/\w|station-app|\.(db|head|toml|json|pdf)\b")
    lines = {page: " ".join(record.help_lines(page) or ()) for page in record.help_pages}
    assert {page: line for page, line in lines.items() if names.search(line)} == {}


def test_help_pages_are_the_same_in_every_language() -> None:
    assert len({language.help_pages for language in languages()}) == 1


@pytest.mark.parametrize(
    "code",
    [*SCREEN_CODES, *MIRROR_CODES, *PRINTER_CODES, *READER_CODES, Code.DISPLAY_LOST, BUG_CODE],
)
@pytest.mark.parametrize("language", language_codes())
def test_every_fault_on_the_screen_has_its_own_help(language: str, code: str) -> None:
    lines = language_of(language).help_lines(code)
    assert lines is not None
    assert max(map(len, lines)) <= 75, "three short lines"
    assert lines != language_of(language).help_lines("blocked")


SECOND_COPY: dict[str, tuple[str, str]] = {
    "en": ("second copy", "mirror"),
    "ru": ("втор", "зеркал"),
    "ky": ("экинчи көчүрмө", "күзгү"),
}


@pytest.mark.parametrize("code", [code for code in MIRROR_CODES if "mirror" in code])
@pytest.mark.parametrize("language", SECOND_COPY)
def test_help_names_the_second_copy_as_the_screen_does(language: str, code: str) -> None:
    word, other = SECOND_COPY[language]
    assert word in Texts(language)("top.mirror_behind").casefold()
    lines = language_of(language).help_lines(code)
    assert lines is not None
    text = " ".join(lines).casefold()
    assert word in text
    assert other not in text


def test_a_fault_without_a_page_has_the_general_one() -> None:
    view = sample_views("en", finger_source)["blocked-other"]
    own, general = view.help_pages()
    assert language_of("en").help_lines(own) is None
    assert language_of("en").help_lines(general) is not None


@pytest.mark.parametrize("reason", RetryReason)
@pytest.mark.parametrize("language", language_codes())
def test_every_retry_reason_has_words(language: str, reason: RetryReason) -> None:
    assert Texts(language)(f"reason.{reason.value}")
    assert Texts(language)(f"last_image.{reason.value}")


def test_numbers_follow_the_language() -> None:
    assert Texts("ru").number(2318) == "2\u00a0318"
    assert Texts("en").number(2318) == "2,318"
    assert Texts("ky").percent(261, 2318) == "11,3\u00a0%"
    assert Texts("en").percent(261, 2318) == "11.3%"
    assert Texts("en").percent(0, 0) == "0.0%"
    assert Texts("ky").list_number(12) == "№\u00a00012"
