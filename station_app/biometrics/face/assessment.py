"""What is wrong with a picture of a face, from detection and the aligned face alone.

No network but the detector's is run, so that every frame of a live view can be looked at. Limits
on size, pose and light follow ISO/IEC 19794-5:2011, clauses 7 and 8, loosened to what still
compares well; `station-app evaluate faces` counts how often real photographs are flawed.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final

import cv2
import numpy as np

from station_app.biometrics.face.alignment import aligned
from station_app.biometrics.face.detector import Detection, Pixels, bgr_of, find_faces
from station_app.biometrics.face.pose import head_angles
from station_app.domain.faces import FaceFlaw, FaceSeen
from station_app.domain.samples import FaceImage

LIVE_SIDE: Final = 480
"""Longer side in pixels in which a camera's frame is looked at; 640 take 1.7 times as long. A face
that fills a third of such a frame is still larger there than those of LFW, on which the engines
were measured. Portraits are looked at whole."""

SECOND_FACE: Final = 0.5
"""Least width of a second face over the first's: narrower ones are people waiting behind."""
SURE: Final = 0.8
"""Least confidence of a second face."""

MOST_YAW, MOST_PITCH, MOST_ROLL = 20.0, 20.0, 15.0
"""Degrees within which a face is straight enough to be compared."""

_GOOD_EYES, _LEAST_EYES = 60.0, 32.0
"""Pixels between the eyes: from where more buys nothing, and below which a face is too small.
SFace sees 35."""
_EDGE: Final = 0.02
"""Share of a face's box by which it keeps away from each edge: of a face that is cut off, the
detector puts the box's side on the edge or just within it."""
_DARK, _BRIGHT = 70.0, 225.0
"""Of 255: the brightest tenth of a dark face is darker; the median of a bright one brighter. The
brightest tenth and not the mean, so that dark skin in good light is not called dark."""
_BURNT, _BURNT_SHARE = 250, 0.25
_UNEVEN: Final = 0.5
"""Difference of both halves' median light over the brighter one."""
_LEAST_SHARP, _GOOD_SHARP = 0.08, 0.16
"""Mean absolute Laplacian over the light's standard deviation in the aligned face."""
_LEAST_EYE_RANGE, _LEAST_EYE_LIGHT = 0.28, 0.5
"""Of an open eye, over the light of its cheek: from the darkest to the brightest tenth, and the
brightest tenth. A lid or a hand has less of the first, dark glasses have less of the second.
The better eye counts: of a turned head one may be out of sight."""

# Of the aligned face, as slices of rows and columns.
_FACE = np.s_[20:106, 18:94]
_RIGHT_HALF, _LEFT_HALF = np.s_[40:100, 20:54], np.s_[40:100, 58:92]
_EYES = (np.s_[48:57, 29:48], np.s_[66:78, 30:47]), (np.s_[48:57, 65:84], np.s_[66:78, 66:83])
"""Each eye with the cheek below it."""


@dataclass(frozen=True, slots=True)
class FaceLooks:
    """Measurements behind the flaws, for whoever judges the limits.

    `eyes`: pixels between them. `outside`: share of the box beyond an edge. `brightest`, `median`:
    light of 0..255. `burnt`: share of white pixels. `uneven`, `sharpness`, `eye_range`,
    `eye_light`: as the limits of this module have them.
    """

    eyes: float
    outside: float
    brightest: float
    median: float
    burnt: float
    uneven: float
    sharpness: float
    eye_range: float
    eye_light: float


def assess_face(image: FaceImage) -> FaceSeen:
    """The largest face of a picture and its flaws; any thread may ask.

    Raises `KnownError("model_damaged")`.
    """
    bgr = bgr_of(image)
    return seen_in(bgr, find_faces(bgr, LIVE_SIDE))


