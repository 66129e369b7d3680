"""How rare a strong impostor is: tails of scores, extrapolated, with their uncertainty.

Above the score that a share of a set's impostors exceed, the excesses are taken as generalised
Pareto (Pickands, Annals of Statistics 3(1), 1975). Its two parameters come from the first two
probability-weighted moments (Hosking and Wallis, Technometrics 29(3), 1987).

The shape is estimated from all sets together, the scale from each alone (Hosking and
Wallis, Regional Frequency Analysis, 1997, chapter 6: the ratio of the two moments is averaged
over the sites). Ten fingers say next to nothing about the shape of their own tail. A shape
below 0 would mean a score that no impostor can ever reach; that nobody can know, so 0 is
the least that is used.

Comparisons of the same two fingers are not independent, nor are comparisons that share a
finger: the band is that of drawing whole fingers again, with replacement, and taking all
comparisons between those drawn (Bolle, Ratha and Pankanti, Computer Vision and Image
Understanding 93(1), 2004, for subsets; Snijders and Borgatti, Connections 22(2), 1999, for
pairs).

A station has one sensor, and nobody knows yet which. The sets are taken as sensors drawn from
all there are, each with the same weight (random effects: Hedges and Olkin, Statistical Methods
for Meta-Analysis, 1985, chapter 9), and the limit is that of prediction for one sensor more
(Higgins, Thompson and Spiegelhalter, Journal of the Royal Statistical Society A 172(1), 2009).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_FEWEST_SENSORS = 3
"""Two sensors say next to nothing about how far a third may be from them."""

_OF_FINGERS = 1 / 3
"""Drawing vertices again overstates the variance of what is counted on pairs threefold where the
pairs are independent, and not at all where only the vertices count: a third is surely there."""

_TURNS = 20  # further sensors drawn for every time the fingers are drawn again
_NO_SCORE = 1e-6  # stands for 0 in a logarithm

_PLOTTING = 0.35  # p_j = (j - 0.35) / n, recommended by Hosking and Wallis, 1987


@dataclass(frozen=True, slots=True)
class Tail:
    """One set's upper tail: generalised Pareto above `start`, which the share `share` exceeds."""

    share: float
    start: float
    scale: float
    shape: float

    def score_at(self, evidence: Array) -> Array:
        """The score an impostor exceeds once in 10^evidence; evidence at least -log10 share."""
        rarer = np.asarray(evidence, np.float64) * log(10) + log(self.share)
        if self.shape == 0:
            return self.start + self.scale * rarer
        return np.asarray(self.start + self.scale / self.shape * np.expm1(self.shape * rarer))


@dataclass(frozen=True, slots=True)
class SensorScores:
    """Scores of all images of one sensor with one another.

    `owners`, int (n,): whose finger each image is, from 0 on without gaps. `table`, float
    (n, n): weighed score of probe (row) and enrolled image (column). `pieces`, float (m,): those
    of impostors, of small pieces of the images as probes, possibly none.
    """

    name: str
    owners: NDArray[np.intp]
    table: NDArray[np.float32]
    pieces: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    @property
    def fingers(self) -> int:
        """How many fingers there are."""
        return int(self.owners.max()) + 1

    @property
    def impostors(self) -> NDArray[np.float32]:
        """Scores of all comparisons of different fingers, both directions."""
        return np.asarray(self.table[self.owners[:, np.newaxis] != self.owners])


@dataclass(frozen=True, slots=True)
class Band:
    """Scores needed for each level of evidence in each set, float (sets, levels).

    `fitted` is the estimate, `low` and `high` are the edges of its band; `shapes` are the
    common shape's estimate and edges, before it is kept from falling below 0. For one sensor
    more, float (levels,): `middle` is the estimate, `limit` the upper edge of its prediction,
    `spread` the standard deviation of the logarithm between sensors.
    """

    fitted: Array
    low: Array
    high: Array
    shapes: tuple[float, float, float]
    middle: Array
    limit: Array
    spread: Array


def fit_tails(sets: Sequence[Array], share: float) -> tuple[list[Tail], float]:
    """Tails of several sets with one shape, and that shape before it was kept from below 0.

    Each set is a float array of impostor scores, at least 2 / share of them.
    """
    starts, means, ratios, sizes = [], [], [], []
    for scores in sets:
        ordered = np.sort(scores)
        size = int(share * len(ordered))
        start = float(ordered[-size - 1])
        excess = ordered[-size:] - start
        mean, ratio = _moments(excess)
        starts.append(start)
        means.append(mean)
        ratios.append(ratio)
        sizes.append(size)
    # For a generalised Pareto the second L-moment is the mean / (2 - shape).
    shape = 2 - 1 / float(np.average(ratios, weights=sizes))
    used = max(shape, 0.0)
    return [
        Tail(share, start, mean * (1 - used), used)
        for start, mean in zip(starts, means, strict=True)
    ], shape


