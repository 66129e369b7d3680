"""Asks for the journal's head on paper every so often while the day is open."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from station_app.flow.bridge import Bridge

_MINUTE: Final = 60


class HeadTimer:
    """`ask` is called on the main thread, `minutes` after the last head slip; 0: never."""

    def __init__(
        self, bridge: Bridge, minutes: int, now: Callable[[], datetime], ask: Callable[[], None]
    ) -> None:
        self._bridge, self._minutes, self._now, self._ask = bridge, minutes, now, ask
        self._turn = 0

    def run(self, last: datetime) -> None:
        """Count from `last`, when the head was printed or the day opened; ask at once if late."""
        self.stop()
        if self._minutes:
            passed = max(0.0, (self._now() - last).total_seconds())
            self._wait(max(0.0, self._minutes * _MINUTE - passed))

    def stop(self) -> None:
        """Ask no more."""
        self._turn += 1

    def _wait(self, seconds: float) -> None:
        turn = self._turn

        def due() -> None:
            if turn == self._turn:
                self._wait(self._minutes * _MINUTE)
                self._ask()

        self._bridge.later(seconds, due)
