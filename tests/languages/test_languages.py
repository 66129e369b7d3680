"""The languages: a folder and its record each, and nothing else to change."""

from pathlib import Path

import pytest

from station_app.languages import (
    language_codes,
    language_of,
    languages,
    languages_added,
    voter_languages,
)
from station_app.settings import read_plan

RECORD = """
name = "Polski"
short_name = "POL"
place = 9
is_for_voters = false
key = "P"
locale = "pl"
date = "dd.MM.y"
day = "EEEE, d MMMM y"
thousands = ","
decimal = "."
percent = "{number}%"
reads_english = false
"""
PLAN = """
[station]
kind = "live"
precinct = "9042"
kit = "1"
languages = ["pl", "ky"]

[trust]
issuers = ["cec.issuer.json"]
recipients = ["cec.recipient.json"]

[[people]]
id = "o"
name = "O"
role = "operator"

[[people]]
id = "m"
name = "M"
role = "member"

[[people]]
id = "c"
name = "C"
role = "chair"
"""


def test_a_first_run_is_kyrgyz_and_slips_are_for_voters() -> None:
    assert language_codes()[:3] == ("ky", "ru", "en")
    assert voter_languages()[:2] == ("ky", "ru")


def test_every_record_can_be_used() -> None:
    assert len({one.key for one in languages()}) == len(languages())
    assert len({one.place for one in languages()}) == len(languages())
    for one in languages():
        assert one.percent.format(number="1") != "1"
        assert one.help_lines("ready") is not None
        assert one.help_lines("no such page") is None
        assert "ready" in one.help_pages


def test_a_folder_with_a_record_is_a_language_and_settings_may_name_it(tmp_path: Path) -> None:
    (tmp_path / "words" / "pl").mkdir(parents=True)
    (tmp_path / "words" / "notes").mkdir()
    (tmp_path / "words" / "pl" / "language.toml").write_text(RECORD, encoding="utf-8")
    plan = tmp_path / "station.toml"
    plan.write_text(PLAN, encoding="utf-8")
    shipped, voters = language_codes(), voter_languages()
    with languages_added(tmp_path / "words"):
        assert language_codes() == (*shipped, "pl")
        assert language_of("pl").name == "Polski"
        assert voter_languages() == voters
        assert read_plan(plan).machine.languages == ("pl", "ky")
    assert language_codes() == shipped
    with pytest.raises(KeyError):
        language_of("pl")
