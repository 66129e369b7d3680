"""A master finger: the whole ridge pattern of one finger, before any glass touches it.

The direction of the ridges comes first: singular points, then the bends of a fingertip. All
lengths are pixels at 250 ppi with the origin in the core, u to the right and v upwards;
angles are radians, anticlockwise. An orientation is taken modulo pi.

Then the ridges grow from seeds under Gabor filters tuned to the local direction and period.
The iteration of SFinGe (Cappelli, Maio, Maltoni, "Synthetic fingerprint-database
generation", ICPR 2002): I <- tanh(gain * Gabor(I)). Pixels are sorted by kernel, so that an
iteration is one gather of patches and one product a kernel. State and kernels hold whole
numbers small enough for float32 to sum exactly (13 * 13 * 127 * 127 < 2**24): the order in
which a BLAS adds cannot change a ridge.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.synthetic.seeds import generator

FloatMap = NDArray[np.float32]

# Cubic interpolation of white noise keeps this share of its standard deviation (measured).
_CUBIC_SPREAD = 0.82


def smooth_noise(rng: np.random.Generator, height: int, width: int, scale: float) -> FloatMap:
    """A `height` x `width` float32 field, mean 0, standard deviation about 1.

    `scale` is the correlation length in pixels: white noise on a grid of that step,
    shifted at random and interpolated by cubics.
    """
    rows, columns = int(height / scale) + 4, int(width / scale) + 4
    grid = rng.standard_normal((rows, columns), dtype=np.float32) / np.float32(_CUBIC_SPREAD)
    left, top = rng.uniform(1.0, 2.0, size=2)
    to_grid = np.array([[1 / scale, 0, left], [0, 1 / scale, top]], dtype=np.float64)
    field = cv2.warpAffine(
        grid,
        to_grid,
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(field, dtype=np.float32)


def smoothstep(low: float, high: float, values: FloatMap) -> FloatMap:
    """Hermite step 3t^2 - 2t^3 from 0 at `low` to 1 at `high`; float32, same shape."""
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), dtype=np.float32)


class PatternClass(StrEnum):
    """The classes of Henry's system that the generator grows."""

    ARCH = "arch"
    TENTED_ARCH = "tented_arch"
    LEFT_LOOP = "left_loop"
    RIGHT_LOOP = "right_loop"
    WHORL = "whorl"
    TWIN_LOOP = "twin_loop"


# Natural frequencies as used by SFinGe: Cappelli, Maio, Maltoni, "Synthetic fingerprint
# generation", in Handbook of Fingerprint Recognition, 2nd ed., chapter 6 (after Wilson,
# Candela, Watson 1994, with the twin loops taken out of the whorls).
NATURAL_FREQUENCY = MappingProxyType(
    {
        PatternClass.ARCH: 0.037,
        PatternClass.TENTED_ARCH: 0.029,
        PatternClass.LEFT_LOOP: 0.338,
        PatternClass.RIGHT_LOOP: 0.317,
        PatternClass.WHORL: 0.235,
        PatternClass.TWIN_LOOP: 0.044,
    }
)


def draw_class(rng: np.random.Generator) -> PatternClass:
    """One class, drawn by `NATURAL_FREQUENCY`."""
    at = rng.choice(len(NATURAL_FREQUENCY), p=list(NATURAL_FREQUENCY.values()))
    return list(NATURAL_FREQUENCY)[int(at)]


_CORRECTION_KNOTS = 8
_CORRECTION_SPREAD = 0.10
_NOISE_SPREAD = 0.07
_NOISE_SCALE = 26.0
_ARCH_DELTA_V = -48.0


