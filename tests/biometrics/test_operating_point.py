"""What a mapping does at the desk, on scores whose truth is known."""

import numpy as np
import pytest

from station_app.evaluation.calibration_run import SEARCHED, CalibrationRun, calibrate
from station_app.evaluation.operating_point import (
    JOINED_AT,
    measure_operating_point,
    measure_two_fingers,
)
from station_app.evaluation.tail_fit import SensorScores
from tests.biometrics.made_scores import made_set

SETS = [made_set(str(n), 8, 4, scale, n) for n, scale in enumerate((0.008, 0.01, 0.01, 0.0125))]


def with_mated(name: str, scores: tuple[float, ...]) -> SensorScores:
    """A set of 8 fingers with 4 images whose mated scores are these, equally often."""
    one = made_set(name, 8, 4, 0.01, 9)
    same = one.owners[:, np.newaxis] == one.owners
    np.fill_diagonal(same, val=False)
    one.table[same] = np.resize(scores, int(same.sum()))
    return one


@pytest.fixture(scope="module")
def run() -> CalibrationRun:
    return calibrate("x/1", SETS, [], {}, {"command": "x"}, resamples=60)


def test_every_missed_try_has_one_cause(run: CalibrationRun) -> None:
    line = run.calibration.needed(6.7)
    middle = float(run.band.middle[np.searchsorted(run.band.fitted[0], line) - 1])
    strongest = float(with_mated("any", (1.0,)).impostors.max())
    assert strongest < 0.14 < middle < line
    judged = with_mated("judged", (0.01, 0.14, 0.99 * line, 1.01 * line))
    others = CalibrationRun(run.calibration, run.sets, run.band, (judged,), {}, ())
    point = measure_operating_point(others, resamples=20)[-1]
    assert (point.name, point.tries, point.strangers, point.without) == ("judged", 96, 0, None)
    assert (point.among_strangers, point.unproven, point.margin) == (25, 25, 25)
    assert point.missed == 75


def test_a_set_is_judged_by_the_others(run: CalibrationRun) -> None:
    points = measure_operating_point(run, resamples=40)
    assert [point.name for point in points] == [one.name for one in SETS]
    for one, point in zip(SETS, points, strict=True):
        assert point.without is not None
        rest = [other for other in SETS if other is not one]
        mapping = calibrate("x/1", rest, [], {}, {}, 40).calibration
        assert point.without.strangers == np.count_nonzero(one.impostors >= mapping.needed(6.7))
        assert point.without.check.comparisons == point.impostors == 8 * 4 * 28


def test_a_set_alone_cannot_be_left_out() -> None:
    alone = calibrate("x/1", SETS[:1], [], {}, {}, resamples=20)
    (point,) = measure_operating_point(alone)
    assert point.without is None


def test_joining_two_fingers_misses_fewer_and_lets_in_no_more(run: CalibrationRun) -> None:
    owners = np.repeat(np.arange(10), 8)
    rng = np.random.default_rng(7)
    scores = rng.exponential(0.01, (80, 80)).astype(np.float32)
    same = owners[:, np.newaxis] == owners
    scores[same] = run.calibration.needed(6.5) * rng.uniform(0.5, 1.5, int(same.sum()))
    two = measure_two_fingers(SensorScores("made", owners, scores), run.calibration, SEARCHED)
    assert two.missed_joined < two.missed_two < two.missed_one
    for level, share in zip(JOINED_AT, two.impostors, strict=True):
        assert share < 10**-level
    assert measure_two_fingers(SETS[0], run.calibration, SEARCHED).missed_one == 0
