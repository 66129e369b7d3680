"""Tells a scanner that types from a person, by its pace, and takes its keys out of the window."""

import time
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from station_app.devices.document_reader import TakesKeystrokes

LEAST: Final = 8
"""So many characters at a scanner's pace are no person's."""
LEAST_BEFORE_ENTER: Final = 4
"""Nor are so many with Enter at that pace behind them."""

_AFTER_MS: Final = 200
"""What is pressed so soon after a scanner's last key is its own, and is no answer to a screen."""
_GRACE_MS: Final = 15
_ENDS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_TYPING: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_EVENTS: Final = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride}
)


class WedgeKeys(QObject):
    """Watches every key of the application, whatever has the focus.

    A character is held until the next one is due. Once `LEAST` came at the pace of `reader`, or
    fewer and Enter, they and what follows go to it and reach no widget, function keys neither;
    where the pace breaks off before, they are given to the window they were typed into. A person's
    keys so come a few milliseconds late, and Enter and function keys at once. While the reader does
    not listen nothing is watched, or, where this `guards` the desk and that is shown, a scanner's
    keys go nowhere.
    """

    def __init__(self, reader: TakesKeystrokes, desk: QWidget, *, guards: bool = False) -> None:
        super().__init__(desk)
        self._reader, self._desk, self._guards = reader, desk, guards
        self._held: list[_Held] = []
        self._last_ms = 0.0
        self._burst_until = 0.0
        self._is_replaying = self._is_second_look = False
        self._due = QTimer(self, singleShot=True)
        self._due.timeout.connect(self._overdue)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _EVENTS or not isinstance(event, QKeyEvent) or self._is_replaying:
            return False
        if not (self._reader.listens or (self._guards and self._desk.isVisible())):
            self._give_back()
            return False
        now = _at(event)
        if event.type() == QEvent.Type.KeyPress:
            return self._pressed(watched, event, now)
        if event.type() == QEvent.Type.KeyRelease:
            return self._is_in_burst(now) or any(one.key == event.key() for one in self._held)
        if self._is_in_burst(now) or self._ends_a_code(event, now):
            event.accept()  # it comes as a key then, and not as a shortcut
            return True
        if not _is_character(event):
            self._give_back_before(event)  # a shortcut comes as no key
        return False

    def _pressed(self, watched: QObject, event: QKeyEvent, now: float) -> bool:
        if event.isAutoRepeat():
            self._give_back()
            return self._is_in_burst(now)
        if self._is_in_burst(now) or self._ends_a_code(event, now):
            if _is_typed(event) or event.text():
                self._hand_over("\r" if event.key() in _ENDS else event.text(), now)
            return True
        if not _is_character(event):
            self._give_back_before(event)
            return False
        if self._held and now - self._last_ms > self._reader.gap_ms:
            self._give_back()
        self._held.append(_Held.of(watched, event))
        self._last_ms = now
        if len(self._held) >= LEAST:
            self._begin_burst(now)
        else:
            self._is_second_look = False
            self._due.start(self._reader.gap_ms + _GRACE_MS)
        return True

    def _ends_a_code(self, event: QKeyEvent, now: float) -> bool:
        """Whether it is the Enter of a short code; that begins a burst."""
        is_end = event.key() in _ENDS and len(self._held) >= LEAST_BEFORE_ENTER
        if not is_end or now - self._last_ms > self._reader.gap_ms:
            return False
        self._begin_burst(now)
        return True

    def _begin_burst(self, now: float) -> None:
        held, self._held = self._held, []
        self._due.stop()
        self._hand_over("".join(one.text for one in held), now)

    def _hand_over(self, text: str, now: float) -> None:
        self._burst_until = now + self._after_ms
        self._reader.typed(text)

    @property
    def _after_ms(self) -> int:
        return max(_AFTER_MS, self._reader.gap_ms)

    def _is_in_burst(self, now: float) -> bool:
        # The window system's times begin anew after 50 days; a burst then is one of long ago.
        return 0 < self._burst_until - now <= self._after_ms

    def _overdue(self) -> None:
        """Nothing has followed, unless the application was busy: then it is waiting by now."""
        if self._is_second_look:
            self._give_back()
        else:
            self._is_second_look = True
            self._due.start(_GRACE_MS)

    def _give_back_before(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Shift:  # it is pressed for the next character
            self._give_back()

    def _give_back(self) -> None:
        held, self._held = self._held, []
        self._due.stop()
        self._is_replaying = True
        try:
            for key in held:
                key.type_again()
        finally:
            self._is_replaying = False


def watch_keys(reader: object, desk: QWidget, *, guards: bool = False) -> None:
    """Give a reader that types its keys, as long as `desk` is there; nothing for others."""
    if isinstance(reader, TakesKeystrokes):
        WedgeKeys(reader, desk, guards=guards)


@dataclass(frozen=True, slots=True)
class _Held:
    """A key that was pressed, and where."""

    watched: QObject
    key: int
    modifiers: Qt.KeyboardModifier
    native: tuple[int, int, int]
    text: str

    @classmethod
    def of(cls, watched: QObject, event: QKeyEvent) -> "_Held":
        native = event.nativeScanCode(), event.nativeVirtualKey(), event.nativeModifiers()
        return cls(watched, event.key(), event.modifiers(), native, event.text())

    def type_again(self) -> None:
        """Press and release it where it was pressed, if that is still there."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            if isValid(self.watched):
                again = QKeyEvent(kind, self.key, self.modifiers, *self.native, self.text)
                QApplication.sendEvent(self.watched, again)


def _at(event: QKeyEvent) -> float:
    """Milliseconds: the window system's, so that a busy application makes nobody a scanner."""
    return float(event.timestamp()) or time.monotonic() * 1000


def _is_character(event: QKeyEvent) -> bool:
    return event.text().isprintable() and event.text() != "" and not event.modifiers() & ~_TYPING


def _is_typed(event: QKeyEvent) -> bool:
    return event.key() in _ENDS or _is_character(event)
