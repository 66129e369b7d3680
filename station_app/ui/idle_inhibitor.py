"""The desktop leaves the screen on while a station's window is open."""

import logging
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusServiceWatcher,
)

_log = logging.getLogger(__name__)

_SERVICE: Final = "org.freedesktop.ScreenSaver"
_PATH: Final = "/org/freedesktop/ScreenSaver"


class IdleInhibitor(QObject):
    """Asks the desktop neither to blank nor to lock the screen, until the program ends.

    A desk that is used by finger alone sees no key for hours. A desktop takes that for nobody being
    there: it goes dark in the middle of a queue, and wants a password that the operator has not.
    The station locks its own screen. Asked through the Idle Inhibition Service of freedesktop.org,
    which GNOME, KDE, Xfce and others have, and again when that service has been started anew.
    `answered` carries whether it was granted; a desktop without the service is logged.
    """

    answered = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = QDBusConnection.sessionBus()
        comes = QDBusServiceWatcher.WatchModeFlag.WatchForRegistration
        self._watcher = QDBusServiceWatcher(_SERVICE, self._bus, comes, self)
        self._watcher.serviceRegistered.connect(self._ask)
        self._ask()

    def _ask(self) -> None:
        message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _SERVICE, "Inhibit")
        message.setArguments(["station-app", "People are being identified"])
        answer = QDBusPendingCallWatcher(self._bus.asyncCall(message), self)
        answer.finished.connect(self._hear)

    def _hear(self, answer: QDBusPendingCallWatcher) -> None:
        if answer.isError():
            _log.warning("screen_may_go_dark")
        self.answered.emit(not answer.isError())
        answer.deleteLater()
