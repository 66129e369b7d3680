"""A Futronic FS81: usbfs and libusb are real, only the reader is not, and is nobody's real one."""

from pathlib import Path

from station_app.devices.drivers import SCANNERS, DriverContext, named
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.usb import usb_devices
from station_app.domain.samples import FingerImage
from tests.devices.scanner_conformance import ScannerCase, ScannerConformance
from tests.vm.emulator import Emulator
from tests.vm.fs81 import LINES, WIDTH
from tests.vm.gadget import wait_until

PICTURE = bytes((x * x + 3 * y) % 251 for y in range(LINES) for x in range(WIDTH))


class Fs81Case(ScannerCase):
    """Garbage cannot be arranged: a frame is bytes without any form, and judged as a picture."""

    captures = 5
    image = FingerImage(PICTURE, WIDTH, LINES, 500)

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._file = place / "finger.raw"
        self._file.write_bytes(PICTURE)
        self._place = place
        self._device = Emulator("fs81")
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

    def silence(self) -> bool:
        self._device.do("fall_silent")
        return True

    def rival(self) -> FingerScanner:
        return named(SCANNERS, "futronic").open("usb:1491:0020", DriverContext(self._place))

    def close(self) -> None:
        self._device.close()

    def _plug(self, socket_number: str) -> None:
        self._device.do("plug", socket_number)
        wait_until(lambda: any(one.is_permitted for one in usb_devices()))
        self._is_in = True


class TestFs81(ScannerConformance):
    driver = named(SCANNERS, "futronic")
    make = Fs81Case
