"""Scanners whose driver is a program of its own, held to the one suite: a scripted reader."""

import sys
from pathlib import Path

from station_app.devices.drivers import SCANNERS, named
from station_app.devices.finger_scanner import FingerScanner, SensesFingerOff, StopToken
from station_app.devices.hosted.hosted_scanner import HostedScanner
from station_app.devices.hosted.reader_process import Program
from tests.devices.hosted import scripted_reader
from tests.devices.scanner_conformance import ScannerCase, ScannerConformance


class StreamingCase(ScannerCase):
    """Gives frames and the image while the finger lies there."""

    manner = "streams"

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.place, self.touches = place, 0
        self.scanner = self.made()

    def made(self) -> FingerScanner:
        words = [sys.executable, "-I", "-S", scripted_reader.__file__, str(self.place), self.manner]
        return HostedScanner(lambda: Program(words))

    def touch(self) -> None:
        self.touches += 1
        draft = self.place / "draft"
        draft.write_text(str(self.touches))
        draft.replace(self.place / "glass")

    def lift(self) -> None:
        (self.place / "glass").unlink(missing_ok=True)

    def unplug(self) -> None:
        (self.place / "unplugged").touch()

    def plug_in(self) -> None:
        for name in ("silent", "garbage", "unplugged"):
            (self.place / name).unlink(missing_ok=True)

    def garbage(self) -> bool:
        (self.place / "garbage").touch()
        return True

    def silence(self) -> bool:
        (self.place / "silent").touch()
        return True

    def rival(self) -> FingerScanner:
        return self.made()


class TestAHostedReaderThatStreams(ScannerConformance):
    driver = named(SCANNERS, "hosted")
    make = StreamingCase


class AfterLiftCase(StreamingCase):
    """Gives the image when the finger is lifted."""

    manner, captures = "after_lift", 15


class TestAHostedReaderThatGivesItsImageAfterTheLift(ScannerConformance):
    driver = named(SCANNERS, "hosted")
    make = AfterLiftCase


class OnlyFramesCase(StreamingCase):
    """Leaves the choice of the frame to the station."""

    manner, captures = "only_frames", 15


class TestAHostedReaderThatOnlyStreams(ScannerConformance):
    driver = named(SCANNERS, "hosted")
    make = OnlyFramesCase


class BlockingCase(StreamingCase):
    """Says nothing until it has an image, and cannot cancel."""

    manner, captures = "blocking", 15


class TestAHostedReaderThatCannotCancel(ScannerConformance):
    driver = named(SCANNERS, "hosted")
    make = BlockingCase

    def test_lost_while_the_finger_is_awaited_off(self, case: ScannerCase) -> None:
        case.scanner.open()
        case.touch()
        assert isinstance(case.scanner, SensesFingerOff)
        assert case.scanner.wait_finger_off(StopToken()), "it does not sense it, and says so"
