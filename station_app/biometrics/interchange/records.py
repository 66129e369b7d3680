"""What a finger minutiae record says, of either edition of ISO/IEC 19794-2, as plain values.

The names are those of the 2011 edition, clauses 8.3 to 8.5; "view" of the 2005 edition,
clauses 7.3 to 7.5, is called "representation" here. `Cursor` reads the fields of both.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from station_app.domain.fingers import FingerPosition

NOT_REPORTED = 254
"""A minutia without a quality (2011, clause 8.4.15; the 2005 edition writes 0)."""
NOT_COMPUTED = 255
"""A quality that could not be computed, of a minutia or a finger (2011 only)."""


class Edition(StrEnum):
    """The two editions of the record format."""

    E2005 = "2005"
    E2011 = "2011"


class MinutiaKind(IntEnum):
    """Type bits of a minutia; 3 is reserved."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


class RidgeEnding(IntEnum):
    """Where a ridge ending is placed: at the fork of the valleys or at the end of the ridge."""

    VALLEY_FORK = 0
    RIDGE_END = 1


@dataclass(frozen=True, slots=True)
class RecordMinutia:
    """One minutia: `x`, `y` in pixels from the top left, 14 bits each.

    `angle`: 256ths of a turn counter-clockwise from the positive x axis, pointing into the
    ridge of an ending and into the valley of a bifurcation. `quality`: 0..100 (2005: 1..100),
    NOT_REPORTED, or NOT_COMPUTED (2011).
    """

    kind: MinutiaKind
    x: int
    y: int
    angle: int
    quality: int = NOT_REPORTED


@dataclass(frozen=True, slots=True)
class QualityBlock:
    """Quality of a finger: `score` 0..100 or NOT_COMPUTED; who computed it, 16 bits each.

    The 2005 edition has exactly one, of nobody (0, 0) and always computed.
    """

    score: int
    vendor: int = 0
    algorithm: int = 0


@dataclass(frozen=True, slots=True)
class Certification:
    """A device's certification (2011): `authority` 16 bits, `scheme` 8 bits."""

    authority: int
    scheme: int


@dataclass(frozen=True, slots=True)
class CaptureTime:
    """When a finger was captured, UTC (2011); a part not stated has all bits set."""

    year: int = 0xFFFF
    month: int = 0xFF
    day: int = 0xFF
    hour: int = 0xFF
    minute: int = 0xFF
    second: int = 0xFF
    millisecond: int = 0xFFFF


@dataclass(frozen=True, slots=True)
class Device:
    """The capture device. `model`: 12 bits in 2005, 16 in 2011; `certified`: 2005 only.

    `technology` (8 bits) and `vendor` (16 bits) are 0 in the 2005 edition.
    """

    technology: int = 0
    vendor: int = 0
    model: int = 0
    certified: bool = False


@dataclass(frozen=True, slots=True)
class Representation:
    """One impression of one finger.

    `number` is its view number 0..15, `impression` the impression type; `width` and
    `height` of the image in pixels, 1..16384; `resolution_x` and `resolution_y` in pixels
    per centimetre. `extended` are the extended data as they stand, without their overall
    length. `minutia_bytes` is 6, or 5 without qualities (2011).
    """

    position: FingerPosition
    number: int
    impression: int
    width: int
    height: int
    resolution_x: int
    resolution_y: int
    qualities: tuple[QualityBlock, ...]
    minutiae: tuple[RecordMinutia, ...]
    extended: bytes = b""
    device: Device = Device()
    captured: CaptureTime = CaptureTime()
    certifications: tuple[Certification, ...] = ()
    minutia_bytes: int = 6
    ridge_ending: RidgeEnding = RidgeEnding.VALLEY_FORK

    @property
    def quality(self) -> int | None:
        """The first quality that was computed, 0..100."""
        scores = (block.score for block in self.qualities)
        return next((score for score in scores if score != NOT_COMPUTED), None)


@dataclass(frozen=True, slots=True)
class FingerMinutiaeRecord:
    """A whole record; `certification_blocks` says whether the 2011 edition carries any."""

    edition: Edition
    representations: tuple[Representation, ...]
    certification_blocks: bool = False


class RecordFault(ValueError):  # noqa: N818  (a fault of the record, turned into a KnownError)
    """What is wrong with a record: a phrase, to stand in brackets."""


class Cursor:
    """A place in `data`. Every reading raises `RecordFault` when the bytes run out."""

    def __init__(self, data: bytes, place: int = 0) -> None:
        self._data, self.place = data, place

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._data) - self.place

    def fields(self, layout: struct.Struct, what: str) -> tuple[Any, ...]:
        """The fields of `layout`."""
        if self.left < layout.size:
            raise RecordFault(f"cut off in {what}")
        values = layout.unpack_from(self._data, self.place)
        self.place += layout.size
        return values

    def rows(self, layout: struct.Struct, count: int, what: str) -> list[tuple[Any, ...]]:
        """`count` times the fields of `layout`."""
        return list(layout.iter_unpack(self.bytes(count * layout.size, what)))

    def bytes(self, count: int, what: str) -> bytes:
        """The next `count` bytes."""
        if self.left < count:
            raise RecordFault(f"cut off in {what}")
        self.place += count
        return self._data[self.place - count : self.place]


def finger_position(code: int) -> FingerPosition:
    """The position with this code. Raises `RecordFault` for hands, palms and reserved codes."""
    try:
        return FingerPosition(code)
    except ValueError:
        raise RecordFault(f"finger position {code} is not one finger") from None


def ridge_ending(code: int) -> RidgeEnding:
    """The placement with this code. Raises `RecordFault`."""
    try:
        return RidgeEnding(code)
    except ValueError:
        raise RecordFault(f"ridge ending type {code} is reserved") from None


def minutia(kind_x: int, reserved_y: int, angle: int, quality: int) -> RecordMinutia:
    """A minutia from its two 16-bit words. Raises `RecordFault` on reserved bits."""
    if reserved_y >> 14:
        raise RecordFault("a minutia's reserved bits are set")
    if kind_x >> 14 == 3:
        raise RecordFault("a minutia has the reserved type 3")
    return RecordMinutia(MinutiaKind(kind_x >> 14), kind_x & 0x3FFF, reserved_y, angle, quality)
