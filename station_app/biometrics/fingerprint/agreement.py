"""Stage 8: lay one print on the other and count how much of what should meet does meet.

Relaxation looks at the best dozen pairs; here every minutia of the shared area counts, for or
against. The pairs place the probe on the candidate (rotation and shift, weighted least squares,
Umeyama, IEEE TPAMI 13(4), 1991), one guess for each of a few strongest pairs; the best guess is
refined on the minutiae that met, and bent to follow the skin.

Some minutiae meet by chance: the more, the more minutiae there are and the more alike the ridges
run in both prints. How many is read off the minutiae of like direction that lie near each other
without meeting, and taken out of what counts, as Cohen's kappa does (Educational and Psychological
Measurement 20(1), 1960).
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.comparable import Comparables
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.relaxation import Pairs

_Array = NDArray[np.float32]
_Places = NDArray[np.intp]
_Value = TypeVar("_Value", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The pairs found, for k candidates.

    `matched`: intp (k,), minutiae that met, one to one. `probe`, `candidate`: intp (k,), the
    minutiae of either side that lie in the shared area. `chance`: float32 (k,), how many would
    meet by chance, were the prints laid together at random. `turn`: float32 (k,), radians the
    probe was turned clockwise; `shift`: float32 (k, 2), added after the turn about the origin.
    `partner`: intp (k, n), for every minutia of the probe the candidate's it met, or -1.
    """

    matched: _Places
    probe: _Places
    candidate: _Places
    chance: _Array
    turn: _Array
    shift: _Array
    partner: _Places

    def share(self, p: Parameters = STANDARD) -> _Array:
        """Share of the shared area's minutiae that met beyond chance, 0..1, float32 (k,).

        Cohen's kappa, with `p.chance_meets` times `chance` expected and `p.share_doubt` minutiae
        added to what should have met: two of two prove less than twenty of twenty.
        """
        expected = np.float32(p.chance_meets) * self.chance
        most = np.sqrt(self.probe.astype(np.float32) * self.candidate)
        beyond = np.maximum(self.matched - expected, 0)
        return np.asarray(
            beyond / (np.maximum(most - expected, 0) + np.float32(p.share_doubt)), np.float32
        )


def agreement_of(
    probe: Comparables, others: Comparables, pairs: Pairs, p: Parameters = STANDARD
) -> Agreement:
    """Agreement of one probe with the candidates whose `pairs` are given."""
    turn, shift = _best_guess(probe, others, pairs, p)
    every = np.arange(len(others))[:, np.newaxis]
    gap, like = _apart(_moved(probe, turn, shift), turn, probe, others, p)
    partner = _met(gap, like, p.meet_first)
    met = partner >= 0
    weights = met.astype(np.float32)
    target = others.points[every, partner]
    enough = met.sum(axis=1) >= p.pairs_min
    finer, further = _placed(probe.points, target, weights)
    turn = np.where(enough, finer, turn)
    shift = np.where(enough[:, np.newaxis], further, shift)
    laid = _moved(probe, turn, shift)
    partner = _met(*_apart(laid, turn, probe, others, p), p.meet)
    laid = _bent(laid, others.points[every, partner], partner >= 0, p)
    gap, like = _apart(laid, turn, probe, others, p)
    partner = _met(gap, like, p.meet)
    near = gap <= np.float32(p.near**2)
    return Agreement(
        matched=(partner >= 0).sum(axis=1),
        probe=near.any(axis=2).sum(axis=1),
        candidate=near.any(axis=1).sum(axis=1),
        chance=_chance(near & like & (gap > np.float32(p.meet**2)), p),
        turn=turn,
        shift=shift,
        partner=partner,
    )


def _best_guess(
    probe: Comparables, others: Comparables, pairs: Pairs, p: Parameters
) -> tuple[_Array, _Array]:
    """Turn and shift from the pair whose placement most pairs fit, each with its kin."""
    k, most = pairs.probe.shape
    guesses = min(p.guesses, most)
    every = np.arange(k)[:, np.newaxis]
    seeds = np.argsort(-np.where(pairs.used, pairs.after, -1), axis=1, kind="stable")[:, :guesses]
    source, target = probe.points[0][pairs.probe], others.points[every, pairs.candidate]
    apart = others.radians[every, pairs.candidate] - probe.radians[0][pairs.probe]
    weights = (
        pairs.compatibility[every, seeds] * np.where(pairs.used, pairs.after, 0)[:, np.newaxis]
    )
    weights[every, np.arange(guesses), seeds] = np.maximum(pairs.after[every, seeds], 1e-3)
    flat = weights.reshape(k * guesses, most)

    def again(values: NDArray[_Value]) -> NDArray[_Value]:
        return np.repeat(values, guesses, axis=0)

    turn, shift = _placed(again(source), again(target), flat, again(apart), p.lever)
    laid = _turned(again(source), turn) + shift[:, np.newaxis]
    gap = np.square(laid - again(target)).sum(axis=-1)
    skew = np.cos(again(apart) - turn[:, np.newaxis])
    fits = (gap <= p.meet_first**2) & (skew >= np.cos(p.meet_angle)) & again(pairs.used)
    merit = (fits * again(pairs.before)).sum(axis=1).reshape(k, guesses)
    chosen = np.arange(k) * guesses + merit.argmax(axis=1)
    return turn[chosen], shift[chosen]


