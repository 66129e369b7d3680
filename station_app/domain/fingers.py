"""Which finger: positions as numbered by ISO/IEC 19794-2:2011, table 6."""

from enum import IntEnum
from typing import Final


class FingerPosition(IntEnum):
    """Finger position codes of ISO/IEC 19794-2; `UNKNOWN` is 0."""

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10

    @property
    def is_left(self) -> bool:
        """True for the five fingers of the left hand."""
        return self >= FingerPosition.LEFT_THUMB


EVERY_FINGER: Final = (
    FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX,
    FingerPosition.RIGHT_MIDDLE, FingerPosition.LEFT_MIDDLE,
    FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_THUMB,
    FingerPosition.RIGHT_RING, FingerPosition.LEFT_RING,
    FingerPosition.RIGHT_LITTLE, FingerPosition.LEFT_LITTLE,
)  # fmt: skip
"""All ten, in the order in which they are asked for where nothing else says it."""
