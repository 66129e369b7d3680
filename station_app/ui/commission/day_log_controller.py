"""Connects screen 10 with the day log: what is looked at is read, nothing more."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from station_app.devices.media import Medium
from station_app.domain.day_log import EntryStory, LogFilter, LogPage, LogRow
from station_app.domain.entry_codes import VoidReason
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person
from station_app.flow.approvals import CommissionAct
from station_app.flow.bridge import Bridge
from station_app.flow.day_log import DayLog, LogQuery
from station_app.flow.day_parts import ActResult, PaperDestination
from station_app.flow.integrity import IntegrityCheck
from station_app.flow.lane import Lane
from station_app.flow.sticks import Sticks
from station_app.ui.commission.day_log import (
    DayLogView,
    IntegrityView,
    Local,
    RowView,
    SavedFile,
    StoryView,
)
from station_app.ui.commission.day_log_page import LOG, DayLogPage
from station_app.ui.commission.story_panel import VoidDialog
from station_app.ui.room_shell import RoomShell
from station_app.ui.stick_picker import StickPicker

PAGE_ROWS: Final = 64
KEPT_ROWS: Final = 8 * PAGE_ROWS
_TYPING_S: Final = 0.25
_FOLLOW_S: Final = 0.3

WriteRows = Callable[[Medium, tuple[LogRow, ...]], str]
"""Writes the rows onto a stick, on a lane; the name of the file that was made."""


class DayLogController:
    """Holds the view; `show` is told of every change, also while another page is shown.

    Rows are read in pages around what is in sight, and all but the nearest are let go.
    `people` gives names by id, `local` the station's time.
    """

    def __init__(
        self,
        log: DayLog,
        check: IntegrityCheck,
        bridge: Bridge,
        show: Callable[[DayLogView], None],
        *,
        people: Callable[[], Mapping[str, str]],
        local: Local,
        files: Lane,
        export: WriteRows,
    ) -> None:
        self._log, self._check, self._bridge, self._show = log, check, bridge, show
        self._people, self._local = people, local
        self._files, self._export = files, export
        self._view = DayLogView(integrity=IntegrityView.of(check, local))
        self._is_shown = self._follows = self._is_stuck = False
        self._turn = self._upto = 0
        self._asked: set[int] = set()
        self._sight = (0, 0)
        self._selected = 0
        self._typed = ""
        check.observe(self._checked)
        log.listen(bridge, self._changed)

    @property
    def view(self) -> DayLogView:
        """What is shown now."""
        return self._view

    def attach(self, page: DayLogPage) -> None:
        """Take what is pressed on a page that was made anew."""
        page.filter_pressed.connect(self.choose_filter)
        page.search_typed.connect(self.type_search)
        page.looked_at.connect(self.look_at)
        page.row_chosen.connect(self.choose_row)
        page.newest_pressed.connect(self.go_to_newest)
        page.refresh_pressed.connect(self.refresh)
        page.update_view(self._view)

    def shown(self) -> None:
        """The page is shown: read the newest rows, and check the journal if that is long ago."""
        self._is_shown = True
        self.go_to_newest()
        self._check.check_if_old()

    def left(self) -> None:
        """Another page is shown: nothing is read for this one."""
        self._is_shown = False

    def refresh(self) -> None:
        """Read the newest rows and check the journal anew."""
        self.go_to_newest()
        self._check.check()

    def choose_filter(self, shown: LogFilter) -> None:
        """Show the rows of a filter."""
        if shown is not self._view.shown:
            self._put(shown=shown)
            self.go_to_newest()

    def type_search(self, text: str) -> None:
        """Search once nothing has been typed for a moment."""
        self._typed = text

        def search() -> None:
            if self._is_shown and text == self._typed and text != self._view.text:
                self._put(text=text)
                self.go_to_newest()

        self._bridge.later(_TYPING_S, search)

    def go_to_newest(self) -> None:
        """Read from the newest row on; what was asked before is answered to nobody."""
        self._turn += 1
        self._upto = 0
        self._asked.clear()
        self._is_stuck = False
        self._put(total=None, rows={}, newer=0, saved=None, went=None, fault="")
        self._ask(0)

    def look_at(self, first: int, count: int) -> None:
        """Rows from place `first` on are in sight: read those that are missing."""
        self._sight = (first, count)
        if self._view.total is None or self._is_stuck:
            return
        for page in self._pages_in_sight():
            start = page * PAGE_ROWS
            wanted = range(max(start, first), min(start + PAGE_ROWS, first + count))
            if any(place not in self._view.rows for place in wanted):
                self._ask(page)

    def choose_row(self, number: int) -> None:
        """Tell the story of the row of entry `number`; 0 for none."""
        self._selected = number
        if number:
            self._tell()
        else:
            self._put(story=None)

    def export(self, stick: Medium) -> None:
        """Write the day's rows onto the stick, without names."""

        def write(rows: tuple[LogRow, ...]) -> None:
            self._files.run(
                lambda: SavedFile(self._export(stick, rows), stick.name),
                self.say_saved,
                self._failed,
            )

        self._log.table(write, self._failed)

    def say_saved(self, saved: SavedFile) -> None:
        """A file was written."""
        self._put(saved=saved, went=None, fault="")

    def say_printed(self, went: PaperDestination | None, fault: str) -> None:
        """The log on paper was made, and is there (UTC); or not, and why."""
        there = None if went is None else replace(went, at=self._local(went.at))
        self._put(saved=None, went=there, fault=fault)

    def say_fault(self, code: str) -> None:
        """Something that was asked for could not be done."""
        self._put(saved=None, went=None, fault=code)

    # --- answers --------------------------------------------------------------------------

    def _ask(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        turn, view = self._turn, self._view

        def found(answer: LogPage) -> None:
            if turn == self._turn:
                self._asked.discard(page)
                self._take(answer)

        def failed(fault: KnownError) -> None:
            if turn == self._turn:
                self._asked.discard(page)
                self._is_stuck = True
                self._failed(fault)

        first = page * PAGE_ROWS
        wanted = LogQuery(view.shown, view.text, first, PAGE_ROWS, self._upto)
        self._log.ask(wanted, found, failed)

    def _take(self, page: LogPage) -> None:
        """Rows have come; where there are more or fewer than before, the old ones moved."""
        self._upto = page.upto
        rows = dict(self._view.rows) if page.total == self._view.total else {}
        for place, row in enumerate(page.rows, start=page.first):
            rows[place] = RowView.of(row, self._local)
        if len(rows) > KEPT_ROWS:
            middle = self._sight[0] + self._sight[1] // 2
            nearest = sorted(rows, key=lambda place: abs(place - middle))[:KEPT_ROWS]
            rows = {place: rows[place] for place in nearest}
        self._put(total=page.total, counts=page.counts, rows=rows, newer=page.newer)
        self._check.check_if_old(seen=page.upto)

    def _tell(self) -> None:
        number = self._selected

        def told(story: EntryStory | None) -> None:
            if number == self._selected:
                shown = story and StoryView.of(story, self._people(), self._local)
                self._put(story=shown)

        self._log.story(number, told, self._failed)

    def _changed(self) -> None:
        """The journal has grown: look again soon, once for many entries."""
        if self._is_shown and not self._follows:
            self._follows = True
            self._bridge.later(_FOLLOW_S, self._follow)

    def _follow(self) -> None:
        self._follows = False
        if not self._is_shown or self._view.total is None or self._is_stuck:
            return
        for page in self._pages_in_sight():
            self._ask(page)
        if self._selected:
            self._tell()

    def _checked(self) -> None:
        self._put(integrity=IntegrityView.of(self._check, self._local))
        if self._check.progress is None and self._selected:
            self._tell()

    def _failed(self, fault: KnownError) -> None:
        self.say_fault(fault.code)

    def _pages_in_sight(self) -> range:
        first, count = self._sight
        return range(first // PAGE_ROWS, (first + max(count, 1) - 1) // PAGE_ROWS + 1)

    def _put(self, **changes: object) -> None:
        self._view = replace(self._view, **changes)  # type: ignore[arg-type]
        self._show(self._view)


Signers = tuple[Person, ...]
VoidEntry = Callable[
    [Signers, int, VoidReason, Callable[[ActResult], None], Callable[[KnownError], None]], None
]
"""As `DayDesk.void`."""


class DayLogPlace:
    """The log in the room, with the dialogs it opens there; `make_paper` prints it, and tells the
    controller what came of it.

    `find_sticks` is called on the lane `files`.
    """

    def __init__(
        self,
        room: RoomShell,
        log: DayLogController,
        act: CommissionAct,
        void: VoidEntry,
        make_paper: Callable[[], None],
        find_sticks: Callable[[], Sticks],
        files: Lane,
    ) -> None:
        self._room, self._log, self._act = room, log, act
        self._void, self._make_paper = void, make_paper
        self._find_sticks, self._picker = find_sticks, StickPicker(room, files)
        room.connect_pages(DayLogPage, self._attach)
        room.place_shown.connect(self._place_shown)
        room.left.connect(log.left)

    def _attach(self, page: DayLogPage) -> None:
        self._log.attach(page)
        page.void_pressed.connect(self._ask_void)
        page.export_pressed.connect(self._ask_stick)
        page.print_pressed.connect(self._make_paper)

    def _place_shown(self, place: object) -> None:
        if place is LOG:
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
