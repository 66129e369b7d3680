"""A serial fingerprint module: what goes wrong on a wire, and what it costs."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.devices.drivers import SCANNERS, DriverContext, DriverUse, named
from station_app.devices.finger_scanner import StopToken
from station_app.devices.scanners.uart_scanner import UartScanner
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import FingerImage, Retry, RetryReason, Stopped
from tests.devices.scanner_conformance import STOP_S, ScannerCase, ScannerConformance, soon
from tests.devices.uart_module import HEIGHT, WIDTH, UartModule

PIXELS = bytes(17 * ((x // 8 + y // 8) % 16) for y in range(HEIGHT) for x in range(WIDTH))


class UartCase(ScannerCase):
    """A module on a pseudo-terminal that is as fast as this machine."""

    image = FingerImage(PIXELS, WIDTH, HEIGHT, 500)

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.module = UartModule(place)
        self.scanner = UartScanner(str(self.module.link))

    def touch(self) -> None:
        if self.module.image is not None:
            self.module.image = None
            time.sleep(0.3)
        self.module.image = PIXELS

    def lift(self) -> None:
        self.module.image = None

    def unplug(self) -> None:
        self.module.close()

    def plug_in(self) -> None:
        self.module.babble = self.module.mute = False
        if not self.module.is_plugged:
            self.module.plug_in()

    def plug_in_elsewhere(self) -> bool:
        self.plug_in()
        return True

    def garbage(self) -> bool:
        self.module.babble = True
        return True

    def silence(self) -> bool:
        self.module.mute = True
        return True

    def rival(self) -> UartScanner:
        return UartScanner(str(self.module.link))

    def close(self) -> None:
        self.module.close()


class TestUartScanner(ScannerConformance):
    driver = named(SCANNERS, "uart")
    make = UartCase


@pytest.fixture
def module(tmp_path: Path) -> Iterator[UartModule]:
    made = UartModule(tmp_path)
    yield made
    made.close()


@pytest.fixture
def scanner(module: UartModule) -> Iterator[UartScanner]:
    made = UartScanner(f"{module.link} 57600")
    made.open()
    yield made
    made.close()


def lay(module: UartModule) -> None:
    module.image = PIXELS


def read(scanner: UartScanner) -> object:
    return scanner.capture(StopToken(), lambda _: None)


def test_an_image_comes_as_it_lay_on_the_glass(module: UartModule, scanner: UartScanner) -> None:
    lay(module)
    assert read(scanner) == FingerImage(PIXELS, WIDTH, HEIGHT, 500)


@pytest.mark.parametrize("fault", ["spoiled", "lost"])
def test_a_damaged_image_costs_a_try_and_the_next_one_is_whole(
    module: UartModule, scanner: UartScanner, fault: str
) -> None:
    setattr(module, fault, 7)
    lay(module)
    assert read(scanner) == Retry(RetryReason.NOT_A_FINGER)
    setattr(module, fault, -1)
    module.image = None
    threading.Timer(0.5, lay, [module]).start()
    assert isinstance(read(scanner), FingerImage)


def test_a_stop_in_mid_image_is_quick_and_what_follows_is_thrown_away(tmp_path: Path) -> None:
    module = UartModule(tmp_path, speed=460800)
    scanner = UartScanner(f"{module.link} 115200")

    def stopped_in_mid_image() -> float:
        module.image = None
        assert scanner.wait_finger_off(StopToken())
        lay(module)
        stop, stopped_at = StopToken(), list[float]()

        def end() -> None:
            stopped_at.append(time.monotonic())
            stop.stop()

        module.halfway = end
        assert scanner.capture(stop, lambda _: None) == Stopped()
        return time.monotonic() - stopped_at[0]

    try:
        scanner.open()
        soon(STOP_S, stopped_in_mid_image)
        module.image, module.halfway = None, lambda: None
        assert scanner.wait_finger_off(StopToken())
        lay(module)
        assert read(scanner) == FingerImage(PIXELS, WIDTH, HEIGHT, 500)
    finally:
        scanner.close()
        module.close()


def test_nonsense_is_no_module(module: UartModule) -> None:
    module.babble = True
    scanner = UartScanner(f"{module.link}")
    with pytest.raises((DeviceFaultError, DeviceLostError)):
        scanner.open()
    module.babble = False
    scanner.open()
    scanner.close()


def test_a_module_that_never_comes_to_the_answer_is_not_waited_for(
    module: UartModule, scanner: UartScanner
) -> None:
    """Whole packets, all the time, and none of them the answer."""
    scanner.close()
    module.chatter = True
    with pytest.raises(DeviceLostError):
        scanner.open()
    module.chatter = False
    scanner.open()


def test_a_module_that_falls_silent_is_lost(module: UartModule, scanner: UartScanner) -> None:
    module.unplug()
    with pytest.raises(DeviceLostError):
        read(scanner)
    with pytest.raises(DeviceLostError):
        scanner.open()
    module.plug_in()
    scanner.open()


@pytest.mark.parametrize("port", ["", "57600", "ttyUSB0", "/dev/ttyUSB0 1", "/dev/a /dev/b"])
def test_a_port_that_it_cannot_read_is_refused(port: str) -> None:
    with pytest.raises(KnownError, match="a path and a speed"):
        UartScanner(port)


def test_it_is_for_evaluation(tmp_path: Path) -> None:
    line = named(SCANNERS, "uart")
    assert line.use is DriverUse.EVALUATION
    assert not line.open("/dev/ttyUSB0", DriverContext(tmp_path)).is_simulated
    assert not line.find("/dev/ttyUSB77")
