"""Finger image records: ISO/IEC 19794-4:2011, as readers of national programmes send them.

One finger, one view. Of the record only what the image needs is read; all lengths have to agree.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

START: Final = b"FIR\x00020\x00"
_PER_INCH: Final = 1
_PER_CENTIMETRE: Final = 2
_CM_PER_INCH: Final = 2.54


class Compression(IntEnum):
    """How the image is packed (table 6 of the standard); lossy JPEG and packed bits are refused."""

    NONE = 0
    WSQ = 2
    JPEG2000_LOSSY = 4
    JPEG2000_LOSSLESS = 5
    PNG = 6


@dataclass(frozen=True, slots=True)
class FingerView:
    """One picture: pixels a side, pixels an inch, and its bytes as packed."""

    width: int
    height: int
    ppi: int
    compression: Compression
    data: bytes


def finger_view(record: bytes) -> FingerView:
    """The only view of a record. Raises `ValueError` with what is wrong, in a few words."""
    try:
        return _view(record)
    except (struct.error, IndexError) as error:
        raise ValueError("is cut off") from error


def _view(record: bytes) -> FingerView:
    if not record.startswith(START):
        raise ValueError("is not of the 2011 edition")
    length, views, certified, fingers = struct.unpack_from(">IHBB", record, 8)
    if length != len(record):
        raise ValueError("is of another length than it says")
    if (views, fingers) != (1, 1) or certified > 1:
        raise ValueError("does not hold one view of one finger")
    (length,) = struct.unpack_from(">I", record, 16)
    if 16 + length != len(record):
        raise ValueError("has a view of another length than it says")
    at = 34  # after length, date, technology, maker and type of the device
    at += 1 + 5 * record[at]  # qualities
    if certified:
        at += 1 + 3 * record[at]
    scale, across, down, depth, compression = struct.unpack_from(">xxB4xHHBB", record, at)
    width, height, length = struct.unpack_from(">HHI", record, at + 14)
    data = record[at + 22 :]
    if len(data) != length:
        raise ValueError("has an image of another length than it says")
    if depth != 8 or across != down or scale not in (_PER_INCH, _PER_CENTIMETRE):
        raise ValueError("has neither 8 bits a pixel nor one resolution")
    if compression not in list(Compression):
        raise ValueError("is packed in a way that is not read here")
    packed = Compression(compression)
    if packed is Compression.NONE and length != width * height:
        raise ValueError("has an image of another size than it says")
    ppi = across if scale == _PER_INCH else round(across * _CM_PER_INCH)
    return FingerView(width, height, ppi, packed, data)
