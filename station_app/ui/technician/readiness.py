"""The readiness sheet on the screen: what is on it, where it was saved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from station_app.domain.errors import KnownError
from station_app.domain.readiness import Readiness
from station_app.flow.lane import Fault, Lane


@dataclass(frozen=True, slots=True)
class ReadinessView:
    """The sheet; None while the station is being looked at. `saved_on` names the stick or
    folder it was saved in, `fault` the code of why that was not possible.
    """

    found: Readiness | None
    saved_on: str = ""
    fault: str = ""


class ReadinessDesk(Protocol):
    """Looks at the station and writes the sheet; both on a lane."""

    def look(self) -> Readiness:
        """How the station stands."""
        ...

    def save(self, found: Readiness, language: str) -> str:
        """Write the sheet as PDF; the name of the stick or folder it is in."""
        ...


Preview = Callable[[Readiness, str, int], QImage]
"""The sheet as a picture of so many pixels, in a language."""


class ReadinessController(QObject):
    """Looks when the page is shown, and again when asked; `show` draws what is known."""

    def __init__(
        self,
        parent: QObject,
        desk: ReadinessDesk,
        lane: Lane,
        show: Callable[[ReadinessView], None],
        language: Callable[[], str],
    ) -> None:
        super().__init__(parent)
        self._desk, self._lane, self._show, self._language = desk, lane, show, language
        self._found: Readiness | None = None

    def look(self) -> None:
        """Look at the station anew."""
        self._found = None
        self._show(ReadinessView(None))

        def found(readiness: Readiness) -> None:
            self._found = readiness
            self._show(ReadinessView(readiness))

        self._lane.run(self._desk.look, found, self._failed)

    def save(self) -> None:
        """Write the sheet that is shown."""
        found, language = self._found, self._language()
        if found is None:
            return

        def saved(where: str) -> None:
            self._show(ReadinessView(self._found, saved_on=where))

        self._lane.run(lambda: self._desk.save(found, language), saved, self._failed)

    def _failed(self, fault: Fault) -> None:
        code = fault.code if isinstance(fault, KnownError) else "other"
        self._show(ReadinessView(self._found, fault=code))
