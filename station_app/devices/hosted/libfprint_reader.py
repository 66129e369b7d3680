"""Readers that the system's libfprint drives: which there are, and the scanner that hosts one.

libfprint says neither an image's resolution nor whether it suffices for identification, so
there is a table by USB id; the ids are those of libfprint's drivers (1.94.5).
"""

from collections.abc import Mapping
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

WAIT_LIMIT_S: Final = 150.0
"""libfprint calls a reader hot after 180 s of waiting for a finger (`temp_hot_seconds`)."""
SETTLE_S: Final = 0.25
"""A finger felt sooner than this after the reader began to look lay there already."""

_UAREU: Final = ("uru4000", 512, 384, 290)
"""512 ppi is from memory, no source was found; the size is that of libfprint's uru4000.c. The
images leave the reader upside down with bright ridges; libfprint turns and inverts them."""
_TOUCHCHIP: Final = ("upektc", 508, 208, 288)
"""508 ppi of the sensor TCS2 is from memory, no source was found."""
_SWIPED: Final = Model("swipe sensor", "")
_SMALL: Final = Model("small sensor", "")

LIBFPRINT: Final[dict[str, Model]] = {
    "05ba:0007": Model("U.are.U 4000", *_UAREU),
    "05ba:0008": Model("U.are.U 4000", *_UAREU),
    "05ba:000a": Model("U.are.U 4000B or 4500", *_UAREU, (Tried.RECORDING, Tried.EMULATOR)),
    "045e:00bb": Model("Microsoft keyboard with reader", *_UAREU),
    "045e:00bc": Model("Microsoft IntelliMouse with reader", *_UAREU),
    "045e:00bd": Model("Microsoft Fingerprint Reader", *_UAREU),
    "045e:00ca": Model("Microsoft Fingerprint Reader v2", *_UAREU),
    "0483:2015": Model("UPEK TouchChip", *_TOUCHCHIP),
    "147e:3001": Model("UPEK Eikon Touch 300", *_TOUCHCHIP),
    "061a:0110": Model("Veridicom 5thSense", "vcom5s", 500, 300, 288),
    # Known and refused, so that who plugs one in is told why.
    "147e:1000": _SWIPED,  # upeksonly
    "147e:1001": _SWIPED,
    "147e:2016": _SWIPED,  # upektc_img
    "147e:2020": _SWIPED,
    "298d:1010": _SMALL,  # nb1010: 256 x 180 at 385 ppi
    "138a:0091": _SMALL,  # vfs7552
    "08ff:5731": _SMALL,  # aes3500
}
"""By USB id. libfprint's other readers match inside themselves or are built into laptops."""


class LibfprintScanner(UsbScanner):
    """The reader that `port` names.

    The rest is for tests: what the child sees of the environment, after how many seconds of waiting
    a new child takes its place, and how soon a finger counts as one that lay there.
    """

    def __init__(
        self,
        port: str = "",
        environment: Mapping[str, str] | None = None,
        wait_limit_s: float = WAIT_LIMIT_S,
        settle_s: float = SETTLE_S,
    ) -> None:
        times = [str(wait_limit_s), str(settle_s)]

        def program(one: UsbDevice, model: Model) -> Program:
            place, picture = place_and_picture(one, model)
            words = [*own_program("libfprint_child"), *place, model.driver, *picture, *times]
            return Program(words, environment or {})

        super().__init__(port, LIBFPRINT, program)
