"""What a caller may rely on, for every fingerprint scanner adapter.

A test module has for each line of the table a case, which knows how to lay a finger on its
scanner's glass and how to pull its cable, and a subclass of `ScannerConformance`. What a scanner
can do is read from the contract (`ScannerInfo`, `SensesFingerOff`), and what a case can arrange
from its answers: the suite skips the rest, and says so.

The same suite runs on a real scanner with a person's hand (`test_scanner_on_hardware.py`).
"""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar, Final

import pytest

from station_app.devices.drivers import Driver
from station_app.devices.finger_scanner import (
    FingerScanner,
    ScannerInfo,
    SensesFingerOff,
    StopToken,
)
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import (
    CaptureResult,
    FingerImage,
    FingerOnGlass,
    LiveFrame,
    Retry,
    Stopped,
)
from tests.devices.footprint import Footprint, children, footprint, settled

IMAGE = FingerImage(bytes(range(256)) * 4, 32, 32, 500)

STOP_S: Final = 0.2
"""What the contract gives a scanner to return after `stop`."""
NOTICE_S: Final = 1.0
"""What it has to notice that its cable is out."""
LIMIT_S: Final = 60.0
"""What a busy machine may take for anything."""
LEAK_KB: Final = 4096
"""How far resident memory may move while nothing leaks; an allocator gives back when it likes."""

Told = LiveFrame | FingerOnGlass


class ScannerCase(ABC):
    """A scanner, its glass and its cable; made before the device is opened.

    `image` is what a touch gives, None where that is not known beforehand. `captures` are those
    of the long run. `again_after` is how many seconds a finger lies there before it is lifted and
    laid again, as people do where nothing happens. `figures` takes what was measured, `info`
    what the scanner said of itself. `others` are children of this process that are not the case's.
    """

    scanner: FingerScanner
    image: FingerImage | None = IMAGE
    captures: int = 50
    again_after: float = 5.0

    def __init__(self) -> None:
        self.figures: dict[str, list[float]] = {}
        self.info: ScannerInfo | None = None
        self.others: AbstractSet[int] = frozenset()

    @abstractmethod
    def touch(self) -> None:
        """Lay a finger on the glass, a new one where one lies there; from any thread."""

    @abstractmethod
    def lift(self) -> None:
        """Take it off."""

    @abstractmethod
    def unplug(self) -> None:
        """Pull the cable."""

    @abstractmethod
    def plug_in(self) -> None:
        """Put it back; what was arranged by the methods below is over then."""

    def plug_in_elsewhere(self) -> bool:
        """Put it into another socket, under another name; False where that cannot be arranged."""
        return False

    def garbage(self) -> bool:
        """Let the device talk nonsense from now on; False where that cannot be arranged."""
        return False

    def silence(self) -> bool:
        """Let the device answer nothing from now on; False where that cannot be arranged."""
        return False

    def rival(self) -> FingerScanner | None:
        """Another program's adapter of the same device; None where that cannot be arranged."""
        return None

    def close(self) -> None:
        """The test is over; the scanner is closed already."""
        return

    def note(self, name: str, value: float) -> None:
        """Keep a measured number for the report."""
        self.figures.setdefault(name, []).append(value)


def after(seconds: float, act: Callable[[], object]) -> threading.Timer:
    """Do it on another thread, which is given to be waited for."""
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()
    return timer


@contextmanager
def hand(case: ScannerCase, info: ScannerInfo) -> Iterator[Callable[[Told], None]]:
    """A hand that lays a finger, lifts it where the scanner wants that, and tries again.

    Gives what is told to the hand: it does not lift while it is being read.
    """
    done, felt = threading.Event(), threading.Event()

    def act() -> None:
        done.wait(0.02)
        while not done.is_set():
            felt.clear()
            case.touch()
            if info.gives_after_lift:
                felt.wait(case.again_after if info.senses_finger else 0.5)
                done.wait(0.1)
                case.lift()
            done.wait(case.again_after)
            if not done.is_set() and not felt.is_set():
                case.lift()
                done.wait(0.2)

    def hear(_: Told) -> None:
        felt.set()

    moving = threading.Thread(target=act, daemon=True)
    moving.start()
    try:
        yield hear
    finally:
        done.set()
        moving.join(LIMIT_S)


