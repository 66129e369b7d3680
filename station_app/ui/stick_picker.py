"""Lets a person choose a stick for a file: found on a lane, asked in a room's dialog."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from station_app.devices.media import Medium
from station_app.flow.lane import Lane
from station_app.flow.sticks import Sticks
from station_app.ui.room_shell import RoomShell
from station_app.ui.widgets.stick_dialog import StickDialog


class StickPicker(QObject):
    """One question at a time; `find` is called on `lane`."""

    def __init__(self, room: RoomShell, lane: Lane) -> None:
        super().__init__(room)
        self._room, self._lane = room, lane
        self._is_looking = False

    def pick(
        self,
        title: str,
        find: Callable[[], Sticks],
        chosen: Callable[[Medium], None],
        *,
        always_ask: bool = False,
    ) -> None:
        """Ask for a stick (`title` is a text's key); the only one there is needs no question."""
        if self._is_looking:
            return
        self._is_looking = True

        def found(sticks: Sticks) -> None:
            self._is_looking = False
            if not self._room.isVisible():
                return
            only = None if always_ask else sticks.only
            if only is not None:
                chosen(only)
            else:
                self._ask(title, find, sticks, chosen)

        self._lane.run(find, found, lambda _: found(Sticks(())))

    def _ask(
        self,
        title: str,
        find: Callable[[], Sticks],
        sticks: Sticks,
        chosen: Callable[[Medium], None],
    ) -> None:
        room = self._room
        dialog = StickDialog(
            room, room.texts, room.style_in_use, title=room.texts(title), sticks=sticks
        )

        def take(medium: Medium) -> None:
            room.close_dialog()
            chosen(medium)

        def look() -> None:
            if self._is_looking:
                return
            self._is_looking = True
            self._lane.run(find, show, lambda _: show(Sticks(())))

        def show(now: Sticks) -> None:
            self._is_looking = False
            if room.shows(dialog):
                dialog.show_sticks(now)

        dialog.chosen.connect(take)
        dialog.look_wanted.connect(look)
        room.open_dialog(dialog)