def _placed(
    source: _Array,
    target: _Array,
    weights: _Array,
    apart: _Array | None = None,
    lever: float = 0.0,
) -> tuple[_Array, _Array]:
    """Turn (k,) and shift (k, 2) that lay `source` on `target`, (k, n, 2), weighted (k, n).

    A pair's own directions, `apart` radians, count like two points `lever` pixels apart, so
    that one pair alone still says how the print lies.
    """
    total = np.maximum(weights.sum(axis=1, keepdims=True), np.float32(1e-6))
    share = (weights / total)[..., np.newaxis]
    middle, goal = (share * source).sum(axis=1), (share * target).sum(axis=1)
    a, b = source - middle[:, np.newaxis], target - goal[:, np.newaxis]
    along = (share * (a * b)).sum(axis=(1, 2))
    across = (share[..., 0] * (a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])).sum(axis=1)
    if apart is not None:
        along = along + np.float32(lever**2) * (share[..., 0] * np.cos(apart)).sum(axis=1)
        across = across + np.float32(lever**2) * (share[..., 0] * np.sin(apart)).sum(axis=1)
    turn = np.arctan2(across, along).astype(np.float32)
    shift = goal - _turned(middle[:, np.newaxis], turn)[:, 0]
    return turn, np.asarray(shift, np.float32)


def _turned(points: _Array, turn: _Array) -> _Array:
    cos, sin = np.cos(turn)[:, np.newaxis], np.sin(turn)[:, np.newaxis]
    x, y = points[..., 0], points[..., 1]
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def _moved(probe: Comparables, turn: _Array, shift: _Array) -> _Array:
    return _turned(probe.points, turn) + shift[:, np.newaxis]


def _apart(
    laid: _Array, turn: _Array, probe: Comparables, others: Comparables, p: Parameters
) -> tuple[_Array, NDArray[np.bool_]]:
    """Squared distances of the laid probe's minutiae from the candidates', and like directions.

    Both (k, n, m); infinite in empty places. A minutia lies in the shared area when any of the
    other side is within `p.near`.
    """
    real = np.arange(others.points.shape[1]) < others.sizes[:, np.newaxis]
    gap = np.square(laid[:, :, np.newaxis, 0] - others.points[:, np.newaxis, :, 0])
    gap += np.square(laid[:, :, np.newaxis, 1] - others.points[:, np.newaxis, :, 1])
    gap = np.where(real[:, np.newaxis], gap, np.float32(np.inf))
    skew = others.radians[:, np.newaxis] - (probe.radians + turn[:, np.newaxis])[:, :, np.newaxis]
    return gap, np.cos(skew) >= np.float32(np.cos(p.meet_angle))


def _met(gap: _Array, like: NDArray[np.bool_], reach: float) -> _Places:
    """Partners (k, n) of the probe's minutiae, -1 without one.

    Two minutiae meet when each is the other's nearest of like direction within `reach`.
    """
    gap = np.where(like & (gap <= np.float32(reach**2)), gap, np.float32(np.inf))
    forth, back = gap.argmin(axis=2), gap.argmin(axis=1)
    own = np.arange(gap.shape[1])
    mutual = np.take_along_axis(back, forth, axis=1) == own
    found = np.take_along_axis(gap, forth[..., np.newaxis], axis=2)[..., 0] < np.inf
    return np.where(mutual & found, forth, -1)


def _chance(ring: NDArray[np.bool_], p: Parameters) -> _Array:
    """Expected number of the probe's minutiae with a partner by chance, float32 (k,).

    `ring` (k, n, m): minutiae of like direction between `p.meet` and `p.near` apart. As dense as
    in that ring they would lie within `p.meet` too; a Poisson process then has at least one
    there with probability 1 - exp(-how many are expected).
    """
    area = np.float32(p.meet**2 / (p.near**2 - p.meet**2))
    expected = ring.sum(axis=2).astype(np.float32) * area
    return np.asarray(-np.expm1(-expected).sum(axis=1), np.float32)


def _bent(laid: _Array, target: _Array, met: NDArray[np.bool_], p: Parameters) -> _Array:
    """The laid print pulled towards what it met, smoothly: skin stretches by regions.

    Every minutia moves by the mean pull of those that met round it, Gaussian-weighted with
    `p.bend`, and one more that pulls nowhere.
    """
    pull = np.where(met[..., np.newaxis], target - laid, np.float32(0))
    gap = np.square(laid[:, :, np.newaxis] - laid[:, np.newaxis]).sum(axis=-1)
    weight = np.exp(gap * np.float32(-0.5 / p.bend**2)) * met[:, np.newaxis]
    return np.asarray(
        laid + np.matmul(weight, pull) / (weight.sum(axis=2, keepdims=True) + 1), np.float32
    )
