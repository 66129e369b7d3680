"""Brings the day log into the commission's room, with the dialogs it opens there."""

from collections.abc import Callable

from station_app.domain.entry_codes import VoidReason
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person
from station_app.flow.approvals import CommissionAct
from station_app.flow.day_parts import ActResult
from station_app.flow.lane import Lane
from station_app.flow.sticks import Sticks
from station_app.ui.commission.day_log_controller import DayLogController
from station_app.ui.commission.day_log_page import DayLogPage
from station_app.ui.commission.room import LOG, CommissionRoom
from station_app.ui.commission.void_dialog import VoidDialog
from station_app.ui.stick_picker import StickPicker

Signers = tuple[Person, ...]
Void = Callable[
    [Signers, int, VoidReason, Callable[[ActResult], None], Callable[[KnownError], None]], None
]
"""As `DayDesk.void`."""


class DayLogHost:
    """Made once a room; `make_paper` prints the log and tells the controller what came of it.

    `find_sticks` is called on the lane `files`.
    """

    def __init__(
        self,
        room: CommissionRoom,
        log: DayLogController,
        act: CommissionAct,
        void: Void,
        make_paper: Callable[[], None],
        find_sticks: Callable[[], Sticks],
        files: Lane,
    ) -> None:
        self._room, self._log, self._act = room, log, act
        self._void, self._make_paper = void, make_paper
        self._find_sticks, self._picker = find_sticks, StickPicker(room, files)
        room.log_page_made.connect(self._attach)
        room.place_shown.connect(self._place_shown)
        room.left.connect(log.left)

    def _attach(self, page: DayLogPage) -> None:
        self._log.attach(page)
        page.void_pressed.connect(self._ask_void)
        page.export_pressed.connect(self._ask_stick)
        page.print_pressed.connect(self._make_paper)

    def _place_shown(self, place: str) -> None:
        if place == LOG:
            self._log.shown()
        else:
            self._log.left()

    def _ask_void(self, number: int) -> None:
        story, room = self._log.view.story, self._room
        if story is None or story.row.number != number:
            return
        dialog = VoidDialog(room, room.texts, room.style_in_use, story, self._act)

        def agreed(entry: int, reason: VoidReason, signers: Signers) -> None:
            room.close_dialog()
            # The log hears of the entry from the journal.
            self._void(signers, entry, reason, lambda _: None, self._not_void)

        dialog.agreed_to.connect(agreed)
        room.open_dialog(dialog)

    def _not_void(self, fault: KnownError) -> None:
        self._log.say_fault(fault.code)

    def _ask_stick(self) -> None:
        self._picker.pick("log.export_title", self._find_sticks, self._log.export)
