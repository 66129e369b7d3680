"""The one way back from a lane to the main thread."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from typing import Protocol

Call = Callable[[], None]


class Bridge(Protocol):
    """Runs calls on the main thread, in the order they were posted."""

    def post(self, call: Call) -> None:
        """Run `call` on the main thread soon; may be called from any thread."""
        ...

    def later(self, seconds: float, call: Call) -> None:
        """Run `call` on the main thread after `seconds`; called from the main thread."""
        ...


class QueueBridge:
    """A bridge without an event loop: the caller's thread is the main thread.

    The caller drives it with `run`; nothing runs otherwise.
    """

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._calls: list[tuple[float, int, Call]] = []
        self._order = itertools.count()

    def post(self, call: Call) -> None:
        """Run `call` in the next `run`."""
        self._put(time.monotonic(), call)

    def later(self, seconds: float, call: Call) -> None:
        """Run `call` once `seconds` have passed, within a `run`."""
        self._put(time.monotonic() + seconds, call)

    def run(self, until: Callable[[], bool], timeout: float) -> bool:
        """Run calls until `until()` holds (True) or `timeout` seconds have passed (False)."""
        end = time.monotonic() + timeout
        while not until():
            call = self._next(end)
            if call is None:
                return until()
            call()
            del call  # it may carry a picture of somebody
        return True

    def _put(self, due: float, call: Call) -> None:
        with self._wake:
            heapq.heappush(self._calls, (due, next(self._order), call))
            self._wake.notify()

    def _next(self, end: float) -> Call | None:
        with self._wake:
            while True:
                now = time.monotonic()
                if self._calls and self._calls[0][0] <= now:
                    return heapq.heappop(self._calls)[2]
                if now >= end:
                    return None
                due = self._calls[0][0] if self._calls else end
                self._wake.wait(min(due, end) - now)
