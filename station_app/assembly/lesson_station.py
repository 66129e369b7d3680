"""The stage of a lesson at a whole station: its door, its technician's room and its desk."""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QStackedWidget, QWidget

from station_app.assembly.desk_facts import DeskFacts
from station_app.assembly.door_facts import DoorFacts
from station_app.assembly.lesson_machine import LessonMachine
from station_app.assembly.technician import DoorScreens, open_door
from station_app.devices.media import Medium
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.errors import KnownError
from station_app.flow.lane import Lane
from station_app.flow.open_station import OpenStation, utc_now
from station_app.languages import language_codes
from station_app.training.actions import Action, LayFinger, LoadPaper, PlugScanner
from station_app.training.cast import Cast, cast_of
from station_app.training.door_actions import PutStickIn, TakeOver
from station_app.training.happenings import (
    Comes,
    DayIsBefore,
    Happening,
    Leaves,
    NoList,
    PaperOut,
    PowerCut,
    ScannerOut,
    StationDied,
    WasIdentified,
)
from station_app.training.lesson import Lesson
from station_app.training.lesson_facts import AtBar, Fact
from station_app.training.lesson_stations import (
    LessonFolder,
    LessonStations,
    StationStart,
    lesson_devices,
    take_over_by_stick,
)
from station_app.training.lists import demo_precinct
from station_app.ui.desk_and_room import DeskAndRoom
from station_app.ui.qt_bridge import QtBridge

_STICK: Final = "TRAINING"
"""The stick's label, as a maker's would stand there."""
_OFF: Final = timedelta(minutes=25)
"""How long the power is away, by the lesson's clock."""
_PRINTER: Final = "printer"


