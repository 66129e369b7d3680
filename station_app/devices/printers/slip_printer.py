"""The contract of slip printer adapters; `tests/devices` holds the conformance suite."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from station_app.domain.entry_codes import PrintedTo
from station_app.domain.errors import DeviceFaultError
from station_app.domain.slips import PrinterState, SlipImage

if TYPE_CHECKING:
    from PIL import Image

WIDTHS: Final = {"80mm": 576, "58mm": 384}
"""Dots across the paper there is, by its width (8 dots a mm, without the margins)."""


@dataclass(frozen=True, slots=True)
class PrinterInfo:
    """A printer's name, its dots across, and where its slips end up."""

    name: str
    width: int
    to: PrintedTo


class SlipPrinter(Protocol):
    """A slip printer. All calls block, and are made on its own lane only.

    `open`, `print_slip` and `status` raise `DeviceLostError` when the printer is not there,
    and `KnownError` when it does not work: `DeviceFaultError` with a `PrinterState.code`, or
    a disk's fault. After either it may be closed and opened again.
    """

    def open(self) -> PrinterInfo:
        """Make the printer ready."""
        ...

    def print_slip(self, image: SlipImage, name: str) -> None:
        """Print, cut off, and return once the printer has said that it is done.

        `name` (a-z, 0-9, -) is for adapters that keep slips as files; the same name again takes
        the place of the file before. Gives up after 10 s without progress. When it
        raises, nobody knows whether the slip came out, or a part of it. Raises `ValueError`
        for an image of another width.
        """
        ...

    def status(self) -> PrinterState:
        """The printer's state, within a second; three where it leaves questions unanswered."""
        ...

    def close(self) -> None:
        """Release the printer; never raises, may be called twice."""
        ...


_WRONG: Final = {
    PrinterState.PAPER_OUT: "The slip printer is out of paper. Put in a new roll.",
    PrinterState.COVER_OPEN: "The slip printer's cover is open. Close it until it clicks.",
    PrinterState.CUTTER: "The slip printer's cutter is stuck. Open the cover, take out the paper.",
    PrinterState.HOT: "The slip printer's head is too hot. Wait a minute.",
    PrinterState.OFFLINE: "The slip printer is offline. Press its feed or online button.",
    PrinterState.SILENT: "The slip printer does not answer. Switch it on and check its cable.",
    PrinterState.GARBLED: "What is at the slip printer's port does not answer as a slip printer "
    "does. Check the cable, and the port and its speed in the settings.",
    PrinterState.BUSY: "Another program uses the slip printer. Close that program; the print "
    "service must not have this printer.",
    PrinterState.NO_PERMISSION: "This user may not use the slip printer. Add the user to the "
    "groups lp and dialout, or install the station's udev rules, and log in again.",
}


def printer_fault(state: PrinterState) -> DeviceFaultError:
    """The fault of a printer in a state in which it cannot print."""
    other = "The slip printer reports a fault. Switch it off and on again."
    return DeviceFaultError(state.code, _WRONG.get(state, other))


def slip_picture(image: SlipImage) -> "Image.Image":
    """The slip as Pillow's kind of picture, one bit a dot, of its own size."""
    # Loaded with the first slip, not with the table of drivers.
    from PIL import Image  # noqa: PLC0415

    # "1;I": our ones are black, Pillow's are white.
    size = (image.width, image.height)
    return Image.frombytes("1", size, image.pixels, "raw", "1;I")
