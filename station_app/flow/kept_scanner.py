"""The scanner as its lane uses it: opened when it is needed, closed after every fault."""

from collections.abc import Iterator
from contextlib import contextmanager

from station_app.devices.finger_scanner import FingerScanner, SensesFingerOff, StopToken, Tell
from station_app.domain.captures import CaptureResult
from station_app.domain.errors import DeviceLostError, KnownError

_REOPEN_EVERY_S = 0.25


class KeptScanner:
    """Used on the scanner's lane only; faults pass through it.

    A scanner that was lost or did not work is opened again before it is used again,
    whatever the desk did in the meantime.
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
        """Let the scanner go."""
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
