"""One suite for every fingerprint scanner adapter: what a caller may rely on.

A case knows how to lay a finger on its scanner's glass and how to pull its cable.
"""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from station_app.devices.finger_scanner import (
    FingerScanner,
    ScannerInfo,
    SensesFingerOff,
    StopToken,
)
from station_app.devices.simulated.finger_scanner import SimulatedFingerScanner
from station_app.domain.errors import DeviceLostError
from station_app.domain.samples import FingerImage, LiveFrame, Retry, RetryReason, Stopped

IMAGE = FingerImage(bytes(range(256)) * 4, 32, 32, 500)


class SimulatedCase:
    """The simulated scanner and its glass."""

    def __init__(self) -> None:
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


@pytest.fixture(params=[SimulatedCase])
def case(request: pytest.FixtureRequest) -> Iterator[SimulatedCase]:
    made = request.param()
    yield made
    made.scanner.close()


def after(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


def test_open_says_what_it_is(case: SimulatedCase) -> None:
    info = case.scanner.open()
    assert isinstance(info, ScannerInfo)
    assert info.name
    assert info.ppi >= 500


def test_a_touch_gives_frames_and_then_the_image(case: SimulatedCase) -> None:
    case.scanner.open()
    frames: list[LiveFrame] = []
    after(0.05, case.touch)
    image = case.scanner.capture(StopToken(), frames.append)
    assert image == IMAGE
    assert frames
    assert [f.progress for f in frames] == sorted(f.progress for f in frames)
    assert frames[-1].progress == 1.0
    assert all((f.image.width, f.image.height) == (32, 32) for f in frames)


def test_a_finger_left_on_the_glass_is_not_taken_twice(case: SimulatedCase) -> None:
    case.scanner.open()
    case.touch()
    assert case.scanner.capture(StopToken(), lambda _: None) == IMAGE
    stop = StopToken()
    after(0.15, stop.stop)
    assert isinstance(case.scanner.capture(stop, lambda _: None), Stopped)


def test_stop_returns_within_200_ms(case: SimulatedCase) -> None:
    case.scanner.open()
    stop = StopToken()
    stopped_at: list[float] = []
    after(0.1, lambda: (stopped_at.append(time.monotonic()), stop.stop())[1])
    assert isinstance(case.scanner.capture(stop, lambda _: None), Stopped)
    assert time.monotonic() - stopped_at[0] < 0.2


def test_a_finger_lifted_early_can_be_mended(case: SimulatedCase) -> None:
    case.scanner.open()
    case.touch()
    result = case.scanner.capture(StopToken(), lambda _: case.lift())
    assert result == Retry(RetryReason.LIFTED_EARLY)


def test_unplugged_in_mid_capture_is_lost_and_can_be_opened_again(case: SimulatedCase) -> None:
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


def test_unplugged_while_waiting_is_lost(case: SimulatedCase) -> None:
    case.scanner.open()
    after(0.05, case.unplug)
    with pytest.raises(DeviceLostError):
        case.scanner.capture(StopToken(), lambda _: None)


def test_tells_when_the_finger_is_off(case: SimulatedCase) -> None:
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


def test_close_may_be_called_twice(case: SimulatedCase) -> None:
    case.scanner.open()
    case.scanner.close()
    case.scanner.close()
