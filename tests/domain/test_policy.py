"""The policy's digest stands in every outcome: it has to tell any two policies apart."""

import hashlib
import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import ADDED, PROVISIONAL, Policy, UnknownRulesError

numbers = st.integers(0, 100)
rates = st.floats(0, 12, allow_nan=False)
orders = st.lists(st.sampled_from(FingerPosition), min_size=1, max_size=4).map(tuple)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "tries": numbers,
    "tries_without_pin": numbers,
    "quality_floor": numbers,
    "fmr_verify_log10": rates,
    "fpir_log10": rates,
    "margin_log10": rates,
    "scanner_wait_s": numbers,
    "finger_order": orders,
    "manual_alarm_percent": numbers,
    "head_slip_minutes": numbers,
    "face_tries": numbers,
    "face_turns": numbers,
    "camera_wait_s": numbers,
}
changes = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.tuples(st.just(name), VALUES[name])
)


def test_every_rule_is_tried() -> None:
    assert {field.name for field in fields(Policy)} == VALUES.keys() | {"signed_text"}


@given(changes)
def test_the_digest_changes_with_any_rule(change: tuple[str, Any]) -> None:
    name, value = change
    other = replace(PROVISIONAL, **{name: value})
    assert (other.digest() == PROVISIONAL.digest()) == (other == PROVISIONAL)


@given(st.builds(Policy, **VALUES))
def test_equal_policies_have_equal_digests(policy: Policy) -> None:
    assert replace(policy).digest() == policy.digest()
    assert len(policy.digest()) == 64


@given(st.builds(Policy, **VALUES))
def test_rules_come_back_with_their_text(policy: Policy) -> None:
    read = Policy.from_text(policy.text)
    assert read == policy
    assert (read.text, read.digest()) == (policy.text, policy.digest())


OLDEST = (
    '{"finger_order":[2,7],"fmr_verify_log10":4.0,"fpir_log10":3.0,"head_slip_minutes":60,'
    '"manual_alarm_percent":5,"margin_log10":1.0,"quality_floor":35,"scanner_wait_s":60,'
    '"tries":4,"tries_without_pin":2}'
)
"""The text of `PROVISIONAL` at a9a29b6, which compares no faces. A rule that is added gets a line
in `ADDED`, and never changes this text."""


def test_what_the_first_version_signed_keeps_its_hash() -> None:
    read = Policy.from_text(OLDEST)
    assert read == replace(PROVISIONAL, **ADDED)
    assert read.digest() == hashlib.sha256(OLDEST.encode()).hexdigest()
    assert read.digest().startswith("8cae16749486b0b9")


def test_changed_rules_are_not_those_of_the_text() -> None:
    read = Policy.from_text(OLDEST)
    changed = replace(read, tries=5)
    assert changed.signed_text is None
    anew = replace(PROVISIONAL, tries=5, **ADDED)
    assert changed.digest() == anew.digest() != read.digest()
    assert replace(changed, tries=4, signed_text=OLDEST).signed_text == OLDEST


def test_a_rule_that_was_added_later(monkeypatch: pytest.MonkeyPatch) -> None:
    text = OLDEST.replace('"head_slip_minutes":60,', "")
    with pytest.raises(ValueError, match="head_slip_minutes"):
        Policy.from_text(text)
    monkeypatch.setitem(ADDED, "head_slip_minutes", 0)
    read = Policy.from_text(text)
    assert read.head_slip_minutes == 0
    assert read.digest() == hashlib.sha256(text.encode()).hexdigest()
    assert Policy.from_text(OLDEST).head_slip_minutes == 60


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("4.0", "NaN"),
        ("4.0", "Infinity"),
        ("4.0", "1e999"),
        ("4.0", "1" + "0" * 400),
        ("4.0", "1" + "0" * 5000),
        ("4.0", '"4.0"'),
        ("4.0", "true"),
        ('"tries":4', '"tries":4.0'),
        ('"tries":4', '"tries":true'),
        ('"tries":4', '"tries":1' + "0" * 20),
        ("[2,7]", "[2,11]"),
        ("[2,7]", "[true]"),
        ("[2,7]", "2"),
        ("[2,7]", "[2, 7]"),
        ("{", "["),
        (OLDEST, "{}"),
        (OLDEST, "4"),
        (OLDEST, "[" * 100_000),
    ],
)
def test_texts_that_are_no_policy(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"^the policy "):
        Policy.from_text(OLDEST.replace(old, new, 1))


def test_a_rule_that_is_not_known_is_refused() -> None:
    rules = json.loads(OLDEST) | {"zz_rule": 1, "a b": 2}
    with pytest.raises(UnknownRulesError) as refused:
        Policy.from_text(json.dumps(rules, sort_keys=True, separators=(",", ":")))
    assert refused.value.names == ("zz_rule",)
