"""The readiness sheet on the screen: what is on it, where it was saved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject

from station_app.devices.media import Medium
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import Readiness
from station_app.flow.lane import Lane
from station_app.flow.sticks import Sticks
from station_app.ui.room_shell import RoomShell
from station_app.ui.stick_picker import StickPicker
from station_app.ui.technician.self_test import CardKey, SelfTestView


@dataclass(frozen=True, slots=True)
class ReadinessView:
    """The sheet; None while the station is being looked at.

    `saved_as` is the file on the stick `saved_on`, `fault` the code of why there is none.
    """

    found: Readiness | None
    saved_on: str = ""
    saved_as: str = ""
    fault: str = ""


class ReadinessDesk(Protocol):
    """Looks at the station and writes the sheet; all of it on a lane."""

    def look(self) -> Readiness:
        """How the station stands."""
        ...

    def sticks(self) -> Sticks:
        """The sticks that the sheet can be saved on."""
        ...

    def save(self, found: Readiness, language: str, to: Medium) -> str:
        """Write the sheet as PDF onto a stick; the file's name."""
        ...


class ReadinessController(QObject):
    """Looks when the page is shown, and again when asked; `show` draws what is known.

    `tested` is how the self-test stands: a station whose devices failed it is not ready.
    """

    def __init__(
        self,
        room: RoomShell,
        desk: ReadinessDesk,
        lane: Lane,
        show: Callable[[ReadinessView], None],
        language: Callable[[], str],
        tested: Callable[[], SelfTestView],
    ) -> None:
        super().__init__(room)
        self._picker = StickPicker(room, lane)
        self._desk, self._lane, self._show, self._language = desk, lane, show, language
        self._tested = tested
        self._found: Readiness | None = None

    def look(self) -> None:
        """Look at the station anew."""
        self._found = None
        self._show(ReadinessView(None))

        def found(readiness: Readiness) -> None:
            tested = self._tested()
            left = tested.left + (CardKey.SCANNER in tested.absent)
            self._found = readiness.after_self_test(failed=tested.to_fix, left=left)
            self._show(ReadinessView(self._found))

        self._lane.run(self._desk.look, found, self._failed)

    def save(self) -> None:
        """Write the sheet that is shown onto a stick."""
        if self._found is not None:
            self._picker.pick("ready_sheet.save_title", self._desk.sticks, self._save)

    def _save(self, to: Medium) -> None:
        found, language = self._found, self._language()
        if found is None:
            return

        def saved(name: str) -> None:
            self._show(ReadinessView(self._found, saved_on=to.name, saved_as=name))

        self._lane.run(lambda: self._desk.save(found, language, to), saved, self._failed)

    def _failed(self, fault: KnownError) -> None:
        code = fault.code
        self._show(ReadinessView(self._found, fault=code))
