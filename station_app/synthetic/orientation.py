"""The direction of the ridges: singular points first, then the bends of a fingertip.

All lengths are pixels at 250 ppi with the origin in the core, u to the right and v upwards;
angles are radians, anticlockwise. An orientation is taken modulo pi.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from station_app.synthetic.classes import PatternClass
from station_app.synthetic.noise import FloatMap, smooth_noise

_CORRECTION_KNOTS = 8
_CORRECTION_SPREAD = 0.10
_NOISE_SPREAD = 0.07
_NOISE_SCALE = 26.0
_ARCH_DELTA_V = -48.0


def orientation_field(
    rng: np.random.Generator, pattern: PatternClass, u: FloatMap, v: FloatMap, width: float
) -> FloatMap:
    """Ridge orientation at every (u, v), float32 radians, not reduced modulo pi.

    `u`, `v` are coordinate maps of one shape and `width` is the finger's width. Zero-pole
    model of Sherlock and Monro (Pattern Recognition 26(7), 1993) with the piecewise linear
    corrections of Vizcaya and Gerhardt (Pattern Recognition 29(7), 1996); arches by a sine.
    """
    if pattern is PatternClass.ARCH:
        theta = -1.15 * np.sin(math.pi * u / (0.95 * width)) * np.exp(-(((v + 8) / 62) ** 2))
        delta_v = _ARCH_DELTA_V
    else:
        loops, deltas = _singular_points(rng, pattern)
        theta = _winding(rng, loops, u, v) - _winding(rng, deltas, u, v)
        delta_v = sum(point.imag for point in deltas) / len(deltas)
        theta = theta + _fingertip_bend(u, v, width, delta_v)
    height, columns = u.shape
    wobble = _NOISE_SPREAD * smooth_noise(rng, height, columns, _NOISE_SCALE)
    return np.asarray(theta + wobble, dtype=np.float32)


def _singular_points(
    rng: np.random.Generator, pattern: PatternClass
) -> tuple[list[complex], list[complex]]:
    """Loops and deltas as u + iv, with individual scatter."""

    def near(u: float, v: float) -> complex:
        return complex(u + rng.normal(0, 4), v + rng.normal(0, 5))

    if pattern is PatternClass.TENTED_ARCH:
        return [0j], [complex(rng.normal(0, 1.5), -48 + rng.normal(0, 5))]
    if pattern is PatternClass.LEFT_LOOP:
        return [0j], [near(58, -62)]
    if pattern is PatternClass.RIGHT_LOOP:
        return [0j], [near(-58, -62)]
    if pattern is PatternClass.WHORL:
        gap = 7 + abs(rng.normal(0, 9))
        tilt = rng.normal(0, 0.2)
    else:
        gap = 34 + abs(rng.normal(0, 9))
        tilt = 0.75 * float(rng.choice([-1, 1])) + rng.normal(0, 0.1)
    half = complex(0, gap / 2) * complex(math.cos(tilt), math.sin(tilt))
    side = rng.uniform(62, 66)
    return [half, -half], [near(-side, -66), near(side, -66)]


def _winding(
    rng: np.random.Generator, points: Sequence[complex], u: FloatMap, v: FloatMap
) -> NDArray[np.float64]:
    """Half the sum of the corrected angles seen from `points`."""
    total = np.zeros(u.shape, dtype=np.float64)
    knots = np.linspace(-math.pi, math.pi, _CORRECTION_KNOTS + 1)
    for point in points:
        bend = rng.normal(0, _CORRECTION_SPREAD, _CORRECTION_KNOTS)
        bend = np.append(bend, bend[0])  # the correction closes round the circle
        angle = np.arctan2(v - point.imag, u - point.real)
        total += np.interp(angle, knots, knots + bend)
    return total / 2


def _fingertip_bend(u: FloatMap, v: FloatMap, width: float, delta_v: float) -> NDArray[np.float64]:
    """Ridges arch over the tip, and sag a little between the deltas and the crease."""
    across = np.tanh(u / (0.26 * width))
    tip = 1 / (1 + np.exp(-(v - 0.55 * delta_v) / 16))
    foot = 1 / (1 + np.exp((v - delta_v) / 16))
    return np.asarray(across * (0.18 * foot - 0.55 * tip), dtype=np.float64)
