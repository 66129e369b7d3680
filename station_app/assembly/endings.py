"""What ends a desk's window: Ctrl-C, or a bug, which shows the safe screen and is raised after."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Final

from PySide6.QtCore import QTimer

from station_app.flow.runner import DeskObserver, Runner

_TICK_MS: Final = 100


@contextmanager
def bugs_raised(runner: Runner) -> Iterator[None]:
    """Within, the first bug stops the runner; at the end it is raised.

    An exception in a Qt slot is a bug like one on a lane: Qt would print it and continue.
    """
    bugs: list[BaseException] = []

    def report(_: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        runner.report_bug(bug.with_traceback(trace))

    runner.observe(_BugWitness(bugs))
    hook, sys.excepthook = sys.excepthook, report
    try:
        yield
    finally:
        sys.excepthook = hook
    if bugs:
        raise bugs[0]


class _BugWitness(DeskObserver):
    """Remembers the bug that ended the desk."""

    def __init__(self, bugs: list[BaseException]) -> None:
        self._bugs = bugs

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """The runner has stopped."""
        self._bugs.append(bug)


@contextmanager
def interrupt_closes(close: Callable[[], object]) -> Iterator[None]:
    """Within, SIGINT calls `close` from the event loop; `KeyboardInterrupt` is raised after.

    Raised where it comes, it would end inside some slot, and look like a bug of the desk.
    """
    came = False

    def note(_signal: int, _frame: FrameType | None) -> None:
        nonlocal came
        came = True
        QTimer.singleShot(0, close)

    # Python looks for signals only while it runs: in an idle event loop the tick lets it.
    tick = QTimer()
    tick.timeout.connect(lambda: None)
    tick.start(_TICK_MS)
    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        tick.stop()
    if came:
        raise KeyboardInterrupt
