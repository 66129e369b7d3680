"""Which drivers of devices this version has: a driver is a line here and a file in `devices`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

SIMULATED: Final = "simulated"
"""The driver of every device that is none; a live station has no such device."""


class DeviceFamily(StrEnum):
    """What a device is to the station."""

    FINGER_SCANNER = "finger_scanner"
    CAMERA = "camera"
    PRINTER = "printer"
    DOCUMENT_READER = "document_reader"
    VOTER_DISPLAY = "voter_display"


DRIVERS: Final[Mapping[DeviceFamily, tuple[str, ...]]] = {
    DeviceFamily.FINGER_SCANNER: (SIMULATED,),
    DeviceFamily.CAMERA: (),
    DeviceFamily.PRINTER: ("escpos", SIMULATED),
    DeviceFamily.DOCUMENT_READER: (),
    DeviceFamily.VOTER_DISPLAY: (),
}
"""Per family the names that settings may have; a family without any is not supported yet."""
