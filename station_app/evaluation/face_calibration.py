"""Fits the mapping from a face's score to evidence on impostors: different people of a set.

The most similar thousandth is the tail (`tail_fit`); below it the share is counted. The band
is that of drawing whole people again, with all their photographs: comparisons that share a
person are not independent. The upper edge decides, as it does for fingers (docs/accuracy.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.calibration import Calibration
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.evaluation.calibration_run import CONFIDENCE, LEVELS, SEED
from station_app.evaluation.face_scores import NO_FACE, FaceTable
from station_app.evaluation.tail_fit import Array, Tail, fit_tails

TAIL_SHARE: Final = 1e-3
RESAMPLES: Final = 500
CHECKED_AT: Final = (1.0, 2.0, 3.0, 4.0, 5.0)
PARTS: Final = 3
"""Of the people, each left out once of a fit that is held against it."""
_POINTS: Final = 150
_FEWEST_PEOPLE: Final = 200
"""With fewer the tail has too few comparisons to fit anything to."""

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Impostors:
    """Comparisons of different people, most similar first: float32 (m,), and whose they are.

    `one`, `other` int32 (m,): people from 0 to `people`.
    """

    scores: NDArray[np.float32]
    one: NDArray[np.int32]
    other: NDArray[np.int32]
    people: int

    def among(self, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Scores of the people for whom `chosen`, bool (people,), is set, most similar first."""
        return np.asarray(self.scores[chosen[self.one] & chosen[self.other]])


@dataclass(frozen=True, slots=True)
class FaceFit:
    """Scores needed for each of `LEVELS`: the estimate, its band, and the tail's shape with its.

    `counted`: by level of `CHECKED_AT`, the share of impostors that reach it. `held_out`: the same
    of people left out of the fit. `line`: (score, -log10 of the share that reaches it), as counted.
    """

    calibration: Calibration
    fitted: Array
    low: Array
    high: Array
    shape: tuple[float, float, float]
    counted: tuple[float, ...]
    held_out: tuple[float, ...]
    comparisons: int
    line: tuple[tuple[float, float], ...]


def impostors_of(table: FaceTable) -> Impostors:
    """All pairs of photographs of different people in which a face was found.

    Raises `KnownError("folder_too_few")`.
    """
    scores = table.scores()
    different = np.triu(table.people[:, np.newaxis] != table.people, 1) & (scores > NO_FACE)
    one, other = np.nonzero(different)
    found = scores[one, other]
    order = np.argsort(-found, kind="stable")
    people = int(table.people.max()) + 1
    if people < _FEWEST_PEOPLE:
        raise KnownError(
            Code.FOLDER_TOO_FEW,
            f"There are photographs of {people} people, {_FEWEST_PEOPLE} are needed; add some.",
        )
    owners = table.people.astype(np.int32)
    return Impostors(found[order], owners[one[order]], owners[other[order]], people)


def fit_faces(
    table: FaceTable, made_from: Mapping[str, Any], tell: Tell, resamples: int = RESAMPLES
) -> FaceFit:
    """The mapping of a table's engine, with its band and checks; the same seed gives the same."""
    impostors = impostors_of(table)
    rng = np.random.default_rng(SEED)
    everybody = np.ones(impostors.people, np.int64)
    fitted, shape = _needed(impostors, everybody)
    high, low, shapes = _band(impostors, fitted, rng, resamples, tell)
    needed = np.maximum.accumulate(high)
    needed = np.round(needed, 6) + 1e-6 * np.arange(len(needed))
    levels = LEVELS.copy()
    levels[0] = 0.0
    told = {
        "tail_share": TAIL_SHARE,
        "confidence": CONFIDENCE,
        "seed": SEED,
        "people": impostors.people,
        "comparisons": len(impostors.scores),
        "shape": [round(one, 4) for one in (shape, *shapes)],
        "impostors": [
            round(float(np.mean(impostors.scores)), 4),
            round(float(np.std(impostors.scores)), 4),
        ],
    }
    calibration = Calibration(
        table.engine,
        tuple(np.round(needed, 6).tolist()),
        tuple(levels.round(6).tolist()),
        dict(made_from) | told,
    )
    at = np.searchsorted(LEVELS, CHECKED_AT)
    return FaceFit(
        calibration=calibration,
        fitted=fitted,
        low=low,
        high=high,
        shape=(shape, *shapes),
        counted=_shares([impostors.scores], [needed[at]]),
        held_out=_held_out(impostors, at, rng),
        comparisons=len(impostors.scores),
        line=_line(impostors.scores),
    )


