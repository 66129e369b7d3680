"""Connects the export bar with the day's way out: which stick, then the file on it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from station_app.devices.media import Medium
from station_app.domain.day import DayState
from station_app.domain.errors import KnownError
from station_app.flow.day_export import DayExport, ExportedDay
from station_app.flow.day_reading import DayLook
from station_app.flow.lane import Lane
from station_app.ui.commission.exporting import Export, ExportView
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.stick_picker import StickPicker


class ExportController(QObject):
    """One export at a time. `changed` says that the bar is to be drawn anew, `finished` that
    the journal may have grown.

    The only stick there is is taken; with several or none a person chooses.
    """

    changed = Signal()
    finished = Signal()

    def __init__(
        self,
        room: CommissionRoom,
        export: DayExport,
        lane: Lane,
        local: Callable[[datetime], datetime],
    ) -> None:
        super().__init__(room)
        self._export, self._local = export, local
        self._picker = StickPicker(room, lane)
        self._writing_to = self._fault = ""
        self._taken: ExportedDay | None = None
        room.export_pressed.connect(self._press)
        room.place_shown.connect(lambda _: self._forget())

    @property
    def is_busy(self) -> bool:
        """Whether a file is being written: the station is not locked meanwhile."""
        return bool(self._writing_to)

    def view(self, look: DayLook) -> ExportView:
        """What the bar says while the day stands like this."""
        last = None
        if look.day.state is not DayState.CLOSED:
            last = exported(look, look.day.opened_entry, self._local)
        return ExportView(self._export.sealed_to, last, self._writing_to, self._taken, self._fault)

    def _press(self) -> None:
        if not self.is_busy:
            self._picker.pick("export.title", self._export.find, self._write)

    def _write(self, to: Medium) -> None:
        if self.is_busy:
            return
        self._taken, self._fault = None, ""
        self._writing_to = to.name
        self._export.export(to, self._written, self._failed)
        self.changed.emit()

    def _written(self, taken: ExportedDay) -> None:
        self._writing_to, self._taken = "", taken
        self.finished.emit()

    def _failed(self, fault: KnownError) -> None:
        self._writing_to, self._taken, self._fault = "", None, fault.code
        self.finished.emit()

    def _forget(self) -> None:
        """The page was left or came back: what came of it is history."""
        self._taken, self._fault = None, ""


def exported(look: DayLook, upto: int, local: Callable[[datetime], datetime]) -> Export | None:
    """The newest export, where it holds entry `upto`."""
    if look.exported is None or look.exported_at is None or look.exported.size < upto:
        return None
    return Export(local(look.exported_at), look.exported.size)
