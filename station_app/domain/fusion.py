"""Evidence of several tries put together, in -log10 of a p-value; never raw scores.

One piece of evidence e says: a comparison with somebody else's finger reaches this at most
once in 10^e. Sums of such numbers say nothing of the kind; what is computed here does, and
every function keeps that meaning: an impostor gets e or more at most once in 10^e.

* Tries of one finger resemble each other: the strongest counts, at the price of having had
  k chances (Bonferroni), whatever the dependence.
* Different fingers are taken as independent: Fisher's combination (R. A. Fisher, Statistical
  Methods for Research Workers, 4th ed., 1932, section 21.1). Fingers are joined only where each
  try met the very finger that was asked for: then a voter has one way of being joined, not one
  for every choice among their fingers, and one finger laid down twice joins nothing.
* Whatever else is asked for, a face for one, is a source of its own beside the fingers and joined
  by the same rule. Two engines that compare one finger are not independent: their tries are
  tries of that finger. A session that has asked for fingers alone is decided by them alone.
* The strongest finger alone stays a way to be identified beside the joined one: m fingers
  and their combination are m + 1 chances, and that is the price.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from station_app.domain.fingers import FingerPosition
from station_app.domain.matching import Candidate
from station_app.domain.samples import Asked, Finger

_ANY_FINGER: Final = Finger(FingerPosition.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Compared:
    """One adequate sample of a session: what was asked for, and whom it resembled.

    `engine` compared it with `searched` templates.
    """

    asked: Asked
    candidates: tuple[Candidate, ...]
    searched: int
    engine: str


def combine(evidences: Sequence[float]) -> float:
    """Evidence of different fingers for one voter; each at least 0, any order.

    One alone is unchanged, none at all is 0. Rises with each of them; never above their sum.
    """
    if len(evidences) < 2:
        return max(evidences, default=0.0)
    return _paid(max(*evidences, _fisher(evidences)), len(evidences) + 1)


def combine_same(evidences: Sequence[float]) -> float:
    """Evidence of several tries of one finger, dependent in whatever way."""
    return _paid(max(evidences, default=0.0), len(evidences))


def session_candidates(tries: Sequence[Compared]) -> tuple[Candidate, ...]:
    """Every voter met in a session's adequate images, with the evidence of all of them.

    Strongest first. Where an image has no candidate for the voter its evidence is 0. What was
    `met` is that of the voter's strongest try.
    """
    strongest: dict[int, Candidate] = {}
    for image in tries:
        for seen in image.candidates:
            known = strongest.get(seen.row)
            if known is None or seen.evidence > known.evidence:
                strongest[seen.row] = seen
    joined = [Candidate(row, best.met, _of_voter(tries, row)) for row, best in strongest.items()]
    return tuple(sorted(joined, key=lambda candidate: -candidate.evidence))


def _of_voter(tries: Sequence[Compared], row: int) -> float:
    """One voter's evidence over all tries.

    A try that met another of the voter's fingers than the one asked for counts alone
    and is not joined.
    """
    alone: dict[Asked, list[float]] = {}
    joinable: dict[Asked, list[float]] = {}
    for image in tries:
        met = next((seen for seen in image.candidates if seen.row == row), None)
        asked_for = met is not None and met.met == image.asked != _ANY_FINGER
        evidence = 0.0 if met is None else met.evidence
        alone.setdefault(image.asked, []).append(evidence)
        joinable.setdefault(image.asked, []).append(evidence if asked_for else 0.0)
    singly = max(combine_same(evidences) for evidences in alone.values())
    if len(alone) == 1:
        return singly
    return max(
        combine([combine_same(evidences) for evidences in joinable.values()]),
        _paid(singly, len(alone) + 1),
    )


def _fisher(evidences: Sequence[float]) -> float:
    """-log10 of P(chi-square with 2k degrees of freedom >= 2 ln 10 x the sum).

    For whole k that probability is exp(-x) times the sum of x^j / j!, j below k.
    """
    x = math.log(10) * sum(evidences)
    term, terms = 1.0, 1.0
    for j in range(1, len(evidences)):
        term *= x / j
        terms += term
    return sum(evidences) - math.log10(terms)


def _paid(evidence: float, chances: int) -> float:
    """What is left of the strongest of so many chances; never below 0."""
    return max(0.0, evidence - math.log10(max(chances, 1)))
