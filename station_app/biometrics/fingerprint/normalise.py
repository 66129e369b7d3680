"""Stage 1: any image to 8-bit grey pixels at 500 ppi."""

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.domain.samples import FingerImage

_SAME_PPI = 0.01


def at_working_ppi(image: FingerImage, p: Parameters = STANDARD) -> NDArray[np.uint8]:
    """Grey pixels at `p.ppi`, uint8 (h, w), ridges dark.

    Resolutions within 1 % are taken as they are: the error over a finger is below the
    distortion of the skin.
    """
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    scale = p.ppi / image.ppi
    if abs(scale - 1) <= _SAME_PPI:
        return pixels
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)
