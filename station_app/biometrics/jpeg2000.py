"""Sizes of JPEG 2000 images (ISO/IEC 15444-1), read before OpenJPEG decodes one.

A codestream alone, or the one of a JP2 file. A header of a few bytes can ask for millions of tiles,
precincts or layers, each of which a decoder takes memory for; no finger's image has them.
"""

import struct
from typing import Final

_CODESTREAM: Final = b"\xff\x4f\xff\x51"
_FILE: Final = b"\0\0\0\x0cjP  \r\n\x87\n"
STARTS: Final = (_CODESTREAM, _FILE)
_END: Final = b"\xff\xd9"
_CODING_STYLE, _TILE_PART = 0xFF52, 0xFF90
_MOST_TILES: Final = 64
_MOST_LAYERS: Final = 64
_MOST_COMPONENTS: Final = 4
_LEAST_PRECINCT: Final = 5
"""Power of two of the sides of a precinct."""
_MOST_MARKERS: Final = 100
_MOST_BOXES: Final = 32


def jpeg2000_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises `ValueError` for what no image of a finger has."""
    stated, stream = (None, data) if data.startswith(_CODESTREAM) else _of_file(data)
    if not stream.startswith(_CODESTREAM) or not stream.endswith(_END):
        raise ValueError("the codestream is cut off")
    try:
        size = _siz(stream)
        _refuse_many_parts(stream)
    except struct.error as error:
        raise ValueError("the codestream is cut off") from error
    if stated is not None and stated != size:
        raise ValueError("the file and its codestream give two sizes")
    return size


def _of_file(data: bytes) -> tuple[tuple[int, int], bytes]:
    """The size in a JP2 file's image header box (annex I.5.3.1), and its only codestream."""
    place, size, streams = 0, None, []
    for _ in range(_MOST_BOXES):
        if place + 8 > len(data):
            break
        length, kind = struct.unpack_from(">I4s", data, place)
        end = len(data) if length == 0 else place + length
        if length == 1 or end < place + 8 or end > len(data):
            raise ValueError("a box is cut off")
        if kind == b"jp2h":
            inner, first = struct.unpack_from(">I4s", data.ljust(place + 24, b"\0"), place + 8)
            if first != b"ihdr" or inner != 22 or end < place + 30 or size is not None:
                raise ValueError("the image header is not where it belongs")
            height, width = struct.unpack_from(">II", data, place + 16)
            size = width, height
        elif kind == b"jp2c":
            streams.append(data[place + 8 : end])
        place = end
    if place != len(data) or size is None or len(streams) != 1:
        raise ValueError("not one image header and one codestream")
    return size, streams[0]


def _siz(stream: bytes) -> tuple[int, int]:
    """The image's size from the SIZ marker (annex A.5.1), its grid beginning at 0."""
    length, _, right, bottom, left, top, *tile, components = struct.unpack_from(">HH8IH", stream, 4)
    tile_width, tile_height, tile_left, tile_top = tile
    if not 1 <= components <= _MOST_COMPONENTS or length != 38 + 3 * components:
        raise ValueError("an unknown number of colours")
    if (
        left
        or top
        or tile_left
        or tile_top
        or not (right and bottom and tile_width and tile_height)
    ):
        raise ValueError("a grid that does not begin at its corner")
    if -(-right // tile_width) * -(-bottom // tile_height) > _MOST_TILES:
        raise ValueError("too many tiles")
    for number in range(components):
        depth, across, down = struct.unpack_from(">3B", stream, 42 + 3 * number)
        if depth not in (7, 15) or (across, down) != (1, 1):
            raise ValueError("neither 8 nor 16 bits a pixel")
    return right, bottom


def _refuse_many_parts(stream: bytes) -> None:
    """Raises `ValueError` for many layers or small precincts (annex A.6.1)."""
    place = 2
    for _ in range(_MOST_MARKERS):
        marker, length = struct.unpack_from(">HH", stream, place)
        if marker == _TILE_PART:
            return
        if length < 2:
            raise ValueError("a marker is damaged")
        if marker == _CODING_STYLE:
            style, _, layers = struct.unpack_from(">BBH", stream, place + 4)
            if layers > _MOST_LAYERS:
                raise ValueError("too many layers")
            precincts = stream[place + 14 : place + 2 + length] if style & 1 else b""
            if any(min(one & 15, one >> 4) < _LEAST_PRECINCT for one in precincts):
                raise ValueError("precincts that are too small")
        place += 2 + length
    raise ValueError("too many markers before the image")
