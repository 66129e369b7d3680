"""What every fingerprint scanner adapter does; `tests/devices` holds the conformance suite."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from station_app.domain.samples import CaptureResult, FingerImage, FingerOnGlass, LiveFrame

_SLICE_S: Final = 0.1


class StopToken:
    """Tells a blocking call to return; set from any thread, never unset."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def stop(self) -> None:
        """Ask the call to return within 200 ms."""
        self._event.set()

    @property
    def stopped(self) -> bool:
        """True once `stop` was called."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait at most `seconds`; True when asked to stop."""
        return self._event.wait(seconds)


class LimitedStop(StopToken):
    """Also tells to return when `outer` does, and after `seconds`."""

    def __init__(self, outer: StopToken, seconds: float) -> None:
        super().__init__()
        self._outer, self._end = outer, time.monotonic() + seconds

    @property
    def stopped(self) -> bool:
        return super().stopped or self._outer.stopped or time.monotonic() >= self._end

    def wait(self, seconds: float) -> bool:
        end = min(time.monotonic() + seconds, self._end)
        while not self.stopped and (left := end - time.monotonic()) > 0:
            self._outer.wait(min(left, _SLICE_S))
        return self.stopped


@dataclass(frozen=True, slots=True)
class ScannerInfo:
    """What a scanner says of itself; width and height in pixels, 0 where they vary.

    `streams`: a capture gives live frames; without them the screen has no meters to show.
    `senses_finger`: a capture tells `FingerOnGlass`. `gives_after_lift`: the image comes only
    after the finger is lifted, so the person has to be told to lift it. `only_frames`: a capture
    tells frames, and fingers on and off, until it is stopped; the station chooses one of them.
    """

    name: str
    ppi: int
    width: int
    height: int
    streams: bool = False
    senses_finger: bool = False
    gives_after_lift: bool = False
    only_frames: bool = False


DecodeFinger = Callable[[bytes, str, int], FingerImage]
"""`biometrics.images.finger_image_of`: an encoded image, its name in a refusal, its ppi."""

Tell = Callable[[LiveFrame | FingerOnGlass], None]
"""Called on the scanner's lane for every frame of the live view, and for a finger on and off.

A frame is told only while something lies on the glass: the first one begins a session.
"""


class FingerScanner(Protocol):
    """A fingerprint scanner. All calls block and are made on its own lane only.

    `open` and `capture` raise `DeviceLostError` when the scanner is not there, and
    `DeviceFaultError` when it is there but does not work, with one of `errors.SCREEN_CODES`
    (`device_fault` where nothing closer is known). After either the scanner may be closed
    and opened again.

    `is_simulated`: no real person's finger is read here; whatever wraps a scanner passes it on.
    Live lists refuse such a scanner.
    """

    @property
    def is_simulated(self) -> bool:
        """Whether this is no real device."""
        ...

    def open(self) -> ScannerInfo:
        """Make the scanner ready; one that is open already is ready as before."""
        ...

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        """The next finger laid on the glass; one that lies there already does not count.

        Returns within 200 ms of `stop`, as `Stopped`.
        """
        ...

    def close(self) -> None:
        """Let the scanner go; never raises, may be called twice."""
        ...


@runtime_checkable
class SensesFingerOff(Protocol):
    """An extra ability: tells when the glass is empty."""

    def wait_finger_off(self, stop: StopToken) -> bool:
        """True when the glass is empty, False when stopped first (within 200 ms).

        True at once where the open scanner turns out not to sense it.
        """
        ...


@runtime_checkable
class SensesCable(Protocol):
    """An extra ability: knows whether its device is there, without asking it anything."""

    def is_plugged_in(self) -> bool:
        """At once; on the scanner's lane, while no other call is under way."""
        ...
