from collections.abc import Callable
from math import cos, erf, exp, pi, sin, sqrt

import cv2
import numpy as np
import pytest

from station_app.biometrics.fingerprint.cylinders import make_cylinders
from station_app.biometrics.fingerprint.minutiae import Minutiae, nothing_found
from station_app.biometrics.fingerprint.parameters import STANDARD

Make = Callable[..., Minutiae]


def turned(minutiae: Minutiae, steps: int) -> Minutiae:
    """Rotated about the origin by `steps` 256ths of a turn; positions need not be whole."""
    angle = steps * 2 * pi / 256
    xs = minutiae.xs * cos(angle) - minutiae.ys * sin(angle)
    ys = minutiae.xs * sin(angle) + minutiae.ys * cos(angle)
    return Minutiae(
        xs=xs, ys=ys, directions=(minutiae.directions + np.uint8(steps)),
        confidences=minutiae.confidences,
    )  # fmt: skip


def test_moving_the_finger_changes_nothing(random_minutiae: Make) -> None:
    finger = random_minutiae(40, 1)
    moved = Minutiae(finger.xs + 37, finger.ys + 12, finger.directions, finger.confidences)
    there, here = make_cylinders([moved]), make_cylinders([finger])
    assert there.counts[0] == here.counts[0] > 20
    np.testing.assert_allclose(there.values, here.values, atol=1e-3)
    np.testing.assert_array_equal(there.valid, here.valid)


@pytest.mark.parametrize("steps", [1, 31, 64, 128, 200])
def test_turning_the_finger_changes_nothing(random_minutiae: Make, steps: int) -> None:
    finger = random_minutiae(40, 2)
    there, here = make_cylinders([turned(finger, steps)]), make_cylinders([finger])
    assert there.counts[0] == here.counts[0] > 20
    differing = np.abs(there.valid - here.valid).mean()
    assert differing < 0.002  # cells on the very edge of the hull may round either way
    both = np.repeat(there.valid * here.valid, STANDARD.directions, axis=-1)
    np.testing.assert_allclose(there.values * both, here.values * both, atol=5e-3)


def test_values_are_those_of_the_paper(random_minutiae: Make) -> None:
    """Equations 4 to 9 written out cell by cell for one cylinder."""
    p, finger = STANDARD, random_minutiae(30, 3)
    made = make_cylinders([finger])
    me = int(made.minutiae[0, 0])
    x, y = finger.xs[me], finger.ys[me]
    own = finger.radians[me]
    step, expected = 2 * p.radius / p.sections, []
    for i in range(p.sections):
        for j in range(p.sections):
            across, along = ((n - (p.sections - 1) / 2) * step for n in (i, j))
            if along**2 + across**2 > p.radius**2:
                continue
            cell_x = x + cos(own) * along - sin(own) * across
            cell_y = y + sin(own) * along + cos(own) * across
            for k in range(p.directions):
                centre = -pi + (k + 0.5) * 2 * pi / p.directions
                total = 0.0
                for other in range(len(finger)):
                    if other == me:
                        continue
                    squared = (finger.xs[other] - cell_x) ** 2 + (finger.ys[other] - cell_y) ** 2
                    spatial = exp(-squared / (2 * p.sigma_s**2)) / (p.sigma_s * sqrt(2 * pi))
                    turn = centre - (own - finger.radians[other])
                    turn = (turn + pi) % (2 * pi) - pi
                    half = pi / p.directions
                    upper, lower = (
                        erf((turn + side) / (p.sigma_d * sqrt(2))) for side in (half, -half)
                    )
                    total += spatial * (upper - lower) / 2
                expected.append(1 / (1 + exp(-p.sigmoid_slope * (total - p.sigmoid_mean))))
    valid = np.repeat(made.valid[0, 0], p.directions)
    assert len(expected) == 312
    np.testing.assert_allclose(made.values[0, 0], np.array(expected) * valid, atol=2e-4)


def test_cells_outside_the_widened_hull_are_invalid() -> None:
    xs, ys = (
        grid.ravel() for grid in np.meshgrid(np.arange(100, 201, 25), np.arange(100, 201, 25))
    )
    finger = Minutiae(
        xs.astype(np.int32), ys.astype(np.int32), np.zeros(25, np.uint8), np.full(25, 200, np.uint8)
    )
    made = make_cylinders([finger])
    chosen = made.minutiae[0, : made.counts[0]].tolist()
    corner, middle = chosen.index(0), chosen.index(12)
    assert made.valid[0, middle].all()
    assert not made.valid[0, corner].all()
    hull = cv2.convexHull(np.stack([xs, ys], axis=1).astype(np.float32))
    assert cv2.pointPolygonTest(hull, (100 - 61.25, 100 - 8.75), measureDist=True) < -50


def test_most_confident_first_and_at_most_48(random_minutiae: Make) -> None:
    finger = random_minutiae(90, 4)
    made = make_cylinders([finger])
    assert made.counts[0] == 48
    order = made.minutiae[0].tolist()
    assert order == sorted(set(order))


def test_many_fingers_at_once_are_the_fingers_alone(random_minutiae: Make) -> None:
    fingers = [random_minutiae(n, n) for n in (5, 60, 25)] + [nothing_found()]
    together = make_cylinders(fingers)
    for place, finger in enumerate(fingers):
        alone = make_cylinders([finger])
        assert together.counts[place] == alone.counts[0]
        np.testing.assert_array_equal(together.values[place], alone.values[0])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_minutiae_make_no_cylinder(random_minutiae: Make, count: int) -> None:
    assert make_cylinders([random_minutiae(count, 5)]).counts[0] == 0


def test_minutiae_on_one_line_make_no_cylinder() -> None:
    finger = Minutiae(
        np.arange(0, 200, 20, dtype=np.int32), np.full(10, 50, np.int32),
        np.zeros(10, np.uint8), np.full(10, 200, np.uint8),
    )  # fmt: skip
    assert make_cylinders([finger]).counts[0] == 0
