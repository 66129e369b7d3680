"""Finger image records: ISO/IEC 19794-4:2011, as readers of national programmes send them.

One finger, one view. Of the record only what the image needs is read; all lengths have to agree.
Extended data behind the image (MOSIP's encoder writes three blocks) are skipped.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

START: Final = b"FIR\x00020\x00"
_PER_INCH: Final = 1
_PER_CENTIMETRE: Final = 2
_CM_PER_INCH: Final = 2.54
_BLOCK_HEAD: Final = 4


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
    start, end = at + 22, at + 22 + length
    data = record[start:end]
    if len(data) != length or not _are_extended_blocks(record[end:]):
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


def _are_extended_blocks(rest: bytes) -> bool:
    """Whether it is whole blocks of extended data (segmentation, annotation, comment, the maker's
    own), which are skipped: each has a kind and its length, both of two bytes and counted in it.
    """
    at = 0
    while at < len(rest):
        if len(rest) - at < _BLOCK_HEAD:
            return False
        (length,) = struct.unpack_from(">H", rest, at + 2)
        if length < _BLOCK_HEAD:
            return False
        at += length
    return at == len(rest)
