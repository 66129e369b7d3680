"""Whether an image identifies somebody: one pure function over the matching core's answer.

Evidence is -log10 FMR. The rule is DECISIONS 1 and 9: a 1:1 decision is held against the
policy's FMR; a 1:N decision against the false positive identification rate divided by
the number of comparisons the session has made, N = fingers compared x tries used.
"""

import math
from dataclasses import dataclass

from station_app.domain.matching import Candidate, Examination
from station_app.domain.policy import Policy

FMR_VERIFY_FLOOR_LOG10 = 4.0
"""No policy verifies at a higher FMR than 10^-4."""

FPIR_FLOOR_LOG10 = 3.0
"""No policy identifies at a higher FPIR than 10^-3 a session."""


@dataclass(frozen=True, slots=True)
class Inadequate:
    """The image is not fit to compare."""


@dataclass(frozen=True, slots=True)
class NoMatch:
    """The image is fit, and nobody (or not the named voter) reaches the threshold.

    `best` is the strongest candidate's evidence, None without a candidate.
    """

    best: float | None
    threshold: float


@dataclass(frozen=True, slots=True)
class Match:
    """The finger is this voter's."""

    candidate: Candidate
    threshold: float


@dataclass(frozen=True, slots=True)
class OtherVoter:
    """A voter was named by PIN, and the finger is another voter's of this list."""

    evidence: float
    threshold: float


Finding = Inadequate | NoMatch | Match | OtherVoter


def identify_threshold(fingers_compared: int, tries: int, policy: Policy) -> float:
    """Evidence needed in a 1:N search of `fingers_compared` fingers at try number `tries`."""
    fpir = max(policy.fpir_log10, FPIR_FLOOR_LOG10)
    return fpir + math.log10(max(fingers_compared, 1) * max(tries, 1))


def verify_threshold(policy: Policy) -> float:
    """Evidence needed to confirm the voter whose PIN was given."""
    return max(policy.fmr_verify_log10, FMR_VERIFY_FLOOR_LOG10)


def decide(seen: Examination, named_row: int | None, tries: int, policy: Policy) -> Finding:
    """Decide one examined image; `tries` counts this one, `named_row` is the PIN's voter."""
    if seen.quality < policy.quality_floor:
        return Inadequate()
    threshold = identify_threshold(seen.fingers_compared, tries, policy)
    leader = _leader(seen.candidates, threshold, policy.margin_log10)
    if named_row is None:
        if leader is not None:
            return Match(leader, threshold)
        best = seen.candidates[0].evidence if seen.candidates else None
        return NoMatch(best, threshold)
    if leader is not None and leader.row != named_row:
        return OtherVoter(leader.evidence, threshold)
    verify = verify_threshold(policy)
    named = next((one for one in seen.candidates if one.row == named_row), None)
    if named is not None and named.evidence >= verify:
        return Match(named, verify)
    return NoMatch(None if named is None else named.evidence, verify)


def _leader(candidates: tuple[Candidate, ...], threshold: float, margin: float) -> Candidate | None:
    """The first candidate if it passes the threshold and leads the second by the margin."""
    if not candidates or candidates[0].evidence < threshold:
        return None
    if len(candidates) > 1 and candidates[0].evidence - candidates[1].evidence < margin:
        return None
    return candidates[0]
