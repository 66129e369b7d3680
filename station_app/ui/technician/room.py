"""The technician's room: list, devices and their self-test, readiness, people, appearance."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from station_app.domain.appearance import STANDARD, Appearance
from station_app.ui.room_shell import HELP, LOCK, RoomShell
from station_app.ui.technician.appearance_page import APPEARANCE
from station_app.ui.technician.devices_page import DEVICES
from station_app.ui.technician.load_page import LOAD
from station_app.ui.technician.people_page import PEOPLE
from station_app.ui.technician.readiness_page import READY
from station_app.ui.technician.self_test_page import TEST

PLACES: Final = (LOAD, DEVICES, TEST, READY, PEOPLE, APPEARANCE)


class TechnicianRoom(RoomShell):
    """The room of the `PLACES`; each has its controller."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        language: str,
        languages: Sequence[str] = (),
        appearance: Appearance = STANDARD,
    ) -> None:
        below = (HELP, LOCK)
        super().__init__(
            parent, PLACES, below, language=language, languages=languages, appearance=appearance
        )

    def _role(self) -> str:
        return self._texts("tech.role")
