"""Pictures and lists of the stages' outputs for `--trace`."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.parameters import Parameters
from station_app.biometrics.fingerprint.ridges import Ridges
from station_app.biometrics.fingerprint.segmentation import Foreground
from station_app.biometrics.fingerprint.template import Template

_SCALE = 2
_RED, _GREEN, _ORANGE = (40, 40, 220), (40, 160, 40), (0, 140, 255)


def draw_foreground(
    pixels: NDArray[np.uint8], found: Foreground, ridges: Ridges, p: Parameters
) -> NDArray[np.uint8]:
    """The image with its background dimmed, unclear ridges tinted and the crop's box."""
    height, width = pixels.shape
    shape = found.blocks.shape
    size = (shape[1] * p.block, shape[0] * p.block)

    def grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        big = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        return big[:height, :width].astype(np.bool_)

    picture = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), np.uint8)
    inside, clear = grown(found.blocks), grown(ridges.clear)
    picture[~inside] //= 3
    picture[inside & ~clear, :2] //= 2
    if not found.empty:
        corner = (found.left + found.width - 1, found.top + found.height - 1)
        cv2.rectangle(picture, (found.left, found.top), corner, _ORANGE, 1)
    return np.asarray(picture, np.uint8)


def draw_confidence(confidence: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The network's confidence map as grey, its single pixels widened to be seen."""
    wide = cv2.dilate(confidence, np.ones((3, 3), np.uint8))
    return np.asarray((wide.clip(0, 1) * 255).astype(np.uint8))


def draw_minutiae(pixels: NDArray[np.uint8], template: Template) -> NDArray[np.uint8]:
    """Minutiae with their directions, twice the size; those with a cylinder in red."""
    large = cv2.resize(pixels, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_CUBIC)
    picture = cv2.cvtColor(large, cv2.COLOR_GRAY2BGR)
    minutiae = template.minutiae
    for place, (x, y, turn) in enumerate(
        zip(minutiae.xs, minutiae.ys, minutiae.radians, strict=True)
    ):
        colour = _RED if place < len(template.encoding) else _GREEN
        start = np.array([x, y]) * _SCALE
        end = start + 22 * np.array([np.cos(turn), np.sin(turn)])
        cv2.circle(picture, _point(start), 6, colour, 1, cv2.LINE_AA)
        cv2.line(picture, _point(start), _point(end), colour, 1, cv2.LINE_AA)
    return np.asarray(picture, np.uint8)


def _point(place: NDArray[Any]) -> tuple[int, int]:
    return int(place[0]), int(place[1])


def list_minutiae(template: Template, ridges: Ridges) -> dict[str, Any]:
    """Everything about a template that is a plain number."""
    minutiae = template.minutiae
    return {
        "quality": template.quality,
        "hint": template.hint,
        "extract_ms": round(template.extract_ms, 2),
        "ridges": {
            "clarity": round(ridges.clarity, 3),
            "area_mm2": round(ridges.area_mm2, 1),
            "texture": round(ridges.texture, 3),
            "duty": round(ridges.duty, 3),
        },
        "cylinders": len(template.encoding),
        "minutiae": [
            {"x": int(x), "y": int(y), "direction": int(d), "confidence": round(int(c) / 255, 3)}
            for x, y, d, c in zip(
                minutiae.xs,
                minutiae.ys,
                minutiae.directions,
                minutiae.confidences,
                strict=True,
            )
        ],
    }
