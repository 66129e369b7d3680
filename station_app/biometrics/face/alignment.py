"""A face brought to one size and place, as SFace and its kin were trained on it."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE: Final = 112
PLACES: Final = np.array(
    [
        [38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366],
        [41.5493, 92.3655], [70.7299, 92.2041],
    ],
    np.float32,
)  # fmt: skip
"""Where the five landmarks come to lie in 112 x 112 pixels: ArcFace's template (J. Deng et al.,
CVPR 2019), which OpenCV's `FaceRecognizerSF.alignCrop` uses too."""


def aligned(bgr: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The face as uint8 (112, 112, 3), what lies outside of the picture black."""
    moved = cv2.warpAffine(bgr, similarity(landmarks), (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    return np.asarray(moved, np.uint8)


def similarity(landmarks: NDArray[np.float32]) -> NDArray[np.float64]:
    """Turn, scale and shift, float64 (2, 3), of landmarks (5, 2) onto `PLACES`, least squares.

    In complex numbers, where such a map is z -> a z + b (Umeyama, IEEE TPAMI 13(4), 1991, for two
    dimensions without reflection).
    """
    z = np.asarray(landmarks, np.float64) @ [1, 1j]
    w = np.asarray(PLACES, np.float64) @ [1, 1j]
    centred = z - z.mean()
    spread = max(float(np.vdot(centred, centred).real), 1e-9)
    a = np.vdot(centred, w - w.mean()) / spread
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])
