"""Where the pairs of two prints put one on the other, and how much the prints then share.

A search does not need this: it shows a person what a score is made of.
"""

from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters

_REACH = 15.0
"""Pixels at 500 ppi (0.8 mm) by which a pair may miss its place: skin stretches."""
_TURN = np.pi / 6
_MIN_BASE = 20.0  # two minutiae closer than this tell nothing about the rotation
_STRETCH = (0.8, 1.25)
_REFINEMENTS = 3
_MM_PER_INCH = 25.4

_Points = NDArray[np.float32]
_Complex = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Placement:
    """The rotation, scale and shift that lay the probe on the enrolled print.

    `radians` clockwise as seen, `shift` in pixels at the working ppi: a point of the probe
    turned by `radians`, times `scale`, plus `shift`. `agreeing`: bool (pairs,), the pairs
    this placement fits.
    """

    radians: float
    scale: float
    shift: tuple[float, float]
    agreeing: NDArray[np.bool_]

    def of(self, points: _Points) -> _Points:
        """Points of the probe, float32 (n, 2), where they lie on the enrolled print."""
        cos, sin = self.scale * np.cos(self.radians), self.scale * np.sin(self.radians)
        turned = points @ np.array([[cos, sin], [-sin, cos]])
        return np.asarray(turned + np.array(self.shift), np.float32)


def place(
    probe: _Points,
    probe_radians: NDArray[np.float32],
    enrolled: _Points,
    enrolled_radians: NDArray[np.float32],
    proposing: int,
) -> Placement | None:
    """The placement that fits most of the pairs (row n of the probe with row n enrolled).

    Every two of the first `proposing` pairs propose the rotation and shift between their
    connecting lines; the proposal that fits most of these is refined by least squares on
    all pairs. Positions are float32 (n, 2), directions float32 (n,). None where fewer than
    three pairs agree on anything.
    """
    a, b = _as_complex(probe), _as_complex(enrolled)
    turns = enrolled_radians.astype(np.float64) - probe_radians
    best = np.zeros(len(a), np.bool_)
    least = np.inf
    for i, j in combinations(range(proposing), 2):
        base = a[j] - a[i]
        ratio = (b[j] - b[i]) / base if abs(base) >= _MIN_BASE else 0
        if not _STRETCH[0] <= abs(ratio) <= _STRETCH[1]:
            continue
        spin = complex(ratio / abs(ratio))
        shift = complex(b[i] + b[j] - spin * (a[i] + a[j])) / 2
        agreeing, misses = _agreement(a, b, turns, spin, shift)
        agreeing[proposing:] = False
        if (agreeing.sum(), -misses) > (best.sum(), -least):
            best, least = agreeing, misses
    return _refined(a, b, turns, best)


def _as_complex(points: _Points) -> _Complex:
    return np.asarray(points[:, 0] + 1j * points[:, 1].astype(np.float64), np.complex128)


def _agreement(
    a: _Complex, b: _Complex, turns: NDArray[np.float64], ratio: complex, shift: complex
) -> tuple[NDArray[np.bool_], float]:
    """Which pairs a placement fits, and by how many pixels those miss in all."""
    misses = np.abs(ratio * a + shift - b)
    twists = np.abs(np.angle(np.exp(1j * turns) / ratio))
    agreeing = (misses <= _REACH) & (twists <= _TURN)
    return agreeing, float(misses[agreeing].sum())


def _refined(
    a: _Complex, b: _Complex, turns: NDArray[np.float64], agreeing: NDArray[np.bool_]
) -> Placement | None:
    ratio, shift = 1 + 0j, 0j
    for _ in range(_REFINEMENTS):
        if agreeing.sum() < 3:
            return None
        a_middle, b_middle = a[agreeing].mean(), b[agreeing].mean()
        a_off, b_off = a[agreeing] - a_middle, b[agreeing] - b_middle
        ratio = complex((a_off.conj() * b_off).sum() / (np.abs(a_off) ** 2).sum())
        if not _STRETCH[0] <= abs(ratio) <= _STRETCH[1]:
            return None
        shift = complex(b_middle - ratio * a_middle)
        agreeing, _ = _agreement(a, b, turns, ratio, shift)
    return Placement(float(np.angle(ratio)), abs(ratio), (shift.real, shift.imag), agreeing)


def shared_area(one: _Points, other: _Points, p: Parameters = STANDARD) -> tuple[float, float]:
    """Area in mm2 that the convex hulls of two sets of minutiae share, and the smaller hull's.

    Positions are float32 (n, 2) on the same print. Both 0 with fewer than three minutiae.
    """
    if min(len(one), len(other)) < 3:
        return 0.0, 0.0
    hulls = cv2.convexHull(one), cv2.convexHull(other)
    shared, _ = cv2.intersectConvexConvex(*hulls)
    to_mm2 = (_MM_PER_INCH / p.ppi) ** 2
    smaller = min(cv2.contourArea(hull) for hull in hulls)
    return float(shared) * to_mm2, float(smaller) * to_mm2
