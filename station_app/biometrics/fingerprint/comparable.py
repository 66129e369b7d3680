"""Fingers as they are compared: codes and the places of their minutiae, many in one set."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.minutiae import Minutiae
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters


@dataclass(frozen=True, slots=True)
class Comparables:
    """`k` fingers, padded to the same numbers of places.

    `codes`: float32 (k, m, 64), dot products are similarities of -1..1, 0 in empty places.
    `counts`: int (k,), how many codes there are; the i-th belongs to the i-th minutia.
    `points`: float32 (k, n, 2), x and y of all minutiae in pixels at the working ppi, n at
    least m; `radians`: float32 (k, n), clockwise as seen; `sizes`: int (k,), how many there are.
    """

    codes: NDArray[np.float32]
    counts: NDArray[np.intp]
    points: NDArray[np.float32]
    radians: NDArray[np.float32]
    sizes: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.counts)

    def picked(self, fit: NDArray[np.intp] | slice) -> "Comparables":
        """The fingers `fit`, with no more places than the largest of them needs."""
        m = int(self.counts[fit].max(initial=0))
        n = int(self.sizes[fit].max(initial=0))
        return Comparables(
            codes=self.codes[fit, :m],
            counts=self.counts[fit],
            points=self.points[fit, :n],
            radians=self.radians[fit, :n],
            sizes=self.sizes[fit],
        )


def comparables(
    fingers: Sequence[tuple[Minutiae, NDArray[np.int8]]], p: Parameters = STANDARD
) -> Comparables:
    """Minutiae, those with a code first, and codes int8 (count, 64) of every finger.

    A finger has at most as many codes as minutiae.
    """
    counts = np.array([len(codes) for _, codes in fingers], np.intp)
    sizes = np.array([len(minutiae) for minutiae, _ in fingers], np.intp)
    k, m, n = len(fingers), int(counts.max(initial=0)), int(sizes.max(initial=0))
    codes = np.zeros((k, m, p.code_size), np.float32)
    points = np.zeros((k, n, 2), np.float32)
    radians = np.zeros((k, n), np.float32)
    for place, (minutiae, own) in enumerate(fingers):
        codes[place, : len(own)] = own
        points[place, : len(minutiae), 0] = minutiae.xs
        points[place, : len(minutiae), 1] = minutiae.ys
        radians[place, : len(minutiae)] = minutiae.radians
    codes *= np.float32(1 / p.code_scale)
    return Comparables(codes, counts, points, radians, sizes)
