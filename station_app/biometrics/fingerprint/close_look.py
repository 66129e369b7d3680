"""Stage 9: the score of a comparison, put together from its parts.

The score depends on the two fingers alone, not on the list they were found in.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.agreement import Agreement, agreement_of
from station_app.biometrics.fingerprint.comparable import Comparables
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.relaxation import (
    Pairs,
    relaxation_scores,
    relaxed_pairs,
    similarities,
)

_Array = NDArray[np.float32]

_STRIP = 64  # candidates at a time: their tables then stay in the cache


@dataclass(frozen=True, slots=True)
class CloseLook:
    """One probe against k candidates, all with enough codes; every float32 array is (k,).

    `relaxation`: mean relaxed similarity of the best pairs, 0..1. `likeness`: the prefilter's
    measure, over all codes. `share`: how much of the shared area's minutiae met, 0..1.
    `support`: 0..1, less where few codes were compared. `scores` is made of these four.
    """

    relaxation: _Array
    likeness: _Array
    share: _Array
    support: _Array
    scores: _Array
    pairs: Pairs
    agreement: Agreement


def look_closely(probe: Comparables, others: Comparables, p: Parameters = STANDARD) -> CloseLook:
    """Compare one probe with k candidates; both sides need `p.min_cylinders` codes or more."""
    similarity = similarities(probe, others)
    pairs = relaxed_pairs(probe, others, similarity, p)
    relaxation, likeness, support = _resemblance(probe, others, similarity, pairs, p)
    agreement = agreement_of(probe, others, pairs, p)
    share = agreement.share(p)
    alike = relaxation + np.float32(p.prefilter_share) * likeness
    scores = support * alike * (np.float32(p.share_floor) + share)
    return CloseLook(relaxation, likeness, share, support, scores, pairs, agreement)


def _resemblance(
    probe: Comparables, others: Comparables, similarity: _Array, pairs: Pairs, p: Parameters
) -> tuple[_Array, _Array, _Array]:
    """Relaxation score, likeness and support: what can be said without laying prints together."""
    n, counts = int(probe.counts[0]), others.counts
    best = np.maximum(similarity.max(axis=2) - np.float32(p.prefilter_floor), 0)
    likeness = np.square(best).sum(axis=1) / np.sqrt(counts * n).astype(np.float32)
    return relaxation_scores(pairs, p), likeness, support_of(probe, others, p)


def support_of(probe: Comparables, others: Comparables, p: Parameters = STANDARD) -> _Array:
    """The smaller number of codes of one probe and k candidates over `p.full_support`, 0..1."""
    codes = np.minimum(others.counts, int(probe.counts[0]))
    return np.minimum(1, codes / p.full_support).astype(np.float32)


def _least_scores(probe: Comparables, others: Comparables, p: Parameters) -> _Array:
    """The scores if nothing met, float32 (k,)."""
    scores = np.empty(len(others), np.float32)
    for start in range(0, len(others), _STRIP):
        strip = slice(start, start + _STRIP)
        part = others.picked(strip)
        similarity = similarities(probe, part)
        pairs = relaxed_pairs(probe, part, similarity, p)
        relaxation, likeness, support = _resemblance(probe, part, similarity, pairs, p)
        alike = relaxation + np.float32(p.prefilter_share) * likeness
        scores[strip] = support * alike * np.float32(p.share_floor)
    return scores


def comparison_scores(
    probe: Comparables, others: Comparables, p: Parameters = STANDARD, most: int | None = None
) -> _Array:
    """Scores of one probe against k candidates, float32 (k,).

    A side with fewer than `p.min_cylinders` codes scores 0: a handful agrees by chance. Of more
    than `most` candidates only the `most` most alike are laid on the probe; the others
    have the score they would have if nothing met.
    """
    scores = np.zeros(len(others), np.float32)
    fit = np.flatnonzero(others.counts >= p.min_cylinders)
    if len(fit) == 0 or int(probe.counts[0]) < p.min_cylinders:
        return scores
    if most is not None and len(fit) > most:
        scores[fit] = _least_scores(probe, others.picked(fit), p)
        fit = np.argpartition(-scores, most)[:most]
    scores[fit] = look_closely(probe, others.picked(fit), p).scores
    return scores
