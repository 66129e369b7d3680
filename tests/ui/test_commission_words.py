"""The commission's catalogues and help: complete, used, and the same in every language."""

import re
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from pytestqt.qtbot import QtBot

from station_app.domain.entry_codes import (
    AdmissionBasis,
    BallotPlace,
    DocumentSeen,
    ManualReason,
    OffCause,
    PauseReason,
    ReopenReason,
    SentAwayReason,
    StrikeReason,
    UndoReason,
    VoidReason,
)
from station_app.languages import language_codes, language_of
from station_app.papers.paper_words import catalogue
from station_app.ui.commission.closing_page import ClosingItem
from station_app.ui.commission.day_log import RowResult
from station_app.ui.commission.opening_page import ClockState, WhyNot
from station_app.ui.commission.room import PLACES, CommissionRoom
from station_app.ui.texts import Texts
from tests.ui.commission_pages import ACTS, EXPORTS, commission_pages
from tests.ui.test_operator_words import FORBIDDEN, placeholders, strings_in_source

CONTENT = Path(str(resources.files("station_app") / "content"))
OTHERS = [language for language in language_codes() if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_strings_and_placeholders(language: str) -> None:
    english, other = catalogue("en", "commission"), catalogue(language, "commission")
    assert other.keys() == english.keys()
    assert [key for key in other if placeholders(other[key]) != placeholders(english[key])] == []


@pytest.mark.parametrize("language", language_codes())
def test_no_string_is_empty_fuzzy_or_forbidden(language: str) -> None:
    with (CONTENT / "languages" / language / "commission.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert [message.id for message in messages if message.fuzzy or not message.string] == []
    found = [
        message.id
        for message in messages
        for word in FORBIDDEN.get(language, ("!",))
        if word in str(message.string).casefold()
    ]
    assert found == []


@pytest.mark.parametrize("page", ["decisions", "void_refused"])
def test_kyrgyz_help_says_void_as_the_screen_does(page: str) -> None:
    """The screen's word for a session that was cancelled is another."""
    text = Texts("ky")
    void, cancelled = text("log.result.voided"), text("log.result.cancelled")
    lines = language_of("ky").help_lines(page)
    assert lines is not None
    said = " ".join(lines).casefold()
    assert void.casefold() in said
    assert cancelled.casefold().removesuffix("ылды") not in said


def test_no_key_belongs_to_two_audiences() -> None:
    own, others = catalogue("en", "commission").keys(), ("operator", "technician")
    assert [own & catalogue("en", other).keys() for other in others] == [set(), set()]


def test_every_string_is_used() -> None:
    plain, patterns = strings_in_source()
    unused = [
        key
        for key in catalogue("en", "commission")
        if key not in plain and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert unused == []


def test_every_code_has_words() -> None:
    codes = {
        "day.clock": [*ClockState],
        "day.open.why": [*WhyNot],
        "day.pause": [*PauseReason],
        "day.reopen": [*ReopenReason],
        "close.why": [*ClosingItem],
        "decide.reason": [*ManualReason],
        "decide.document": [*DocumentSeen],
        "decide.void": [*VoidReason],
        "act.place": [*BallotPlace],
        "act.basis": [*AdmissionBasis],
        "act.struck": [*StrikeReason],
        "act.sent": [*SentAwayReason],
        "act.off": [*OffCause],
        "act.undo": [*UndoReason],
        "log.result": [*RowResult],
    }
    keys = catalogue("en", "commission").keys()
    wanted = {f"{family}.{code.value}" for family, members in codes.items() for code in members}
    assert sorted(wanted - keys) == []


@pytest.mark.parametrize("language", language_codes())
def test_what_is_refused_has_help_of_three_short_lines(language: str) -> None:
    for page in commission_pages():
        lines = language_of(language).help_lines(page)
        assert lines is not None, page
        assert len(lines) == 3, page
        assert max(map(len, lines)) <= 75, page


def test_every_page_has_help(qtbot: QtBot) -> None:
    room = CommissionRoom(language="en", moving=False)
    qtbot.addWidget(room)
    opened = set()
    for place in PLACES:
        room.go_to(place)
        opened.update(room.help_pages())
    assert opened == commission_pages() - ACTS - EXPORTS - {"day", "export", "void"}


def test_percent_and_numbers_follow_the_language() -> None:
    assert Texts("en")("decide.under", alarm="5") == "The alarm is at 5%"
    assert re.search("5\u00a0%", Texts("ru")("decide.under", alarm="5"))
