"""What joining two fingers buys, and whether impostors are kept out, on scores of real images."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.calibration import Calibration
from station_app.domain.decision import identify_threshold
from station_app.domain.fusion import combine
from station_app.domain.policy import PROVISIONAL
from station_app.evaluation.tail_fit import SensorScores

JOINED_AT = (1.0, 2.0, 3.0)

_TRIALS = 50_000
_SEED = 1

Evidence = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TwoFingers:
    """Two tries at a list of `searched` fingers.

    `impostors`: the share of strangers whose joined evidence reaches each of `JOINED_AT`,
    though they laid the same finger down twice, in two images, for two fingers of one voter.
    `missed_*`: of voters, the share in percent not identified by one finger, by two fingers
    each on its own, and by two fingers joined.
    """

    name: str
    searched: int
    impostors: tuple[float, ...]
    missed_one: float
    missed_two: float
    missed_joined: float


def measure_two_fingers(one: SensorScores, calibration: Calibration, searched: int) -> TwoFingers:
    """Every finger of `one` may be the other finger of every other one."""
    evidence = calibration.of(one.table)
    joined = np.array([combine(pair) for pair in _strangers(one, evidence)])
    first, second = (identify_threshold(searched, n, PROVISIONAL) for n in (1, 2))
    mated = np.array([(*pair, combine(pair)) for pair in _voters(one, evidence)])
    alone = mated[:, 0] >= first
    return TwoFingers(
        name=one.name,
        searched=searched,
        impostors=tuple(float(np.mean(joined >= level)) for level in JOINED_AT),
        missed_one=_missed(alone),
        missed_two=_missed(alone | (mated[:, 1] >= second)),
        missed_joined=_missed(alone | (mated[:, 2] >= second)),
    )


def _strangers(one: SensorScores, evidence: Evidence) -> Iterator[tuple[float, float]]:
    """Two images of a finger against one image each of two other fingers, drawn at random."""
    rng = np.random.default_rng(_SEED)
    probe, again, right, left = rng.integers(0, len(one.owners), (4, _TRIALS * 2 * one.fingers))
    stranger, owner_right, owner_left = one.owners[probe], one.owners[right], one.owners[left]
    told_apart = (stranger == one.owners[again]) & (probe != again) & (owner_right != owner_left)
    chosen = np.flatnonzero(told_apart & (stranger != owner_right) & (stranger != owner_left))
    chosen = chosen[:_TRIALS]
    yield from zip(
        evidence[probe[chosen], right[chosen]].tolist(),
        evidence[again[chosen], left[chosen]].tolist(),
        strict=True,
    )


def _voters(one: SensorScores, evidence: Evidence) -> Iterator[tuple[float, float]]:
    """Mated evidence of two fingers: the n-th mated comparison of each, for every two fingers."""
    same = one.owners[:, np.newaxis] == one.owners
    np.fill_diagonal(same, val=False)
    mated = [evidence[finger_rows & same] for finger_rows in _rows_of(one)]
    for right, right_mated in enumerate(mated):
        for left, left_mated in enumerate(mated):
            if right != left:
                yield from zip(right_mated.tolist(), left_mated.tolist(), strict=False)


def _rows_of(one: SensorScores) -> Iterator[NDArray[np.bool_]]:
    for finger in range(one.fingers):
        yield (one.owners == finger)[:, np.newaxis]


def _missed(identified: NDArray[np.bool_]) -> float:
    return round(100 * (1 - float(np.mean(identified))), 2)
