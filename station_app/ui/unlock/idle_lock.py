"""When a station locks itself: on F12, ten minutes after the last touch or session, after a sleep,
battery empty.

Never in the middle of something: it waits until the station says that it may.
"""

import logging
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

IDLE_S = 600.0
_LOOK_EVERY_MS = 1000
_SHORTEST_SLEEP_S = 0.5
"""Two clocks are never read at the same instant."""
_log = logging.getLogger(__name__)

_HANDS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.TouchBegin,
        QEvent.Type.Wheel,
    }
)


class LockWatch:
    """The rule. Times are monotonic seconds, given by the caller."""

    def __init__(self, idle_s: float, now: float) -> None:
        self._idle_s = idle_s
        self._touched_at = now
        self.is_asked = self._has_slept = False

    def touched(self, now: float) -> None:
        """Somebody is there."""
        self._touched_at = now

    def ask(self) -> None:
        """Somebody has asked for the lock."""
        self.is_asked = True

    def slept(self) -> None:
        """The computer was asleep, and nobody saw who woke it."""
        self._has_slept = True

    def is_due(self, now: float, *, may_lock: bool, must_lock: bool = False) -> bool:
        """Whether to lock now; true once for one reason, `must_lock` aside.

        Whatever is under way (not `may_lock`) counts as a touch: people who come and go by finger
        alone press no key for hours.
        """
        if not may_lock:
            self._touched_at = now
            return False
        is_idle = now - self._touched_at >= self._idle_s
        if not (self.is_asked or self._has_slept or is_idle or must_lock):
            return False
        self.is_asked, self._has_slept, self._touched_at = False, False, now
        return True


class IdleLock(QObject):
    """Watches every key and touch of the application, and what is under way, and emits `due`.

    `may_lock` is asked on the main thread: the desk answers whether its session is Idle.
    `due` says whether somebody has asked for it. `asleep` are the seconds that the computer has
    slept so far, which `clock` does not count; `woke_up` is called after each sleep. `must_lock`:
    whether something else locks the station as soon as it may.
    """

    due = Signal(bool)

    def __init__(
        self,
        parent: QObject,
        may_lock: Callable[[], bool],
        clock: Callable[[], float],
        idle_s: float = IDLE_S,
        *,
        asleep: Callable[[], float] = lambda: 0.0,
        woke_up: Callable[[], None] = lambda: None,
        must_lock: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._may_lock, self._must_lock, self._clock = may_lock, must_lock, clock
        self._watch = LockWatch(idle_s, clock())
        self._asleep, self._woke_up, self._slept = asleep, woke_up, asleep()
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        timer = QTimer(self)
        timer.timeout.connect(self.look)
        timer.start(_LOOK_EVERY_MS)

    def ask(self) -> None:
        """F12: lock now, or as soon as may be."""
        self._watch.ask()
        self.look()

    def look(self) -> None:
        """Lock when it is time, and after a sleep."""
        slept = self._asleep() - self._slept
        self._slept += slept
        has_slept = slept >= _SHORTEST_SLEEP_S
        if has_slept:
            _log.info("woke_up")
            self._watch.slept()
        asked = self._watch.is_asked
        may_lock, must_lock = self._may_lock(), self._must_lock()
        if self._watch.is_due(self._clock(), may_lock=may_lock, must_lock=must_lock):
            self.due.emit(asked)
        if has_slept:
            self._woke_up()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS:
            self._watch.touched(self._clock())
        return False
