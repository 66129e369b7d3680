"""The stage of a lesson: what its desk or station gives to coach, hands and window."""

from typing import Protocol

from PySide6.QtWidgets import QWidget

from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.flow.runner import Runner
from station_app.training.chair import Chair
from station_app.training.coach import CoachedStage
from station_app.ui.training.hands import HandsStage


class LessonStage(CoachedStage, HandsStage, Protocol):
    """Made anew for every attempt; used on the main thread."""

    @property
    def widget(self) -> QWidget:
        """The window's content, without frame and panel."""
        ...

    @property
    def runner(self) -> Runner | None:
        """The session's runner; None while the station is locked."""
        ...

    @property
    def glass(self) -> SimulatedFingerScanner:
        """The scanner, for whoever lays fingers down."""
        ...

    @property
    def chair(self) -> Chair | None:
        """The chair before the camera, None without a camera."""
        ...

    @property
    def printer(self) -> SimulatedPrinter | None:
        """The slip printer, None where slips become files."""
        ...

    def start(self) -> None:
        """Begin to work; before the coach starts."""
        ...

    def hurry(self, *, is_on: bool) -> None:
        """Let devices and guards take no time while nobody watches, or their own time again."""
        ...

    def close(self) -> None:
        """Close everything, and remove the attempt's folder; once."""
        ...
