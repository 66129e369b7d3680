"""One impression: how a master lies on the glass, and what the sensor sees of it."""

import math
from dataclasses import dataclass, fields, replace

import cv2
import numpy as np

from station_app.domain.samples import FingerImage
from station_app.synthetic.masters import (
    FULL,
    HEIGHT,
    PPI,
    WIDTH,
    FloatMap,
    Master,
    smooth_noise,
    smoothstep,
)
from station_app.synthetic.presets import CONDITIONS, Conditions, Preset
from station_app.synthetic.seeds import generator

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


_CONTRAST = 4.2  # slope of the sigmoid that turns contact into ink
_OPTICAL_BLUR = 0.75  # standard deviation, pixels
_EDGE_FALL = 12.0  # pressure lost outside the contact, per unit of elliptical distance
_OUTSIDE = 0.02  # |ridge| below which there is no skin at all
_DEGRADATIONS = (
    "slip", "warp", "moisture_spread", "blotches", "rim_loss", "dryness", "ragged",
    "scratches", "smears", "grain",
)  # fmt: skip


def press(master: Master, seed: int, preset: Preset) -> FingerImage:
    """Press `master` on a 320 x 384 sensor of 500 ppi; dark ridges on light glass.

    Deterministic in (master, seed, preset). The order of the degradations is SFinGe's
    (Cappelli, Maio, Maltoni, Handbook of Fingerprint Recognition, chapter 6).
    """
    rng = generator("press", seed, preset.value)
    conditions = _severity_drawn(rng, CONDITIONS[preset])
    contact = lay_down(rng, conditions)
    ridges = seen_ridges(master.ridges.astype(np.float32) / np.float32(FULL), contact)
    skin = cv2.blur(np.abs(ridges), (9, 9)) > _OUTSIDE
    ink = _inked(rng, conditions, ridges, contact.distance)
    ink[~skin] = 0
    ink = _scratched(rng, conditions, ink)
    ink = _smeared(rng, conditions, ink)
    optics = np.asarray(cv2.GaussianBlur(ink, (0, 0), _OPTICAL_BLUR), dtype=np.float32)
    return _sensed(rng, conditions, optics)


def empty_glass(seed: int) -> FingerImage:
    """The sensor with no finger on it: uneven light and noise, nothing else."""
    rng = generator("empty glass", seed)
    nothing = np.zeros((WINDOW_HEIGHT, WINDOW_WIDTH), dtype=np.float32)
    return _sensed(rng, CONDITIONS[Preset.GOOD], nothing)


def _severity_drawn(rng: np.random.Generator, conditions: Conditions) -> Conditions:
    """Poor presses differ: each degradation is multiplied by its own exp(N(0, severity))."""
    if not conditions.severity:
        return conditions
    spread = np.exp(rng.normal(0, conditions.severity, len(_DEGRADATIONS)))
    factors = dict(zip(_DEGRADATIONS, spread, strict=True))
    return replace(
        conditions,
        **{
            item.name: getattr(conditions, item.name) * float(factors[item.name])
            for item in fields(conditions)
            if item.name in factors
        },
    )


def _noise(rng: np.random.Generator, scale: float) -> FloatMap:
    return smooth_noise(rng, WINDOW_HEIGHT, WINDOW_WIDTH, scale)


def _inked(
    rng: np.random.Generator, conditions: Conditions, ridges: FloatMap, distance: FloatMap
) -> FloatMap:
    """Ink 0..1: moisture fattens or thins the ridges, dryness breaks them, pressure ends."""
    level = np.float32(conditions.moisture + rng.normal(0, conditions.moisture_spread))
    moisture = level + np.float32(conditions.blotches) * (
        np.float32(0.8) * _noise(rng, 55.0) + np.float32(0.5) * _noise(rng, 18.0)
    )
    dry = np.clip(np.float32(0.5) - moisture, np.float32(0.15), np.float32(1.6))
    grit = _noise(rng, 2.2) + np.float32(0.6) * _noise(rng, 5.0)
    contact = ridges + np.float32(0.75) * moisture + np.float32(conditions.dryness) * dry * grit
    contact -= _pressure_lost(rng, conditions, distance)
    return np.asarray((1 + np.tanh(np.float32(_CONTRAST / 2) * contact)) / 2, dtype=np.float32)


def _pressure_lost(
    rng: np.random.Generator, conditions: Conditions, distance: FloatMap
) -> FloatMap:
    """Pressure falls towards the rim and past it to nothing: only high ridges still touch."""
    fray = np.float32(0.05) * _noise(rng, 80.0) + np.float32(conditions.ragged) * (
        _noise(rng, 22.0) + np.float32(0.6) * _noise(rng, 9.0)
    )
    edge: FloatMap = np.asarray(distance + fray * smoothstep(0.6, 1.0, distance), dtype=np.float32)
    return np.asarray(
        np.float32(conditions.rim_loss) * smoothstep(0.5, 1.0, edge)
        + np.float32(_EDGE_FALL) * np.maximum(edge - np.float32(0.94), 0),
        dtype=np.float32,
    )


def _scratched(rng: np.random.Generator, conditions: Conditions, ink: FloatMap) -> FloatMap:
    """Fresh scratches and hairs: straight white lines over everything."""
    count = int(rng.poisson(conditions.scratches))
    if not count:
        return ink
    lines = np.zeros_like(ink)
    for _ in range(count):
        start = rng.uniform(0.15, 0.85, 2) * (WINDOW_WIDTH, WINDOW_HEIGHT)
        heading = rng.uniform(0, math.pi)
        stop = start + rng.uniform(25, 90) * np.array([math.cos(heading), math.sin(heading)])
        ends = [(round(8 * float(x)), round(8 * float(y))) for x, y in (start, stop)]
        cv2.line(lines, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, shift=3)
    return np.asarray(ink * (1 - np.float32(0.9) * lines), dtype=np.float32)


def _smeared(rng: np.random.Generator, conditions: Conditions, ink: FloatMap) -> FloatMap:
    """Patches where the finger moved or the glass is greasy: ridges run into each other."""
    count = int(rng.poisson(conditions.smears))
    if not count:
        return ink
    y, x = np.mgrid[:WINDOW_HEIGHT, :WINDOW_WIDTH].astype(np.float32)
    patch = np.zeros_like(ink)
    for _ in range(count):
        cx = np.float32(rng.uniform(0.15, 0.85) * WINDOW_WIDTH)
        cy = np.float32(rng.uniform(0.12, 0.88) * WINDOW_HEIGHT)
        size = np.float32(rng.uniform(14, 34))
        bump = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * size * size))
        np.maximum(patch, np.float32(rng.uniform(0.4, 0.95)) * bump, out=patch)
    blurred = cv2.GaussianBlur(ink, (0, 0), float(rng.uniform(2.2, 3.6)))
    return np.asarray(ink + patch * (blurred - ink), dtype=np.float32)


def _sensed(rng: np.random.Generator, conditions: Conditions, ink: FloatMap) -> FingerImage:
    """Grey levels: uneven light, the depth of the black, grain."""
    glass = np.float32(rng.uniform(226, 244)) + np.float32(3.5) * _noise(rng, 90.0)
    black = np.float32(rng.uniform(38, 72))
    grey = glass + np.float32(conditions.blackness) * ink * (black - glass)
    grey += np.float32(conditions.grain) * rng.standard_normal(ink.shape, dtype=np.float32)
    pixels = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    return FingerImage(pixels.tobytes(), WINDOW_WIDTH, WINDOW_HEIGHT, PPI)
