"""The scanners of the table of drivers that need nothing but Python, held to the one suite."""

import importlib
from pathlib import Path

import pytest

from station_app.devices.drivers import SCANNERS, DeviceFamily, DriverContext, drivers, named
from station_app.devices.finger_scanner import StopToken
from station_app.devices.simulated.simulated_scanner import Manner, SimulatedFingerScanner
from station_app.domain.samples import Retry, RetryReason
from tests.devices.scanner_conformance import IMAGE, ScannerCase, ScannerConformance


class SimulatedCase(ScannerCase):
    """The simulated scanner and its glass."""

    manner = Manner.STREAMS

    def __init__(self, _: Path) -> None:
        super().__init__()
        self.scanner = self.glass = SimulatedFingerScanner(4, 0.04, manner=self.manner)

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

    def test_a_finger_lifted_early_is_told(self, case: SimulatedCase) -> None:
        case.scanner.open()
        case.touch()
        result = case.scanner.capture(StopToken(), lambda _: case.lift())
        assert result == Retry(RetryReason.LIFTED_EARLY)


class AfterLiftCase(SimulatedCase):
    """Tells touches instead of frames, and its image when the finger is off."""

    manner, captures = Manner.AFTER_LIFT, 15


class TestAScannerThatGivesItsImageAfterTheLift(ScannerConformance):
    driver = named(SCANNERS, "simulated")
    make = AfterLiftCase


class OnlyFramesCase(SimulatedCase):
    """Leaves the choice of the frame to the station."""

    manner, captures = Manner.ONLY_FRAMES, 15


class TestAScannerThatOnlyStreams(ScannerConformance):
    driver = named(SCANNERS, "simulated")
    make = OnlyFramesCase


IN_THE_VM = {"libfprint", "futronic"}
"""Real drivers see emulated readers there; `test_libfprint_replay.py` replays recordings too."""


def test_no_scanner_of_the_table_is_without_its_suite() -> None:
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        try:
            importlib.import_module(f"tests.devices.{file.stem}")
        except pytest.skip.Exception:  # a system package that this machine lacks
            continue
    held = {one.driver for one in ScannerConformance.__subclasses__() if "driver" in vars(one)}
    assert {one.name for one in held} | IN_THE_VM >= {one.name for one in SCANNERS}


def test_a_line_makes_what_it_says(tmp_path: Path) -> None:
    for line in drivers(DeviceFamily.FINGER_SCANNER):
        port = "/dev/ttyUSB0" if line.name == "uart" else ""
        made = line.open(port, DriverContext(tmp_path))
        assert made.is_simulated is line.is_simulated
