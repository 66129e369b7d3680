"""Processes that share work: how they are started, disturbed by nobody, lost and ended."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import parent_process
from threading import Thread, current_thread, main_thread

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError


@contextmanager
def told_of_losses() -> Iterator[None]:
    """A process that was ended is told of as `KnownError` `worker_lost`."""
    try:
        yield
    except BrokenProcessPool as lost:
        raise KnownError(
            Code.WORKER_LOST,
            "A process that shared the work was ended, perhaps for want of memory. "
            "Start again with fewer --jobs; what is finished stays.",
        ) from lost


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits for the end of the block, and processes started in it never feel it.

    The executor does not survive one while it starts its threads and processes. A terminal
    sends Ctrl-C to all processes at once; they inherit the blocked signal.
    """
    if current_thread() is not main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def end_with_parent() -> None:
    """From now on this process ends when the one that started it does, killed or not."""
    Thread(target=_end_after_parent, daemon=True).start()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _end_after_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)
