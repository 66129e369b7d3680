"""ISO/IEC 19794-2:2005, clause 7: the record as bytes, and back.

General header of 24 bytes: "FMR", 0, " 20", 0, length (4), device (2: certified bit, three
reserved bits, 12 bits of model), width, height, pixels per cm across and down (2 each),
number of views, reserved 0. A view: position, view number and impression type (4 bits each),
quality, number of minutiae, minutiae of 6 bytes, length of the extended data (2), the data.
"""

import struct

from station_app.biometrics.interchange.records import (
    NOT_REPORTED,
    Cursor,
    Device,
    Edition,
    FingerMinutiaeRecord,
    QualityBlock,
    RecordFault,
    Representation,
    finger_position,
    minutia,
)

MAGIC = b"FMR\0 20\0"
_HEADER = struct.Struct(">8sIHHHHHBB")
_VIEW = struct.Struct(">BBBB")
_MINUTIA = struct.Struct(">HHBB")
_LENGTH = struct.Struct(">H")
_NO_QUALITY = 0
_CERTIFIED, _RESERVED, _MODEL = 0x8000, 0x7000, 0x0FFF


def parse_2005(data: bytes) -> FingerMinutiaeRecord:
    """The record in `data`, its values not checked yet. Raises `RecordFault`."""
    cursor = Cursor(data)
    _, length, device, width, height, across, down, views, reserved = cursor.fields(
        _HEADER, "the header"
    )
    if length != len(data):
        raise RecordFault(_wrong_length(data, length))
    if device & _RESERVED or reserved:
        raise RecordFault("reserved bits of the header are set")
    shown = []
    for _ in range(views):
        position, number_impression, quality, count = cursor.fields(_VIEW, "a view's header")
        rows = cursor.rows(_MINUTIA, count, "the minutiae")
        (extended,) = cursor.fields(_LENGTH, "the extended data")
        shown.append(
            Representation(
                position=finger_position(position),
                number=number_impression >> 4,
                impression=number_impression & 15,
                width=width,
                height=height,
                resolution_x=across,
                resolution_y=down,
                qualities=(QualityBlock(quality),),
                minutiae=tuple(minutia(x, y, angle, _quality(q)) for x, y, angle, q in rows),
                extended=cursor.bytes(extended, "the extended data"),
                device=Device(model=device & _MODEL, certified=bool(device & _CERTIFIED)),
            )
        )
    if cursor.left:
        raise RecordFault(f"{cursor.left} bytes follow the last view")
    return FingerMinutiaeRecord(Edition.E2005, tuple(shown))


def _quality(stored: int) -> int:
    if stored == NOT_REPORTED:
        raise RecordFault(f"minutia quality {NOT_REPORTED} is not in 0..100")
    return NOT_REPORTED if stored == _NO_QUALITY else stored


def _wrong_length(data: bytes, length: int) -> str:
    """ANSI INCITS 378-2004 has the same first 8 bytes and a length of 2 bytes after them."""
    if length >> 16 == len(data):
        return "it is an ANSI INCITS 378-2004 record, which has other angles"
    return f"{length} bytes announced, {len(data)} found"


def compose_2005(record: FingerMinutiaeRecord) -> bytes:
    """The bytes of a record that has been checked."""
    first = record.representations[0]
    views = b"".join(_view(one) for one in record.representations)
    header = _HEADER.pack(
        MAGIC,
        _HEADER.size + len(views),
        (_CERTIFIED if first.device.certified else 0) | first.device.model,
        first.width,
        first.height,
        first.resolution_x,
        first.resolution_y,
        len(record.representations),
        0,
    )
    return header + views


def _view(one: Representation) -> bytes:
    head = _VIEW.pack(
        one.position, one.number << 4 | one.impression, one.qualities[0].score, len(one.minutiae)
    )
    rows = b"".join(
        _MINUTIA.pack(
            m.kind << 14 | m.x,
            m.y,
            m.angle,
            _NO_QUALITY if m.quality == NOT_REPORTED else m.quality,
        )
        for m in one.minutiae
    )
    return head + rows + _LENGTH.pack(len(one.extended)) + one.extended
