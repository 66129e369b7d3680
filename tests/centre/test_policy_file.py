"""The election's rules in `policy.toml`."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from station_app.centre.policy_file import read_rules
from station_app.domain.election import Ballot, ElectionDay
from station_app.domain.errors import KnownError
from station_app.domain.policy import ADDED, PROVISIONAL
from station_app.snapshots import ListKind
from tests.centre.commission import POLICY


def refusal(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnownError) as caught:
        read_rules(path)
    assert caught.value.code == "policy_refused"
    return caught.value.message


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def test_rules_are_read(path: Path) -> None:
    path.write_text("\ufeff" + POLICY, encoding="utf-8")
    rules = read_rules(path)
    assert (rules.election, rules.kind) == ("Шайлоо 2026", ListKind.LIVE)
    assert rules.election_day == ElectionDay("KG-2026", date(2026, 11, 29))
    assert rules.ballots == ()
    assert rules.valid_from.isoformat() == "2026-11-20T00:00:00+06:00"
    assert rules.policy == PROVISIONAL
    # 4 and 4.0 are the same rule.
    assert rules.policy.digest() == PROVISIONAL.digest()


def test_rules_that_came_later_may_be_missing(path: Path) -> None:
    """As in the files of an older version: no face is compared."""
    text = POLICY
    for name in ADDED:
        text = re.sub(rf"{name} = .*\n", "", text)
    path.write_text(text, encoding="utf-8")
    assert read_rules(path).policy == replace(PROVISIONAL, **ADDED)


def test_no_head_slip_is_a_rule_too(path: Path) -> None:
    path.write_text(POLICY.replace("head_slip_minutes = 60", "head_slip_minutes = 0"))
    assert read_rules(path).policy.head_slip_minutes == 0


def test_every_fault_is_told_at_once(path: Path) -> None:
    text = (
        POLICY.replace("tries = 4", "tries = true")
        .replace("quality_floor = 35", "quality_flour = 35")
        .replace("fpir_log10 = 3.0", "fpir_log10 = 2.9")
        .replace("fmr_verify_log10 = 4", "fmr_verify_log10 = 3.99")
        .replace("margin_log10 = 1.0", "margin_log10 = nan")
        .replace('"left_index"', '"right_index"')
        .replace("+06:00", "")
        .replace('"live"', '"demo"')
        .replace('"Шайлоо 2026"', '""')
    )
    told = refusal(path, text + "\n[other]\n")
    for what in (
        "rules.tries: a whole number from 1 to 10",
        "rules.quality_floor is missing",
        "rules.quality_flour is not known",
        "rules.fpir_log10: no rule may be laxer than 3.0",
        "rules.fmr_verify_log10: no rule may be laxer than 4.0",
        "rules.margin_log10: a number",
        "rules.finger_order: each finger once",
        "election.valid_from: a time is written as",
        "election.valid_to: a time is written as",
        'election.kind: "live" or "training"',
        "election.name: a name is a text",
        "other is not known",
    ):
        assert what in told


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("2026-12-05", "2025-12-05", "election.valid_to is before election.valid_from"),
        ("face_tries = 2", "face_tries = 6", "from 0 to 5"),
        ("face_turns = 3", "face_turns = 1", "from 2 to 4"),
        ("camera_wait_s = 60", "camera_wait_s = 0", "from 1 to 600"),
        ("tries_without_pin = 2", "tries_without_pin = 5", "is more than rules.tries"),
        ("fpir_log10 = 3.0", "fpir_log10 = 20", "at most 7.0"),
        ("scanner_wait_s = 60", "scanner_wait_s = 0", "from 1 to 600"),
        ("manual_alarm_percent = 5", "manual_alarm_percent = 0", "from 1 to 100"),
        ("head_slip_minutes = 60", "head_slip_minutes = 9", "0 for never, or a whole number"),
        ("head_slip_minutes = 60", "head_slip_minutes = true", "from 10 to 720"),
        ('["right_index", "left_index"]', "[]", "a list of fingers"),
        ('["right_index", "left_index"]', "[2]", "each finger once"),
        ("Шайлоо 2026", "Шай\\u0007лоо", "one line"),
        ("[rules]", "[rule]", "[rules] is missing"),
        ("[rules]", "[rules", "is not a TOML file"),
        ('id = "KG-2026"\n', "", "election.id is missing"),
        ("date = 2026-11-29\n", "", "election.date is missing"),
        ('"KG-2026"', '"KG 2026"', "election.id: an election's id has"),
        ('"KG-2026"', "2026", "election.id: a text"),
        ("2026-11-29", '"2026-11-29"', "election.date: a day is written as"),
        ("2026-11-29", "2026-11-29T08:00:00", "election.date: a day is written as"),
        ("2026-11-29", "2026-12-06", "election.date is outside"),
        ("2026-11-29", "2026-11-19", "election.date is outside"),
        ("2026-11-20T00:00:00+06:00", "0001-01-01T00:00:00+06:00", "a year from 2000 to 2999"),
        ("2026-12-05T23:59:59+06:00", "9999-12-31T23:59:59-06:00", "a year from 2000 to 2999"),
        ("fpir_log10 = 3.0", "fpir_log10 = 1" + "0" * 400, "at most 7.0"),
        ("fpir_log10 = 3.0", "fpir_log10 = -1" + "0" * 400, "laxer than 3.0"),
        ("fpir_log10 = 3.0", "fpir_log10 = 1" + "0" * 5000, "is not a TOML file"),
        ("fpir_log10 = 3.0", "fpir_log10 = nan", "rules.fpir_log10: a number"),
        ("fpir_log10 = 3.0", "fpir_log10 = inf", "at most 7.0"),
        ("fpir_log10 = 3.0", "fpir_log10 = -inf", "laxer than 3.0"),
        ("scanner_wait_s = 60", "scanner_wait_s = 1" + "0" * 400, "from 1 to 600"),
        ("[rules]", "ballots = 1\n[rules]", "election.ballots is not known"),
        ("[rules]", "[ballots]\nid = 1\n[rules]", "ballots is written as [[ballots]]"),
        ("[rules]", "[[ballots]]\nid = 'a b'\ntitle = 'A'\n[rules]", "ballots.id of number 1"),
        ("[rules]", "[[ballots]]\nid = 'a'\n[rules]", "ballots.title of number 1 is missing"),
        ("[rules]", "[[ballots]]\nid = 'a'\ntitle = ''\n[rules]", "a name is a text"),
        ("[rules]", "[[ballots]]\nid = 'a'\ntitel = 'A'\n[rules]", "ballots.titel is not"),
        (
            "[rules]",
            "[[ballots]]\nid = 'a'\ntitle = 'A'\n[[ballots]]\nid = 'a'\ntitle = 'B'\n[rules]",
            "two ballots have one id",
        ),
    ],
)
def test_single_faults(path: Path, old: str, new: str, what: str) -> None:
    assert what in refusal(path, POLICY.replace(old, new))


def test_ballots_are_read(path: Path) -> None:
    ballots = "[[ballots]]\nid = 'p'\ntitle = 'President'\n[[ballots]]\nid = 'c'\ntitle = 'Кеңеш'\n"
    path.write_text(ballots + POLICY, encoding="utf-8")
    assert read_rules(path).ballots == (Ballot("p", "President"), Ballot("c", "Кеңеш"))


@pytest.mark.parametrize(
    ("kind", "now", "codes"),
    [
        ("live", datetime(2026, 11, 29, 17, 59, tzinfo=UTC), []),
        ("live", datetime(2026, 11, 29, 18, 0, tzinfo=UTC), ["election_past"]),
        ("training", datetime(2026, 12, 4, tzinfo=UTC), []),
        ("training", datetime(2026, 12, 6, tzinfo=UTC), ["validity_past"]),
        ("live", datetime(2026, 12, 6, tzinfo=UTC), ["validity_past", "election_past"]),
    ],
)
def test_what_is_past_is_told(path: Path, kind: str, now: datetime, codes: list[str]) -> None:
    """A day is over at midnight where the commission is."""
    path.write_text(POLICY.replace('"live"', f'"{kind}"'))
    assert [code for code, _ in read_rules(path).past(now)] == codes


def test_no_policy(path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        read_rules(path)
    assert caught.value.code == "policy_missing"