def seen_in(bgr: Pixels, faces: list[Detection]) -> FaceSeen:
    """As `assess_face`, of faces found already, largest first."""
    if not faces:
        return FaceSeen(None, (), 0.0, 0.0, 0.0, (FaceFlaw.NO_FACE,), 0)
    face = faces[0]
    angles = head_angles(face.landmarks)
    looks = looks_of(bgr, face)
    others = [one for one in faces[1:] if one.confidence >= SURE]
    flaws = set(_flaws(looks, angles))
    if any(one.width >= SECOND_FACE * face.width for one in others):
        flaws.add(FaceFlaw.SEVERAL_FACES)
    left, top, width, height = (round(part) for part in face.box)
    points = tuple((float(x), float(y)) for x, y in face.landmarks)
    ordered = tuple(flaw for flaw in FaceFlaw if flaw in flaws)
    quality = 0 if FaceFlaw.SEVERAL_FACES in flaws else _quality(looks, angles, face.confidence)
    return FaceSeen((left, top, width, height), points, *angles, ordered, quality)


def looks_of(bgr: Pixels, face: Detection) -> FaceLooks:
    """Size and light of a face in a picture."""
    height, width = bgr.shape[:2]
    left, top, wide, high = face.box
    outside = max(
        -left / wide, -top / high, (left + wide - width) / wide, (top + high - height) / high
    )
    grey = np.asarray(cv2.cvtColor(aligned(bgr, face.landmarks), cv2.COLOR_BGR2GRAY), np.uint8)
    inner = grey[_FACE]
    right, left_half = float(np.median(grey[_RIGHT_HALF])), float(np.median(grey[_LEFT_HALF]))
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_32F)[_FACE])
    spread = max(float(inner.std()), 1.0)
    eyes = [_eye(grey[eye], grey[cheek]) for eye, cheek in _EYES]
    return FaceLooks(
        eyes=float(np.hypot(*(face.landmarks[1] - face.landmarks[0]))),
        outside=float(outside),
        brightest=float(np.percentile(inner, 90)),
        median=float(np.median(inner)),
        burnt=float(np.mean(inner >= _BURNT)),
        uneven=abs(right - left_half) / max(right, left_half, 1.0),
        sharpness=float(edges.mean()) / spread,
        eye_range=max(reach for reach, _ in eyes),
        eye_light=max(light for _, light in eyes),
    )


def _eye(eye: Pixels, cheek: Pixels) -> tuple[float, float]:
    dark, light = np.percentile(eye, [10, 90]) / max(float(cheek.mean()), 1.0)
    return float(light - dark), float(light)


def _flaws(looks: FaceLooks, angles: tuple[float, float, float]) -> list[FaceFlaw]:
    yaw, pitch, roll = map(abs, angles)
    found = {
        FaceFlaw.AT_THE_EDGE: looks.outside > -_EDGE,
        FaceFlaw.TOO_SMALL: looks.eyes < _LEAST_EYES,
        FaceFlaw.TOO_DARK: looks.brightest < _DARK,
        FaceFlaw.TOO_BRIGHT: looks.median > _BRIGHT or looks.burnt > _BURNT_SHARE,
        FaceFlaw.UNEVEN_LIGHT: looks.uneven > _UNEVEN,
        FaceFlaw.BLURRED: looks.sharpness < _LEAST_SHARP,
        FaceFlaw.EYES_HIDDEN: looks.eye_range < _LEAST_EYE_RANGE
        or looks.eye_light < _LEAST_EYE_LIGHT,
        FaceFlaw.TURNED: yaw > MOST_YAW or pitch > MOST_PITCH,
        FaceFlaw.TILTED: roll > MOST_ROLL,
    }
    return [flaw for flaw, is_so in found.items() if is_so]


def _quality(looks: FaceLooks, angles: tuple[float, float, float], confidence: float) -> int:
    """0..100: the product of marks, each 1 where a picture is as good as is of use."""
    yaw, pitch, roll = map(abs, angles)
    marks = (
        _mark(looks.eyes, _LEAST_EYES / 2, _GOOD_EYES),
        _mark(looks.sharpness, _LEAST_SHARP / 2, _GOOD_SHARP),
        _mark(max(yaw, pitch), 60.0, 10.0),
        _mark(roll, 60.0, 10.0),
        _mark(looks.brightest, _DARK / 2, 110.0),
        _mark(looks.median, 250.0, 210.0),
        _mark(looks.outside, 0.4, 0.0),
        _mark(confidence, 0.4, 0.85),
    )
    return round(100 * sqrt(float(np.prod(marks))))


def _mark(value: float, worst: float, best: float) -> float:
    """0 at `worst` and beyond it, 1 from `best` on, in between in proportion."""
    return float(np.clip((value - worst) / (best - worst), 0.0, 1.0))
