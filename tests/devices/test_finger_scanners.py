"""Every fingerprint scanner of the table of drivers, held to the one suite."""

from pathlib import Path

from station_app.devices.drivers import SCANNERS, DeviceFamily, DriverContext, drivers, named
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from tests.devices.scanner_conformance import IMAGE, ScannerConformance


class SimulatedCase:
    """The simulated scanner and its glass."""

    def __init__(self, _: Path) -> None:
        self.glass = SimulatedFingerScanner(frames=4, seconds=0.04)
        self.scanner: FingerScanner = self.glass

    def touch(self) -> None:
        self.glass.place(lambda: IMAGE)

    def lift(self) -> None:
        self.glass.lift()

    def unplug(self) -> None:
        self.glass.unplug()

    def plug_in(self) -> None:
        self.glass.plug_in()


class TestSimulatedScanner(ScannerConformance):
    driver = named(SCANNERS, "simulated")
    make = SimulatedCase


def test_no_scanner_of_the_table_is_without_its_suite() -> None:
    held = {one.driver for one in ScannerConformance.__subclasses__()}
    assert held >= set(SCANNERS)


def test_a_line_makes_what_it_says(tmp_path: Path) -> None:
    for line in drivers(DeviceFamily.FINGER_SCANNER):
        made = line.open("/dev/ttyUSB0", DriverContext(tmp_path))
        assert made.is_simulated is line.is_simulated
