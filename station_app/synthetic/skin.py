"""Paints an invented face: skin, brows, lids, wrinkles, on a map over the neutral mesh's front."""

import math
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from station_app.synthetic.faces import InventedFace, looks
from station_app.synthetic.head_mesh import Floats
from station_app.synthetic.seeds import generator

LEFT, TOP, SCALE = -1.1, 8.6, 200.0
"""The map: x of its left edge and y of its top edge in decimetres, pixels a decimetre."""
WIDTH, HEIGHT = 440, 560

_SHIFT: Final = 4
_ONE: Final = 1 << _SHIFT
_EYE_X, _EYE_Y = 0.308, 7.284


@lru_cache(maxsize=24)
def painted(face: InventedFace) -> Floats:
    """The albedo over the front of the neutral mesh: linear RGB, float32 (560, 440, 3)."""
    rng = generator("face paint", face.seed)
    look = looks(face)
    albedo = np.empty((HEIGHT, WIDTH, 3), np.float32)
    albedo[:] = look.skin
    albedo *= _mottled(rng)
    x, y = _places()

    def spot(cx: float, cy: float, wide: float, tall: float) -> Floats:
        both = np.exp(-(((np.abs(x) - cx) / wide) ** 2) - ((y - cy) / tall) ** 2)
        return np.asarray(both, np.float32)[..., None]

    flush = np.array((1.02, 0.82, 0.82), np.float32)
    for where, share in (
        (spot(0.48, 6.95, 0.2, 0.2), 0.45 * look.flush), (spot(0, 7.0, 0.13, 0.12), 0.35),
        (spot(0, 6.28, 0.2, 0.12), 0.2), (spot(0.9, 7.1, 0.12, 0.4), 0.45),
    ):  # fmt: skip
        albedo *= 1 + share * where * (flush - 1)
    socket = np.array((0.78, 0.68, 0.66), np.float32)
    albedo *= 1 + (0.35 + 0.2 * look.wrinkles) * spot(_EYE_X, 7.25, 0.2, 0.12) * (socket - 1)
    albedo *= 1 + 0.25 * spot(0.17, 7.25, 0.07, 0.09) * (socket - 1)
    if look.freckles > 0:
        dots = _soft(rng.standard_normal((HEIGHT, WIDTH)).astype(np.float32), 1.6)
        dots = np.clip(dots / dots.std() - 1.6, 0, 1)[..., None] * spot(0.3, 7.0, 0.4, 0.25)
        albedo *= 1 - 0.35 * min(1, look.freckles) * dots * (0.6, 0.9, 1)
    for cx, cy, size in look.moles:
        mole = np.exp(-((((x - cx) ** 2 + (y - cy) ** 2) / size**2) ** 2))[..., None]
        albedo *= 1 - 0.6 * mole.astype(np.float32)
    _beard(rng, albedo, look.stubble, look.moustache, look.hair, look.grey, x, y)
    _wrinkled(rng, albedo, look.wrinkles)
    _brows(rng, albedo, face)
    _lids(albedo, face)
    return np.asarray(np.clip(albedo, 0.003, 1) ** 2.2, np.float32)


def _places() -> tuple[Floats, Floats]:
    row, column = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    return LEFT + column / np.float32(SCALE), np.float32(TOP) - row / np.float32(SCALE)


def _mottled(rng: np.random.Generator) -> Floats:
    """Skin is uneven at every size; the red varies less than the rest."""
    total = np.zeros((HEIGHT, WIDTH), np.float32)
    for size, share in ((40.0, 0.022), (12.0, 0.014), (3.0, 0.009), (1.0, 0.012)):
        noise = rng.standard_normal((HEIGHT, WIDTH)).astype(np.float32)
        noise = _soft(noise, size)
        total += share * noise / noise.std()
    return np.asarray(1 + total[..., None] * np.array((0.7, 1.05, 1.1), np.float32), np.float32)


def _soft(picture: Floats, deviation: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), deviation), np.float32)


