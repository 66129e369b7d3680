"""A lane: one thread that does blocking work in order and answers through the bridge."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from station_app.domain.errors import KnownError
from station_app.flow.bridge import Bridge

Result = TypeVar("Result")


class Lane:
    """One thread. Work takes and returns values and never touches the main thread's state.

    Known faults come back as values; any other exception is a bug and goes to `on_bug`.
    """

    def __init__(self, name: str, bridge: Bridge, on_bug: Callable[[BaseException], None]) -> None:
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
                self._bridge.post(lambda: failed(fault))
            else:
                bug = error
                self._bridge.post(lambda: self._on_bug(bug))

        self._pool.submit(work).add_done_callback(answer)

    def call(self, work: Callable[[], Result]) -> Result:
        """Do `work` on the lane and wait for it; for opening and closing only."""
        return self._pool.submit(work).result()

    def close(self) -> None:
        """Finish what was asked for and end the thread."""
        self._is_closed = True
        self._pool.shutdown(wait=True)
