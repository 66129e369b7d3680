"""What a reader's fault is called on a screen, and in a sentence."""

from typing import Final

from station_app.devices.hosted.protocol import FaultCode
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceLostError

FAULTS: Final = {
    FaultCode.BROKEN: (Code.DEVICE_FAULT, "The reader does not work. Plug it out and in again."),
    FaultCode.BUSY: (
        Code.SCANNER_BUSY,
        "Another program uses the reader. Close that program, or restart the computer.",
    ),
    FaultCode.NO_PERMISSION: (
        Code.SCANNER_NOT_PERMITTED,
        "This user may not use the reader. Install the station's udev rules and plug it in again.",
    ),
    FaultCode.UNFIT: (
        Code.SCANNER_UNFIT,
        "This reader is none for a station: its images are too small, or the finger is swiped. "
        "Connect another one.",
    ),
    FaultCode.DRIVER_MISSING: (
        Code.SCANNER_DRIVER_MISSING,
        "The library that drives this reader is not installed. Install libfprint (libfprint-2-2), "
        "or what the reader's maker names.",
    ),
}


def lost() -> DeviceLostError:
    """The reader is not plugged in."""
    return DeviceLostError("The reader is not there. Plug it in.")
