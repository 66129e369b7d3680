"""Stage 2: where the finger lies, by block variance, and the crop the network gets."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters


@dataclass(frozen=True, slots=True)
class Foreground:
    """The finger in the image.

    `blocks`: bool (ceil(h / block), ceil(w / block)), True where the finger is;
    `left`, `top`, `width`, `height`: the box round it with its margin, in pixels, inside
    the image; all zero when there is no finger. `beside`: 0..1, area of the largest piece
    beside it (not above or below, where a finger's own parts are), in parts of its own.
    """

    blocks: NDArray[np.bool_]
    left: int
    top: int
    width: int
    height: int
    beside: float = 0.0

    @property
    def empty(self) -> bool:
        """Whether the image has background only."""
        return self.width == 0


def block_statistics(
    pixels: NDArray[np.uint8], block: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation of every block, float32 (rows, columns).

    Edge blocks that stick out of the image are completed by repeating its border.
    """
    height, width = pixels.shape
    rows, columns = -(-height // block), -(-width // block)
    whole = cv2.copyMakeBorder(
        pixels, 0, rows * block - height, 0, columns * block - width, cv2.BORDER_REPLICATE
    )
    tiles = whole.astype(np.float32)
    size = (columns, rows)
    mean = cv2.resize(tiles, size, interpolation=cv2.INTER_AREA)
    square = cv2.resize(tiles * tiles, size, interpolation=cv2.INTER_AREA)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.asarray(mean, np.float32), np.asarray(deviation, np.float32)


def find_foreground(pixels: NDArray[np.uint8], p: Parameters = STANDARD) -> Foreground:
    """Blocks with contrast, closed, largest connected piece with its holes filled.

    `pixels` is uint8 (h, w) at the working ppi. Block variance as in Mehtre and Chatterjee,
    Pattern Recognition 22(4), 1989, with the threshold relative to the image's own contrast.
    Images of less than two blocks a side hold no finger.
    """
    if min(pixels.shape) < 2 * p.block:
        shape = -(-pixels.shape[0] // p.block), -(-pixels.shape[1] // p.block)
        return Foreground(np.zeros(shape, np.bool_), 0, 0, 0, 0)
    _, deviation = block_statistics(pixels, p.block)
    threshold = max(p.block_floor, p.block_contrast * float(np.percentile(deviation, 95)))
    rough = (deviation >= threshold).astype(np.uint8)
    closed = cv2.morphologyEx(rough, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, cross)
    piece, beside = _largest_piece(np.asarray(opened, np.uint8))
    return replace(_boxed(_filled(piece), pixels.shape, p), beside=beside)


def _largest_piece(mask: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """The largest connected piece, and the share of its area that another one beside it has."""
    count, labels, statistics, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return np.zeros_like(mask), 0.0
    largest = 1 + int(np.argmax(statistics[1:, cv2.CC_STAT_AREA]))
    top, height = statistics[:, cv2.CC_STAT_TOP], statistics[:, cv2.CC_STAT_HEIGHT]
    overlap = np.minimum(top + height, top[largest] + height[largest])
    overlap = overlap - np.maximum(top, top[largest])
    level = overlap >= np.minimum(height, height[largest]) / 2
    across, down = np.abs(middles - middles[largest]).T
    others = level & (across > down)
    others[[0, largest]] = False
    areas = statistics[:, cv2.CC_STAT_AREA]
    beside = float(np.where(others, areas, 0).max()) / float(areas[largest])
    return np.asarray(labels == largest, np.uint8), beside


def _filled(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    filled = np.zeros_like(mask)
    cv2.drawContours(filled, outlines, -1, (1,), cv2.FILLED)
    return filled.astype(np.bool_)


def _boxed(blocks: NDArray[np.bool_], shape: tuple[int, ...], p: Parameters) -> Foreground:
    if not blocks.any():
        return Foreground(blocks, 0, 0, 0, 0)
    rows, columns = np.flatnonzero(blocks.any(axis=1)), np.flatnonzero(blocks.any(axis=0))
    top = max(0, int(rows[0]) * p.block - p.crop_margin)
    left = max(0, int(columns[0]) * p.block - p.crop_margin)
    bottom = min(shape[0], (int(rows[-1]) + 1) * p.block + p.crop_margin)
    right = min(shape[1], (int(columns[-1]) + 1) * p.block + p.crop_margin)
    left, width = _shortened(left, right, p.crop_most)
    top, height = _shortened(top, bottom, p.crop_most)
    return Foreground(blocks, left, top, width, height)


def _shortened(first: int, beyond: int, most: int) -> tuple[int, int]:
    """Start and length of the middle of a range, `most` long at most."""
    length = min(most, beyond - first)
    return first + (beyond - first - length) // 2, length


def crop(
    pixels: NDArray[np.uint8], found: Foreground, p: Parameters = STANDARD
) -> NDArray[np.uint8]:
    """The finger's box, uint8, both sides multiples of `p.crop_multiple`.

    The crop starts at (`found.top`, `found.left`). It grows into the image where there is
    more of it; beyond the image it is filled with the crop's corner value, as the network
    was trained.
    """
    m = p.crop_multiple
    height, width = -(-found.height // m) * m, -(-found.width // m) * m
    inside = pixels[found.top : found.top + height, found.left : found.left + width]
    padded = np.full((height, width), inside[0, 0], np.uint8)
    padded[: inside.shape[0], : inside.shape[1]] = inside
    return padded
