"""Readers that the system's libfprint drives: which there are, and the scanner that hosts one.

libfprint says neither an image's resolution nor whether it suffices for identification, so
there is a table by USB id; the ids are those of libfprint's drivers (1.94.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from station_app.devices.found_device import FoundDevice
from station_app.devices.hosted.faults import FAULTS, lost
from station_app.devices.hosted.hosted_scanner import HostedScanner
from station_app.devices.hosted.own_program import own_program
from station_app.devices.hosted.protocol import FaultCode
from station_app.devices.hosted.reader_process import Program
from station_app.devices.hosted.usb_port import known_port, readers_at
from station_app.devices.usb import UsbDevice, is_in_use
from station_app.domain.errors import DeviceFaultError

WAIT_LIMIT_S: Final = 150.0
"""libfprint calls a reader hot after 180 s of waiting for a finger (`temp_hot_seconds`)."""
SETTLE_S: Final = 0.25
"""A finger felt sooner than this after the reader began to look lay there already."""


class Tried(StrEnum):
    """On what a reader was tried."""

    RECORDING = "recording"
    """libfprint's recording of a real one, replayed."""
    EMULATOR = "emulator"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Model:
    """A kind of reader, as libfprint gives its images: 8-bit grey, ridges dark, upright.

    `ppi` is 0 for a reader whose images do not suffice for identification, whose finger is
    swiped, or whose resolution nobody has stated.
    """

    name: str
    driver: str
    ppi: int = 0
    width: int = 0
    height: int = 0
    tried: tuple[Tried, ...] = ()


_UAREU: Final = ("uru4000", 512, 384, 290)
"""512 ppi is the maker's data sheet of the U.are.U 4000B and 4500; size as libfprint's uru4000.c.
The images leave the reader upside down with bright ridges; libfprint turns and inverts them."""
_TOUCHCHIP: Final = ("upektc", 508, 208, 288)
"""508 ppi is the maker's data sheet of the sensor TCS2."""
_SWIPED: Final = Model("swipe sensor", "")
_SMALL: Final = Model("small sensor", "")

MODELS: Final[Mapping[str, Model]] = {
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


class LibfprintScanner(HostedScanner):
    """The reader that `port` names (`usb:05ba:000a:SERIAL`, `usb:05ba:000a`), or the first one.

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
        self._port = known_port(port)
        self._environment, self._times = environment or {}, (str(wait_limit_s), str(settle_s))
        super().__init__(self._chosen, lambda: bool(readers_at(self._port, MODELS)))

    def _chosen(self) -> Program:
        """The child for the reader that is plugged in; a fit one before one that is not."""
        found = sorted(readers_at(self._port, MODELS), key=lambda one: bool(_fault(one)))
        if not found:
            raise lost()
        one = found[0]
        fault = _fault(one)
        if fault is not None:
            raise DeviceFaultError(*FAULTS[fault])
        if is_in_use(one):  # libfprint would take it away from the other program
            raise DeviceFaultError(*FAULTS[FaultCode.BUSY])
        model = MODELS[one.ids]
        place = [str(int(one.node.parent.name)), str(int(one.node.name))]
        picture = [str(number) for number in (model.ppi, model.width, model.height)]
        words = [*own_program("libfprint_child"), *place, model.driver, *picture, *self._times]
        return Program(words, self._environment)


def find_libfprint(port: str) -> bool:
    """Whether that reader, or any, is plugged in. Raises `KnownError` for another kind of port."""
    return bool(readers_at(known_port(port), MODELS))


def look_for_libfprint() -> tuple[FoundDevice, ...]:
    """The readers of the table that are plugged in, with what is against them."""
    return tuple(
        FoundDevice(one.identity, one.title, "" if fault is None else FAULTS[fault][0])
        for one in readers_at("", MODELS)
        for fault in (_fault(one),)
    )


def _fault(one: UsbDevice) -> FaultCode | None:
    if not MODELS[one.ids].ppi:
        return FaultCode.UNFIT
    return None if one.is_permitted else FaultCode.NO_PERMISSION
