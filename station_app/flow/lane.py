"""A lane: one thread that does blocking work in order and answers through the bridge."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from station_app.domain.errors import KnownError
from station_app.flow.bridge import Bridge

Result = TypeVar("Result")

_TELL_AGAIN_S: Final = 600.0

_log = logging.getLogger(__name__)


class Lane:
    """One thread. Work takes and returns values and never touches the main thread's state.

    Known faults come back as values; any other exception is a bug and goes to `on_bug`.
    """

    def __init__(self, name: str, bridge: Bridge, on_bug: Callable[[BaseException], None]) -> None:
        self._name, self._fault, self._tell_again = name, "", 0.0
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._bridge = bridge
        self._on_bug = on_bug
        self._is_closed = False

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        """Do `work` on the lane, then call `done` or `failed` on the main thread.

        Nothing is done after `close`: an answer that came last would ask for more.
        """
        if self._is_closed:
            return

        def answer(future: Future[Result]) -> None:
            error = future.exception()
            if error is None:
                result = future.result()
                self._bridge.post(lambda: done(result))
            elif isinstance(error, KnownError):
                fault = error
                self._log_fault(fault)
                self._bridge.post(lambda: failed(fault))
            else:
                bug = error
                self._bridge.post(lambda: self._on_bug(bug))

        self._pool.submit(work).add_done_callback(answer)

    def call(self, work: Callable[[], Result]) -> Result:
        """Do `work` on the lane and wait for it; for opening and closing only."""
        return self._pool.submit(work).result()

    def _log_fault(self, fault: KnownError) -> None:
        """Write it down, the same one not all the time: some work is tried every few seconds."""
        now = time.monotonic()
        if fault.code != self._fault or now >= self._tell_again:
            self._fault, self._tell_again = fault.code, now + _TELL_AGAIN_S
            _log.info("fault", extra={"part": self._name, "code": fault.code})

    def close(self) -> None:
        """Finish what was asked for and end the thread."""
        self._is_closed = True
        self._pool.shutdown(wait=True)
