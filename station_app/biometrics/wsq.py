"""WSQ, the FBI's compression of fingerprint images, decoded.

"WSQ Gray-scale Fingerprint Image Compression Specification", IAFIS-IC-0110 (V3), 1997. A
file is a row of segments (marker FF A0..A8, length, contents) and Huffman coded blocks; the
coefficients of 60 wavelet subbands come in one sequence. Our own and not NIST's C code, which
damaged files can crash: ADR 0008.
"""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from station_app.biometrics.wsq_wavelet import BANDS, Filters, band_shapes, synthesise

START = b"\xff\xa0"
_END, _FRAME, _BLOCK, _FILTERS, _BINS, _CODES, _, _COMMENT = range(0xFFA1, 0xFFA9)
_FRAME_LAYOUT = struct.Struct(">BBHHBHBHBH")
_TAP = struct.Struct(">BBI")
_BIN = struct.Struct(">BHBH")
_MOST_TAPS = 32
_MOST_TABLES = 8
_MOST_BYTES_A_PIXEL = 2
_MOST_SEGMENTS = 256
_MOST_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class _Codes:
    """A Huffman table by 16 bits of look-ahead: code lengths, 0 where there is none."""

    lengths: bytes
    symbols: bytes


@dataclass(slots=True)
class _File:
    """What the segments say; `bins` are (bin centre, 64 bin widths, 64 zero bin widths)."""

    size: tuple[int, int] = (0, 0)
    shift: float = 0.0
    scale: float = 1.0
    filters: Filters | None = None
    bins: tuple[float, NDArray[np.float32], NDArray[np.float32]] | None = None
    tables: dict[int, _Codes] = field(default_factory=dict)
    blocks: list[tuple[_Codes, bytes]] = field(default_factory=list)


def wsq_size(data: bytes) -> tuple[int, int]:
    """Width and height of a complete WSQ file; nothing is decoded.

    Raises `ValueError` when a segment is damaged or missing.
    """
    return _read(data).size


def decode_wsq(data: bytes) -> NDArray[np.uint8]:
    """The grey pixels, uint8 (height, width). Raises `ValueError` on any damage.

    Time and memory are bounded by the size: see `wsq_size` before.
    """
    file = _read(data)
    assert file.filters is not None
    assert file.bins is not None
    centre, widths, zeros = file.bins
    shapes = band_shapes(*file.size)
    lengths = [h * w if widths[i] else 0 for i, (h, w) in enumerate(shapes)]
    values = _coefficients(file.blocks, sum(lengths))
    bands = []
    with np.errstate(over="ignore", invalid="ignore"):
        for i, (start, end) in enumerate(pairwise(accumulate(lengths, initial=0))):
            q = values[start:end] if widths[i] else np.zeros(shapes[i], np.float32)
            signs = np.sign(q)
            wide = widths[i] * (q - signs * centre) + signs * zeros[i] / 2
            bands.append(wide.reshape(shapes[i]))
        grey = synthesise(bands, file.size, file.filters) * file.scale + file.shift
    if not np.isfinite(grey).all():
        raise ValueError("damaged WSQ")
    return np.asarray(np.floor(grey + 0.5).clip(0, 255), np.uint8)


