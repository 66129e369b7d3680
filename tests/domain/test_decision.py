"""The decision rule: monotone in evidence, stricter with N, never laxer than the floor."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.decision import (
    Match,
    NoMatch,
    OtherVoter,
    decide,
    identify_threshold,
    verify_threshold,
)
from station_app.domain.fingers import FingerPosition
from station_app.domain.matching import Candidate
from station_app.domain.policy import PROVISIONAL, Policy
from station_app.domain.samples import Finger

evidences = st.floats(min_value=0, max_value=30)
several = st.lists(evidences, max_size=5)
sizes = st.integers(min_value=1, max_value=10_000_000)
tries = st.integers(min_value=1, max_value=10)
named_rows = st.none() | st.integers(min_value=0, max_value=5)
anything = st.floats(allow_nan=True, allow_infinity=True)
policies = st.builds(
    Policy,
    tries=st.integers(-1, 9),
    tries_without_pin=st.integers(-1, 9),
    quality_floor=st.integers(-10, 110),
    fmr_verify_log10=anything,
    fpir_log10=anything,
    margin_log10=anything,
    scanner_wait_s=st.just(60),
    finger_order=st.just((FingerPosition.RIGHT_INDEX,)),
)


def ranked(*evidence: float) -> tuple[Candidate, ...]:
    """Candidates of rows 0, 1, 2.. with that evidence, strongest first."""
    return tuple(
        Candidate(row, Finger(FingerPosition.RIGHT_INDEX), value)
        for row, value in sorted(enumerate(evidence), key=lambda pair: -pair[1])
    )


def test_threshold_is_the_rule_of_the_design() -> None:
    assert math.isclose(identify_threshold(600, 2, PROVISIONAL), -math.log10(1e-3 / 1200))
    assert verify_threshold(PROVISIONAL) == 4.0


@given(policies, sizes, tries)
def test_no_policy_is_laxer_than_the_floor(policy: Policy, n: int, t: int) -> None:
    assert identify_threshold(n, t, policy) >= identify_threshold(n, t, PROVISIONAL)
    assert verify_threshold(policy) >= verify_threshold(PROVISIONAL)


@given(policies, several, sizes, tries, named_rows)
def test_what_any_policy_accepts_the_floor_accepts(
    policy: Policy, values: list[float], n: int, t: int, named: int | None
) -> None:
    found = decide(ranked(*values), n, t, policy, named)
    at_floor = decide(ranked(*values), n, t, PROVISIONAL, named)
    if isinstance(found, Match):
        # The floor may see another voter's finger where a stricter policy sees none.
        assert isinstance(at_floor, OtherVoter) or at_floor == replace(
            found, threshold=at_floor.threshold
        )


@given(sizes, sizes, tries, tries)
def test_threshold_grows_with_the_gallery_and_the_tries(a: int, b: int, s: int, t: int) -> None:
    low = identify_threshold(min(a, b), min(s, t), PROVISIONAL)
    assert low <= identify_threshold(max(a, b), max(s, t), PROVISIONAL)


@given(several, sizes, sizes, tries, tries)
def test_a_match_stays_one_in_a_smaller_list_and_with_fewer_tries(
    values: list[float], a: int, b: int, s: int, t: int
) -> None:
    if isinstance(decide(ranked(*values), max(a, b), max(s, t), PROVISIONAL), Match):
        assert isinstance(decide(ranked(*values), min(a, b), min(s, t), PROVISIONAL), Match)


@given(st.lists(evidences, min_size=1, max_size=5), evidences, sizes, tries, st.booleans())
def test_more_evidence_for_the_winner_never_takes_the_match_away(
    values: list[float], more: float, n: int, t: int, named: bool
) -> None:
    row = max(range(len(values)), key=values.__getitem__)
    asked = row if named else None
    raised = [v + more if place == row else v for place, v in enumerate(values)]
    before = decide(ranked(*values), n, t, PROVISIONAL, asked)
    if isinstance(before, Match):
        after = decide(ranked(*raised), n, t, PROVISIONAL, asked)
        assert isinstance(after, Match)
        assert after.candidate.row == before.candidate.row == row


@given(st.lists(evidences, min_size=2, max_size=5), sizes, tries, policies)
def test_a_match_always_leads_by_the_margin(
    values: list[float], n: int, t: int, policy: Policy
) -> None:
    finding = decide(ranked(*values), n, t, policy)
    if isinstance(finding, Match):
        first, second = sorted(values, reverse=True)[:2]
        assert first - second >= PROVISIONAL.margin_log10
        assert first >= identify_threshold(n, t, PROVISIONAL)


def test_two_voters_too_close_match_nobody() -> None:
    assert isinstance(decide(ranked(9.0, 8.5), 600, 1, PROVISIONAL), NoMatch)


def test_nobody_at_all() -> None:
    threshold = identify_threshold(600, 1, PROVISIONAL)
    assert decide((), 600, 1, PROVISIONAL) == NoMatch(None, threshold)


def test_a_named_voter_needs_less() -> None:
    assert isinstance(decide(ranked(4.5), 600, 1, PROVISIONAL, named_row=0), Match)
    assert isinstance(decide(ranked(4.5), 600, 1, PROVISIONAL), NoMatch)


def test_a_named_voter_below_the_threshold_or_absent_is_no_match() -> None:
    assert decide(ranked(3.9), 600, 1, PROVISIONAL, named_row=0) == NoMatch(3.9, 4.0)
    assert decide(ranked(5.0), 600, 1, PROVISIONAL, named_row=7) == NoMatch(None, 4.0)


def test_another_voters_finger_is_its_own_case() -> None:
    assert isinstance(decide(ranked(1.0, 9.0), 600, 1, PROVISIONAL, named_row=0), OtherVoter)
    assert isinstance(decide(ranked(5.0, 9.0), 600, 1, PROVISIONAL, named_row=0), OtherVoter)


@given(several, sizes, tries)
def test_a_named_voter_is_the_only_one_to_match(values: list[float], n: int, t: int) -> None:
    finding = decide(ranked(*values), n, t, PROVISIONAL, named_row=0)
    assert not isinstance(finding, Match) or finding.candidate.row == 0


@given(several, sizes, tries, named_rows)
def test_the_same_in_the_same_out(values: list[float], n: int, t: int, named: int | None) -> None:
    once = decide(ranked(*values), n, t, PROVISIONAL, named)
    decide(ranked(12.0), 1, 1, PROVISIONAL)
    assert decide(ranked(*values), n, t, PROVISIONAL, named) == once
