"""Stage 3: the crop to minutiae, and the record that stores them."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.fingerprint.network import Network
from station_app.biometrics.fingerprint.parameters import STANDARD, Parameters
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

DIRECTION_STEPS = 256
"""Directions are whole 256ths of a turn everywhere, so that a stored minutia is the minutia."""

_MAGIC = b"LM"
_VERSION = 2
_HEAD = struct.Struct("<2sBB")
_ROW = np.dtype([("x", "<u2"), ("y", "<u2"), ("direction", "u1"), ("confidence", "u1")])
_CONFIDENCE_STEPS = 255


@dataclass(frozen=True, slots=True)
class Minutiae:
    """Minutiae of one finger; all arrays are (n,).

    Extracted ones are sorted by confidence; in a template those with a code come first.

    `xs`, `ys`: int32 pixels at the working ppi. `directions`: uint8, 256ths of a turn,
    clockwise as seen, 0 = right. `confidences`: uint8, 255 = certain.
    """

    xs: NDArray[np.int32]
    ys: NDArray[np.int32]
    directions: NDArray[np.uint8]
    confidences: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.xs)

    def picked(self, places: NDArray[np.intp]) -> "Minutiae":
        """Those at `places`, in that order."""
        return Minutiae(
            self.xs[places], self.ys[places], self.directions[places], self.confidences[places]
        )

    @property
    def radians(self) -> NDArray[np.float32]:
        """Directions as float32 radians in [0, 2 pi)."""
        return self.directions.astype(np.float32) * np.float32(2 * pi / DIRECTION_STEPS)


def find_minutiae(
    network: Network,
    pixels: NDArray[np.uint8],
    left: int,
    top: int,
    p: Parameters = STANDARD,
) -> tuple[Minutiae, NDArray[np.float32]]:
    """Minutiae of the crop `pixels` whose corner lies at (left, top), and the confidence map.

    Positions are those of the whole image. At most `p.max_minutiae`, those with a
    confidence of `p.confidence` or more, ties in reading order.
    """
    confidence, features = network.dense(pixels)
    ys, xs = np.nonzero(confidence >= p.confidence)
    order = np.argsort(-confidence[ys, xs], kind="stable")[: p.max_minutiae]
    ys, xs = ys[order], xs[order]
    turns = network.directions(features, ys, xs) * (DIRECTION_STEPS / (2 * pi))
    found = Minutiae(
        xs=(xs + left).astype(np.int32),
        ys=(ys + top).astype(np.int32),
        directions=np.asarray(np.rint(turns).astype(np.int32) % DIRECTION_STEPS, np.uint8),
        confidences=np.rint(confidence[ys, xs].clip(0, 1) * _CONFIDENCE_STEPS).astype(np.uint8),
    )
    return found, confidence


def pack_minutiae(minutiae: Minutiae) -> bytes:
    """The minutiae record: "LM", version, count, then x, y (uint16), direction, confidence.

    At most 255 minutiae, little-endian, 6 bytes each. Raises `ValueError` when the
    minutiae do not fit.
    """
    count = len(minutiae)
    if count > 255 or (count and max(minutiae.xs.max(), minutiae.ys.max()) > 0xFFFF):
        raise ValueError("minutiae do not fit the record")
    rows = np.zeros(count, _ROW)
    rows["x"], rows["y"] = minutiae.xs, minutiae.ys
    rows["direction"], rows["confidence"] = minutiae.directions, minutiae.confidences
    return _HEAD.pack(_MAGIC, _VERSION, count) + rows.tobytes()


def unpack_minutiae(record: bytes) -> Minutiae:
    """The reverse of `pack_minutiae`.

    Raises `KnownError("minutiae_damaged")` when the record is not one.
    """
    if len(record) < _HEAD.size:
        raise _damaged()
    magic, version, count = _HEAD.unpack_from(record)
    if (magic, version) != (_MAGIC, _VERSION) or len(record) != _HEAD.size + count * _ROW.itemsize:
        raise _damaged()
    rows = np.frombuffer(record, _ROW, offset=_HEAD.size)
    return Minutiae(
        xs=rows["x"].astype(np.int32),
        ys=rows["y"].astype(np.int32),
        directions=rows["direction"].copy(),
        confidences=rows["confidence"].copy(),
    )


def _damaged() -> KnownError:
    return KnownError(
        Code.MINUTIAE_DAMAGED,
        "A stored finger of the voter list cannot be read; load the list again from its medium.",
    )


def nothing_found() -> Minutiae:
    """No minutiae at all."""
    empty: Sequence[int] = ()
    return Minutiae(
        np.array(empty, np.int32),
        np.array(empty, np.int32),
        np.array(empty, np.uint8),
        np.array(empty, np.uint8),
    )
