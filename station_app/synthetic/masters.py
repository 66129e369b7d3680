"""A master finger: the whole ridge pattern of one finger, before any glass touches it."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.synthetic.classes import PatternClass, draw_class
from station_app.synthetic.noise import FloatMap, smooth_noise
from station_app.synthetic.orientation import orientation_field
from station_app.synthetic.ridges import FULL, grow_ridges
from station_app.synthetic.seeds import generator

PPI = 500
WIDTH, HEIGHT = 352, 448

_GROWTH_WIDTH, _GROWTH_HEIGHT = WIDTH // 2, HEIGHT // 2  # ridges grow at 250 ppi
_SCARS_PER_FINGER = 0.7
_PORE_STEP = 9  # pixels at 500 ppi: 9 to 18 pores a centimetre of ridge (Ashbaugh 1999)


@dataclass(frozen=True, slots=True, eq=False)
class Master:
    """One finger at 500 ppi.

    `ridges`: int8, 448 x 352, -127 (valley) to 127 (ridge), 0 outside the finger;
    `core`: (x, y) in pixels, the middle of the pattern.
    """

    pattern: PatternClass
    ridges: NDArray[np.int8]
    core: tuple[float, float]


def grow_master(seed: int, pattern: PatternClass | None = None) -> Master:
    """Grow the finger of `seed`; `pattern` overrides the class drawn by nature's odds.

    The same seed gives the same pixels, whatever was grown before.
    """
    rng = generator("master", seed)
    drawn = draw_class(rng)
    pattern = pattern or drawn
    core = (_GROWTH_WIDTH / 2 + rng.normal(0, 4), _GROWTH_HEIGHT * 0.43 + rng.normal(0, 5))
    width = _GROWTH_WIDTH * rng.uniform(0.90, 0.97)
    y, x = np.mgrid[:_GROWTH_HEIGHT, :_GROWTH_WIDTH].astype(np.float32)
    u, v = x - np.float32(core[0]), np.float32(core[1]) - y
    theta = orientation_field(rng, pattern, u, v, width)
    period = _period_map(rng, v)
    grown = grow_ridges(rng, theta, period, _outline(x, y, width))
    ridges: FloatMap = np.asarray(
        cv2.resize(grown.astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC),
        dtype=np.float32,
    )
    _dig_pores(rng, ridges)
    _cut_scars(rng, ridges)
    return Master(
        pattern=pattern,
        ridges=np.clip(np.rint(ridges), -FULL, FULL).astype(np.int8),
        core=(2 * core[0], 2 * core[1]),
    )


def _period_map(rng: np.random.Generator, v: FloatMap) -> FloatMap:
    """Ridge period in pixels at 250 ppi: N(9, .55) at 500 ppi, wider below the core."""
    base = float(np.clip(rng.normal(9.0, 0.55), 7.6, 10.4)) / 2
    below = 1 / (1 + np.exp((v + 30) / 14))
    height, width = v.shape
    wobble = 0.07 * smooth_noise(rng, height, width, 40.0)
    return np.asarray(base * (1 + 0.12 * below + wobble), dtype=np.float32)


def _outline(x: FloatMap, y: FloatMap, width: float) -> NDArray[np.bool_]:
    """The fingertip: half an ellipse above straight sides that close in a little."""
    across = np.abs(x - _GROWTH_WIDTH / 2) / (width / 2)
    shoulder = 0.42 * _GROWTH_HEIGHT
    tip = across**2 + ((shoulder - y) / (shoulder - 3)) ** 2 < 1
    narrowing = 1 - 0.22 * ((y - shoulder) / (_GROWTH_HEIGHT - shoulder)) ** 2
    return np.asarray(np.where(y < shoulder, tip, across < narrowing), dtype=np.bool_)


def _dig_pores(rng: np.random.Generator, ridges: FloatMap) -> None:
    """Shallow pits on the crests, at most one in each square of `_PORE_STEP` pixels."""
    rows, columns = HEIGHT // _PORE_STEP, WIDTH // _PORE_STEP
    y = np.arange(rows)[:, None] * _PORE_STEP + rng.integers(0, _PORE_STEP, (rows, columns))
    x = np.arange(columns)[None, :] * _PORE_STEP + rng.integers(0, _PORE_STEP, (rows, columns))
    on_crest = ridges[y, x] > 0.85 * FULL
    pits = np.zeros_like(ridges)
    pits[y[on_crest], x[on_crest]] = rng.uniform(2.0, 6.0, int(on_crest.sum())) * FULL
    ridges -= cv2.GaussianBlur(pits, (0, 0), 0.9)


def _cut_scars(rng: np.random.Generator, ridges: FloatMap) -> None:
    """Healed cuts: thin, slightly bent white lines that stay for life."""
    for _ in range(rng.poisson(_SCARS_PER_FINGER)):
        start = np.array([rng.uniform(0.2, 0.8) * WIDTH, rng.uniform(0.2, 0.85) * HEIGHT])
        heading, bend = rng.uniform(0, math.pi), rng.normal(0, 0.012)
        length = rng.uniform(22, 75)
        steps = np.arange(0, length, 3.0)
        angles = heading + bend * steps
        path = start + np.cumsum(3.0 * np.stack([np.cos(angles), np.sin(angles)], axis=1), axis=0)
        depth = np.zeros_like(ridges)
        points = np.rint(path * 8).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(depth, [points], False, 1.0, 2, cv2.LINE_AA, shift=3)
        cv2.GaussianBlur(depth, (0, 0), 0.7, dst=depth)
        np.minimum(ridges, FULL * (1 - 3.0 * depth), out=ridges)
