"""ISO/IEC 19794-2:2011, clause 8: the record as bytes, and back.

General header of 15 bytes: "FMR", 0, "030", 0, length (4), number of representations (2),
certification block flag. A representation: length (4), time of capture (9), sensor
technology (1), vendor, model (2 each), qualities (count, 5 each), certifications where
flagged (count, 3 each), position, representation number, pixels per cm across and down (2
each), impression type, width, height (2 each), bytes a minutia and ridge ending type (4 bits
each), number of minutiae, minutiae of 5 or 6 bytes, length of the extended data (2), the data.
"""

import struct

from station_app.biometrics.interchange.records import (
    NOT_REPORTED,
    CaptureTime,
    Certification,
    Cursor,
    Device,
    Edition,
    FingerMinutiaeRecord,
    QualityBlock,
    RecordFault,
    Representation,
    finger_position,
    minutia,
    ridge_ending,
)

MAGIC = b"FMR\x00030\0"
_HEADER = struct.Struct(">8sIHB")
_LENGTH = struct.Struct(">I")
_CAPTURE = struct.Struct(">HBBBBBHBHH")
_COUNT = struct.Struct(">B")
_QUALITY = struct.Struct(">BHH")
_CERTIFICATION = struct.Struct(">HB")
_IMAGE = struct.Struct(">BBHHBHHBB")
_MINUTIA = {5: struct.Struct(">HHB"), 6: struct.Struct(">HHBB")}
_EXTENDED = struct.Struct(">H")


def parse_2011(data: bytes) -> FingerMinutiaeRecord:
    """The record in `data`, its values not checked yet. Raises `RecordFault`."""
    cursor = Cursor(data)
    _, length, count, flag = cursor.fields(_HEADER, "the header")
    if length != len(data):
        raise RecordFault(f"{length} bytes announced, {len(data)} found")
    if flag not in {0, 1}:
        raise RecordFault(f"certification block flag {flag} is not 0 or 1")
    shown = []
    for _ in range(count):
        start = cursor.place
        (size,) = cursor.fields(_LENGTH, "a representation's length")
        shown.append(_parse_representation(cursor, bool(flag)))
        if cursor.place != start + size:
            raise RecordFault(
                f"{size} bytes of a representation announced, {cursor.place - start} found"
            )
    if cursor.left:
        raise RecordFault(f"{cursor.left} bytes follow the last representation")
    return FingerMinutiaeRecord(Edition.E2011, tuple(shown), bool(flag))


def _parse_representation(cursor: Cursor, certified: bool) -> Representation:
    *time, technology, vendor, model = cursor.fields(_CAPTURE, "the capture fields")
    (count,) = cursor.fields(_COUNT, "the qualities")
    qualities = cursor.rows(_QUALITY, count, "the qualities")
    certifications: list[tuple[int, int]] = []
    if certified:
        (count,) = cursor.fields(_COUNT, "the certifications")
        certifications = [
            (a, s) for a, s in cursor.rows(_CERTIFICATION, count, "the certifications")
        ]
    position, number, across, down, impression, width, height, kinds, count = cursor.fields(
        _IMAGE, "the image fields"
    )
    layout = _MINUTIA.get(kinds >> 4)
    if layout is None:
        raise RecordFault(f"minutiae of {kinds >> 4} bytes, 5 or 6 are possible")
    rows = cursor.rows(layout, count, "the minutiae")
    (extended,) = cursor.fields(_EXTENDED, "the extended data")
    return Representation(
        position=finger_position(position),
        number=number,
        impression=impression,
        width=width,
        height=height,
        resolution_x=across,
        resolution_y=down,
        qualities=tuple(QualityBlock(*block) for block in qualities),
        minutiae=tuple(minutia(*(*row, NOT_REPORTED)[:4]) for row in rows),
        extended=cursor.bytes(extended, "the extended data"),
        device=Device(technology, vendor, model),
        captured=CaptureTime(*time),
        certifications=tuple(Certification(*block) for block in certifications),
        minutia_bytes=kinds >> 4,
        ridge_ending=ridge_ending(kinds & 15),
    )


def compose_2011(record: FingerMinutiaeRecord) -> bytes:
    """The bytes of a record that has been checked."""
    shown = []
    for one in record.representations:
        body = _representation(one, record.certification_blocks)
        shown.append(_LENGTH.pack(_LENGTH.size + len(body)) + body)
    size = _HEADER.size + sum(map(len, shown))
    header = _HEADER.pack(MAGIC, size, len(shown), record.certification_blocks)
    return header + b"".join(shown)


def _representation(one: Representation, certified: bool) -> bytes:
    time, device = one.captured, one.device
    parts = [
        _CAPTURE.pack(
            time.year,
            time.month,
            time.day,
            time.hour,
            time.minute,
            time.second,
            time.millisecond,
            device.technology,
            device.vendor,
            device.model,
        ),
        _COUNT.pack(len(one.qualities)),
        *(_QUALITY.pack(block.score, block.vendor, block.algorithm) for block in one.qualities),
    ]
    if certified:
        parts.append(_COUNT.pack(len(one.certifications)))
        parts += [_CERTIFICATION.pack(item.authority, item.scheme) for item in one.certifications]
    parts.append(
        _IMAGE.pack(
            one.position,
            one.number,
            one.resolution_x,
            one.resolution_y,
            one.impression,
            one.width,
            one.height,
            one.minutia_bytes << 4 | one.ridge_ending,
            len(one.minutiae),
        )
    )
    layout = _MINUTIA[one.minutia_bytes]
    parts += [
        layout.pack(*(m.kind << 14 | m.x, m.y, m.angle, m.quality)[: one.minutia_bytes - 2])
        for m in one.minutiae
    ]
    return b"".join([*parts, _EXTENDED.pack(len(one.extended)), one.extended])
