"""Runs alone, on a session bus of its own: a desktop that comes, goes and comes back.

`dbus-run-session -- python -m tests.ui.desktop_bus` prints one line of JSON.
"""

import json
import time
from collections.abc import Sized

from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection

from station_app.ui.idle_inhibitor import IdleInhibitor

NAME = "org.freedesktop.ScreenSaver"


@ClassInfo({"D-Bus Interface": NAME})  # type: ignore[call-arg]  # PySide's stub is wrong
class Desktop(QObject):  # type: ignore[operator]
    """Grants what it is asked, and remembers it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    @Slot(str, str, result="uint")
    def Inhibit(self, program: str, reason: str) -> int:  # noqa: N802  # the bus's name for it
        self.asked.append(f"{program}: {reason}")
        return len(self.asked)


def wait_for(said: Sized, answers: int) -> None:
    end = time.monotonic() + 60
    while len(said) < answers:
        assert time.monotonic() < end, "no answer"
        QCoreApplication.processEvents()


def main() -> None:
    """The program: see the module."""
    app = QCoreApplication([])
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "desktop")
    desktop = Desktop()
    said: list[bool] = []
    everything = QDBusConnection.RegisterOption.ExportAllSlots
    assert bus.registerObject("/org/freedesktop/ScreenSaver", desktop, everything)
    IdleInhibitor(app).answered.connect(said.append)
    wait_for(said, 1)
    for number in (1, 2):
        assert bus.registerService(NAME)
        wait_for(said, 1 + number)
        assert len(desktop.asked) == number
        assert bus.unregisterService(NAME)
    print(json.dumps({"granted": said, "asked": desktop.asked}))


if __name__ == "__main__":
    main()