class StationStage:
    """Made and used on the main thread; `widget` is the content of the lesson's window.

    `folder` is empty or not there, and this attempt's alone. `capture_s` is how long the scanner
    takes for a finger. A bug of a lane, or of the desk, goes to `on_bug`. Raises `KnownError` as
    `LessonStations.prepare` does.
    """

    def __init__(
        self,
        lesson: Lesson,
        folder: Path,
        language: str,
        on_bug: Callable[[BaseException], None],
        *,
        capture_s: float,
        audible: bool,
    ) -> None:
        self._folder, self._language, self._on_bug = LessonFolder(folder), language, on_bug
        self._audible, self._ahead = audible, timedelta()
        self.cast: Cast = cast_of(lesson, demo_precinct())
        self.glass = SimulatedFingerScanner(seconds=capture_s)
        # A printer's port has no spaces, and the folder's path may have some.
        self._ports = tempfile.TemporaryDirectory(prefix="station-app-lesson-")
        port = Path(self._ports.name) / _PRINTER
        self.printer = SimulatedPrinter(port)
        self._first = lesson.steps[0].happens
        stations = LessonStations(self._folder, lesson_devices(port), language_codes(), self._now)
        start = self._start()
        stations.prepare(start)
        self._has_stick = start.takes_over
        self._at_desk = ""
        self._placed = 0
        self._listen: Callable[[Fact], None] = lambda _: None
        self._bridge = QtBridge()
        self._lane = Lane("lesson", self._bridge, on_bug)
        self._content = QStackedWidget()
        self.screens = self._open_door()

    @property
    def widget(self) -> QWidget:
        """What the lesson's frame and panel are around."""
        return self._content

    @property
    def station(self) -> OpenStation | None:
        """The station while it is unlocked."""
        return self.screens.desk.station

    @property
    def pages(self) -> DeskAndRoom | None:
        """The desk and the commission's room while the station is unlocked."""
        page = self.screens.desk.page
        return None if page is None else page.pages

    def follow(self, listen: Callable[[Fact], None]) -> None:
        """See `CoachedStage`."""
        self._listen = listen
        self._follow_screens()

    def do_happening(self, happening: Happening, done: Callable[[], None]) -> None:
        """See `CoachedStage`. How the station begins is prepared already."""
        match happening:
            case Comes(who):
                self.glass.lift()
                self._at_desk = who
            case Leaves():
                self.glass.lift()
                self._at_desk = ""
            case ScannerOut():
                self.glass.unplug()
            case PaperOut():
                self.printer.run_out_of_paper()
            case PowerCut():
                self._cut_power()
            case _:
                pass
        done()

    def do_at_bar(self, action: Action) -> None:
        """See `CoachedStage`."""
        self._listen(AtBar(action))
        match action:
            case LayFinger(position, manner):
                hand = self.cast[self._at_desk].person.hand
                assert hand is not None, "everybody of a lesson has fingers"
                self._placed += 1
                self.glass.place(hand.finger(position, manner, self._placed))
            case PlugScanner():
                self.glass.plug_in()
            case LoadPaper():
                self.printer.load_paper()
            case PutStickIn():
                self._has_stick = True
                self.screens.loading.look()
            case TakeOver():
                self._take_over()
            case _:
                raise AssertionError(f"{action} is not done at this bar")

    def close(self) -> None:
        """Lock the station, end every thread, and remove the folder."""
        self._lane.close()
        self.screens.close()
        self._content.removeWidget(self.screens.window)
        self.screens.window.deleteLater()
        self.printer.close()
        self._ports.cleanup()
        self._bridge.deleteLater()
        shutil.rmtree(self._folder.root, ignore_errors=True)

    # --- the station --------------------------------------------------------------------------

    def _start(self) -> StationStart:
        rows = [self.cast[one.who].row for one in self._first if isinstance(one, WasIdentified)]
        return StationStart(
            is_loaded=NoList() not in self._first,
            is_open=DayIsBefore() not in self._first,
            identified=tuple(row for row in rows if row is not None),
            takes_over=StationDied() in self._first,
        )

    def _now(self) -> datetime:
        return utc_now() + self._ahead

    def _media(self) -> Sequence[Medium]:
        """The folder in the place of a stick, once it is put in."""
        if not self._has_stick:
            return ()
        folder = self._folder.stick
        room = os.statvfs(folder)
        size, free = room.f_blocks * room.f_frsize, room.f_bavail * room.f_frsize
        return (Medium(folder, _STICK, size, free, "FAT32", is_writable=True, identity=_STICK),)

    def _open_door(self) -> DoorScreens:
        screens = open_door(
            self._folder.station,
            self._language,
            self._on_bug,
            audible=self._audible,
            now=self._now,
            media=self._media,
            lesson=LessonMachine(self.glass),
        )
        screens.screen.language_chosen.connect(self._speak)
        self._content.addWidget(screens.window)
        self._content.setCurrentWidget(screens.window)
        return screens

    def _speak(self, language: str) -> None:
        self._language = language

    def _follow_screens(self) -> None:
        DoorFacts(self.screens, lambda fact: self._listen(fact)).follow()
        self.screens.unlocking.opened.connect(self._follow_desk)

    def _follow_desk(self) -> None:
        station, pages = self.station, self.pages
        assert station is not None, "the door has just been opened"
        assert pages is not None, "and its desk is shown"
        facts = DeskFacts(station, pages, self._bridge, lambda fact: self._listen(fact))
        page = facts.page()
        if page is not None:
            self._listen(page)

    def _cut_power(self) -> None:
        """The disk as it is at this moment is all that is left; then the station is on again.

        Copied on the journal's lane no entry is half written, and the lock that closing the
        screens writes is in the folder that goes.
        """
        root = self._folder.station.root
        kept = root.with_name("kept")
        copy = partial(shutil.copytree, root, kept)
        station = self.station
        if station is None:
            copy()
        else:
            station.opened.lanes.journal.call(copy)
        self.glass.lift()
        self.screens.close()
        self._content.removeWidget(self.screens.window)
        self.screens.window.deleteLater()
        shutil.rmtree(root)
        kept.rename(root)
        self._ahead += _OFF
        self.screens = self._open_door()
        self._follow_screens()
        self.screens.window.show_unlocking()

    def _take_over(self) -> None:
        def failed(fault: KnownError) -> None:
            self._on_bug(fault)

        self._lane.run(
            partial(take_over_by_stick, self._folder, self._now),
            lambda _size: self.screens.unlocking.start(),
            failed,
        )
