"""The window of a station: the unlocking, the technician's room, and the desk when unlocked."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence
from PySide6.QtWidgets import QStackedWidget

from station_app.domain.appearance import Appearance
from station_app.ui.desk_and_room import DeskAndRoom
from station_app.ui.main_window import StationWindow
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.texts import Texts
from station_app.ui.unlock.screen import UnlockScreen
from station_app.ui.widgets.keys import add_key

DeskPage = StationWindow | DeskAndRoom
"""The desk in its frame, or without one: in a lesson the frame is around the whole window."""


class DoorWindow(QStackedWidget):
    """Shows one of them; a language or an appearance chosen in one holds in all.

    `appearance_chosen` carries the `Appearance`, to be kept; `language_chosen` the code.

    `closing` is emitted before the window goes away. It stays while `may_close` says no, and over
    an open desk, where Alt+F4 asks for the lock instead: nobody's session is cut off by a key.
    `lock_pressed` is F12 at the desk.
    """

    closing = Signal()
    lock_pressed = Signal()
    appearance_chosen = Signal(object)
    language_chosen = Signal(str)

    def __init__(
        self,
        screen: UnlockScreen,
        room: TechnicianRoom,
        may_close: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__()
        self._screen, self._room, self._may_close = screen, room, may_close
        self.addWidget(screen)
        self.addWidget(room)
        for shell in (screen, room):
            shell.language_chosen.connect(self._follow)
            shell.appearance_chosen.connect(self._follow_appearance)
        self.setWindowTitle(Texts(screen.language)("window.title"))

    def show_unlocking(self) -> None:
        """To screen 01."""
        self.setCurrentWidget(self._screen)
        self._screen.take_focus()

    def show_room(self) -> None:
        """To the technician's room."""
        self.setCurrentWidget(self._room)
        self._room.take_focus()

    def show_desk(self, page: DeskPage) -> None:
        """To the desk, until `remove_desk`."""
        for shell in page.shells:
            shell.language_chosen.connect(self._follow)
            shell.set_appearance(self._screen.appearance)
            shell.appearance_chosen.connect(self._follow_appearance)
        page.desk.set_has_lock()
        page.desk.lock_pressed.connect(self.lock_pressed)
        # Not of the page: in the commission's room the key is the room's, and two are none.
        add_key(page.desk, QKeySequence(Qt.Key.Key_F12), self.lock_pressed.emit)
        self.addWidget(page)
        self.setCurrentWidget(page)
        page.desk.take_focus()

    def remove_desk(self, page: DeskPage) -> None:
        """The desk goes; nothing of a voter stays in the window."""
        self.setCurrentWidget(self._screen)
        self.removeWidget(page)
        page.setParent(None)  # else PySide keeps the wrapper for ever, and the station with it
        page.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close():
            event.ignore()
            return
        if event.spontaneous() and isinstance(self.currentWidget(), DeskPage):
            event.ignore()
            self.lock_pressed.emit()
            return
        self.closing.emit()
        super().closeEvent(event)

    def _follow_appearance(self, appearance: Appearance) -> None:
        self._screen.set_appearance(appearance)
        self._room.set_appearance(appearance)
        self.appearance_chosen.emit(appearance)

    def _follow(self, language: str) -> None:
        self._screen.set_language(language)
        self._room.set_language(language)
        self.setWindowTitle(Texts(language)("window.title"))
        self.language_chosen.emit(language)