@contextmanager
def at_most(seconds: float = LIMIT_S) -> Iterator[StopToken]:
    """A token that ends a call which would otherwise hang the tests."""
    stop = StopToken()
    timer = threading.Timer(seconds, stop.stop)
    timer.daemon = True
    timer.start()
    try:
        yield stop
    finally:
        timer.cancel()
        timer.join()


def captured(
    scanner: FingerScanner, info: ScannerInfo, stop: StopToken, tell: Callable[[Told], None]
) -> CaptureResult:
    """The image; of a scanner that gives only frames the fourth of a touch."""
    if not info.only_frames:
        return scanner.capture(stop, tell)
    frames: list[LiveFrame] = []

    def choose(one: Told) -> None:
        tell(one)
        if isinstance(one, LiveFrame):
            frames.append(one)
            if len(frames) == 4:
                stop.stop()

    result = scanner.capture(stop, choose)
    assert isinstance(result, Stopped), "what only streams gives no image itself"
    return frames[3].image if len(frames) >= 4 else result


def taken(
    case: ScannerCase, info: ScannerInfo, tell: Callable[[Told], None] = lambda _: None
) -> CaptureResult:
    """One finger, laid and lifted as this scanner wants it. A person's slip is tried again."""
    result: CaptureResult = Stopped()
    for _ in range(3):
        with hand(case, info) as hear, at_most() as stop:

            def told(one: Told, hear: Callable[[Told], None] = hear) -> None:
                hear(one)
                tell(one)

            begun = time.monotonic()
            result = captured(case.scanner, info, stop, told)
            case.note("capture_ms", (time.monotonic() - begun) * 1000)
        if isinstance(result, FingerImage):
            case.note("width", result.width)
            case.note("height", result.height)
        if not isinstance(result, Retry) or case.image is not None:
            break
    return result


def is_right(case: ScannerCase, result: CaptureResult) -> bool:
    """Whether it is the image laid on the glass, as far as that is known."""
    if case.image is not None:
        return result == case.image
    return isinstance(result, FingerImage)


def opened_again(case: ScannerCase) -> ScannerInfo:
    """Close and open, as the desk does it after a fault, until the device has settled."""
    until = time.monotonic() + LIMIT_S
    while True:
        case.scanner.close()
        try:
            return case.scanner.open()
        except KnownError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def works_again(case: ScannerCase) -> None:
    """Plugged in, it opens and takes a finger."""
    case.lift()
    case.plug_in()
    begun = time.monotonic()
    info = opened_again(case)
    case.note("reopen_ms", (time.monotonic() - begun) * 1000)
    assert is_right(case, taken(case, info))


def soon(limit: float, measure: Callable[[], float]) -> None:
    """One of three within the limit: a busy machine makes things later, never sooner."""
    times: list[float] = []
    for _ in range(3):
        times.append(measure())
        if times[-1] < limit:
            return
    raise AssertionError(f"took {', '.join(f'{one:.3f}' for one in times)} s, not {limit}")