def orientation_field(
    rng: np.random.Generator, pattern: PatternClass, u: FloatMap, v: FloatMap, width: float
) -> FloatMap:
    """Ridge orientation at every (u, v), float32 radians, not reduced modulo pi.

    `u`, `v` are coordinate maps of one shape and `width` is the finger's width. Zero-pole
    model of Sherlock and Monro (Pattern Recognition 26(7), 1993) with the piecewise linear
    corrections of Vizcaya and Gerhardt (Pattern Recognition 29(7), 1996); arches by a sine.
    """
    if pattern is PatternClass.ARCH:
        theta = -1.15 * np.sin(math.pi * u / (0.95 * width)) * np.exp(-(((v + 8) / 62) ** 2))
        delta_v = _ARCH_DELTA_V
    else:
        loops, deltas = _singular_points(rng, pattern)
        theta = _winding(rng, loops, u, v) - _winding(rng, deltas, u, v)
        delta_v = sum(point.imag for point in deltas) / len(deltas)
        theta = theta + _fingertip_bend(u, v, width, delta_v)
    height, columns = u.shape
    wobble = _NOISE_SPREAD * smooth_noise(rng, height, columns, _NOISE_SCALE)
    return np.asarray(theta + wobble, dtype=np.float32)


def _singular_points(
    rng: np.random.Generator, pattern: PatternClass
) -> tuple[list[complex], list[complex]]:
    """Loops and deltas as u + iv, with individual scatter."""

    def near(u: float, v: float) -> complex:
        return complex(u + rng.normal(0, 4), v + rng.normal(0, 5))

    if pattern is PatternClass.TENTED_ARCH:
        return [0j], [complex(rng.normal(0, 1.5), -48 + rng.normal(0, 5))]
    if pattern is PatternClass.LEFT_LOOP:
        return [0j], [near(58, -62)]
    if pattern is PatternClass.RIGHT_LOOP:
        return [0j], [near(-58, -62)]
    if pattern is PatternClass.WHORL:
        gap = 7 + abs(rng.normal(0, 9))
        tilt = rng.normal(0, 0.2)
    else:
        gap = 34 + abs(rng.normal(0, 9))
        tilt = 0.75 * float(rng.choice([-1, 1])) + rng.normal(0, 0.1)
    half = complex(0, gap / 2) * complex(math.cos(tilt), math.sin(tilt))
    side = rng.uniform(62, 66)
    return [half, -half], [near(-side, -66), near(side, -66)]


def _winding(
    rng: np.random.Generator, points: Sequence[complex], u: FloatMap, v: FloatMap
) -> NDArray[np.float64]:
    """Half the sum of the corrected angles seen from `points`."""
    total = np.zeros(u.shape, dtype=np.float64)
    knots = np.linspace(-math.pi, math.pi, _CORRECTION_KNOTS + 1)
    for point in points:
        bend = rng.normal(0, _CORRECTION_SPREAD, _CORRECTION_KNOTS)
        bend = np.append(bend, bend[0])  # the correction closes round the circle
        angle = np.arctan2(v - point.imag, u - point.real)
        total += np.interp(angle, knots, knots + bend)
    return total / 2


def _fingertip_bend(u: FloatMap, v: FloatMap, width: float, delta_v: float) -> NDArray[np.float64]:
    """Ridges arch over the tip, and sag a little between the deltas and the crease."""
    across = np.tanh(u / (0.26 * width))
    tip = 1 / (1 + np.exp(-(v - 0.55 * delta_v) / 16))
    foot = 1 / (1 + np.exp((v - delta_v) / 16))
    return np.asarray(across * (0.18 * foot - 0.55 * tip), dtype=np.float64)


FULL = 127
KERNEL_SIZE = 13
ORIENTATIONS = 48
PERIODS = (3.60, 3.98, 4.36, 4.74, 5.12, 5.50, 5.88)  # pixels at 250 ppi

_SEED_SHARE = 0.02
_ITERATIONS = 9
_GAIN = 6.0
_LAST_GAIN = 3.2
_SIGMA_PER_PERIOD = 0.404
_ALONG_RIDGE = 1.15


