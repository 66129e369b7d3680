from collections.abc import Callable

import numpy as np
import pytest

from station_app.biometrics.explanation.comparison import score_of
from station_app.biometrics.fingerprint.encoding import shipped_basis
from station_app.biometrics.fingerprint.engine import FingerEngine
from station_app.biometrics.fingerprint.second_look import rescaled, turned
from station_app.biometrics.fingerprint.template import Template

Extracted = Callable[[int, int], Template]


def test_a_probe_upside_down_matches_once_turned_back(
    engine: FingerEngine, extracted: Extracted
) -> None:
    enrolled, probe = extracted(1, 1), extracted(1, 2)
    upside_down = turned(probe, 180, shipped_basis())
    assert score_of(engine, upside_down, enrolled).evidence < 2
    back = turned(upside_down, 180, shipped_basis())
    straight = score_of(engine, probe, enrolled)
    assert score_of(engine, back, enrolled).whole == pytest.approx(straight.whole, rel=1e-3)


def test_turning_goes_clockwise(extracted: Extracted) -> None:
    probe = extracted(1, 1)
    quarter = turned(probe, 90, shipped_basis())
    count = len(probe.encoding)
    before, after = probe.cylinders.points[0, :count], quarter.cylinders.points[0, :count]
    np.testing.assert_allclose(after, np.stack([-before[:, 1], before[:, 0]], axis=1), atol=1e-3)


def test_a_probe_too_large_matches_better_once_made_smaller(
    engine: FingerEngine, extracted: Extracted
) -> None:
    enrolled, probe = extracted(1, 1), extracted(1, 2)
    large = rescaled(probe, 1.12, shipped_basis())
    mended = rescaled(large, 1 / 1.12, shipped_basis())
    wrong, right = score_of(engine, large, enrolled), score_of(engine, mended, enrolled)
    assert wrong.whole < 0.7 * right.whole
    assert right.whole == pytest.approx(score_of(engine, probe, enrolled).whole, rel=0.15)
