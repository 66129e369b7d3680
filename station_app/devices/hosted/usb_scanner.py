"""Readers on USB that a program of the product's own drives: which there are, and the scanner that
hosts one.
"""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from station_app.devices.found_device import FoundDevice
from station_app.devices.hosted.faults import FAULTS, lost
from station_app.devices.hosted.hosted_scanner import HostedScanner
from station_app.devices.hosted.protocol import FaultCode
from station_app.devices.hosted.reader_process import Program
from station_app.devices.usb import UsbDevice, is_in_use, usb_devices
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, KnownError

_PORT: Final = re.compile(r"usb:[0-9a-f]{4}:[0-9a-f]{4}(:[\w.-]{4,64})?", re.ASCII)


class Tried(StrEnum):
    """On what a reader was tried."""

    RECORDING = "recording"
    """libfprint's recording of a real one, replayed."""
    EMULATOR = "emulator"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Model:
    """A kind of reader, as its program gives the images: 8-bit grey, ridges dark, upright.

    `driver` is the program's own name for it. `ppi` is 0 for a reader whose images do not suffice
    for identification, whose finger is swiped, or whose resolution nobody has stated.
    """

    name: str
    driver: str
    ppi: int = 0
    width: int = 0
    height: int = 0
    tried: tuple[Tried, ...] = ()


Models = Mapping[str, Model]
"""By USB id: `05ba:000a`."""


class UsbScanner(HostedScanner):
    """The reader of `models` that `port` names (`usb:05ba:000a:SERIAL`, `usb:05ba:000a`), or the
    first one; a fit one before one that is not. `program` is started for it.
    """

    def __init__(
        self, port: str, models: Models, program: Callable[[UsbDevice, Model], Program]
    ) -> None:
        """Raises `KnownError` `settings_refused` for another kind of port."""
        self._port, self._models, self._program_for = _known(port), models, program
        super().__init__(self._chosen, lambda: bool(_readers_at(self._port, models)))

    def _chosen(self) -> Program:
        found = _readers_at(self._port, self._models)
        if not found:
            raise lost()
        one = min(found, key=lambda one: bool(_fault(one, self._models)))
        fault = _fault(one, self._models)
        if fault is not None:
            raise DeviceFaultError(*FAULTS[fault])
        if is_in_use(one):  # opening it would take it away from the other program
            raise DeviceFaultError(*FAULTS[FaultCode.BUSY])
        return self._program_for(one, self._models[one.ids])


def place_and_picture(one: UsbDevice, model: Model) -> tuple[list[str], list[str]]:
    """Bus and address, and ppi, width and height, as a program's words."""
    place = [str(int(one.node.parent.name)), str(int(one.node.name))]
    return place, [str(number) for number in (model.ppi, model.width, model.height)]


def finder(models: Models) -> Callable[[str], bool]:
    """Whether the reader of a port, or any, is plugged in; raises as `UsbScanner`."""
    return lambda port: bool(_readers_at(_known(port), models))


def looker(models: Models) -> Callable[[], tuple[FoundDevice, ...]]:
    """The readers that are plugged in, with what is against them."""
    return lambda: tuple(
        FoundDevice(one.identity, one.title, "" if fault is None else FAULTS[fault][0])
        for one in _readers_at("", models)
        for fault in (_fault(one, models),)
    )


def _known(port: str) -> str:
    if port and not _PORT.fullmatch(port):
        raise KnownError(
            Code.SETTINGS_REFUSED,
            "The port of a USB scanner is its identity, such as usb:05ba:000a, or empty for the "
            "one that is plugged in. Write it into the station's settings.",
        )
    return port


def _readers_at(port: str, ids: Container[str]) -> list[UsbDevice]:
    return [
        one
        for one in usb_devices()
        if one.ids in ids and (not port or port in {one.identity, f"usb:{one.ids}"})
    ]


def _fault(one: UsbDevice, models: Models) -> FaultCode | None:
    if not models[one.ids].ppi:
        return FaultCode.UNFIT
    return None if one.is_permitted else FaultCode.NO_PERMISSION
