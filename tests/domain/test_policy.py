"""The policy's digest stands in every outcome: it has to tell any two policies apart."""

from dataclasses import fields, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.fingers import FingerPosition
from station_app.domain.policy import PROVISIONAL, Policy

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
}
changes = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.tuples(st.just(name), VALUES[name])
)


def test_every_rule_is_tried() -> None:
    assert {field.name for field in fields(Policy)} == VALUES.keys()


@given(changes)
def test_the_digest_changes_with_any_rule(change: tuple[str, Any]) -> None:
    name, value = change
    other = replace(PROVISIONAL, **{name: value})
    assert (other.digest() == PROVISIONAL.digest()) == (other == PROVISIONAL)


@given(st.builds(Policy, **VALUES))
def test_equal_policies_have_equal_digests(policy: Policy) -> None:
    assert replace(policy).digest() == policy.digest()
    assert len(policy.digest()) == 64
