"""The bridge back to the main thread in the app: one Qt signal."""

import ctypes
import gc
import itertools
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

_COLLECT_EVERY_MS = 500
_COLLECT_ALL_EVERY = 120
"""Once a minute the old generations too: a polling day is twelve hours long."""
_ARENA_MAX = -8
"""`M_ARENA_MAX` of glibc's `malloc.h`."""
_ARENAS = 2


class QtBridge(QObject):
    """Runs posted calls in the Qt event loop of the thread that made it (see `Bridge`)."""

    _called = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._called.connect(self._run, Qt.ConnectionType.QueuedConnection)
        self._is_closed = False

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` soon; may be called from any thread."""
        if not self._is_closed:
            self._called.emit(call)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Run `call` after `seconds`; called from the main thread."""
        if not self._is_closed:
            QTimer.singleShot(round(seconds * 1000), self, call)

    def close(self) -> None:
        """Run nothing more: what was posted belongs to screens that are gone."""
        self._is_closed = True
        self.deleteLater()

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        if not self._is_closed:
            call()


def collect_garbage_here(parent: QObject) -> QTimer:
    """Collect garbage on the main thread only: a QObject freed on a lane crashes PySide6.

    What is there at the first call is left out: the program itself, 70 ms a round for the screen
    to wait. Not at a later one, when what an earlier screen has left is there too.
    """
    gc.disable()
    if not gc.get_freeze_count():
        gc.freeze()
        _share_arenas()
    rounds = itertools.count(1)
    timer = QTimer(parent)
    timer.timeout.connect(lambda: gc.collect(0 if next(rounds) % _COLLECT_ALL_EVERY else 2))
    timer.start(_COLLECT_EVERY_MS)
    return timer


def _share_arenas() -> None:
    """Let threads share two arenas (mallopt(3)). By default glibc gives each one of its own, up to
    eight for each core, and a lane leaves there what a matching took: 10 MB.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # not every C library has it
        libc.mallopt(_ARENA_MAX, _ARENAS)
