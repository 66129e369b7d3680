"""The window of a station that is locked: the unlocking, and the technician's room."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget

from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.texts import Language, Texts
from station_app.ui.unlock.screen import UnlockScreen


class DoorWindow(QStackedWidget):
    """Shows one of the two; a language chosen in one holds in both.

    `closing` is emitted before the window goes away. It stays while `may_close` says no.
    """

    closing = Signal()

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
        screen.language_chosen.connect(self._follow)
        room.language_chosen.connect(self._follow)
        self.setWindowTitle(Texts(screen.language)("window.title"))

    def show_unlocking(self) -> None:
        """To screen 01."""
        self.setCurrentWidget(self._screen)
        self._screen.take_focus()

    def show_room(self) -> None:
        """To the technician's room."""
        self.setCurrentWidget(self._room)
        self._room.take_focus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    def _follow(self, language: Language) -> None:
        self._screen.set_language(language)
        self._room.set_language(language)
        self.setWindowTitle(Texts(language)("window.title"))