def _moments(excess: Array) -> tuple[float, float]:
    """Mean, and second L-moment over mean, of ascending excesses.

    Where all excesses are 0 the ratio is that of an exponential.
    """
    mean = float(excess.mean())
    if mean == 0:
        return 0.0, 0.5
    weights = (np.arange(1, len(excess) + 1) - _PLOTTING) / len(excess)
    return mean, (2 * float(np.mean(weights * excess)) - mean) / mean


def needed_scores(
    sets: Sequence[NDArray[np.float32]], levels: Array, share: float
) -> tuple[Array, float]:
    """The score for each level of evidence in each set, float (sets, levels), and the shape.

    Down to `share` it is counted, beyond it is extrapolated.
    """
    exact = [np.asarray(scores, np.float64) for scores in sets]
    tails, shape = fit_tails(exact, share)
    beyond = levels > -np.log10(share)
    needed = np.empty((len(sets), len(levels)))
    for row, (scores, tail) in enumerate(zip(exact, tails, strict=True)):
        needed[row, ~beyond] = np.quantile(scores, 1 - 10.0 ** -levels[~beyond])
        needed[row, beyond] = tail.score_at(levels[beyond])
    return needed, shape


def fit_band(
    sets: Sequence[SensorScores],
    levels: Array,
    share: float,
    confidence: float,
    resamples: int,
    seed: int,
) -> Band:
    """What evidence of `levels` needs in each set; `confidence` is that of each edge alone.

    `levels` rise. The same seed gives the same band.
    """
    fitted, shape = needed_scores([one.impostors for one in sets], levels, share)
    rng = np.random.default_rng(seed)
    drawn = np.empty((resamples, *fitted.shape))
    shapes = np.empty(resamples)
    for turn in range(resamples):
        again = [_redrawn(one, rng) for one in sets]
        drawn[turn], shapes[turn] = needed_scores(again, levels, share)
    edges = [1 - confidence, confidence]
    low, high = np.quantile(drawn, edges, axis=0)
    least, most = np.quantile(shapes, edges)
    high = np.maximum(high, fitted)
    spread = _spread(fitted, drawn)
    limit = high.max(axis=0)
    if len(sets) >= _FEWEST_SENSORS:
        limit = np.minimum(limit, _predicted(drawn, spread, confidence, rng))
    return Band(
        fitted=fitted,
        low=np.minimum(low, fitted),
        high=high,
        shapes=(shape, float(least), float(most)),
        middle=np.exp(_logs(fitted).mean(axis=0)),
        limit=np.maximum.accumulate(limit),
        spread=spread,
    )


def _spread(fitted: Array, drawn: Array) -> Array:
    """Standard deviation of the logarithm between sensors, float (levels,), 0 for one set.

    Sets differ by their few fingers as well, as much as `drawn` (resamples, sets, levels) differs
    from `fitted`; a third of that is taken out.
    """
    if len(fitted) == 1:
        return np.zeros(fitted.shape[1])
    logs = _logs(fitted)
    by_fingers = (_logs(drawn) - logs).var(axis=1, ddof=1).mean(axis=0)
    between = logs.var(axis=0, ddof=1) - _OF_FINGERS * by_fingers
    return np.asarray(np.sqrt(np.maximum(between, 0)))


def _predicted(drawn: Array, spread: Array, confidence: float, rng: np.random.Generator) -> Array:
    """The score that one sensor more needs at most, with `confidence`; float (levels,).

    Its distance from the mean of n sensors is Student's with n - 1 degrees of freedom; the mean
    itself is as uncertain as the fingers make it.
    """
    resamples, count, _ = drawn.shape
    unlike = rng.standard_t(count - 1, (_TURNS, resamples, 1)) * (1 + 1 / count) ** 0.5
    further = _logs(drawn).mean(axis=1) + spread * unlike
    return np.asarray(np.exp(np.quantile(further.reshape(-1, len(spread)), confidence, axis=0)))


def _logs(scores: Array) -> Array:
    return np.asarray(np.log(np.maximum(scores, _NO_SCORE)))


def redrawn_shares(
    one: SensorScores, scores: Array, confidence: float, seed: int, resamples: int = 300
) -> Array:
    """Two-sided intervals, float (len(scores), 2), of the share of impostors at or above each."""
    rng = np.random.default_rng(seed)
    shares = np.empty((resamples, len(scores)))
    for turn in range(resamples):
        again = _redrawn(one, rng)
        shares[turn] = [np.mean(again >= score) for score in scores]
    edges = [(1 - confidence) / 2, (1 + confidence) / 2]
    return np.asarray(np.quantile(shares, edges, axis=0).T)


def _redrawn(one: SensorScores, rng: np.random.Generator) -> NDArray[np.float32]:
    """All comparisons between as many fingers drawn with replacement.

    Two fingers drawn a and b times are compared a x b times over; a finger with itself never.
    """
    while True:
        drawn = np.bincount(rng.integers(0, one.fingers, one.fingers), minlength=one.fingers)
        if np.count_nonzero(drawn) > 1:
            times = drawn[one.owners]
            other = one.owners[:, np.newaxis] != one.owners
            return np.repeat(one.impostors, np.outer(times, times)[other])