class ScannerConformance:
    """The suite; `driver` is the adapter's line, `make` its case."""

    driver: ClassVar[Driver[FingerScanner]]
    make: ClassVar[Callable[[Path], ScannerCase]]

    @pytest.fixture
    def case(self, tmp_path: Path) -> Iterator[ScannerCase]:
        others = children()
        made = type(self).make(tmp_path)
        made.others = others
        yield made
        made.scanner.close()
        made.close()

    # --- open ---

    def test_is_simulated_as_its_line_says(self, case: ScannerCase) -> None:
        assert case.scanner.is_simulated is self.driver.is_simulated

    def test_open_says_what_it_is(self, case: ScannerCase) -> None:
        info = case.info = case.scanner.open()
        assert isinstance(info, ScannerInfo)
        assert info.name
        assert info.name.isprintable()
        assert info.ppi >= 500
        assert not (info.streams and info.gives_after_lift), "frames are worth more than a prompt"
        assert not info.only_frames or (info.streams and info.senses_finger)

    def test_open_may_be_called_twice(self, case: ScannerCase) -> None:
        first = case.scanner.open()
        assert case.scanner.open() == first
        assert is_right(case, taken(case, first))

    def test_close_may_be_called_twice_and_before_open(self, case: ScannerCase) -> None:
        case.scanner.close()
        case.scanner.open()
        case.scanner.close()
        case.scanner.close()
        assert is_right(case, taken(case, case.scanner.open()))

    def test_a_second_program_is_refused_and_the_first_goes_on(self, case: ScannerCase) -> None:
        rival = case.rival()
        if rival is None:
            pytest.skip("a second program cannot be arranged here")
        info = case.scanner.open()
        with pytest.raises(DeviceFaultError):
            rival.open()
        rival.close()
        assert is_right(case, taken(case, info))
        case.scanner.close()
        rival.open()
        rival.close()

    # --- capture ---

    def test_a_touch_gives_the_image(self, case: ScannerCase) -> None:
        info = case.scanner.open()
        told: list[Told] = []
        image = taken(case, info, told.append)
        assert is_right(case, image)
        frames = [one for one in told if isinstance(one, LiveFrame)]
        touches = [one for one in told if isinstance(one, FingerOnGlass)]
        assert bool(frames) is info.streams
        assert bool(touches) is info.senses_finger
        assert not touches or touches[0].is_on
        assert [f.progress for f in frames] == sorted(f.progress for f in frames)
        assert all(0 <= f.progress <= 1 for f in frames)
        assert isinstance(image, FingerImage)
        assert image.ppi == info.ppi
        if info.width and info.height:
            assert (image.width, image.height) == (info.width, info.height)
        sizes = {(f.image.width, f.image.height, f.image.ppi) for f in frames}
        assert sizes <= {(image.width, image.height, image.ppi)}

    def test_two_touches_give_two_images(self, case: ScannerCase) -> None:
        info = case.scanner.open()
        assert is_right(case, taken(case, info))
        case.lift()
        assert is_right(case, taken(case, info))

    def test_a_finger_left_on_the_glass_is_not_taken_twice(self, case: ScannerCase) -> None:
        info = case.scanner.open()
        if info.gives_after_lift:
            pytest.skip("the finger is off when the image comes")
        assert is_right(case, taken(case, info))
        with at_most(0.5) as stop:
            assert isinstance(case.scanner.capture(stop, lambda _: None), Stopped)

    def test_a_finger_lifted_early_can_be_mended(self, case: ScannerCase) -> None:
        info = case.scanner.open()
        if not info.streams:
            pytest.skip("nothing is told from which to lift early")
        case.touch()
        with at_most(1.0 if info.only_frames else LIMIT_S) as stop:
            result = captured(case.scanner, info, stop, lambda _: case.lift())
        assert isinstance(result, Retry | FingerImage | Stopped)
        assert is_right(case, taken(case, info))

    def test_tells_when_the_finger_is_off(self, case: ScannerCase) -> None:
        scanner = case.scanner
        if not isinstance(scanner, SensesFingerOff):
            pytest.skip("this scanner does not sense the finger leaving")
        info = scanner.open()
        if info.gives_after_lift:
            with at_most() as stop:
                assert scanner.wait_finger_off(stop)
            return
        assert is_right(case, taken(case, info))
        after(0.05, case.lift)
        with at_most() as stop:
            assert scanner.wait_finger_off(stop)
            assert not stop.stopped

    # --- stop ---

    def test_stop_returns_within_200_ms(self, case: ScannerCase) -> None:
        info = case.scanner.open()
        soon(STOP_S, lambda: self._stopped_after(case, 0.3))
        assert is_right(case, taken(case, info))

    def test_a_stopped_token_ends_a_capture_at_once(self, case: ScannerCase) -> None:
        case.scanner.open()
        stop = StopToken()
        stop.stop()
        assert isinstance(case.scanner.capture(stop, lambda _: None), Stopped)
        if isinstance(case.scanner, SensesFingerOff):
            case.scanner.wait_finger_off(stop)

    def test_stopped_with_the_finger_on_the_glass(self, case: ScannerCase) -> None:
        """The session is free within 200 ms, and the image that comes late is nobody's."""
        info = case.scanner.open()
        for _ in range(3):
            stopped_at = self._touched_and_stopped(case)
            took = time.monotonic() - stopped_at
            case.note("stop_touched_ms", took * 1000)
            case.lift()
            with at_most(0.5) as stop:
                late = case.scanner.capture(stop, lambda _: None)
            assert isinstance(late, Stopped | Retry), "a late image was taken for a new finger"
            if took < STOP_S:
                break
        assert took < STOP_S
        assert is_right(case, taken(case, info))

    def test_a_silent_device_does_not_hold_up_the_session(self, case: ScannerCase) -> None:
        case.scanner.open()
        if not case.silence():
            pytest.skip("silence cannot be arranged here")
        soon(STOP_S, lambda: self._stopped_after(case, 0.3))
        works_again(case)

    @staticmethod
    def _stopped_after(case: ScannerCase, seconds: float) -> float:
        stop = StopToken()
        stopped_at: list[float] = []

        def end() -> None:
            stopped_at.append(time.monotonic())
            stop.stop()

        after(seconds, end)
        try:
            assert isinstance(case.scanner.capture(stop, lambda _: None), Stopped)
        except KnownError:  # a device that says nothing may be told before it is stopped
            opened_again(case)
            return 0.0
        took = time.monotonic() - stopped_at[0]
        case.note("stop_ms", took * 1000)
        return took

    @staticmethod
    def _touched_and_stopped(case: ScannerCase) -> float:
        """When it was told to stop: after the touch is felt, or where it is not told, a while."""
        stop = StopToken()
        stopped_at: list[float] = []
        once = threading.Lock()

        def end(_: object = None) -> None:
            with once:
                if not stopped_at:
                    stopped_at.append(time.monotonic())
                    stop.stop()

        touched = after(0.05, case.touch)
        too_late = after(1.0, end)
        case.scanner.capture(stop, end)
        end()
        touched.join()
        too_late.cancel()
        return stopped_at[0]

    # --- lost at every step, and back ---

    def test_lost_before_it_is_opened(self, case: ScannerCase) -> None:
        case.unplug()
        with pytest.raises(DeviceLostError):
            case.scanner.open()
        with pytest.raises(DeviceLostError):
            case.scanner.open()
        works_again(case)

    def test_lost_after_it_was_opened(self, case: ScannerCase) -> None:
        case.scanner.open()
        case.unplug()
        with at_most() as stop, pytest.raises(DeviceLostError):
            case.scanner.capture(stop, lambda _: None)
        works_again(case)

    def test_lost_while_it_waits_is_noticed_within_a_second(self, case: ScannerCase) -> None:
        def measure() -> float:
            pulled: list[float] = []

            def pull() -> None:
                pulled.append(time.monotonic())  # noticed before `unplug` returns, perhaps
                case.unplug()
                pulled.append(time.monotonic())

            case.plug_in()
            opened_again(case)
            after(0.3, pull)
            with at_most() as stop, pytest.raises(DeviceLostError):
                case.scanner.capture(stop, lambda _: None)
            took = max(0.0, time.monotonic() - pulled[-1])
            case.note("loss_noticed_ms", took * 1000)
            return took

        soon(NOTICE_S, measure)
        works_again(case)

    def test_lost_in_mid_capture(self, case: ScannerCase) -> None:
        info = case.scanner.open()
        if not (info.streams or info.senses_finger):
            pytest.skip("nothing is told from which to know that a capture is under way")
        with hand(case, info) as hear, at_most() as stop:

            def pull(one: Told) -> None:
                hear(one)
                case.unplug()

            with pytest.raises(DeviceLostError):
                case.scanner.capture(stop, pull)
        with pytest.raises(DeviceLostError):
            case.scanner.open()
        works_again(case)

    def test_lost_between_two_captures(self, case: ScannerCase) -> None:
        info = case.scanner.open()
        assert is_right(case, taken(case, info))
        case.unplug()
        with at_most() as stop, pytest.raises(DeviceLostError):
            case.scanner.capture(stop, lambda _: None)
        works_again(case)

    def test_lost_and_back_between_two_captures(self, case: ScannerCase) -> None:
        """Pulled and put back unnoticed: told as lost or not, the next finger is taken."""
        info = case.scanner.open()
        assert is_right(case, taken(case, info))
        case.lift()
        case.unplug()
        case.plug_in()
        try:
            assert is_right(case, taken(case, info))
        except DeviceLostError:
            works_again(case)

    def test_lost_while_the_finger_is_awaited_off(self, case: ScannerCase) -> None:
        scanner = case.scanner
        if not isinstance(scanner, SensesFingerOff):
            pytest.skip("this scanner does not sense the finger leaving")
        info = scanner.open()
        if info.gives_after_lift:
            pytest.skip("the finger is off when the image comes")
        assert is_right(case, taken(case, info))
        after(0.1, case.unplug)
        with at_most() as stop, pytest.raises(DeviceLostError):
            scanner.wait_finger_off(stop)
        works_again(case)

    def test_back_in_another_socket(self, case: ScannerCase) -> None:
        case.scanner.open()
        case.unplug()
        with at_most() as stop, pytest.raises(DeviceLostError):
            case.scanner.capture(stop, lambda _: None)
        if not case.plug_in_elsewhere():
            pytest.skip("another socket cannot be arranged here")
        info = opened_again(case)
        assert is_right(case, taken(case, info))

    # --- nonsense ---

    def test_garbage_while_it_waits_is_a_fault_and_not_an_image(self, case: ScannerCase) -> None:
        case.scanner.open()
        if not case.garbage():
            pytest.skip("garbage cannot be arranged here")
        touched = after(0.1, case.touch)
        with at_most(2.0) as stop, suppress(KnownError):
            result = case.scanner.capture(stop, lambda _: None)
            assert isinstance(result, Stopped | Retry), "nonsense became an image"
        touched.join()
        works_again(case)

    def test_garbage_from_the_start_is_a_fault(self, case: ScannerCase) -> None:
        if not case.garbage():
            pytest.skip("garbage cannot be arranged here")
        with at_most(2.0) as stop, suppress(KnownError):
            case.scanner.open()
            result = case.scanner.capture(stop, lambda _: None)
            assert isinstance(result, Stopped | Retry), "nonsense became an image"
        works_again(case)

    # --- the long run ---

    def test_many_captures_leak_nothing(self, case: ScannerCase) -> None:
        info = case.scanner.open()
        before = Footprint(0, 0, 0, 0)
        size = 0
        for number in range(case.captures):
            image = taken(case, info)
            assert is_right(case, image)
            assert isinstance(image, FingerImage)
            size = len(image.pixels)
            case.lift()
            if number == case.captures // 5:  # what is loaded or made once is there
                before = footprint(case.others)
        now = settled(before)
        case.note("kilobytes_grown", now.kilobytes - before.kilobytes)
        kept = (case.captures - case.captures // 5) * size // 1024
        assert not now.more_than(before), now.more_than(before)
        assert now.kilobytes - before.kilobytes < max(LEAK_KB, kept // 2)

    def test_opening_and_closing_leaks_nothing(self, case: ScannerCase) -> None:
        before = Footprint(0, 0, 0, 0)
        for number in range(7):
            case.scanner.open()
            case.scanner.close()
            if number == 1:
                before = footprint(case.others)
        now = settled(before)
        assert not now.more_than(before), now.more_than(before)
