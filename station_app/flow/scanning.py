"""The scanner's lane: one request (ticket) at a time, and its answer.

The scanner is opened on first use and closed after every fault. While nothing is asked of it its
cable is looked at, so that a scanner pulled out under a verdict or a dialog is told as well.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final, Protocol

from station_app.devices.finger_scanner import (
    FingerScanner,
    ScannerInfo,
    SensesCable,
    SensesFingerOff,
    StopToken,
)
from station_app.domain import session_events as events
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.samples import (
    CaptureResult,
    FingerImage,
    FingerOnGlass,
    LiveFrame,
    Meters,
    Retry,
    Stopped,
)
from station_app.flow.bridge import Bridge
from station_app.flow.lane import Lane
from station_app.flow.live_finger import BestFrame, PacedMeters
from station_app.flow.station_devices import Cable, unknown_cable

_REOPEN_EVERY_S: Final = 0.25
_REOPEN_SELDOM_S: Final = 1.0
_REOPEN_AT_LEAST_EVERY_S: Final = 2.0
_LOOK_EVERY_S: Final = 0.5
_LOOK_SHARE: Final = 0.02
"""The most of the time that looking at the cable may take: some drivers ask a service for it."""


class KeptScanner:
    """Used on the scanner's lane only; faults pass through it.

    A scanner that was lost or failed is opened again before its next use, in any state of the
    desk. `assess` reads the meters of a frame. `cable` is looked at where the scanner does not
    sense it; `opened` hears of each opening.
    """

    def __init__(
        self,
        scanner: FingerScanner,
        assess: Callable[[FingerImage], Meters],
        cable: Cable = unknown_cable,
        opened: Callable[[ScannerInfo], None] = lambda _: None,
    ) -> None:
        self._scanner, self._cable, self._opened = scanner, cable, opened
        self._meters = PacedMeters(assess)
        self._info: ScannerInfo | None = None

    def capture(
        self,
        stop: StopToken,
        show_frame: Callable[[LiveFrame, Meters], None] = lambda _frame, _meters: None,
        show_touch: Callable[[bool], None] = lambda _: None,
    ) -> CaptureResult:
        """See `FingerScanner.capture`; the best frame where the scanner leaves the choice.

        `stop` is used up then: it ends the frames.
        """
        best = BestFrame()
        with self._open() as info:

            def told(one: LiveFrame | FingerOnGlass) -> None:
                if isinstance(one, FingerOnGlass):
                    show_touch(one.is_on)
                    if not one.is_on:
                        best.lifted()
                else:
                    self._read_frame(one, best if info.only_frames else None, show_frame)
                if best.chosen is not None:
                    stop.stop()

            result = self._scanner.capture(stop, told)
            return result if best.chosen is None else best.chosen

    def _read_frame(
        self,
        frame: LiveFrame,
        best: BestFrame | None,
        show: Callable[[LiveFrame, Meters], None],
    ) -> None:
        meters = self._meters.read(frame.image, is_last=frame.progress >= 1.0)
        if meters is None:
            return
        shown = frame if best is None else best.see(frame, meters)
        if shown is not None:
            show(shown, meters)

    def wait_finger_off(self, stop: StopToken) -> bool:
        """See `SensesFingerOff`; True at once for a scanner that cannot tell."""
        scanner = self._scanner
        if not isinstance(scanner, SensesFingerOff):
            return True
        with self._open():
            return scanner.wait_finger_off(stop)

    def reopen(self, stop: StopToken) -> bool:
        """Try until the scanner is open (True) or `stop` (False).

        Now and then it is tried although no cable is seen: opening it knows better.
        """
        pause, waited = _REOPEN_EVERY_S, _REOPEN_AT_LEAST_EVERY_S
        while not stop.stopped:
            if self.is_plugged_in() is not False or waited >= _REOPEN_AT_LEAST_EVERY_S:
                waited = 0.0
                try:
                    with self._open():
                        return True
                except DeviceLostError:
                    pause = min(2 * pause, _REOPEN_SELDOM_S)
            else:
                pause = _REOPEN_EVERY_S
            stop.wait(pause)
            waited += pause
        return False

    def check(self) -> None:
        """Open it where it is not open; raises its fault where that fails."""
        with self._open():
            pass

    def is_plugged_in(self) -> bool | None:
        """See `Cable`. A scanner that is gone is closed, to be opened anew when it is back."""
        scanner = self._scanner
        is_there = scanner.is_plugged_in() if isinstance(scanner, SensesCable) else self._cable()
        if is_there is False and self._info is not None:
            self.close()
        return is_there

    def close(self) -> None:
        """Release the scanner."""
        self._info = None
        self._scanner.close()

    @contextmanager
    def _open(self) -> Iterator[ScannerInfo]:
        try:
            if self._info is None:
                self._info = self._scanner.open()
                self._opened(self._info)
            yield self._info
        except KnownError:
            self.close()
            raise


@dataclass(frozen=True, slots=True)
class ScannerNow:
    """What is known of the scanner beside the session.

    `is_plugged_in` is None while that is not known; `info` is from its last opening.
    """

    is_plugged_in: bool | None = None
    info: ScannerInfo | None = None


class ScanningObserver(Protocol):
    """Told on the main thread; an answer carries the ticket of its request."""

    def handle(self, event: events.Event) -> None:
        """A request's answer."""
        ...

    def show_frame(self, ticket: int, frame: LiveFrame, meters: Meters) -> None:
        """A frame of a capture's live view."""
        ...

    def show_touch(self, ticket: int, *, is_on: bool) -> None:
        """A capture's finger was laid on the glass, or lifted."""
        ...

    def scanner_changed(self) -> None:
        """`Scanning.now` says something else."""
        ...


