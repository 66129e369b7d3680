"""Fingerprint readers: usbfs, libusb and libfprint are real, only the reader is not."""

import math
from pathlib import Path

from station_app.devices.drivers import SCANNERS, DriverContext, named
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.usb import usb_devices
from station_app.domain.samples import FingerImage
from tests.devices.scanner_conformance import ScannerCase, ScannerConformance
from tests.vm.emulator import Emulator
from tests.vm.gadget import wait_until
from tests.vm.uareu4500 import LINES, WIDTH


def ridges() -> bytes:
    """Something with ridges for libfprint to look at; its last two lines are what they become."""
    rows = (
        bytes(128 + round(100 * math.sin(math.hypot(x - 192, y - 200) / 1.4)) for x in range(WIDTH))
        for y in range(LINES - 2)
    )
    return b"".join(rows) + b"\xff" * (2 * WIDTH)


class UareU4500Case(ScannerCase):
    """An emulated U.are.U 4500 on the bus."""

    captures = 15
    image = FingerImage(b"\xff" * WIDTH + ridges(), WIDTH, LINES + 1, 512)

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._file = place / "finger.raw"
        self._file.write_bytes(ridges())
        self._place = place
        self._device = Emulator("uareu4500", "VM4500")
        self._is_in = False
        self.plug_in()
        self.scanner = self.rival()

    def touch(self) -> None:
        self._device.do("lay", str(self._file))

    def lift(self) -> None:
        self._device.do("lift")

    def unplug(self) -> None:
        self._device.do("unplug")
        wait_until(lambda: not usb_devices())
        self._is_in = False

    def plug_in(self) -> None:
        if self._is_in:
            self.unplug()
        self._plug("0")

    def plug_in_elsewhere(self) -> bool:
        self._plug("3")
        return True

    def garbage(self) -> bool:
        self._device.do("talk_nonsense")
        return True

    def silence(self) -> bool:
        self._device.do("fall_silent")
        return True

    def rival(self) -> FingerScanner:
        return named(SCANNERS, "libfprint").open("usb:05ba:000a:VM4500", DriverContext(self._place))

    def close(self) -> None:
        self._device.close()

    def _plug(self, socket_number: str) -> None:
        self._device.do("plug", socket_number)
        wait_until(lambda: any(one.is_permitted for one in usb_devices()))
        self._is_in = True


class TestUareU4500(ScannerConformance):
    driver = named(SCANNERS, "libfprint")
    make = UareU4500Case
