"""Smooth random fields: the unevenness of skin, pressure and moisture."""

import cv2
import numpy as np
from numpy.typing import NDArray

FloatMap = NDArray[np.float32]

# Cubic interpolation of white noise keeps this share of its standard deviation (measured).
_CUBIC_SPREAD = 0.82


def smooth_noise(rng: np.random.Generator, height: int, width: int, scale: float) -> FloatMap:
    """A `height` x `width` float32 field, mean 0, standard deviation about 1.

    `scale` is the correlation length in pixels: white noise on a grid of that step,
    shifted at random and interpolated by cubics.
    """
    rows, columns = int(height / scale) + 4, int(width / scale) + 4
    grid = rng.standard_normal((rows, columns), dtype=np.float32) / np.float32(_CUBIC_SPREAD)
    left, top = rng.uniform(1.0, 2.0, size=2)
    to_grid = np.array([[1 / scale, 0, left], [0, 1 / scale, top]], dtype=np.float64)
    field = cv2.warpAffine(
        grid,
        to_grid,
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(field, dtype=np.float32)


def smoothstep(low: float, high: float, values: FloatMap) -> FloatMap:
    """Hermite step 3t^2 - 2t^3 from 0 at `low` to 1 at `high`; float32, same shape."""
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), dtype=np.float32)
