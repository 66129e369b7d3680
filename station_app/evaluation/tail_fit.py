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
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

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
    (n, n): raw score of probe (row) and enrolled image (column). `pieces`, float (m,): impostor
    scores of small pieces of the images as probes, possibly none.
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
    common shape's estimate and edges, before it is kept from falling below 0.
    """

    fitted: Array
    low: Array
    high: Array
    shapes: tuple[float, float, float]


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
    return Band(
        fitted=fitted,
        low=np.minimum(low, fitted),
        high=np.maximum(high, fitted),
        shapes=(shape, float(least), float(most)),
    )


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