def _line(mask: Floats, points: list[tuple[float, float]], strength: float, thick: int = 1) -> None:
    """Draw a polyline of (x, y), decimetres, where it is darker than what `mask` has."""
    at = np.array([((px - LEFT) * SCALE * _ONE, (TOP - py) * SCALE * _ONE) for px, py in points])
    drawn = np.zeros_like(mask)
    ends = [at.round().astype(np.int32)]
    cv2.polylines(drawn, ends, False, float(strength), thick, cv2.LINE_AA, _SHIFT)
    np.maximum(mask, drawn, out=mask)


def _curve(
    start: tuple[float, float], bend: tuple[float, float], stop: tuple[float, float]
) -> list[tuple[float, float]]:
    """A quadratic Bezier curve."""
    points = []
    for t in np.linspace(0, 1, 12):
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        points.append(
            (a * start[0] + b * bend[0] + c * stop[0], a * start[1] + b * bend[1] + c * stop[1])
        )
    return points


def _wrinkled(rng: np.random.Generator, albedo: Floats, depth: float) -> None:
    """Folds: from the nose to the mouth in everybody, then the forehead, the eyes, the mouth."""
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    for side in (-1, 1):
        fold = 0.05 + 0.4 * depth
        _line(mask, _curve((side * 0.19, 6.93), (side * 0.31, 6.8), (side * 0.35, 6.6)), fold, 2)
        bag = 0.05 + 0.32 * depth
        _line(mask, _curve((side * 0.17, 7.2), (side * 0.3, 7.1), (side * 0.45, 7.19)), bag, 2)
        if depth > 0.15:
            for n in range(3):
                lift = (n - 1) * 0.05
                start = (side * 0.5, 7.28 + lift * 0.6)
                end = (side * (0.58 + 0.05 * depth), 7.28 + lift * 1.9)
                _line(mask, [start, end], 0.5 * depth * rng.uniform(0.5, 1))
            _line(
                mask,
                _curve((side * 0.33, 6.56), (side * 0.36, 6.45), (side * 0.33, 6.34)),
                0.4 * depth,
            )
    if depth > 0.25:
        for n in range(int(rng.integers(2, 5))):
            y = 7.62 + 0.085 * n + float(rng.normal(0, 0.01))
            wide = float(rng.uniform(0.3, 0.48))
            points = [
                (px, y + 0.03 * math.cos(px * 4) + 0.006 * float(rng.normal()))
                for px in np.linspace(-wide, wide, 14)
            ]
            _line(mask, points, 0.55 * depth * rng.uniform(0.5, 1), 2)
        for side in (-1, 1):
            _line(
                mask, [(side * 0.05, 7.4), (side * 0.045, 7.52)], 0.4 * depth * rng.uniform(0.3, 1)
            )
    soft = _soft(mask, 2.2)
    lit = np.roll(soft, 4, axis=0)  # the lower edge of a fold catches the light
    albedo *= (1 - 0.42 * soft + 0.10 * lit)[..., None]
    albedo *= 1 - 0.06 * soft[..., None] * np.array((0, 1, 1), np.float32)


def _brows(rng: np.random.Generator, albedo: Floats, face: InventedFace) -> None:
    """Hairs along an arch over each eye, drawn at twice the map's size."""
    look = looks(face)
    big = np.zeros((HEIGHT, WIDTH), np.float32)
    count = int(190 * look.brow_thickness)
    for side in (-1, 1):
        along = rng.beta(0.9, 1.05, count)
        for t in along.tolist():
            x = 0.10 + 0.44 * t
            arch = (
                look.brow_arch * math.sin(math.pi * min(1, t * 1.1))
                + 0.008 * t
                - 0.09 * max(0, t - 0.7)
            )
            thick = 0.034 * look.brow_thickness * (1.15 - 0.75 * t) * min(1.0, 0.6 + 3 * t)
            y = 7.475 + look.brow_height + arch + float(rng.uniform(-1, 1)) * thick
            lean = 0.75 - 0.95 * t + float(rng.normal(0, 0.15))
            length = float(rng.uniform(0.03, 0.06))
            end = (x + length * math.cos(lean), y + length * math.sin(lean) * 0.8)
            _stroke(big, (side * x, y), (side * end[0], end[1]), float(rng.uniform(0.35, 0.7)))
    shade = _soft(big, 0.7)
    under = _soft(big, 3.0) * 0.35
    cover = np.clip(np.maximum(shade, under), 0, 1)[..., None]
    albedo += cover * (np.array(look.brow_colour, np.float32) - albedo)


