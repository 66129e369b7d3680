"""Ridge growth: seeds spread under Gabor filters tuned to the local direction and period.

The iteration of SFinGe (Cappelli, Maio, Maltoni, "Synthetic fingerprint-database
generation", ICPR 2002): I <- tanh(gain * Gabor(I)). Pixels are sorted by kernel, so that an
iteration is one gather of patches and one product a kernel.

State and kernels hold whole numbers small enough for float32 to sum exactly (13 * 13 * 127 *
127 < 2**24): the order in which a BLAS adds cannot change a ridge.
"""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from station_app.synthetic.noise import FloatMap

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
