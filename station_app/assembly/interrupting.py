"""Ctrl-C closes a window as its own button would."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from PySide6.QtCore import QTimer

_TICK_MS: Final = 100


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
