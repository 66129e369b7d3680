"""What ends a desk: a bug shows the safe screen and reaches the command line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from station_app.flow.runner import Runner


@contextmanager
def bugs_raised(runner: Runner) -> Iterator[None]:
    """Within, the first bug stops the runner; at the end it is raised.

    An exception in a Qt slot is a bug like one on a lane: Qt would print it and go on.
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


class _BugWitness:
    """Remembers the bug that ended the desk."""

    def __init__(self, bugs: list[BaseException]) -> None:
        self._bugs = bugs

    def state_changed(self, *_: object) -> None:
        """Not of interest."""

    def frame_came(self, *_: object) -> None:
        """Not of interest."""

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """The runner has stopped."""
        self._bugs.append(bug)
