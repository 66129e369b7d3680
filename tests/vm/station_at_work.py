"""A station's screens at work in the virtual machine: driven by keys, waited for, photographed."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from station_app.assembly.technician import DoorScreens, open_door
from station_app.flow.open_station import utc_now
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.main_window import StationWindow
from station_app.ui.widgets.text_block import TextBlock
from station_app.vault import StationFolder

PATIENCE_S: Final = 240.0
CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_PLAIN: Final = Qt.KeyboardModifier.NoModifier


class StationAtWork:
    """`door` are the screens; `pictures` the folder that photographs go to."""

    def __init__(self, door: DoorScreens, pictures: Path) -> None:
        self.door, self._pictures = door, pictures
        self._numbers = count(1)

    def wait(self, holds: Callable[[], bool]) -> None:
        """Until it holds; what is on the screen otherwise."""
        end = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < end, self.words()
            QApplication.processEvents()
            time.sleep(0.01)

    def rest(self, seconds: float) -> None:
        """Let the screens work for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.01)

    def press(self, key: Qt.Key, with_: Qt.KeyboardModifier = _PLAIN) -> None:
        """A key, wherever the keyboard is."""
        QTest.keyClick(self._keyboard(), key, with_)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        """Letters, wherever the keyboard is."""
        QTest.keyClicks(self._keyboard(), text)
        QApplication.processEvents()

    def enter(self, text: str) -> None:
        """Letters and Enter."""
        self.write(text)
        self.press(Qt.Key.Key_Return)

    def confirm(self) -> None:
        """Ctrl and Enter."""
        self.press(Qt.Key.Key_Return, CONTROL)

    def words(self) -> list[str]:
        """Everything that can be read on the screen."""
        blocks = self.door.window.findChildren(TextBlock)
        return [block.text() for block in blocks if block.isVisible()]

    def says(self, part: str) -> bool:
        """Whether it can be read there."""
        return any(part in text for text in self.words())

    def reads(self, part: str) -> None:
        """Wait until it can be read."""
        self.wait(lambda: self.says(part))

    def shows(self, kind: type) -> bool:
        """Whether the desk shows this view."""
        page = self.door.window.currentWidget()
        return isinstance(page, StationWindow) and isinstance(page.desk.view, kind)

    def sees(self, kind: type) -> None:
        """Wait until the desk shows it."""
        self.wait(lambda: self.shows(kind))

    @property
    def room(self) -> CommissionRoom:
        """The commission's room of the desk that is shown."""
        (room,) = self.door.window.findChildren(CommissionRoom)
        return room

    def picture(self, name: str) -> None:
        """Photograph the window."""
        QApplication.processEvents()
        path = self._pictures / f"{next(self._numbers):02}-{name}.png"
        self.door.window.grab().save(str(path))

    def _keyboard(self) -> QWidget:
        return QApplication.focusWidget() or self.door.window


@contextmanager
def shown_station(
    station: StationFolder,
    qtbot: QtBot,
    pictures: Path,
    now: Callable[[], datetime] = utc_now,
) -> Iterator[StationAtWork]:
    """The screens of `station-app technician`, in English, at 1366 x 768.

    No bug may have ended them or the desk.
    """
    bugs: list[BaseException] = []
    screens = open_door(station, "en", bugs.append, audible=False, now=now)
    with closing(screens):
        window = screens.window
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=int(PATIENCE_S * 1000))
        yield StationAtWork(screens, pictures)
    assert (bugs, screens.desk.bug) == ([], None)
