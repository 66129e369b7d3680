"""What a mapping from score to evidence does at the desk: tries missed, strangers let in.

The operating point is one finger, one try, among `SEARCHED` fingers, at the policy's floor for the
false positive identification rate. Each set is judged by the mapping, and by one fitted without it.
Two fingers of a voter are joined as a session joins them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.calibration import Calibration
from station_app.domain.decision import identify_threshold
from station_app.domain.fusion import combine
from station_app.domain.policy import PROVISIONAL
from station_app.evaluation.calibration_run import (
    LEVELS,
    RESAMPLES,
    SEARCHED,
    CalibrationRun,
    Checked,
    calibrate,
    check,
)
from station_app.evaluation.tail_fit import SensorScores

LEFT_OUT_RESAMPLES = RESAMPLES // 4
"""Enough for an edge of 95 %; the sets are fitted again as often as there are sets."""


@dataclass(frozen=True, slots=True)
class WithoutIt:
    """A set judged by the mapping that all other sets give: `missed` in percent, `strangers`."""

    missed: float
    strangers: int
    check: Checked


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """One set at the operating point; shares in percent of `tries`, its mated comparisons.

    `missed` is the sum of three causes. `among_strangers`: no stronger than the strongest
    impostor of the set, so that no threshold helps. `unproven`: stronger, and below the score
    that the sensors need on average. `margin`: above that, and below what is asked for because
    fingers and sensors are few. `strangers`: impostors that reach the line, of `impostors`.
    `without`: None where too few other sets are left.
    """

    name: str
    tries: int
    missed: float
    among_strangers: float
    unproven: float
    margin: float
    impostors: int
    strangers: int
    without: WithoutIt | None


def measure_operating_point(
    run: CalibrationRun, resamples: int = LEFT_OUT_RESAMPLES
) -> list[OperatingPoint]:
    """Every set that decided, then those that were only checked."""
    line = identify_threshold(SEARCHED, 1, PROVISIONAL)
    middle = float(np.interp(line, LEVELS, run.band.middle))
    needed = run.calibration.needed(line)
    points = []
    for one in (*run.sets, *run.others):
        mated, impostors = _mated(one), one.impostors
        strongest = float(impostors.max())
        lost = mated < needed
        hopeless = lost & (mated <= strongest)
        unproven = lost & ~hopeless & (mated < middle)
        points.append(
            OperatingPoint(
                name=one.name,
                tries=len(mated),
                missed=_percent(lost),
                among_strangers=_percent(hopeless),
                unproven=_percent(unproven),
                margin=_percent(lost & ~hopeless & ~unproven),
                impostors=len(impostors),
                strangers=int(np.count_nonzero(impostors >= needed)),
                without=_without(run, one, line, resamples),
            )
        )
    return points


def _without(
    run: CalibrationRun, one: SensorScores, line: float, resamples: int
) -> WithoutIt | None:
    rest = [other for other in run.sets if other is not one]
    if not rest or len(rest) == len(run.sets):
        return None
    mapping = calibrate(run.calibration.engine, rest, [], {}, {}, resamples).calibration
    needed = mapping.needed(line)
    return WithoutIt(
        missed=_percent(_mated(one) < needed),
        strangers=int(np.count_nonzero(one.impostors >= needed)),
        check=check(one, mapping),
    )


def _mated(one: SensorScores) -> NDArray[np.float32]:
    """Scores of all comparisons of two images of one finger, both directions."""
    same = one.owners[:, np.newaxis] == one.owners
    np.fill_diagonal(same, val=False)
    return np.asarray(one.table[same])


def _percent(chosen: NDArray[np.bool_]) -> float:
    return round(100 * float(np.mean(chosen)), 2)


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
