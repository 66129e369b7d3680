"""Connects the export bar with the day's way out: which stick, then the file on it."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from station_app.domain.day import DayState
from station_app.domain.errors import KnownError
from station_app.flow.day_export import DayExport, Taken
from station_app.flow.day_reading import DayLook
from station_app.ui.commission.exporting import Export, ExportView
from station_app.ui.commission.room import CommissionRoom
from station_app.ui.technician.folder_dialog import FolderDialog


class ExportController(QObject):
    """One export at a time. `changed` says that the bar is to be drawn anew, `finished` that
    the journal may have grown.

    A single stick is taken; with several or none the folder is asked for.
    """

    changed = Signal()
    finished = Signal()

    def __init__(
        self, room: CommissionRoom, export: DayExport, local: Callable[[datetime], datetime]
    ) -> None:
        super().__init__(room)
        self._room, self._export, self._local = room, export, local
        self._is_looking = False
        self._writing_to = self._fault = ""
        self._taken: Taken | None = None
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
        if self._is_looking or self.is_busy:
            return
        self._is_looking = True
        self._export.find(self._found, self._not_found)

    def _found(self, media: tuple[Path, ...]) -> None:
        self._is_looking = False
        if not self._room.isVisible():
            return
        if len(media) == 1:
            self._write(media[0])
        else:
            self._ask(media)

    def _not_found(self, fault: KnownError) -> None:
        self._is_looking = False
        self._failed(fault)

    def _ask(self, media: tuple[Path, ...]) -> None:
        room = self._room
        dialog = which_dialog(room, media)

        def take(folder: str) -> None:
            room.close_dialog()
            # `Path.expanduser` raises for a name that nobody has.
            self._write(Path(os.path.expanduser(folder)))  # noqa: PTH111

        dialog.entered.connect(take)
        room.open_dialog(dialog)

    def _write(self, to: Path) -> None:
        if not to.is_absolute():  # nothing was typed, or a name without its place
            self._failed(KnownError("export_folder_missing", ""))
            return
        self._taken, self._fault = None, ""
        self._writing_to = to.name or str(to)
        self._export.export(to, self._written, self._failed)
        self.changed.emit()

    def _written(self, taken: Taken) -> None:
        self._writing_to, self._taken = "", taken
        self.finished.emit()

    def _failed(self, fault: KnownError) -> None:
        self._writing_to, self._taken, self._fault = "", None, fault.code
        self.finished.emit()

    def _forget(self) -> None:
        """The page was left or came back: what came of it is history."""
        self._taken, self._fault = None, ""


def which_dialog(room: CommissionRoom, media: Sequence[Path]) -> FolderDialog:
    """Asks for a folder; the first medium is typed already."""
    return FolderDialog(
        room,
        room.texts,
        room.style_in_use,
        str(media[0]) if media else "",
        title="export.title",
        hint="export.hint_several" if media else "export.hint",
        facts={"names": ", ".join(one.name for one in media)} if media else None,
    )


def exported(look: DayLook, upto: int, local: Callable[[datetime], datetime]) -> Export | None:
    """The newest export, where it holds entry `upto`."""
    if look.exported is None or look.exported_at is None or look.exported.size < upto:
        return None
    return Export(local(look.exported_at), look.exported.size)