def _read(data: bytes) -> _File:
    file = _File()
    for marker, contents, coded in _segments(data):
        try:
            if marker == _FRAME:
                _read_frame(file, contents)
            elif marker == _FILTERS:
                file.filters = _read_filters(contents)
            elif marker == _BINS:
                file.bins = _read_bins(contents)
            elif marker == _CODES:
                file.tables |= _read_tables(contents)
            elif marker == _BLOCK:
                (table,) = struct.unpack(">B", contents)
                file.blocks.append((file.tables[table], coded))
        except (struct.error, KeyError) as fault:
            raise ValueError("damaged WSQ") from fault
    if file.filters is None or file.bins is None or not file.blocks or not all(file.size):
        raise ValueError("WSQ without all its parts")
    if sum(len(coded) for _, coded in file.blocks) > _MOST_BYTES_A_PIXEL * np.prod(file.size):
        raise ValueError("damaged WSQ")
    return file


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(marker, contents, Huffman coded bytes after a block's header), up to the end marker."""
    place = len(START)
    for _ in range(_MOST_SEGMENTS if len(data) <= _MOST_BYTES else 0):
        if place + 2 > len(data):
            break
        (marker,) = struct.unpack_from(">H", data, place)
        if marker == _END:
            return
        if not _FRAME <= marker <= _COMMENT or place + 4 > len(data):
            break
        (length,) = struct.unpack_from(">H", data, place + 2)
        end = place + 2 + length
        if length < 2 or end > len(data):
            break
        contents, start = data[place + 4 : end], end
        if marker == _BLOCK:
            end = _next_marker(data, end)
        yield marker, contents, data[start:end]
        place = end
    raise ValueError("cut-off or damaged WSQ")


def _next_marker(data: bytes, place: int) -> int:
    """Where the next FF stands that no 00 follows."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            raise ValueError("cut-off WSQ")
        if data[place + 1]:
            return place
        place += 2


def _read_frame(file: _File, contents: bytes) -> None:
    if any(file.size):
        raise ValueError("WSQ with two images")
    _, _, height, width, s, shift, r, scale, _, _ = _FRAME_LAYOUT.unpack(contents)
    file.size = width, height
    file.shift, file.scale = shift / 10.0**s, scale / 10.0**r


def _read_filters(contents: bytes) -> Filters:
    """Analysis filters, centre first; each synthesis filter is the other one, signs alternating."""
    low, high = struct.unpack_from(">BB", contents)
    if not (low % 2 and high % 2 and max(low, high) <= _MOST_TAPS):
        raise ValueError("WSQ with filters other than the standard's")
    halves = (low + 1) // 2, (high + 1) // 2
    taps = [
        (-1 if sign else 1) * value / 10.0**scale
        for sign, scale, value in _TAP.iter_unpack(contents[2:])
    ]
    if len(taps) != sum(halves):
        raise ValueError("damaged WSQ")
    return Filters(low=_alternating(taps[halves[0] :]), high=_alternating(taps[: halves[0]]))


def _alternating(half: list[float]) -> NDArray[np.float32]:
    outwards = [tap if place % 2 == 0 else -tap for place, tap in enumerate(half)]
    return np.array(outwards[:0:-1] + outwards, np.float32)


def _read_bins(contents: bytes) -> tuple[float, NDArray[np.float32], NDArray[np.float32]]:
    scale, centre = struct.unpack_from(">BH", contents)
    rows = list(_BIN.iter_unpack(contents[3:]))
    if len(rows) < BANDS:
        raise ValueError("damaged WSQ")
    widths = np.array([width / 10.0**s for s, width, _, _ in rows], np.float32)
    zeros = np.array([width / 10.0**s for _, _, s, width in rows], np.float32)
    return centre / 10.0**scale, widths, zeros


def _read_tables(contents: bytes) -> dict[int, _Codes]:
    tables, place = {}, 0
    while place < len(contents):
        number, *counts = struct.unpack_from(">B16B", contents, place)
        values = contents[place + 17 : place + 17 + sum(counts)]
        if number >= _MOST_TABLES or len(values) != sum(counts) or len(values) > 256:
            raise ValueError("damaged WSQ")
        if number in tables:
            raise ValueError("damaged WSQ")
        tables[number] = _codes(counts, values)
        place += 17 + len(values)
    return tables


def _codes(counts: list[int], values: bytes) -> _Codes:
    """Canonical Huffman codes, shortest first, as in JPEG (ISO/IEC 10918-1, annex C)."""
    lengths, symbols = bytearray(), bytearray()
    taken = 0
    for length, count in enumerate(counts, start=1):
        span = 1 << 16 - length
        for value in values[taken : taken + count]:
            lengths += bytes([length]) * span
            symbols += bytes([value]) * span
        taken += count
        if len(lengths) > 1 << 16:
            raise ValueError("damaged WSQ")
    rest = bytes((1 << 16) - len(lengths))
    return _Codes(bytes(lengths) + rest, bytes(symbols) + rest)


def _coefficients(blocks: list[tuple[_Codes, bytes]], total: int) -> NDArray[np.float32]:
    """The quantised coefficients of all subbands that have any, float32 (total,)."""
    places, values = array("I"), array("i")
    count = 0
    for codes, coded in blocks:
        count = _decode_block(codes, coded, count, total, places, values)
    if count != total:
        raise ValueError("cut-off WSQ")
    whole = np.zeros(total, np.float32)
    whole[np.asarray(places, np.intp)] = values
    return whole


def _decode_block(
    codes: _Codes, coded: bytes, count: int, total: int, places: "array[int]", values: "array[int]"
) -> int:
    """Append a block's coefficients other than 0; the count of all so far.

    Symbols: 1..100 so many zeros; 101, 102 a positive, negative value in 8 bits, 103, 104 in
    16; 105, 106 a number of zeros in 8, 16 bits; 107..254 the value plus 180.
    """
    bits = np.frombuffer(coded.replace(b"\xff\x00", b"\xff") + b"\xff" * 6, np.uint8)
    wide = bits.astype(np.uint32)
    words = np.asarray(wide[:-2] << 16 | wide[1:-1] << 8 | wide[2:], np.uint32)
    ahead = memoryview(words.tobytes()).cast("I")
    end = 8 * (len(bits) - 6)
    lengths, symbols = codes.lengths, codes.symbols
    at = 0
    while count <= total:
        look = ahead[at >> 3] >> 8 - (at & 7) & 0xFFFF
        length = lengths[look]
        if not length or at + length > end:
            break
        at += length
        symbol = symbols[look]
        if 107 <= symbol <= 254:
            places.append(count)
            values.append(symbol - 180)
            count += 1
        elif 1 <= symbol <= 100:
            count += symbol
        elif 101 <= symbol <= 106:
            width = 8 if symbol in {101, 102, 105} else 16
            number = (ahead[at >> 3] >> 8 - (at & 7) & 0xFFFF) >> 16 - width
            at += width
            if symbol >= 105:
                count += number
            else:
                places.append(count)
                values.append(number if symbol % 2 else -number)
                count += 1
        else:
            raise ValueError("damaged WSQ")
    if count > total or not 0 <= end - at < 8:
        raise ValueError("damaged WSQ")
    return count