def _line(scores: NDArray[np.float32]) -> tuple[tuple[float, float], ...]:
    """Thinned to be drawn, of scores from the highest down."""
    ranks = np.unique(np.geomspace(1, len(scores), _POINTS).astype(np.intp))
    return tuple(
        (float(score), float(share))
        for score, share in zip(scores[ranks - 1], -np.log10(ranks / len(scores)), strict=True)
    )


def _band(
    impostors: Impostors, fitted: Array, rng: np.random.Generator, resamples: int, tell: Tell
) -> tuple[Array, Array, tuple[float, float]]:
    drawn = np.empty((resamples, len(LEVELS)))
    shapes = np.empty(resamples)
    for turn in range(resamples):
        tell("redraw", turn, resamples)
        again = rng.integers(0, impostors.people, impostors.people)
        times = np.bincount(again, minlength=impostors.people)
        drawn[turn], shapes[turn] = _needed(impostors, times)
    tell("redraw", resamples, resamples)
    edges = [1 - CONFIDENCE, CONFIDENCE]
    low, high = np.quantile(drawn, edges, axis=0)
    least, most = np.quantile(shapes, edges)
    return np.maximum(high, fitted), np.minimum(low, fitted), (float(least), float(most))


def _needed(impostors: Impostors, times: NDArray[np.int64]) -> tuple[Array, float]:
    """The score for each level where people were drawn `times` over, and the tail's shape."""
    small = times.astype(np.int32)
    reached = np.cumsum(small[impostors.one] * small[impostors.other], dtype=np.int64)
    total = int(reached[-1])
    counted = -np.log10(TAIL_SHARE) >= LEVELS
    needed = np.empty(len(LEVELS))
    places = np.searchsorted(reached, total * 10.0 ** -LEVELS[counted])
    needed[counted] = impostors.scores[np.minimum(places, len(reached) - 1)]
    last = int(np.searchsorted(reached, total * TAIL_SHARE))
    repeated = np.diff(reached[: last + 1], prepend=0)
    top = np.repeat(impostors.scores[: last + 1], repeated).astype(np.float64)
    (tail,), shape = fit_tails([top], (len(top) - 0.5) / len(top))
    whole: Tail = replace(tail, share=TAIL_SHARE)
    needed[~counted] = whole.score_at(LEVELS[~counted])
    return needed, shape


def _held_out(
    impostors: Impostors, at: NDArray[np.intp], rng: np.random.Generator
) -> tuple[float, ...]:
    """Shares counted among each part of the people, by the estimate from the others."""
    part = rng.permutation(np.arange(impostors.people) % PARTS)
    seen, needed = [], []
    for left_out in range(PARTS):
        fitted, _ = _needed(impostors, (part != left_out).astype(np.int64))
        needed.append(fitted[at])
        seen.append(impostors.among(part == left_out))
    return _shares(seen, needed)


def _shares(scores: Sequence[NDArray[np.float32]], needed: Sequence[Array]) -> tuple[float, ...]:
    """The share of all scores that reach what their set needs, by level."""
    of = sum(map(len, scores))
    reached = [
        np.array([np.count_nonzero(some >= level) for level in levels])
        for some, levels in zip(scores, needed, strict=True)
    ]
    return tuple((np.sum(reached, axis=0) / of).tolist())
