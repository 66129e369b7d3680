"""Tells the facts of a desk and its commission's room to whoever coaches a lesson there."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from station_app.domain import session_events as events
from station_app.flow.bridge import Bridge
from station_app.flow.open_station import OpenStation
from station_app.flow.runner import DeskObserver
from station_app.journal.leaves import read_leaf
from station_app.journal.records import Record
from station_app.training.lesson_facts import Asked, Fact, Handled, Page, Pressed, Written
from station_app.ui.desk_and_room import DeskAndRoom
from station_app.ui.room_shell import Place
from station_app.ui.training.shown_pages import desk_page, room_page


class DeskFacts(DeskObserver):
    """Made on the main thread beside an open station's pages; `tell` hears there of every fact.

    While the room is shown no page of the desk is told.
    """

    def __init__(
        self,
        station: OpenStation,
        pages: DeskAndRoom,
        bridge: Bridge,
        tell: Callable[[Fact], None],
    ) -> None:
        self._pages, self._bridge, self._tell = pages, bridge, tell
        station.runner.observe(self)
        station.opened.recorder.listen(self._written)
        desk, room = pages.desk, pages.room
        desk.view_shown.connect(self._desk_shown)
        desk.help_pressed.connect(lambda: tell(Asked(Pressed.HELP)))
        desk.slip_pressed.connect(lambda: tell(Asked(Pressed.SLIP)))
        pages.room_shown.connect(lambda: tell(Asked(Pressed.ROOM)))
        pages.desk_shown.connect(self._came_back)
        if room is not None:
            room.place_shown.connect(self._place_shown)

    def event_taken(self, event: events.Event) -> None:
        """A person or a device has moved the session on."""
        self._tell(Handled(event))

    def page(self) -> Page | None:
        """The desk's page that is shown now; None while there is none, and in the room."""
        view = self._pages.desk.view
        return None if view is None or self._pages.shows_room else desk_page(view)

    def _desk_shown(self) -> None:
        page = self.page()
        if page is not None:
            self._tell(page)

    def _came_back(self) -> None:
        self._tell(Asked(Pressed.DESK))
        self._desk_shown()

    def _place_shown(self, place: Place[Any]) -> None:
        room = self._pages.room
        if room is not None and room.isVisible():
            self._tell(room_page(place, room.help_pages()))

    def _written(self, records: Sequence[Record]) -> None:
        """On the journal's lane."""
        for record in records:
            written = Written(read_leaf(record.leaf)[0])
            self._bridge.post(partial(self._tell, written))
