"""Keeps the devices' page as the machine is, and remembers the device that is chosen."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from PySide6.QtCore import QObject

from station_app.devices.finger_scanner import StopToken
from station_app.devices.plugged_in import PluggedIn
from station_app.domain.errors import KnownError
from station_app.flow.device_choice import Standing
from station_app.flow.lane import Lane
from station_app.ui.room_shell import RoomShell
from station_app.ui.technician.devices_page import DEVICES, DevicesPage, DevicesView

_WAIT_S: Final = 600.0


class DevicesDesk(Protocol):
    """Looks for devices and remembers them; all of it on a lane."""

    def look(self) -> DevicesView:
        """What is plugged in now, and what the settings need."""
        ...

    def use(self, device: PluggedIn) -> None:
        """Remember it for its family. Raises `KnownError`."""
        ...

    def changed(self, stop: StopToken, seconds: float) -> bool:
        """True when something was plugged in or pulled out; False when stopped, or after that."""
        ...

    def close(self) -> None:
        """Watch no more."""
        ...


class DevicesController(QObject):
    """The page looks anew at every change of the machine while it is shown.

    `watching` is a lane of its own: it waits there for changes.
    """

    def __init__(self, room: RoomShell, desk: DevicesDesk, watching: Lane) -> None:
        super().__init__(room)
        self._room, self._desk, self._lane = room, desk, watching
        self._stop: StopToken | None = None
        room.connect_pages(DevicesPage, self._connect)
        room.place_shown.connect(self._shown)
        room.left.connect(self.leave)

    def _connect(self, page: DevicesPage) -> None:
        page.device_chosen.connect(self.use)
        page.look_pressed.connect(self.look)

    def _shown(self, place: object) -> None:
        if place is DEVICES:
            self.look()
        else:
            self.leave()

    def look(self) -> None:
        """Look anew, and then at every change."""
        self.leave()
        stop = self._stop = StopToken()
        self._run(stop, self._desk.look)

    def leave(self) -> None:
        """Watch no more."""
        if self._stop is not None:
            self._stop.stop()
            self._stop = None
            self._lane.run(self._desk.close, lambda _: None, lambda _: None)

    def use(self, device: PluggedIn) -> None:
        """Remember the device of a row that can be chosen."""
        view = self._room.view_of(DEVICES)
        rows = [one for one in view.seen or () if one.device == device]
        if not rows or rows[0].standing is not Standing.FREE:
            return
        self.leave()
        stop = self._stop = StopToken()

        def used() -> DevicesView | None:
            try:
                self._desk.use(device)
            except KnownError as fault:
                return replace(self._desk.look(), fault=fault.code)
            return replace(self._desk.look(), used=device.name)

        self._run(stop, used)

    def _run(self, stop: StopToken, work: Callable[[], DevicesView | None]) -> None:
        """Show what `work` finds, then what each change leaves, until `stop`."""

        def show(view: DevicesView | None) -> None:
            if stop.stopped:
                return
            if view is not None:
                self._room.show_view(DEVICES, view)
            self._run(stop, lambda: None)

        def next_view() -> DevicesView | None:
            found = work()
            if found is None and self._desk.changed(stop, _WAIT_S):
                return self._desk.look()
            return found

        def failed(fault: KnownError) -> None:
            if not stop.stopped:
                self._room.show_view(DEVICES, DevicesView((), fault=fault.code))

        self._lane.run(next_view, show, failed)
