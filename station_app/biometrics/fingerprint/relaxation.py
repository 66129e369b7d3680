"""Stage 7: the close look at a few candidates: greedy pairing and relaxation (LGS-R).

Cappelli, Ferrara, Maltoni, IEEE TPAMI 32(12), 2010, section 4; all candidates of a probe
are worked through together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.cylinders import Cylinders
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters

_Array = NDArray[np.float32]


def relaxation_scores(probe: Cylinders, candidates: Cylinders, p: Parameters = STANDARD) -> _Array:
    """Scores 0..1 of `k` candidates against one probe, float32 (k,).

    `probe` holds one finger, `candidates` k fingers. A side with fewer than
    `p.min_cylinders` cylinders scores 0: a handful of cylinders agrees by chance.
    """
    scores = np.zeros(len(candidates.counts), np.float32)
    fit = np.flatnonzero(candidates.counts >= p.min_cylinders)
    if int(probe.counts[0]) < p.min_cylinders or len(fit) == 0:
        return scores
    work = _pair_up(probe, _picked(candidates, fit), p)
    order, wanted = _ranking(work, p)
    ranked = np.take_along_axis(work.relaxed, order, axis=1)
    counted = np.arange(ranked.shape[1]) < wanted[:, np.newaxis]
    scores[fit] = (ranked * counted).sum(axis=1) / wanted
    return scores


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs behind the score of one candidate, those that kept most of their similarity first.

    `probe`, `candidate`: intp (pairs,), places among the cylinders of either side. `before`,
    `after`: float32 (pairs,), similarity before and after relaxation. The first `counted`
    pairs make the score: it is the mean of their `after`.
    """

    probe: NDArray[np.intp]
    candidate: NDArray[np.intp]
    before: _Array
    after: _Array
    counted: int


def pairing_of(probe: Cylinders, candidate: Cylinders, p: Parameters = STANDARD) -> Pairing:
    """The pairs of two fingers; none where either side is too small for a score."""
    if min(probe.counts[0], candidate.counts[0]) < p.min_cylinders:
        nowhere, nothing = np.zeros(0, np.intp), np.zeros(0, np.float32)
        return Pairing(nowhere, nowhere, nothing, nothing, 0)
    work = _pair_up(probe, _picked(candidate, np.array([0])), p)
    order, wanted = _ranking(work, p)
    first = order[0][work.used[0][order[0]]]
    return Pairing(
        probe=work.a[0][first],
        candidate=work.b[0][first],
        before=work.strength[0][first],
        after=work.relaxed[0][first],
        counted=int(wanted[0]),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """Greedy pairs of k candidates and their similarities, all arrays (k, most)."""

    a: NDArray[np.intp]
    b: NDArray[np.intp]
    strength: _Array
    relaxed: _Array
    used: NDArray[np.bool_]
    pairs: NDArray[np.intp]


def _pair_up(probe: Cylinders, others: Cylinders, p: Parameters) -> _Work:
    similarity = _similarities(probe, others, p)
    pairs = np.minimum(others.counts, int(probe.counts[0]))
    a, b, strength = _greedy_pairs(similarity, int(pairs.max()))
    used = np.arange(strength.shape[1]) < pairs[:, np.newaxis]
    strength = np.where(used, strength, np.float32(0))
    relaxed = _relaxed(strength, used, pairs, _compatibility(probe, others, a, b, p), p)
    return _Work(a, b, strength, relaxed, used, pairs)


def _picked(all_of: Cylinders, fit: NDArray[np.intp]) -> Cylinders:
    """The fingers `fit`, with no more places than the largest of them needs."""
    m = int(all_of.counts[fit].max())
    return Cylinders(
        values=all_of.values[fit, :m],
        valid=all_of.valid[fit, :m],
        counts=all_of.counts[fit],
        points=all_of.points[fit, :m],
        radians=all_of.radians[fit, :m],
    )


def _similarities(probe: Cylinders, others: Cylinders, p: Parameters) -> _Array:
    """Local similarity of all cylinder pairs, float32 (k, n, m), equations 10 and 11."""
    n, (k, m, cells) = int(probe.counts[0]), others.valid.shape
    values, valid = probe.values[0, :n], probe.valid[0, :n]
    rows, rows_valid = others.values.reshape(k * m, -1), others.valid.reshape(k * m, cells)
    squares = np.square(values).reshape(n, cells, -1).sum(axis=-1)
    rows_squares = np.square(rows).reshape(k * m, cells, -1).sum(axis=-1)
    # Invalid cells are 0 on their own side: only the norms need the other side's mask.
    own, other = squares @ rows_valid.T, valid @ rows_squares.T
    apart = np.sqrt(np.maximum(own + other - 2 * (values @ rows.T), 0))
    total = np.sqrt(own) + np.sqrt(other)
    similarity = 1 - apart / np.maximum(total, np.float32(1e-6))
    common = valid @ rows_valid.T
    turned = np.cos(probe.radians[0, :n, np.newaxis] - others.radians.reshape(-1))
    comparable = (common >= p.min_matchable * cells) & (turned >= np.cos(p.max_rotation))
    comparable &= (np.arange(m) < others.counts[:, np.newaxis]).reshape(-1)
    similarity = np.where(comparable, similarity, np.float32(0))
    return np.asarray(similarity.reshape(n, k, m).transpose(1, 0, 2), np.float32)


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
    probe: Cylinders, others: Cylinders, a: NDArray[np.intp], b: NDArray[np.intp], p: Parameters
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


def _ranking(work: _Work, p: Parameters) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs by the share of similarity they kept, and n_P, how many count: eq. 12 and 18."""
    share = _sigmoid(work.pairs.astype(np.float32), (p.pairs_mean, p.pairs_slope))
    wanted = p.pairs_min + np.rint(share * (p.pairs_max - p.pairs_min)).astype(np.intp)
    real = work.used & (work.strength > 0)
    kept = np.where(real, work.relaxed / np.maximum(work.strength, 1e-6), -1)
    order = np.argsort(-kept, axis=1, kind="stable")
    return order, np.minimum(wanted, work.pairs)
