"""Sizes and completeness of image files, read from their headers before any decoding.

PNG by its chunk structure (ISO/IEC 15948:2004, clause 5), BMP by its file header, TIFF 6.0
by its first directory, WSQ by its segments. Decoders accept cut-off files and half a finger;
these checks do not.
"""

import struct
import zlib

from station_app.biometrics import wsq

_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF_SIZES = {1: ("B", 1), 3: ("H", 2), 4: ("I", 4)}
_WIDTH, _HEIGHT, _STRIP_OFFSETS, _STRIP_SIZES = 256, 257, 273, 279
_TILE_OFFSETS, _TILE_SIZES = 324, 325
_MAX_TAGS, _MAX_VALUES = 512, 1 << 16


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as the header states, None when it is no known image.

    Raises `ValueError` when the file is an image but cut off or damaged.
    """
    if data.startswith(_PNG):
        return _png_size(data)
    if data.startswith(b"BM"):
        return _bmp_size(data)
    if data.startswith((b"II*\0", b"MM\0*")):
        return _tiff_size(data)
    if data.startswith(wsq.START):
        return wsq.wsq_size(data)
    return None


def _png_size(data: bytes) -> tuple[int, int]:
    place, size = len(_PNG), (0, 0)
    while place + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            break
        (checksum,) = struct.unpack_from(">I", data, end - 4)
        if zlib.crc32(data[place + 4 : end - 4]) != checksum:
            raise ValueError("damaged PNG")
        if kind == b"IHDR":
            if length != 13:
                raise ValueError("damaged PNG")
            size = struct.unpack_from(">II", data, place + 8)
        if kind == b"IEND" and size[0]:
            return size
        place = end
    raise ValueError("cut-off PNG")


def _bmp_size(data: bytes) -> tuple[int, int]:
    if len(data) < 30:
        raise ValueError("cut-off BMP")
    offset, header = struct.unpack_from("<II", data, 10)
    if header == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        packing = 0
    else:
        if len(data) < 34:
            raise ValueError("cut-off BMP")
        width, height, _, bits, packing = struct.unpack_from("<iiHHI", data, 18)
    width, height = abs(width), abs(height)
    row = (width * bits + 31) // 32 * 4
    uncompressed = packing in (0, 3)
    if uncompressed and offset + row * height > len(data):
        raise ValueError("cut-off BMP")
    return width, height


def _tiff_size(data: bytes) -> tuple[int, int]:
    order = "<" if data.startswith(b"II") else ">"
    try:
        tags = _tiff_tags(data, order)
    except struct.error as fault:
        raise ValueError("cut-off TIFF") from fault
    offsets = tags.get(_STRIP_OFFSETS) or tags.get(_TILE_OFFSETS) or []
    sizes = tags.get(_STRIP_SIZES) or tags.get(_TILE_SIZES) or []
    complete = all(o + s <= len(data) for o, s in zip(offsets, sizes, strict=False))
    if not offsets or not complete or not tags.get(_WIDTH) or not tags.get(_HEIGHT):
        raise ValueError("cut-off TIFF")
    return tags[_WIDTH][0], tags[_HEIGHT][0]


def _tiff_tags(data: bytes, order: str) -> dict[int, list[int]]:
    (start,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    if count > _MAX_TAGS:
        raise ValueError("damaged TIFF")
    tags: dict[int, list[int]] = {}
    for entry in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, values = struct.unpack_from(order + "HHI", data, entry)
        if kind not in _TIFF_SIZES or values > _MAX_VALUES:
            continue
        letter, width = _TIFF_SIZES[kind]
        place = entry + 8
        if values * width > 4:
            (place,) = struct.unpack_from(order + "I", data, place)
        tags[tag] = list(struct.unpack_from(f"{order}{values}{letter}", data, place))
    return tags
