"""Sizes and completeness of image files, read from their headers before any decoding.

PNG by its chunk structure (ISO/IEC 15948:2004, clause 5), BMP by its file header, TIFF 6.0
by its only directory, WSQ by its segments, JPEG 2000 by its markers. Decoders accept cut-off
files, half a finger, and headers that say two things; these checks do not. What passes has one
size, and a decoder that reads it takes memory for that size.
"""

import struct
import zlib
from typing import Final

from station_app.biometrics import jpeg2000, wsq

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_DRAWN: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""The chunks that make the picture; others hold texts, profiles and animations."""
_BMP_HEADERS: Final = (12, 40, 52, 56, 64, 108, 124)
_BMP_DEPTHS: Final = (1, 4, 8, 16, 24, 32)

_TIFF_TYPES: Final = {
    1: ("B", 1), 2: ("c", 1), 3: ("H", 2), 4: ("I", 4), 5: ("Q", 8), 6: ("b", 1), 7: ("c", 1),
    8: ("h", 2), 9: ("i", 4), 10: ("q", 8), 11: ("f", 4), 12: ("d", 8),
}  # fmt: skip
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _COLOURS = 256, 257, 258, 259, 262
_STRIP_OFFSETS, _CHANNELS, _STRIP_ROWS, _STRIP_SIZES = 273, 277, 278, 279
_TILE_WIDTH, _TILE_LENGTH, _TILE_OFFSETS, _TILE_SIZES = 322, 323, 324, 325
_READ_DEPTHS: Final = (1, 2, 4, 8, 16)
_READ_COMPRESSIONS: Final = (1, 5, 8, 32773, 32946)
"""None, LZW, Deflate (two numbers), PackBits: each fills a strip and no more."""
_READ_COLOURS: Final = (0, 1, 2, 3)
"""Grey (two ways), RGB, a palette."""
_MOST_CHANNELS: Final = 4
_ALL_ROWS: Final = 0xFFFFFFFF
_MOST_TAGS: Final = 64
_LEAST_TILE: Final = 1024
"""A tile may be larger than its image, but not without end."""


class HeaderFaultError(ValueError):
    """Why an image is not decoded, as the end of a sentence: "says its size twice"."""


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as the header states, None when it is no known image.

    Raises `HeaderFaultError` when the file is an image but cut off, damaged, contradicts itself, or
    is one of several in the file.
    """
    if data.startswith(_PNG):
        return _png_size(data)
    if data.startswith(b"BM"):
        return _bmp_size(data)
    if data.startswith((b"II*\0", b"MM\0*")):
        return _tiff_size(data)
    if data.startswith(wsq.START):
        try:
            return wsq.wsq_size(data)
        except ValueError as fault:
            raise HeaderFaultError("is cut off or damaged") from fault
    if data.startswith(jpeg2000.STARTS):
        try:
            return jpeg2000.jpeg2000_size(data)
        except ValueError as fault:
            raise HeaderFaultError("is cut off, damaged, or no image of a finger") from fault
    return None


def drawn_only(data: bytes) -> bytes:
    """A PNG without the chunks that do not draw; any other image as it is.

    What a decoder would unpack, or animate, beside the picture is gone. `image_size` has to
    have passed `data`.
    """
    if not data.startswith(_PNG):
        return data
    parts, place = [_PNG], len(_PNG)
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if kind in _DRAWN:
            parts.append(data[place:end])
        if kind == b"IEND":
            break
        place = end
    return b"".join(parts)


def _png_size(data: bytes) -> tuple[int, int]:
    place, size, is_drawn = len(_PNG), (0, 0), False
    while place + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            break
        (checksum,) = struct.unpack_from(">I", data, end - 4)
        if zlib.crc32(data[place + 4 : end - 4]) != checksum:
            raise HeaderFaultError("is damaged")
        if (kind == b"IHDR") != (place == len(_PNG)):
            raise HeaderFaultError("does not say its size once, at its beginning")
        if kind == b"IHDR":
            if length != 13:
                raise HeaderFaultError("is damaged")
            size = struct.unpack_from(">II", data, place + 8)
        is_drawn = is_drawn or kind == b"IDAT"
        if kind == b"IEND" and is_drawn:
            return size
        place = end
    raise HeaderFaultError("is cut off")


