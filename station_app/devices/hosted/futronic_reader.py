"""Futronic FS80 and FS81, driven without their maker's library. Not tried on a real one."""

from typing import Final

from station_app.devices.hosted.own_program import own_program
from station_app.devices.hosted.reader_process import Program
from station_app.devices.hosted.usb_scanner import (
    Model,
    Tried,
    UsbScanner,
    place_and_picture,
)
from station_app.devices.usb import UsbDevice

FUTRONIC: Final[dict[str, Model]] = {
    "1491:0020": Model("Futronic FS80, FS81", "futronic", 500, 320, 480, (Tried.EMULATOR,)),
}
"""500 ppi and 480 x 320 are those of the maker's brochures, unchecked."""


def futronic_scanner(port: str) -> UsbScanner:
    """The reader that `port` names, not connected yet."""
    return UsbScanner(port, FUTRONIC, _program)


def _program(one: UsbDevice, model: Model) -> Program:
    place, picture = place_and_picture(one, model)
    return Program([*own_program("futronic_child"), *place, *picture])
