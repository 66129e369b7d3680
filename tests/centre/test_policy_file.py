"""The election's rules in `policy.toml`."""

from pathlib import Path

import pytest
from commission import POLICY

from station_app.centre.policy_file import read_rules
from station_app.domain.errors import KnownError
from station_app.domain.policy import PROVISIONAL
from station_app.snapshots import ListKind


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
    assert rules.valid_from.isoformat() == "2026-11-20T00:00:00+06:00"
    assert rules.policy == PROVISIONAL
    # 4 and 4.0 are the same rule.
    assert rules.policy.digest() == PROVISIONAL.digest()


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
    ],
)
def test_single_faults(path: Path, old: str, new: str, what: str) -> None:
    assert what in refusal(path, POLICY.replace(old, new))


def test_no_policy(path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        read_rules(path)
    assert caught.value.code == "policy_missing"
