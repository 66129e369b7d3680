"""Reads big-endian fields one after another, never past the end."""

import struct
from typing import Any

from station_app.biometrics.interchange.records import (
    MinutiaKind,
    RecordFault,
    RecordMinutia,
    RidgeEnding,
)
from station_app.domain.fingers import FingerPosition


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
