"""The operator's desk and the commission's room beside it, one of them shown at a time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.room_shell import RoomShell
from station_app.ui.shell import Shell


class DeskAndRoom(QStackedWidget):
    """A key of the desk asks for the commission's `room` (`room_asked`); `show_room` and
    `show_desk` change between the two. A language or an appearance chosen in one holds in both.
    """

    room_asked = Signal()
    desk_shown = Signal()
    room_shown = Signal()

    def __init__(self, desk: OperatorDesk, room: RoomShell | None = None) -> None:
        super().__init__()
        self.desk, self.room = desk, room
        self.addWidget(desk)
        if room is None:
            return
        self.addWidget(room)
        room.language_chosen.connect(desk.set_language)
        room.appearance_chosen.connect(desk.set_appearance)
        desk.appearance_chosen.connect(room.set_appearance)
        desk.language_chosen.connect(room.set_language)
        desk.set_has_room()
        desk.room_pressed.connect(self.room_asked)

    @property
    def pages(self) -> "DeskAndRoom":
        """These two, as a window that has them around says it."""
        return self

    @property
    def shells(self) -> tuple[Shell, ...]:
        """The desk, and the commission's room where there is one."""
        return (self.desk,) if self.room is None else (self.desk, self.room)

    @property
    def shown(self) -> OperatorDesk | RoomShell:
        """The desk or the room, whichever is shown."""
        return self.room if self.room is not None and self.shows_room else self.desk

    @property
    def shows_room(self) -> bool:
        """Whether the commission's room is shown."""
        return self.room is not None and self.currentWidget() is self.room

    def show_room(self) -> None:
        """To the commission's room."""
        assert self.room is not None, "there is a room to show"
        self.setCurrentWidget(self.room)
        self.room.take_focus()
        self.room_shown.emit()

    def show_desk(self) -> None:
        """Back to the desk."""
        self.setCurrentWidget(self.desk)
        self.desk.take_focus()
        self.desk_shown.emit()