class Scanning:
    """Called on the main thread; each request stops the one before.

    `assess` reads the live view's meters from a frame.
    """

    def __init__(
        self,
        scanner: FingerScanner,
        cable: Cable,
        assess: Callable[[FingerImage], Meters],
        lane: Lane,
        bridge: Bridge,
        observer: ScanningObserver,
    ) -> None:
        self._scanner = KeptScanner(
            scanner,
            assess,
            cable,
            lambda info: bridge.post(lambda: self._say(ScannerNow(True, info))),
        )
        self._lane, self._bridge, self._observer = lane, bridge, observer
        self._stop = StopToken()
        self._again: Callable[[], None] | None = None  # the request that is under way
        self._is_closed = False
        self.now = ScannerNow()

    def start(self) -> None:
        """Look at the cable from now on."""
        self._look_later(0.0)

    def stop(self) -> None:
        """Stop the scanner's present work."""
        self._stop.stop()
        self._again = None

    def fault(self) -> str:
        """The code of why the scanner cannot be opened now, empty where it can.

        On any other lane, while nothing is asked of the scanner: it waits for its lane.
        """
        try:
            self._lane.call(self._scanner.check)
        except DeviceLostError:
            return "scanner_unplugged"
        except KnownError as fault:
            return fault.code
        return ""

    def renew(self) -> None:
        """Close the scanner and open it again: the computer was asleep, and its handle may be dead.

        What was asked of it is asked again, under the same ticket.
        """
        again = self._again
        self.stop()
        self._lane.run(self._scanner.close, lambda _: None, lambda _: None)
        if again is not None:
            again()

    def close(self) -> None:
        """Stop, and release the device."""
        self._is_closed = True
        self.stop()
        self._lane.call(self._scanner.close)

    def arm(self, ticket: int) -> None:
        """Capture the next new touch."""
        stop = self._new_stop(lambda: self.arm(ticket))

        def frame(one: LiveFrame, meters: Meters) -> None:
            self._bridge.post(lambda: self._observer.show_frame(ticket, one, meters))

        def touch(is_on: bool) -> None:
            self._bridge.post(lambda: self._observer.show_touch(ticket, is_on=is_on))

        def done(result: CaptureResult) -> None:
            self._end(stop)
            match result:
                case Retry(reason=reason):
                    self._observer.handle(events.CaptureFailed(ticket, reason))
                case Stopped():
                    pass
                case sample:
                    self._observer.handle(events.Captured(ticket, sample))

        self._lane.run(
            lambda: self._scanner.capture(stop, frame, touch), done, self._failed(ticket, stop)
        )

    def await_finger_off(self, ticket: int) -> None:
        """Tell when the glass is empty."""
        stop = self._new_stop(lambda: self.await_finger_off(ticket))

        def done(lifted: bool) -> None:
            self._end(stop)
            if lifted:
                self._observer.handle(events.FingerLifted(ticket))

        self._lane.run(
            lambda: self._scanner.wait_finger_off(stop), done, self._failed(ticket, stop)
        )

    def reopen(self, ticket: int) -> None:
        """Try to open the scanner until it is back."""
        stop = self._new_stop(lambda: self.reopen(ticket))

        def done(is_open: bool) -> None:
            self._end(stop)
            if is_open:
                self._observer.handle(events.ScannerReturned(ticket))

        self._lane.run(lambda: self._scanner.reopen(stop), done, self._failed(ticket, stop))

    def _new_stop(self, again: Callable[[], None]) -> StopToken:
        self._stop.stop()
        self._stop, self._again = StopToken(), again
        return self._stop

    def _end(self, stop: StopToken) -> None:
        """The request is answered; a later one may be under way."""
        if stop is self._stop:
            self._again = None

    def _failed(self, ticket: int, stop: StopToken) -> Callable[[KnownError], None]:
        def failed(fault: KnownError) -> None:
            self._end(stop)
            if isinstance(fault, DeviceLostError):
                self._say(replace(self.now, is_plugged_in=None))
                self._observer.handle(events.ScannerLost(ticket))
            else:
                self._observer.handle(events.PartFailed(ticket, fault.code))

        return failed

    # --- the cable, while nothing is asked of the scanner ---

    def _look(self) -> None:
        if self._is_closed:
            return
        if self._again is None:
            self._lane.run(self._timed_look, self._looked, lambda _: self._look_later(0.0))
        else:  # whoever waits for a finger, or for the scanner, sees it himself
            self._look_later(0.0)

    def _timed_look(self) -> tuple[bool | None, float]:
        begun = time.monotonic()
        return self._scanner.is_plugged_in(), time.monotonic() - begun

    def _looked(self, seen: tuple[bool | None, float]) -> None:
        is_plugged_in, took = seen
        if self._again is None:
            self._say(replace(self.now, is_plugged_in=is_plugged_in))
        self._look_later(took)

    def _look_later(self, took: float) -> None:
        self._bridge.later(max(_LOOK_EVERY_S, took / _LOOK_SHARE), self._look)

    def _say(self, now: ScannerNow) -> None:
        if now != self.now:
            self.now = now
            self._observer.scanner_changed()
