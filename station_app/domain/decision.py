"""Whether a finger identifies somebody: one pure function over the candidates' evidence.

Evidence is -log10 FMR. The rule is DECISIONS 1 and 9: a 1:1 decision is held against the
policy's FMR; a 1:N decision against the false positive identification rate divided by
the number of comparisons the session has made, N = fingers compared x tries used.

A session looks again after each try, each time with N one gallery larger: over t tries the
chances of a false identification are at most 1 + 1/2 + ... + 1/t of the rate, 1.5 times for
the two tries of a person without a PIN.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from station_app.domain.matching import Candidate
from station_app.domain.policy import Policy

FMR_VERIFY_FLOOR_LOG10 = 4.0
"""No policy verifies at a higher FMR than 10^-4."""

FPIR_FLOOR_LOG10 = 3.0
"""No policy identifies at a higher FPIR than 10^-3 a session."""

MARGIN_FLOOR_LOG10 = 1.0
"""No policy lets the second voter come closer than this to the first."""

# Below, the floor is the first argument of `max`: a policy value that is no number loses to it.


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Nobody, or not the named voter, reaches the threshold.

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


Finding = NoMatch | Match | OtherVoter


def identify_threshold(fingers_compared: int, tries: int, policy: Policy) -> float:
    """Evidence needed in a 1:N search of `fingers_compared` fingers at try number `tries`."""
    fpir = max(FPIR_FLOOR_LOG10, policy.fpir_log10)
    return fpir + math.log10(max(fingers_compared, 1) * max(tries, 1))


def verify_threshold(policy: Policy) -> float:
    """Evidence needed to confirm the voter whose PIN was given."""
    return max(FMR_VERIFY_FLOOR_LOG10, policy.fmr_verify_log10)


def decide(
    candidates: Sequence[Candidate],
    fingers_compared: int,
    tries: int,
    policy: Policy,
    named_row: int | None = None,
) -> Finding:
    """Decide over the candidates of one session so far, strongest first, one a voter.

    `fingers_compared` is the gallery's size, `tries` counts every try used including this
    one, `named_row` is the PIN's voter. Where two lead closely nobody is identified.
    """
    threshold = identify_threshold(fingers_compared, tries, policy)
    leader = _leader(candidates, threshold, max(MARGIN_FLOOR_LOG10, policy.margin_log10))
    if named_row is None:
        if leader is not None:
            return Match(leader, threshold)
        return NoMatch(candidates[0].evidence if candidates else None, threshold)
    if leader is not None and leader.row != named_row:
        return OtherVoter(leader.evidence, threshold)
    verify = verify_threshold(policy)
    named = next((one for one in candidates if one.row == named_row), None)
    if named is not None and named.evidence >= verify:
        return Match(named, verify)
    return NoMatch(None if named is None else named.evidence, verify)


def _leader(candidates: Sequence[Candidate], threshold: float, margin: float) -> Candidate | None:
    """The first candidate if it passes the threshold and leads the second by the margin."""
    if not candidates or candidates[0].evidence < threshold:
        return None
    second = candidates[1].evidence if len(candidates) > 1 else -math.inf
    return None if candidates[0].evidence - second < margin else candidates[0]
