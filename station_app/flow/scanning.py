"""The scanner's lane: one request (ticket) at a time, and its answer.

The scanner is opened on first use and closed after every fault.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from station_app.devices.finger_scanner import FingerScanner, SensesFingerOff, StopToken, Tell
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

_REOPEN_EVERY_S = 0.25


class KeptScanner:
    """Used on the scanner's lane only; faults pass through it.

    A scanner that was lost or failed is opened again before its next use, in any state of the
    desk.
    """

    def __init__(self, scanner: FingerScanner) -> None:
        self._scanner = scanner
        self._is_open = False

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        """See `FingerScanner.capture`."""
        with self._open():
            return self._scanner.capture(stop, tell)

    def wait_finger_off(self, stop: StopToken) -> bool:
        """See `SensesFingerOff`; True at once for a scanner that cannot tell."""
        scanner = self._scanner
        if not isinstance(scanner, SensesFingerOff):
            return True
        with self._open():
            return scanner.wait_finger_off(stop)

    def reopen(self, stop: StopToken) -> bool:
        """Try until the scanner is open (True) or `stop` (False)."""
        while not stop.stopped:
            try:
                with self._open():
                    return True
            except DeviceLostError:
                stop.wait(_REOPEN_EVERY_S)
        return False

    def check(self) -> None:
        """Open it where it is not open; raises its fault where that fails."""
        with self._open():
            pass

    def close(self) -> None:
        """Release the scanner."""
        self._is_open = False
        self._scanner.close()

    @contextmanager
    def _open(self) -> Iterator[None]:
        try:
            if not self._is_open:
                self._scanner.open()
                self._is_open = True
            yield
        except KnownError:
            self.close()
            raise


class Scanning:
    """Called on the main thread; each request stops the one before.

    `tell` takes the answers, `frame_came` a ticket's frames of the live view with what
    `assess` reads from them.
    """

    def __init__(
        self,
        scanner: FingerScanner,
        assess: Callable[[FingerImage], Meters],
        lane: Lane,
        bridge: Bridge,
        tell: Callable[[events.Event], None],
        frame_came: Callable[[int, LiveFrame, Meters], None],
    ) -> None:
        self._scanner, self._assess = KeptScanner(scanner), assess
        self._lane, self._bridge = lane, bridge
        self._tell, self._frame_came = tell, frame_came
        self._stop = StopToken()

    def stop(self) -> None:
        """Stop the scanner's present work."""
        self._stop.stop()

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

    def close(self) -> None:
        """Stop, and release the device."""
        self.stop()
        self._lane.call(self._scanner.close)

    def arm(self, ticket: int) -> None:
        """Capture the next new touch."""
        stop = self._new_stop()

        def frame(one: LiveFrame | FingerOnGlass) -> None:
            if isinstance(one, FingerOnGlass):
                return  # the frames say it
            meters = self._assess(one.image)
            self._bridge.post(lambda: self._frame_came(ticket, one, meters))

        def done(result: CaptureResult) -> None:
            match result:
                case Retry(reason=reason):
                    self._tell(events.CaptureFailed(ticket, reason))
                case Stopped():
                    pass
                case sample:
                    self._tell(events.Captured(ticket, sample))

        self._lane.run(lambda: self._scanner.capture(stop, frame), done, self._failed(ticket))

    def await_finger_off(self, ticket: int) -> None:
        """Tell when the glass is empty."""
        stop = self._new_stop()

        def done(lifted: bool) -> None:
            if lifted:
                self._tell(events.FingerLifted(ticket))

        self._lane.run(lambda: self._scanner.wait_finger_off(stop), done, self._failed(ticket))

    def reopen(self, ticket: int) -> None:
        """Try to open the scanner until it is back."""
        stop = self._new_stop()

        def done(is_open: bool) -> None:
            if is_open:
                self._tell(events.ScannerReturned(ticket))

        self._lane.run(lambda: self._scanner.reopen(stop), done, self._failed(ticket))

    def _new_stop(self) -> StopToken:
        self._stop.stop()
        self._stop = StopToken()
        return self._stop

    def _failed(self, ticket: int) -> Callable[[KnownError], None]:
        def failed(fault: KnownError) -> None:
            if isinstance(fault, DeviceLostError):
                self._tell(events.ScannerLost(ticket))
            else:
                self._tell(events.PartFailed(ticket, fault.code))

        return failed
