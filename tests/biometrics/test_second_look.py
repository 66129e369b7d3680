from collections.abc import Callable

import numpy as np
import pytest

from station_app.biometrics.fingerprint.encoding import shipped_basis
from station_app.biometrics.fingerprint.second_look import rescaled, turned
from station_app.biometrics.fingerprint.template import Template
from station_app.evaluation.comparison import compare

Extracted = Callable[[int, int], Template]


def test_a_probe_upside_down_matches_once_turned_back(extracted: Extracted) -> None:
    enrolled, probe = extracted(1, 1), extracted(1, 2)
    upside_down, straight = turned(probe, 180), compare(probe, enrolled)[0]
    assert compare(upside_down, enrolled)[0].likeness < 0.01 * straight.likeness
    back = turned(upside_down, 180)
    assert compare(back, enrolled)[0].whole == pytest.approx(straight.whole, rel=1e-3)


def test_turning_goes_clockwise(extracted: Extracted) -> None:
    probe = extracted(1, 1)
    quarter = turned(probe, 90)
    before, after = probe.minutiae, quarter.minutiae
    np.testing.assert_array_equal(after.xs, -before.ys)
    np.testing.assert_array_equal(after.ys, before.xs)
    np.testing.assert_array_equal(after.directions, before.directions + np.uint8(64))


def test_a_probe_too_large_matches_better_once_made_smaller(extracted: Extracted) -> None:
    enrolled, probe = extracted(1, 1), extracted(1, 2)
    large = rescaled(probe, 1.12, shipped_basis())
    mended = rescaled(large, 1 / 1.12, shipped_basis())
    wrong, right = compare(large, enrolled)[0], compare(mended, enrolled)[0]
    assert wrong.whole < 0.7 * right.whole
    assert right.whole == pytest.approx(compare(probe, enrolled)[0].whole, rel=0.15)
