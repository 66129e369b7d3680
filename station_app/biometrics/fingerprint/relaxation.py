"""Stage 7: greedy pairing of minutiae and relaxation of the pairs (LGS-R).

Cappelli, Ferrara, Maltoni, IEEE TPAMI 32(12), 2010, section 4; all candidates of a probe
are worked through together. Local similarity is that of the codes, which told genuine from
impostor pairs better than the full cylinders did, on invented and on real fingers alike.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.comparable import Comparables
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters

_Array = NDArray[np.float32]


def similarities(probe: Comparables, others: Comparables) -> _Array:
    """Similarity of every code of the probe with every code of k others, float32 (k, n, m).

    The codes' dot products, nothing below 0; 0 where either place is empty.
    """
    n, (k, m, size) = int(probe.counts[0]), others.codes.shape
    products = probe.codes[0, :n] @ others.codes.reshape(k * m, size).T
    positive = np.maximum(products, np.float32(0), out=products)
    return np.ascontiguousarray(positive.reshape(n, k, m).transpose(1, 0, 2))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Greedy pairs of k candidates, the most similar first, all arrays (k, most) but the last.

    `probe`, `candidate`: intp, places among the minutiae of either side; `used`: bool, False
    beyond a candidate's last pair. `before`, `after`: float32, similarity before and after
    relaxation. `compatibility`: float32 (k, most, most), 0..1, how well two pairs agree in
    their geometry.
    """

    probe: NDArray[np.intp]
    candidate: NDArray[np.intp]
    before: _Array
    after: _Array
    used: NDArray[np.bool_]
    compatibility: _Array


def relaxed_pairs(
    probe: Comparables, others: Comparables, similarity: _Array, p: Parameters = STANDARD
) -> Pairs:
    """Pairs of one probe with k candidates whose `similarity` (k, n, m) is given."""
    pairs = np.minimum(others.counts, int(probe.counts[0]))
    a, b, strength = _greedy_pairs(similarity, int(pairs.max(initial=0)))
    used = np.arange(strength.shape[1]) < pairs[:, np.newaxis]
    strength = np.where(used, strength, np.float32(0))
    compatibility = _compatibility(probe, others, a, b, p)
    relaxed = _relaxed(strength, used, pairs, compatibility, p)
    return Pairs(a, b, strength, relaxed, used, compatibility)


def relaxation_scores(pairs: Pairs, p: Parameters = STANDARD) -> _Array:
    """Scores 0..1 of k candidates, float32 (k,): the mean `after` of the pairs that count."""
    order, wanted = ranking(pairs, p)
    ranked = np.take_along_axis(pairs.after, order, axis=1)
    counted = np.arange(ranked.shape[1]) < wanted[:, np.newaxis]
    return np.asarray((ranked * counted).sum(axis=1) / np.maximum(wanted, 1), np.float32)


def _greedy_pairs(
    similarity: _Array, most: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], _Array]:
    """The `most` best pairs of every candidate, no minutia twice (LGS, algorithm 1).

    Returns probe places, candidate places and similarities, each (k, most), best first.
    """
    k = len(similarity)
    left = similarity.copy()
    a, b = np.zeros((k, most), np.intp), np.zeros((k, most), np.intp)
    strength = np.zeros((k, most), np.float32)
    every = np.arange(k)
    row_best, row_place = left.max(axis=2), left.argmax(axis=2)
    for turn in range(most):
        a[:, turn] = row_best.argmax(axis=1)
        b[:, turn] = row_place[every, a[:, turn]]
        strength[:, turn] = row_best[every, a[:, turn]]
        left[every, a[:, turn], :] = -1
        left[every, :, b[:, turn]] = -1
        row_best[every, a[:, turn]] = -1
        # Only rows whose best partner was just taken need a new one.
        stale_k, stale_row = np.nonzero((row_place == b[:, turn, np.newaxis]) & (row_best >= 0))
        fresh = left[stale_k, stale_row]
        row_place[stale_k, stale_row] = fresh.argmax(axis=1)
        row_best[stale_k, stale_row] = fresh.max(axis=1)
    return a, b, strength


def _compatibility(
    probe: Comparables, others: Comparables, a: NDArray[np.intp], b: NDArray[np.intp], p: Parameters
) -> _Array:
    """How well every two pairs agree in their geometry, float32 (k, pairs, pairs), eq. 17."""
    distance_a, turn_a, radial_a = _geometry(probe.points[0][a], probe.radians[0][a])
    every = np.arange(len(b))[:, np.newaxis]
    distance_b, turn_b, radial_b = _geometry(others.points[every, b], others.radians[every, b])
    return np.asarray(
        _sigmoid(np.abs(distance_a - distance_b), p.relax_distance)
        * _sigmoid(np.abs(_wrapped(turn_a - turn_b)), p.relax_angle)
        * _sigmoid(np.abs(_wrapped(radial_a - radial_b)), p.relax_radial),
        np.float32,
    )


def _geometry(points: _Array, radians: _Array) -> tuple[_Array, _Array, _Array]:
    """Distance, angle difference and radial angle between all minutiae of one side."""
    dx = points[:, :, np.newaxis, 0] - points[:, np.newaxis, :, 0]
    dy = points[:, :, np.newaxis, 1] - points[:, np.newaxis, :, 1]
    turn = radians[:, :, np.newaxis] - radians[:, np.newaxis, :]
    radial = radians[:, :, np.newaxis] - np.arctan2(dy, dx)
    return np.hypot(dx, dy), turn, radial


def _wrapped(angle: _Array) -> _Array:
    turns = np.rint(angle * np.float32(0.5 / np.pi))
    return np.asarray(angle - np.float32(2 * np.pi) * turns, np.float32)


def _sigmoid(value: _Array, shape: tuple[float, float]) -> _Array:
    mean, slope = shape
    exponent = np.clip(np.float32(-slope) * (value - np.float32(mean)), -30, 30)
    return np.asarray(1 / (1 + np.exp(exponent)), np.float32)


def _relaxed(
    strength: _Array,
    used: NDArray[np.bool_],
    pairs: NDArray[np.intp],
    compatibility: _Array,
    p: Parameters,
) -> _Array:
    """Similarities after `p.relax_rounds` of support by compatible pairs, equation 16."""
    support = compatibility * (used[:, np.newaxis, :] & used[:, :, np.newaxis])
    diagonal = np.arange(support.shape[1])
    support[:, diagonal, diagonal] = 0
    support *= (
        np.float32(1 - p.relax_weight)
        / np.maximum(pairs - 1, 1).astype(np.float32)[:, np.newaxis, np.newaxis]
    )
    current = strength
    for _ in range(p.relax_rounds):
        current = (
            np.float32(p.relax_weight) * current
            + np.matmul(support, current[..., np.newaxis])[..., 0]
        )
    return current


def ranking(pairs: Pairs, p: Parameters = STANDARD) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs by the share of similarity they kept, and n_P, how many count: eq. 12 and 18."""
    most = pairs.used.sum(axis=1)
    share = _sigmoid(most.astype(np.float32), (p.pairs_mean, p.pairs_slope))
    wanted = p.pairs_min + np.rint(share * (p.pairs_max - p.pairs_min)).astype(np.intp)
    real = pairs.used & (pairs.before > 0)
    kept = np.where(real, pairs.after / np.maximum(pairs.before, 1e-6), -1)
    order = np.argsort(-kept, axis=1, kind="stable")
    return order, np.minimum(wanted, most)
