"""Futronic FS80 and FS81, driven without their maker's library. Not tried on a real one."""

from typing import Final

from station_app.devices.found_device import FoundDevice
from station_app.devices.hosted.faults import FAULTS
from station_app.devices.hosted.hosted_scanner import HostedScanner
from station_app.devices.hosted.own_program import own_program
from station_app.devices.hosted.protocol import FaultCode
from station_app.devices.hosted.reader_process import Program
from station_app.devices.hosted.usb_port import known_port, readers_at
from station_app.domain.errors import DeviceFaultError, DeviceLostError

IDS: Final = frozenset({"1491:0020"})
WIDTH, HEIGHT, PPI = 320, 480, 500
"""Of the maker's data sheets: 480 x 320 at 500 dpi."""


class FutronicScanner(HostedScanner):
    """The reader that `port` names (`usb:1491:0020`), or the first one."""

    def __init__(self, port: str = "") -> None:
        self._port = known_port(port)
        super().__init__(self._chosen, lambda: bool(readers_at(self._port, IDS)))

    def _chosen(self) -> Program:
        found = sorted(readers_at(self._port, IDS), key=lambda one: not one.is_permitted)
        if not found:
            raise DeviceLostError("The reader is not there. Plug it in.")
        one = found[0]
        if not one.is_permitted:
            raise DeviceFaultError(*FAULTS[FaultCode.NO_PERMISSION])
        numbers = int(one.node.parent.name), int(one.node.name), WIDTH, HEIGHT
        return Program([*own_program("futronic_child"), *map(str, numbers)])


def find_futronic(port: str) -> bool:
    """Whether that reader, or any, is plugged in. Raises `KnownError` for another kind of port."""
    return bool(readers_at(known_port(port), IDS))


def look_for_futronic() -> tuple[FoundDevice, ...]:
    """The readers that are plugged in, with what is against them."""
    forbidden = FAULTS[FaultCode.NO_PERMISSION][0]
    return tuple(
        FoundDevice(one.identity, one.title, "" if one.is_permitted else forbidden)
        for one in readers_at("", IDS)
    )
