"""What a caller may rely on, for every fingerprint scanner adapter.

`test_finger_scanners.py` has for each line of the table a case, which knows how to lay a finger on
its scanner's glass and how to pull its cable, and a subclass of `ScannerConformance`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, Protocol

import pytest

from station_app.devices.drivers import Driver
from station_app.devices.finger_scanner import (
    FingerScanner,
    ScannerInfo,
    SensesFingerOff,
    StopToken,
)
from station_app.domain.errors import DeviceLostError
from station_app.domain.samples import (
    FingerImage,
    FingerOnGlass,
    LiveFrame,
    Retry,
    RetryReason,
    Stopped,
)

IMAGE = FingerImage(bytes(range(256)) * 4, 32, 32, 500)


class ScannerCase(Protocol):
    """A scanner, its glass and its cable."""

    scanner: FingerScanner

    def touch(self) -> None:
        """Lay `IMAGE` on the glass."""

    def lift(self) -> None: ...

    def unplug(self) -> None: ...

    def plug_in(self) -> None: ...


def after(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


class ScannerConformance:
    """The suite; `driver` is the adapter's line, `make` its case."""

    driver: ClassVar[Driver[FingerScanner]]
    make: ClassVar[Callable[[Path], ScannerCase]]

    @pytest.fixture
    def case(self, tmp_path: Path) -> Iterator[ScannerCase]:
        made = type(self).make(tmp_path)
        yield made
        made.scanner.close()

    def test_is_simulated_as_its_line_says(self, case: ScannerCase) -> None:
        assert case.scanner.is_simulated is self.driver.is_simulated

    def test_open_says_what_it_is(self, case: ScannerCase) -> None:
        info = case.scanner.open()
        assert isinstance(info, ScannerInfo)
        assert info.name
        assert info.ppi >= 500

    def test_a_touch_gives_frames_and_then_the_image(self, case: ScannerCase) -> None:
        case.scanner.open()
        told: list[LiveFrame | FingerOnGlass] = []
        after(0.05, case.touch)
        image = case.scanner.capture(StopToken(), told.append)
        assert image == IMAGE
        frames = [one for one in told if isinstance(one, LiveFrame)]
        assert frames
        assert [f.progress for f in frames] == sorted(f.progress for f in frames)
        assert frames[-1].progress == 1.0
        assert all((f.image.width, f.image.height) == (32, 32) for f in frames)

    def test_a_finger_left_on_the_glass_is_not_taken_twice(self, case: ScannerCase) -> None:
        case.scanner.open()
        case.touch()
        assert case.scanner.capture(StopToken(), lambda _: None) == IMAGE
        stop = StopToken()
        after(0.15, stop.stop)
        assert isinstance(case.scanner.capture(stop, lambda _: None), Stopped)

    def test_stop_returns_within_200_ms(self, case: ScannerCase) -> None:
        case.scanner.open()
        stop = StopToken()
        stopped_at: list[float] = []

        def end() -> None:
            stopped_at.append(time.monotonic())
            stop.stop()

        after(0.1, end)
        assert isinstance(case.scanner.capture(stop, lambda _: None), Stopped)
        assert time.monotonic() - stopped_at[0] < 0.2

    def test_a_finger_lifted_early_can_be_mended(self, case: ScannerCase) -> None:
        case.scanner.open()
        case.touch()
        result = case.scanner.capture(StopToken(), lambda _: case.lift())
        assert result == Retry(RetryReason.LIFTED_EARLY)

    def test_unplugged_in_mid_capture_is_lost_and_can_be_opened_again(
        self, case: ScannerCase
    ) -> None:
        case.scanner.open()
        case.touch()
        with pytest.raises(DeviceLostError):
            case.scanner.capture(StopToken(), lambda _: case.unplug())
        with pytest.raises(DeviceLostError):
            case.scanner.open()
        case.plug_in()
        case.scanner.open()
        case.touch()
        assert case.scanner.capture(StopToken(), lambda _: None) == IMAGE

    def test_unplugged_while_waiting_is_lost(self, case: ScannerCase) -> None:
        case.scanner.open()
        after(0.05, case.unplug)
        with pytest.raises(DeviceLostError):
            case.scanner.capture(StopToken(), lambda _: None)

    def test_tells_when_the_finger_is_off(self, case: ScannerCase) -> None:
        if not isinstance(case.scanner, SensesFingerOff):
            pytest.skip("this scanner does not sense the finger leaving")
        case.scanner.open()
        case.touch()
        after(0.05, case.lift)
        assert case.scanner.wait_finger_off(StopToken())
        case.touch()
        stop = StopToken()
        stop.stop()
        assert not case.scanner.wait_finger_off(stop)

    def test_close_may_be_called_twice(self, case: ScannerCase) -> None:
        case.scanner.open()
        case.scanner.close()
        case.scanner.close()
