"""A U.are.U 4500: usbfs, libusb and libfprint are real, only the reader is not."""

import math

from station_app.devices.drivers import SCANNERS, named
from station_app.domain.samples import FingerImage
from tests.vm.uareu4500 import LINES, WIDTH
from tests.vm.usb_readers import UsbReaderCase, UsbReaderConformance


def ridges() -> bytes:
    """Something with ridges for libfprint to look at; its last two lines are what they become."""
    rows = (
        bytes(128 + round(100 * math.sin(math.hypot(x - 192, y - 200) / 1.4)) for x in range(WIDTH))
        for y in range(LINES - 2)
    )
    return b"".join(rows) + b"\xff" * (2 * WIDTH)


class UareU4500Case(UsbReaderCase):
    device = ("uareu4500", "VM4500")
    port = "usb:05ba:000a:VM4500"
    driver = named(SCANNERS, "libfprint")
    glass = ridges()
    image = FingerImage(b"\xff" * WIDTH + glass, WIDTH, LINES + 1, 512)

    def garbage(self) -> bool:
        self._emulator.do("talk_nonsense")
        return True


class TestUareU4500(UsbReaderConformance):
    driver = named(SCANNERS, "libfprint")
    make = UareU4500Case
