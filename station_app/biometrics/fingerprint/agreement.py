"""Stage 8: lay one print on the other and count how much of what should meet does meet.

Relaxation looks at the best dozen pairs; here every minutia of the shared area counts, for or
against. The pairs place the probe on the candidate (rotation and shift, weighted least squares,
Umeyama, IEEE TPAMI 13(4), 1991), one guess for each of a few strongest pairs; the best guess is
refined on the minutiae that met, and bent to follow the skin.
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
    minutiae of either side that lie in the shared area. `turn`: float32 (k,), radians the probe
    was turned clockwise; `shift`: float32 (k, 2), added after the turn about the origin.
    `partner`: intp (k, n), for every minutia of the probe the candidate's it met, or -1.
    """

    matched: _Places
    probe: _Places
    candidate: _Places
    turn: _Array
    shift: _Array
    partner: _Places

    def share(self, p: Parameters = STANDARD) -> _Array:
        """Share of the shared area's minutiae that met, 0..1, float32 (k,).

        `p.share_doubt` minutiae are added to what should have met: two of two prove less
        than twenty of twenty.
        """
        most = np.sqrt(self.probe.astype(np.float32) * self.candidate)
        return np.asarray(self.matched / (most + np.float32(p.share_doubt)), np.float32)


def agreement_of(
    probe: Comparables, others: Comparables, pairs: Pairs, p: Parameters = STANDARD
) -> Agreement:
    """Agreement of one probe with the candidates whose `pairs` are given."""
    turn, shift = _best_guess(probe, others, pairs, p)
    every = np.arange(len(others))[:, np.newaxis]
    partner, inside = _met(_moved(probe, turn, shift), turn, probe, others, p.meet_first, p)
    met = partner >= 0
    weights = met.astype(np.float32)
    target = others.points[every, partner]
    enough = met.sum(axis=1) >= p.pairs_min
    finer, further = _placed(probe.points, target, weights)
    turn = np.where(enough, finer, turn)
    shift = np.where(enough[:, np.newaxis], further, shift)
    laid = _moved(probe, turn, shift)
    partner, inside = _met(laid, turn, probe, others, p.meet, p)
    laid = _bent(laid, others.points[every, partner], partner >= 0, p)
    partner, inside = _met(laid, turn, probe, others, p.meet, p)
    return Agreement((partner >= 0).sum(axis=1), *inside, turn, shift, partner)


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


def _met(
    laid: _Array,
    turn: _Array,
    probe: Comparables,
    others: Comparables,
    reach: float,
    p: Parameters,
) -> tuple[_Places, tuple[_Places, _Places]]:
    """Partners (k, n) of the probe's minutiae, -1 without one, and how many could have met.

    Two minutiae meet when each is the other's nearest of like direction within `reach`. A
    minutia lies in the shared area when any of the other side is within `p.near`.
    """
    real = np.arange(others.points.shape[1]) < others.sizes[:, np.newaxis]
    gap = np.square(laid[:, :, np.newaxis, 0] - others.points[:, np.newaxis, :, 0])
    gap += np.square(laid[:, :, np.newaxis, 1] - others.points[:, np.newaxis, :, 1])
    gap = np.where(real[:, np.newaxis], gap, np.float32(np.inf))
    near = gap <= np.float32(p.near**2)
    inside = near.any(axis=2).sum(axis=1), near.any(axis=1).sum(axis=1)
    skew = others.radians[:, np.newaxis] - (probe.radians + turn[:, np.newaxis])[:, :, np.newaxis]
    like = (gap <= np.float32(reach**2)) & (np.cos(skew) >= np.float32(np.cos(p.meet_angle)))
    gap = np.where(like, gap, np.float32(np.inf))
    forth, back = gap.argmin(axis=2), gap.argmin(axis=1)
    own = np.arange(laid.shape[1])
    mutual = np.take_along_axis(back, forth, axis=1) == own
    found = np.take_along_axis(gap, forth[..., np.newaxis], axis=2)[..., 0] < np.inf
    return np.where(mutual & found, forth, -1), inside


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
