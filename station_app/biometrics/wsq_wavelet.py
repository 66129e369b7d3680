"""The inverse wavelet transform of WSQ: 60 subbands to an image.

IAFIS-IC-0110 (V3), figure 1: the image is split in four again and again. A half that came
second in its parent (right, lower) is split with its own halves in the other order, so that
the frequencies rise from the corner outwards. The quarter of the highest frequencies is
never coded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_Array = NDArray[np.float32]
_Tree = tuple["_Tree", ...]

_LEAF: _Tree = ()
_FOUR: _Tree = (_LEAF,) * 4
_SIXTEEN: _Tree = (_FOUR,) * 4
_LOWEST: _Tree = ((_FOUR, _LEAF, _LEAF, _LEAF), _FOUR, _FOUR, _FOUR)
_IMAGE: _Tree = ((_LOWEST, _SIXTEEN, _SIXTEEN, _LEAF), _FOUR, _FOUR)
"""Quarters: upper left, upper right, lower left, lower right. Leaves in this order are the
subbands 0 to 59."""

BANDS = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """Synthesis filters of odd length, symmetric, centre in the middle."""

    low: _Array
    high: _Array


def _halves(length: int, swapped: bool) -> tuple[int, int]:
    """Lengths of both halves: the low frequencies have one more where it does not divide."""
    low, high = (length + 1) // 2, length // 2
    return (high, low) if swapped else (low, high)


def band_shapes(width: int, height: int) -> list[tuple[int, int]]:
    """(height, width) of the 60 subbands of an image."""
    return list(_shapes(_IMAGE, (height, width), (False, False)))


def _shapes(
    tree: _Tree, size: tuple[int, int], swapped: tuple[bool, bool]
) -> Iterator[tuple[int, int]]:
    if not tree:
        yield size
        return
    rows, columns = _halves(size[0], swapped[0]), _halves(size[1], swapped[1])
    for place, quarter in enumerate(tree):
        lower, right = bool(place & 2), bool(place & 1)
        yield from _shapes(quarter, (rows[lower], columns[right]), (lower, right))


def synthesise(bands: Sequence[_Array], size: tuple[int, int], filters: Filters) -> _Array:
    """The image float32 (height, width) of `size` (width, height) from its 60 subbands."""
    width, height = size
    return _synthesise(_IMAGE, iter(bands), (height, width), (False, False), filters)


def _synthesise(
    tree: _Tree,
    bands: Iterator[_Array],
    size: tuple[int, int],
    swapped: tuple[bool, bool],
    filters: Filters,
) -> _Array:
    if not tree:
        return next(bands)
    rows, columns = _halves(size[0], swapped[0]), _halves(size[1], swapped[1])
    quarters = []
    for place in range(4):
        lower, right = bool(place & 2), bool(place & 1)
        shape = rows[lower], columns[right]
        if place < len(tree):
            part = _synthesise(tree[place], bands, shape, (lower, right), filters)
        else:
            part = np.zeros(shape, np.float32)
        quarters.append(part)
    above = _join(quarters[0].T, quarters[1].T, swapped[1], filters).T
    below = _join(quarters[2].T, quarters[3].T, swapped[1], filters).T
    return _join(above, below, swapped[0], filters)


def _join(first: _Array, second: _Array, swapped: bool, filters: Filters) -> _Array:
    """Two halves of the same width to one signal a column.

    Low frequencies fall on the even places, high ones on the odd; beyond both ends the
    signal is mirrored at its last sample.
    """
    low, high = (second, first) if swapped else (first, second)
    shape = len(low) + len(high), low.shape[1]
    if 0 in shape:
        return np.zeros(shape, np.float32)
    spread = np.zeros((2, *shape), np.float32)
    spread[0, ::2], spread[1, 1::2] = low, high
    parts = [
        cv2.filter2D(part, -1, taps[:, np.newaxis], borderType=cv2.BORDER_REFLECT_101)
        for part, taps in zip(spread, (filters.low, filters.high), strict=True)
    ]
    return np.asarray(parts[0] + parts[1], np.float32)
