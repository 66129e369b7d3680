"""The decision rule: monotone in evidence, stricter with N, never laxer than the floor."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.captures import RetryReason
from station_app.domain.decision import (
    Inadequate,
    Match,
    NoMatch,
    OtherVoter,
    decide,
    identify_threshold,
    verify_threshold,
)
from station_app.domain.fingers import FingerPosition
from station_app.domain.matching import Candidate, Examination
from station_app.domain.policy import PROVISIONAL

evidences = st.floats(min_value=0, max_value=30, allow_nan=False)
sizes = st.integers(min_value=1, max_value=10_000_000)
tries = st.integers(min_value=1, max_value=10)


def seen(*evidence: float, compared: int = 600, quality: int = 80) -> Examination:
    candidates = tuple(
        Candidate(row, FingerPosition.RIGHT_INDEX, value)
        for row, value in sorted(enumerate(evidence), key=lambda pair: -pair[1])
    )
    return Examination(quality, None, candidates, compared, 0.0, 0.0)


def test_threshold_is_the_rule_of_the_design() -> None:
    assert math.isclose(identify_threshold(600, 2, PROVISIONAL), -math.log10(1e-3 / 1200))
    assert verify_threshold(PROVISIONAL) == 4.0


def test_a_policy_cannot_be_laxer_than_the_floor() -> None:
    lax = replace(PROVISIONAL, fpir_log10=0.0, fmr_verify_log10=1.0)
    assert identify_threshold(600, 1, lax) == identify_threshold(600, 1, PROVISIONAL)
    assert verify_threshold(lax) == verify_threshold(PROVISIONAL)


@given(sizes, sizes, tries, tries)
def test_threshold_grows_with_the_gallery_and_the_tries(a: int, b: int, s: int, t: int) -> None:
    low = identify_threshold(min(a, b), min(s, t), PROVISIONAL)
    assert low <= identify_threshold(max(a, b), max(s, t), PROVISIONAL)


@given(evidences, evidences, sizes, tries)
def test_more_evidence_never_takes_a_match_away(a: float, b: float, n: int, t: int) -> None:
    low, high = sorted((a, b))
    if isinstance(decide(seen(low, compared=n), None, t, PROVISIONAL), Match):
        assert isinstance(decide(seen(high, compared=n), None, t, PROVISIONAL), Match)


@given(st.lists(evidences, min_size=2, max_size=5), sizes, tries)
def test_a_match_always_leads_by_the_margin(values: list[float], n: int, t: int) -> None:
    finding = decide(seen(*values, compared=n), None, t, PROVISIONAL)
    if isinstance(finding, Match):
        first, second = sorted(values, reverse=True)[:2]
        assert first - second >= PROVISIONAL.margin_log10
        assert first >= identify_threshold(n, t, PROVISIONAL)


def test_low_quality_is_inadequate_whatever_it_matches() -> None:
    assert decide(seen(20.0, quality=5), None, 1, PROVISIONAL) == Inadequate()


def test_two_voters_too_close_match_nobody() -> None:
    assert isinstance(decide(seen(9.0, 8.5), None, 1, PROVISIONAL), NoMatch)


def test_nobody_at_all() -> None:
    assert decide(seen(), None, 1, PROVISIONAL) == NoMatch(
        None, identify_threshold(600, 1, PROVISIONAL)
    )


def test_a_named_voter_needs_less() -> None:
    assert isinstance(decide(seen(4.5), 0, 1, PROVISIONAL), Match)
    assert isinstance(decide(seen(4.5), None, 1, PROVISIONAL), NoMatch)


def test_a_named_voter_below_the_threshold_or_absent_is_no_match() -> None:
    assert decide(seen(3.9), 0, 1, PROVISIONAL) == NoMatch(3.9, 4.0)
    assert decide(seen(5.0), 7, 1, PROVISIONAL) == NoMatch(None, 4.0)


def test_another_voters_finger_is_its_own_case() -> None:
    assert isinstance(decide(seen(1.0, 9.0), 0, 1, PROVISIONAL), OtherVoter)
    assert isinstance(decide(seen(5.0, 9.0), 0, 1, PROVISIONAL), OtherVoter)


examinations = st.builds(
    seen, evidences, evidences, compared=sizes, quality=st.integers(min_value=0, max_value=100)
)
named_rows = st.none() | st.integers(min_value=0, max_value=2)


@given(examinations, named_rows, tries, examinations, st.sampled_from(RetryReason), evidences)
def test_a_decision_rests_on_evidence_and_quality_alone(
    image: Examination,
    named: int | None,
    number: int,
    other: Examination,
    hint: RetryReason,
    milliseconds: float,
) -> None:
    before = decide(image, named, number, PROVISIONAL)
    decide(other, None, 1, PROVISIONAL)
    same = replace(image, hint=hint, extract_ms=milliseconds, search_ms=milliseconds)
    assert decide(same, named, number, PROVISIONAL) == before


@given(examinations, tries)
def test_a_named_voter_is_the_only_one_to_match(image: Examination, number: int) -> None:
    finding = decide(image, 0, number, PROVISIONAL)
    assert not isinstance(finding, Match) or finding.candidate.row == 0