def _stroke(
    mask: Floats, start: tuple[float, float], stop: tuple[float, float], strength: float
) -> None:
    ends = [
        (round((px - LEFT) * SCALE * _ONE), round((TOP - py) * SCALE * _ONE))
        for px, py in (start, stop)
    ]
    cv2.line(mask, ends[0], ends[1], strength, 1, cv2.LINE_AA, _SHIFT)


def _lids(albedo: Floats, face: InventedFace) -> None:
    """Lashes along the upper lid, the crease above, a soft line below."""
    is_woman = looks(face).stubble == 0 and face.sex == "f"
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    soft = np.zeros_like(mask)
    for side in (-1, 1):
        upper = [
            (side * x, y)
            for x, y in (
                (0.165, 7.256),
                (0.21, 7.298),
                (0.26, 7.325),
                (0.31, 7.336),
                (0.37, 7.33),
                (0.42, 7.31),
                (0.46, 7.28),
            )
        ]
        lower = [
            (side * x, y)
            for x, y in ((0.19, 7.25), (0.25, 7.236), (0.32, 7.232), (0.39, 7.243), (0.45, 7.27))
        ]
        _line(mask, upper, 0.95 if is_woman else 0.8, 4)
        _line(mask, lower, 0.45 if is_woman else 0.3, 2)
        crease = [(px, py + 0.045) for px, py in upper[1:]]
        _line(soft, crease, 0.4, 2)
    mask = _soft(mask, 0.9)
    soft = _soft(soft, 1.6)
    albedo *= 1 - 0.45 * soft[..., None]
    lash = np.array((0.09, 0.06, 0.05), np.float32)
    albedo += np.clip(mask, 0, 1)[..., None] * (lash - albedo)


def _beard(
    rng: np.random.Generator,
    albedo: Floats,
    stubble: float,
    moustache: float,
    hair: tuple[float, float, float],
    grey: float,
    x: Floats,
    y: Floats,
) -> None:
    """Shaven hair over jaw and lip, and a moustache; nothing where both are 0."""
    if stubble <= 0 and moustache <= 0:
        return
    side = np.abs(x)
    jaw = 1 / (1 + np.exp(-((6.72 - 0.42 * (0.75 - side)) - y) * 22))
    jaw = np.maximum(jaw, np.exp(-((x / 0.24) ** 4) - ((y - 6.76) / 0.06) ** 2))
    jaw *= 1 / (1 + np.exp((6.24 - y) * 26))
    jaw *= 1 - 0.9 * np.exp(-((x / 0.27) ** 4) - ((y - 6.59) / 0.10) ** 4)
    grain = rng.standard_normal((HEIGHT, WIDTH)).astype(np.float32)
    grain = _soft(grain, 0.8)
    colour = np.array(hair, np.float32) * (1 - grey) + grey * 0.55
    cover = np.asarray(
        jaw * stubble * np.clip(0.30 + 0.22 * grain / grain.std(), 0, 0.8), np.float32
    )
    albedo += cover[..., None] * (colour + 0.12 - albedo)
    if moustache > 0:
        mask = np.zeros((HEIGHT, WIDTH), np.float32)
        for _ in range(int(420 * moustache)):
            px = float(rng.uniform(-0.25, 0.25))
            py = 6.75 + 0.03 * math.cos(px * 6) + float(rng.uniform(-0.035, 0.03))
            drop = float(rng.uniform(0.04, 0.07))
            _stroke(mask, (px, py), (px + 0.35 * px, py - drop), float(rng.uniform(0.5, 0.9)))
        mask = np.clip(_soft(mask, 0.7), 0, 1)[..., None]
        albedo += mask * (colour - albedo)