def grow_ridges(
    rng: np.random.Generator,
    theta: FloatMap,
    period: FloatMap,
    inside: NDArray[np.bool_],
) -> NDArray[np.int8]:
    """Grow a ridge pattern: int8, -127 (valley) to 127 (ridge), 0 outside the finger.

    `theta` is the ridge orientation in radians (anticlockwise, y up), `period` the ridge
    period in pixels, `inside` the finger; all of one shape.
    """
    margin = KERNEL_SIZE // 2
    height, width = theta.shape
    state = np.zeros((height + 2 * margin, width + 2 * margin), dtype=np.float32)
    seeds = np.where(rng.random(theta.shape) < 0.5, -FULL, FULL)
    sown = inside & (rng.random(theta.shape) < _SEED_SHARE)
    view = state[margin:-margin, margin:-margin]
    view[sown] = seeds[sown]

    order, starts, kinds = _sort_by_kernel(theta, period, inside)
    rows, columns = np.divmod(order, width)
    offsets = np.add.outer(np.arange(KERNEL_SIZE) * state.shape[1], np.arange(KERNEL_SIZE))
    index = (rows * state.shape[1] + columns)[:, None] + offsets.ravel()
    patches = np.empty(index.shape, dtype=np.float32)
    response = np.empty(len(order), dtype=np.float64)
    bank = _kernel_bank()
    for turn in range(_ITERATIONS):
        np.take(state, index, out=patches, mode="clip")
        for kind, start, stop in zip(kinds, starts[:-1], starts[1:], strict=True):
            response[start:stop] = patches[start:stop] @ bank[kind]
        gain = _GAIN if turn < _ITERATIONS - 1 else _LAST_GAIN
        view[rows, columns] = np.rint(FULL * np.tanh(gain * response / _unit_response()))
    return view.astype(np.int8)


def _sort_by_kernel(
    theta: FloatMap, period: FloatMap, inside: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], list[int]]:
    """Flat pixel numbers sorted by kernel, the borders of each kernel's run, the kernels."""
    turn = np.rint(theta * (ORIENTATIONS / math.pi)).astype(np.intp) % ORIENTATIONS
    step = PERIODS[1] - PERIODS[0]
    size = np.clip(np.rint((period - PERIODS[0]) / step), 0, len(PERIODS) - 1).astype(np.intp)
    pixels = np.flatnonzero(inside)
    kind = (turn * len(PERIODS) + size).ravel()[pixels]
    by_kind = np.argsort(kind, kind="stable")
    kinds, first = np.unique(kind[by_kind], return_index=True)
    starts = np.append(first, len(pixels)).astype(np.intp)
    return pixels[by_kind], starts, [int(k) for k in kinds]


@cache
def _kernel_bank() -> FloatMap:
    """All kernels as rows of (orientations * periods, 169) whole numbers in float32."""
    rows = [
        _kernel(turn * math.pi / ORIENTATIONS, period)
        for turn in range(ORIENTATIONS)
        for period in PERIODS
    ]
    return np.array(rows, dtype=np.float32)


def _kernel(theta: float, period: float) -> NDArray[np.float64]:
    """A Gabor kernel without response to even grey, scaled to whole numbers up to 127."""
    reach = KERNEL_SIZE // 2
    y, x = np.mgrid[reach : -reach - 1 : -1, -reach : reach + 1].astype(np.float64)
    across = -x * math.sin(theta) + y * math.cos(theta)
    along = x * math.cos(theta) + y * math.sin(theta)
    sigma = _SIGMA_PER_PERIOD * period
    window = np.exp(-((across / sigma) ** 2 + (along / (_ALONG_RIDGE * sigma)) ** 2) / 2)
    wave = np.cos(2 * math.pi * across / period)
    wave -= (wave * window).sum() / window.sum()
    kernel = wave * window
    return np.asarray(np.rint(kernel * (FULL / np.abs(kernel).max())).ravel())


@cache
def _unit_response() -> float:
    """What the middle kernel answers to a full square wave of its own direction and period."""
    middle = PERIODS[len(PERIODS) // 2]
    reach = KERNEL_SIZE // 2
    rows = np.arange(reach, -reach - 1, -1, dtype=np.float64)
    wave = np.repeat(np.sign(np.cos(2 * math.pi * rows / middle)), KERNEL_SIZE)
    return float(FULL * (wave @ _kernel(0.0, middle)))


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
