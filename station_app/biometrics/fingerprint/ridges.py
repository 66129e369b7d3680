"""Stage 2b: where in the finger the ridges are clear; feeds quality, hints and the live view."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.biometrics.fingerprint.segmentation import Foreground

_MM_PER_INCH = 25.4
_CLEAR_COHERENCE = 0.35
# Wavelength of the blocks' texture as estimated here, in pixels at 500 ppi. Ridges measure
# 14 to 20, portraits above 28; Sobel's smoothing makes it longer than the true period.
_RIDGE_PERIOD = (10.0, 23.0)


@dataclass(frozen=True, slots=True)
class Ridges:
    """Properties of the ridges.

    `clear`: bool (rows, columns) of blocks with parallel ridges of a finger's period.
    `clarity`: 0..1, their share of the foreground. `area_mm2`: their area.
    `texture`: 0..1, the foreground's share of a finger's period, parallel or not.
    `duty`: 0..1, share of dark pixels against the local mean where there is texture: about
    .45 in a good print, less when ridges are thin or broken, more when valleys fill.
    """

    clear: NDArray[np.bool_]
    clarity: float
    area_mm2: float
    texture: float
    duty: float


def look_at_ridges(
    pixels: NDArray[np.uint8], found: Foreground, p: Parameters = STANDARD
) -> Ridges:
    """Coherence and mean frequency of the gradient in 3 x 3 blocks, at half resolution.

    `pixels` is uint8 (h, w) at the working ppi. Coherence as in Bazen and Gerez, IEEE TPAMI
    24(7), 2002, equation 6; frequency from the ratio of gradient energy to variance.
    """
    rows, columns = found.blocks.shape
    if found.empty:
        return Ridges(found.blocks, 0.0, 0.0, 0.0, 0.0)
    half = p.block // 2
    grown = cv2.copyMakeBorder(
        pixels,
        0,
        rows * p.block - pixels.shape[0],
        0,
        columns * p.block - pixels.shape[1],
        cv2.BORDER_REPLICATE,
    )
    small = cv2.resize(grown, (columns * half, rows * half), interpolation=cv2.INTER_AREA)
    grey = small.astype(np.float32)
    gx = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=1 / 8)
    gy = cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=1 / 8)

    def over_blocks(values: NDArray[np.float32]) -> NDArray[np.float32]:
        tiles = cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.blur(tiles, (3, 3)), np.float32)

    xx, yy, xy = over_blocks(gx * gx), over_blocks(gy * gy), over_blocks(gx * gy)
    mean = over_blocks(grey)
    variance = np.maximum(over_blocks(grey * grey) - mean * mean, 0)
    energy = np.maximum(xx + yy, np.float32(1e-3))
    coherence = np.sqrt(np.square(xx - yy) + 4 * xy * xy) / energy
    period = 2 * 2 * np.pi * np.sqrt(variance / energy)
    texture = found.blocks & (period >= _RIDGE_PERIOD[0]) & (period <= _RIDGE_PERIOD[1])
    clear = texture & (coherence >= _CLEAR_COHERENCE)
    return _summed_up(clear, texture, found, grey, p)


def _summed_up(
    clear: NDArray[np.bool_],
    texture: NDArray[np.bool_],
    found: Foreground,
    grey: NDArray[np.float32],
    p: Parameters,
) -> Ridges:
    half, finger = p.block // 2, int(found.blocks.sum())
    local = cv2.blur(grey, (2 * half + 1, 2 * half + 1))
    dark = (grey < local).astype(np.float32)
    shares = cv2.resize(dark, clear.shape[::-1], interpolation=cv2.INTER_AREA)
    return Ridges(
        clear=clear,
        clarity=int(clear.sum()) / finger,
        area_mm2=int(clear.sum()) * (p.block * _MM_PER_INCH / p.ppi) ** 2,
        texture=int(texture.sum()) / finger,
        duty=float(shares[texture].mean()) if texture.any() else 0.0,
    )