def _bmp_size(data: bytes) -> tuple[int, int]:
    if len(data) < 34:
        raise HeaderFaultError("is cut off")
    offset, header = struct.unpack_from("<II", data, 10)
    if header == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        packing = 0
    else:
        width, height, _, bits, packing = struct.unpack_from("<iiHHI", data, 18)
    if header not in _BMP_HEADERS or bits not in _BMP_DEPTHS or width <= 0:
        raise HeaderFaultError("has a header that no BMP image of a finger has")
    height = abs(height)
    row = (width * bits + 31) // 32 * 4
    uncompressed = packing in (0, 3)
    if uncompressed and offset + row * height > len(data):
        raise HeaderFaultError("is cut off")
    return width, height


def _tiff_size(data: bytes) -> tuple[int, int]:
    order = "<" if data.startswith(b"II") else ">"
    try:
        tags = _tiff_tags(data, order)
    except struct.error as fault:
        raise HeaderFaultError("is cut off") from fault
    width, height = _one(tags, _WIDTH), _one(tags, _HEIGHT)
    depths = tags.get(_BITS, (1,))
    channels = _one(tags, _CHANNELS, 1)
    if not 1 <= channels <= _MOST_CHANNELS or len(depths) > channels:
        raise HeaderFaultError("has an unknown number of colours")
    if len(set(depths)) != 1 or depths[0] not in _READ_DEPTHS:
        raise HeaderFaultError("has neither 8 nor 16 bits a pixel")
    if (
        _one(tags, _COMPRESSION, 1) not in _READ_COMPRESSIONS
        or _one(tags, _COLOURS, 1) not in _READ_COLOURS
    ):
        raise HeaderFaultError("is packed or coloured in a way that is not read here")
    _refuse_wide_parts(tags, width, height)
    is_tiled = _TILE_OFFSETS in tags
    offsets = tags.get(_TILE_OFFSETS if is_tiled else _STRIP_OFFSETS, ())
    sizes = tags.get(_TILE_SIZES if is_tiled else _STRIP_SIZES, ())
    complete = len(offsets) == len(sizes) and all(
        o + s <= len(data) for o, s in zip(offsets, sizes, strict=True)
    )
    if not offsets or not complete:
        raise HeaderFaultError("is cut off")
    return width, height


def _refuse_wide_parts(tags: dict[int, tuple[int, ...]], width: int, height: int) -> None:
    """Strips and tiles are decoded whole: they may not be larger than the image by much."""
    rows = _one(tags, _STRIP_ROWS, _ALL_ROWS)
    sides = (
        (0 if rows == _ALL_ROWS else rows, height),
        (_one(tags, _TILE_WIDTH, 0), width),
        (_one(tags, _TILE_LENGTH, 0), height),
    )
    if any(side > max(of, _LEAST_TILE) for side, of in sides):
        raise HeaderFaultError("is in parts that are larger than the image")


def _tiff_tags(data: bytes, order: str) -> dict[int, tuple[int, ...]]:
    """The values of the whole numbers in the only directory, by tag.

    Each tag stands once, in rising order, as the format asks: of two widths a decoder would
    take the one that was not checked.
    """
    (start,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    if count > _MOST_TAGS:
        raise HeaderFaultError("has a header that no TIFF image of a finger has")
    (following,) = struct.unpack_from(order + "I", data, start + 2 + 12 * count)
    if following:
        raise HeaderFaultError("holds several pages")
    tags: dict[int, tuple[int, ...]] = {}
    last = 0
    for entry in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, values = struct.unpack_from(order + "HHI", data, entry)
        if tag <= last:
            raise HeaderFaultError("says the same thing twice in its header")
        last = tag
        if kind not in _TIFF_TYPES:
            raise HeaderFaultError("has a header that no TIFF image of a finger has")
        letter, width = _TIFF_TYPES[kind]
        place = entry + 8
        if values * width > 4:
            (place,) = struct.unpack_from(order + "I", data, place)
        if place + values * width > len(data):
            raise HeaderFaultError("is cut off")
        if letter in "BHI":
            tags[tag] = struct.unpack_from(f"{order}{values}{letter}", data, place)
    return tags


def _one(tags: dict[int, tuple[int, ...]], tag: int, default: int | None = None) -> int:
    """The single value of a tag; `default` where it does not stand there."""
    values = tags.get(tag, () if default is None else (default,))
    if len(values) != 1:
        raise HeaderFaultError("has a header that no TIFF image of a finger has")
    return values[0]
