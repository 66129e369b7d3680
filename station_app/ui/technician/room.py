"""The technician's room: loading the list, the self-test, readiness and the people."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from station_app.ui.room_shell import HELP, LOCK, RoomShell
from station_app.ui.technician.load_page import LOAD
from station_app.ui.technician.people_page import PEOPLE
from station_app.ui.technician.readiness_page import READY
from station_app.ui.technician.self_test_page import TEST

PLACES: Final = (LOAD, TEST, READY, PEOPLE)


class TechnicianRoom(RoomShell):
    """The room of the `PLACES`; each has its controller."""

    def __init__(
        self, parent: QWidget | None = None, *, language: str, languages: Sequence[str] = ()
    ) -> None:
        super().__init__(parent, PLACES, (HELP, LOCK), language=language, languages=languages)

    def _role(self) -> str:
        return self._texts("tech.role")
