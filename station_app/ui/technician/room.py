"""The technician's room: the list, the devices and their self-test, readiness, the people."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from station_app.ui.room_shell import HELP, LOCK, RoomShell
from station_app.ui.technician.devices_page import DEVICES
from station_app.ui.technician.load_page import LOAD
from station_app.ui.technician.people_page import PEOPLE
from station_app.ui.technician.readiness_page import READY
from station_app.ui.technician.self_test_page import TEST

PLACES: Final = (LOAD, DEVICES, TEST, READY, PEOPLE)


class TechnicianRoom(RoomShell):
    """The room of the `PLACES`; each has its controller."""

    def __init__(
        self, parent: QWidget | None = None, *, language: str, languages: Sequence[str] = ()
    ) -> None:
        super().__init__(parent, PLACES, (HELP, LOCK), language=language, languages=languages)

    def _role(self) -> str:
        return self._texts("tech.role")
