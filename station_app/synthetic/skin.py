"""The skin on the glass: where it lies, how it slips, which part of it touches."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from station_app.synthetic.masters import HEIGHT, WIDTH
from station_app.synthetic.noise import FloatMap, smooth_noise, smoothstep
from station_app.synthetic.presets import Conditions

WINDOW_WIDTH, WINDOW_HEIGHT = 320, 384  # the sensor, pixels at 500 ppi

_STUCK, _FREE = 0.35, 1.1  # of the contact ellipse: inside nothing slips, outside all does
_TOUCH_CENTRE_Y = 0.47 * HEIGHT  # the part of the fingertip that people put down first


@dataclass(frozen=True, slots=True, eq=False)
class Contact:
    """Where each window pixel looks on the master and how far it is from the middle.

    `source_x`, `source_y`: float32 maps of master pixels; `distance`: float32, elliptical
    distance from the middle of the contact, 1 on its nominal edge. All 384 x 320.
    """

    source_x: FloatMap
    source_y: FloatMap
    distance: FloatMap


def lay_down(rng: np.random.Generator, conditions: Conditions) -> Contact:
    """Put the finger on the glass: rotation, shift, then slip outside a stuck centre.

    The slip follows the skin distortion model of Cappelli, Maio and Maltoni (ICAPR 2001):
    an ellipse pressed fast, and skin dragged and twisted more the further it lies outside.
    """
    turn = math.radians(float(rng.normal(0, conditions.turn)))
    middle_x = WINDOW_WIDTH / 2 + conditions.place[0] + rng.normal(0, conditions.shift)
    middle_y = WINDOW_HEIGHT / 2 + conditions.place[1] + rng.normal(0, conditions.shift)
    y, x = np.mgrid[:WINDOW_HEIGHT, :WINDOW_WIDTH].astype(np.float32)
    dx, dy = x - np.float32(middle_x), y - np.float32(middle_y)
    cos, sin = np.float32(math.cos(turn)), np.float32(math.sin(turn))
    across, down = cos * dx + sin * dy, cos * dy - sin * dx

    reach = conditions.reach * float(np.clip(rng.normal(1, 0.05), 0.85, 1.15))
    slim = reach * float(np.clip(rng.normal(0.77, 0.03), 0.68, 0.86))
    distance = np.sqrt((across / np.float32(slim)) ** 2 + (down / np.float32(reach)) ** 2)

    slips = smoothstep(_STUCK, _FREE, distance)
    drag_x, drag_y = rng.normal(0, conditions.slip, 2).astype(np.float32)
    twist = np.float32(rng.normal(0, conditions.slip / 110))
    scale = 60.0
    wander = [
        np.float32(conditions.warp) * smooth_noise(rng, WINDOW_HEIGHT, WINDOW_WIDTH, scale)
        for _ in range(2)
    ]
    source_x = WIDTH / 2 + across + slips * (drag_x - twist * down) + wander[0]
    source_y = _TOUCH_CENTRE_Y + down + slips * (drag_y + twist * across) + wander[1]
    return Contact(source_x, source_y, distance)


def seen_ridges(ridges: FloatMap, contact: Contact) -> FloatMap:
    """The master as it lies on the glass: float32, 384 x 320, in the master's units."""
    seen = cv2.remap(
        ridges,
        contact.source_x,
        contact.source_y,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    return np.asarray(seen, dtype=np.float32)
