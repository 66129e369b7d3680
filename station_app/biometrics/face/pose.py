"""Where a head looks, from the five landmarks of a face.

A rigid head of mean proportions seen from afar (scaled orthographic projection; DeMenthon and
Davis, "Model-based object pose in 25 lines of code", IJCV 15, 1995, first iteration): the 2 x 3
camera that maps the model onto the landmarks with least squares, made a rotation.
"""

from math import asin, atan2, cos, degrees, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

HEAD: Final = np.array(
    [[-31.5, 0.0, 0.0], [31.5, 0.0, 0.0], [0.0, 41.0, 40.0], [-26.0, 72.5, 0.0], [26.0, 72.5, 0.0]]
)
"""Landmarks of a mean head in millimetres as seen from the front: x right in the picture, y down,
z towards the camera. Across and down: the mean face on which SFace aligns, at 63 mm between the
pupils, but for the tip of the nose: 41 mm below them the median photograph of LFW looks neither up
nor down. It lies 40 mm before them: with 30, invented heads turned by 20 degrees measure 30."""

_CENTRED: Final = HEAD - HEAD.mean(axis=0)
_SOLVE: Final = np.linalg.pinv(_CENTRED).T  # (5, 3)


def head_angles(landmarks: NDArray[np.float32]) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees, signs as in `FaceSeen`, of landmarks float32 (5, 2).

    All 0 for landmarks that no head can have (all in one place).
    """
    points = np.asarray(landmarks, np.float64)
    camera = (points - points.mean(axis=0)).T @ _SOLVE  # (2, 3)
    left, _, right = np.linalg.svd(camera, full_matrices=False)
    if not np.isfinite(camera).all() or np.abs(camera).max() == 0:
        return 0.0, 0.0, 0.0
    across, down = left @ right
    ahead = np.cross(across, down)
    roll = atan2(down[0], across[0])
    # The model's forward axis in the picture, with the roll taken back.
    x = across[2] * cos(roll) + down[2] * sin(roll)
    y = down[2] * cos(roll) - across[2] * sin(roll)
    pitch = asin(float(np.clip(-y, -1.0, 1.0)))
    return degrees(atan2(x, ahead[2])), degrees(pitch), degrees(roll)
