"""Fingerprint readers on the bus: a case for each, and the suite for a slow machine."""

from pathlib import Path
from typing import ClassVar

import pytest

from station_app.devices.drivers import Driver, DriverContext
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.hosted import hosted_scanner
from station_app.devices.usb import usb_devices
from tests.devices import scanner_conformance
from tests.devices.scanner_conformance import ScannerCase, ScannerConformance
from tests.vm.emulator import kept_emulator
from tests.vm.gadget import wait_until


class UsbReaderCase(ScannerCase):
    """An emulated reader: `device` and its words, `port` and `driver` of its adapter, and `glass`,
    the pixels that a finger is.
    """

    captures = 10
    again_after = 8.0
    device: ClassVar[tuple[str, ...]]
    port: ClassVar[str]
    driver: ClassVar[Driver[FingerScanner]]
    glass: ClassVar[bytes]

    def __init__(self, place: Path) -> None:
        super().__init__()
        self._file, self._place = place / "finger.raw", place
        self._file.write_bytes(self.glass)
        self._emulator = kept_emulator(*self.device)
        self._is_in = False
        self.plug_in()
        self.scanner = self.rival()

    def touch(self) -> None:
        self._emulator.do("lay", str(self._file))

    def lift(self) -> None:
        self._emulator.do("lift")

    def unplug(self) -> None:
        self._emulator.do("unplug")
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
        self._emulator.do("fall_silent")
        return True

    def rival(self) -> FingerScanner:
        return self.driver.open(self.port, DriverContext(self._place))

    def close(self) -> None:
        self.lift()
        self.unplug()

    def _plug(self, socket_number: str) -> None:
        self._emulator.do("plug", socket_number)
        wait_until(lambda: any(one.is_permitted for one in usb_devices()))
        self._is_in = True


class UsbReaderConformance(ScannerConformance):
    """The suite where every second is ten to twenty: the limits themselves are held elsewhere."""

    @pytest.fixture(autouse=True)
    def _on_a_slow_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(scanner_conformance, "STOP_S", 5.0)
        monkeypatch.setattr(scanner_conformance, "NOTICE_S", 20.0)
        monkeypatch.setattr(hosted_scanner, "HELLO_S", 90.0)
        monkeypatch.setattr(hosted_scanner, "READY_S", 90.0)
