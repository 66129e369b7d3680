"""Which triangle of a mesh each pixel shows, with numpy alone."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from station_app.synthetic.head_mesh import Floats, Whole

_CLASSES: Final = (3, 5, 8, 13, 24, 48, 96, 192, 400)
"""Sides of boxes, pixels: triangles are tested over the smallest box that holds them."""
_MOST: Final = 1 << 16
"""Places that are tested at a time: they stay in the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """The n pixels that a mesh covers: `pixel` int (n,), row-major; its `triangle` int32 (n,);
    `shares` float32 (n, 3), the weights of the triangle's corners; `depth` float32 (height,
    width), the distance of what is seen, infinite where nothing is.
    """

    pixel: npt.NDArray[np.intp]
    triangle: Whole
    shares: Floats
    depth: Floats

    def of(self, values: Floats, triangles: Whole) -> Floats:
        """Values of vertices, float32 (v, k), at the pixels: (n, k)."""
        corners = triangles[self.triangle]
        mixed = np.take(values, corners[:, 0], axis=0) * self.shares[:, :1]
        mixed += np.take(values, corners[:, 1], axis=0) * self.shares[:, 1:2]
        mixed += np.take(values, corners[:, 2], axis=0) * self.shares[:, 2:]
        return mixed


def rasterise(seen: Floats, triangles: Whole, height: int, width: int) -> Raster:
    """The visible triangles of vertices `seen`, float32 (v, 3): x, y in pixels, and distance.

    Triangles that are clockwise on the screen (y down) are seen from behind and left out.
    """
    a, b, c = (seen[triangles[:, corner]] for corner in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    low = np.floor(np.minimum(np.minimum(a, b), c)[:, :2]).astype(np.int32)
    high = np.ceil(np.maximum(np.maximum(a, b), c)[:, :2]).astype(np.int32)
    size = (high - low).max(axis=1) + 1
    is_in = (high[:, 0] >= 0) & (high[:, 1] >= 0) & (low[:, 0] < width) & (low[:, 1] < height)
    front = np.flatnonzero((area < -1e-6) & is_in)
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    smallest = 0
    for side in _CLASSES:
        chosen = front[(size[front] > smallest) & (size[front] <= side)]
        smallest = side
        step = max(1, _MOST // (side * side))
        for start in range(0, len(chosen), step):
            part = chosen[start : start + step]
            found.append(
                _fragments(a[part], b[part], c[part], low[part], side, part, height, width)
            )
    pixel, triangle, depth = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(-depth, kind="stable")  # the nearest is written last
    nearest = np.full(height * width, -1, np.int32)
    nearest[pixel[order]] = triangle[order]
    shown = np.flatnonzero(nearest >= 0)
    chosen = nearest[shown]
    shares = _shares(a[chosen], b[chosen], c[chosen], shown % width, shown // width)
    far = np.full(height * width, np.inf, np.float32)
    far[shown] = (
        shares[:, 0] * a[chosen, 2] + shares[:, 1] * b[chosen, 2] + shares[:, 2] * c[chosen, 2]
    )
    return Raster(shown, chosen, shares, far.reshape(height, width))


def _shares(a: Floats, b: Floats, c: Floats, x: np.ndarray, y: np.ndarray) -> Floats:
    whole = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    at_b = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (y - a[:, 1]) * (c[:, 0] - a[:, 0])) / whole
    at_c = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0])) / whole
    return np.stack([1 - at_b - at_c, at_b, at_c], axis=1).astype(np.float32)


def _fragments(
    a: Floats,
    b: Floats,
    c: Floats,
    low: Whole,
    side: int,
    number: np.ndarray,
    height: int,
    width: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels inside each triangle, its number and its distance there."""
    across, down = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
    whole = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])

    def edge(p: Floats, q: Floats) -> Floats:
        along_x = (-(q[:, 1] - p[:, 1]) / whole)[:, None]
        along_y = ((q[:, 0] - p[:, 0]) / whole)[:, None]
        at_low = along_x[:, 0] * (low[:, 0] - p[:, 0]) + along_y[:, 0] * (low[:, 1] - p[:, 1])
        return np.asarray(
            at_low[:, None] + along_x * across.ravel() + along_y * down.ravel(), np.float32
        )

    of_a, of_b, of_c = edge(b, c), edge(c, a), edge(a, b)
    which, place = np.nonzero((of_a >= -1e-4) & (of_b >= -1e-4) & (of_c >= -1e-4))
    x = low[which, 0] + place % side
    y = low[which, 1] + place // side
    keep = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    which, place, x, y = which[keep], place[keep], x[keep], y[keep]
    depth = (
        of_a[which, place] * a[which, 2]
        + of_b[which, place] * b[which, 2]
        + of_c[which, place] * c[which, 2]
    )
    return y.astype(np.intp) * width + x, number[which], depth
