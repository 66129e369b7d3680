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
def first_bug_raised(
    stop: Callable[[BaseException], None],
) -> Iterator[Callable[[BaseException], None]]:
    """Within, a bug in a Qt slot, or one passed to the yielded function, calls `stop`.

    The first is raised at the end. Without this Qt would print a slot's exception and continue.
    """
    bugs: list[BaseException] = []

    def on_bug(bug: BaseException) -> None:
        bugs.append(bug)
        stop(bug)

    def report(_: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        on_bug(bug.with_traceback(trace))

    hook, sys.excepthook = sys.excepthook, report
    try:
        yield on_bug
    finally:
        sys.excepthook = hook
    if bugs:
        raise bugs[0]


@contextmanager
def bugs_raised(runner: Runner) -> Iterator[None]:
    """Within, the first bug stops the runner; at the end it is raised."""
    with first_bug_raised(runner.report_bug) as on_bug:
        runner.observe(BugWitness(on_bug))
        yield


class BugWitness(DeskObserver):
    """Passes on the bug that ended a desk; an observer of its runner."""

    def __init__(self, on_bug: Callable[[BaseException], None]) -> None:
        self._on_bug = on_bug

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """The runner has stopped."""
        self._on_bug(bug)


@contextmanager
def interrupt_closes(close: Callable[[], object], *others: signal.Signals) -> Iterator[None]:
    """Within, SIGINT (and `others`) calls `close` from the event loop; `KeyboardInterrupt` is
    raised after.

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
    before = {one: signal.signal(one, note) for one in (signal.SIGINT, *others)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        tick.stop()
    if came:
        raise KeyboardInterrupt
