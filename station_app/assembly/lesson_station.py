"""The stage of a lesson at a whole station: its door, its technician's room and its desk."""

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from station_app.assembly.desk_facts import DeskFacts
from station_app.assembly.door_facts import DoorFacts
from station_app.assembly.endings import BugWitness
from station_app.assembly.lesson_machine import LessonMachine
from station_app.assembly.lesson_stage import (
    CAPTURE_S,
    BareStage,
    attempt_folder,
    lessons_home,
)
from station_app.assembly.technician import DoorScreens, open_door
from station_app.devices.media import Medium
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.errors import KnownError
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage
from station_app.flow.lane import Lane
from station_app.flow.open_station import OpenStation, utc_now
from station_app.flow.runner import Runner
from station_app.synthetic.presets import Preset
from station_app.training.actions import Action, LayFinger, LoadPaper, PlugScanner
from station_app.training.chair import Chair
from station_app.training.door_actions import PutStickIn, TakeOver
from station_app.training.happenings import (
    Comes,
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
from station_app.training.lesson_people import PASSPHRASES
from station_app.training.lesson_stations import (
    LessonFolder,
    StationStart,
    copy_folder,
    put_station,
    take_over_by_stick,
    temporary_folder,
)
from station_app.training.lists import demo_precinct
from station_app.ui.desk_and_room import DeskAndRoom
from station_app.ui.qt_bridge import QtBridge
from station_app.ui.shell import Shell
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.training.lesson_window import StationContent
from station_app.ui.unlock.screen import UnlockScreen

_STICK: Final = "TRAINING"
"""The stick's label, as a maker's would stand there."""
_OFF: Final = timedelta(minutes=25)
"""How long the power is away, by the lesson's clock."""
_TECHNICIAN: Final = 9
"""Which stranger of the invented precinct the technician is."""


def station_start(lesson: Lesson) -> StationStart:
    """How the lesson's station stands before anybody does anything."""
    happens = lesson.steps[0].happens
    rows = [lesson.people[one.who].row for one in happens if isinstance(one, WasIdentified)]
    return StationStart(
        is_loaded=NoList() not in happens,
        is_open=not lesson.begins_before_day,
        identified=tuple(row for row in rows if row is not None),
        takes_over=StationDied() in happens,
    )


class LessonStation(BareStage):
    """Implements `LessonStage`. `is_hurried` from the start, for runs that nobody watches; `on_bug`
    is told of a bug of the screens or of the desk, and of a `KnownError` that ends the lesson.

    Raises `KnownError` as `attempt_folder` and `put_station` do.
    """

    def __init__(
        self,
        lesson: Lesson,
        language: str,
        *,
        home: Path | None = None,
        is_hurried: bool = False,
        audible: bool = False,
        on_bug: Callable[[BaseException], None] = lambda _: None,
    ) -> None:
        super().__init__(lesson)
        self._language, self._audible, self._on_bug = language, audible, on_bug
        self._ahead = timedelta()
        self.glass = SimulatedFingerScanner(seconds=CAPTURE_S)
        self._content = StationContent()
        self._bridge = QtBridge()
        start = station_start(lesson)
        self._has_stick = start.takes_over
        self._is_taking_over = False
        with ExitStack() as opened:
            opened.callback(self._bridge.close)
            root = attempt_folder(home or lessons_home()).root
            opened.callback(shutil.rmtree, root, ignore_errors=True)
            self._folder = LessonFolder(root)
            # A printer's port has no spaces, and the folder's path may have some.
            ports = temporary_folder()
            opened.callback(shutil.rmtree, ports, ignore_errors=True)
            self.printer = SimulatedPrinter(ports / "printer")
            opened.callback(self.printer.close)
            put_station(self._folder, start, self.printer.port, self._now)
            self._lane = Lane("lesson", self._bridge, on_bug)
            opened.callback(self._lane.close)
            self.screens = self._open_door()
            opened.callback(self._close_door)
            self._closing = opened.pop_all()
        if is_hurried:
            self.hurry(is_on=True)

    # --- what coach, hands and window ask for ---------------------------------------------------

    @property
    def widget(self) -> QWidget:
        """See `LessonStage`."""
        return self._content

    @property
    def shell(self) -> Shell:
        """See `HandsStage`."""
        shown = self.screens.window.currentWidget()
        if isinstance(shown, DeskAndRoom):
            shown = shown.currentWidget()
        assert isinstance(shown, Shell), "every page of the door's window is a shell"
        return shown

    @property
    def station(self) -> OpenStation | None:
        """The station while it is unlocked."""
        return self.screens.desk.station

    @property
    def runner(self) -> Runner | None:
        """See `LessonStage`."""
        return None if self.station is None else self.station.runner

    @property
    def chair(self) -> Chair | None:
        """See `LessonStage`: there is no camera."""
        return None

    @property
    def pages(self) -> DeskAndRoom:
        """See `HandsStage`; only while the station is unlocked."""
        page = self.screens.desk.page
        assert page is not None, "the desk is open"
        return page.pages

    @property
    def screen(self) -> UnlockScreen:
        """See `DoorStage`."""
        return self.screens.screen

    @property
    def room(self) -> TechnicianRoom:
        """See `DoorStage`."""
        return self.screens.room

    def passphrase_of(self, person_id: str) -> str:
        """See `HandsStage`."""
        return PASSPHRASES[person_id]

    def start(self) -> None:
        """See `LessonStage`."""
        self.screens.window.show_unlocking()

    def follow(self, listen: Callable[[Fact], None]) -> None:
        """See `CoachedStage`; the page that is shown now is told at once."""
        super().follow(listen)
        self._door_facts.tell_page()

    # --- what happens ---------------------------------------------------------------------------

    def do_happening(self, happening: Happening, done: Callable[[], None]) -> None:
        """See `CoachedStage`. How the station begins was prepared."""
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
                # Not now: this may be called by the session that ends with it.
                self._bridge.post(lambda: self._cut_power(done))
                return
            case _:
                pass
        done()

    def do_at_bar(self, action: Action) -> None:
        """See `CoachedStage`."""
        self._tell(AtBar(action))
        match action:
            case LayFinger(position, manner):
                self._lay(position, manner)
            case PlugScanner():
                self.glass.plug_in()
            case LoadPaper():
                self.printer.load_paper()
            case PutStickIn():
                self._has_stick = True
                self.screens.loading.look()
            case TakeOver() if not self._is_taking_over:  # a spare does it once
                self._is_taking_over = True
                self._lane.run(
                    partial(take_over_by_stick, self._folder, self._now),
                    lambda _size: self.screens.unlocking.start(),
                    self._on_bug,
                )
            case _:
                pass

    # --- the station ------------------------------------------------------------------------------

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
            lesson=LessonMachine(self.glass, _technicians_finger, self._clock),
        )
        screens.window.language_chosen.connect(self._speak)
        screens.unlocking.opened.connect(self._follow_desk)
        self._content.put(screens.window)
        self._door_facts = DoorFacts(screens, self._tell)
        return screens

    def _close_door(self) -> None:
        screens = self.screens
        screens.close()
        self._content.removeWidget(screens.window)
        screens.window.setParent(None)  # see `DoorWindow.remove_desk`
        screens.window.deleteLater()

    def _speak(self, language: str) -> None:
        self._language = language

    def _follow_desk(self) -> None:
        station = self.station
        assert station is not None, "the door has just been opened"
        station.runner.observe(BugWitness(self._on_bug))
        self._desk_facts = DeskFacts(station, self.pages, self._bridge, self._tell)
        page = self._desk_facts.page()
        if page is not None:
            self._tell(page)

    def _cut_power(self, done: Callable[[], None]) -> None:
        """The disk as it is at this moment is all that is left; then the station is on again.

        Copied on the journal's lane no entry is half written, and the lock that closing the
        screens writes is in the folder that goes. Without room for a copy the lesson ends.
        """
        if self._is_closed:  # the learner has left meanwhile
            return
        root = self._folder.station.root
        kept = root.with_name("kept")
        copy = partial(copy_folder, root, kept)
        try:
            if self.station is None:
                copy()
            else:
                self.station.opened.lanes.journal.call(copy)
        except KnownError as fault:
            self._on_bug(fault)
            return
        self.glass.lift()
        self._close_door()
        shutil.rmtree(root)
        kept.rename(root)
        self._ahead += _OFF
        self.screens = self._open_door()
        self.screens.window.show_unlocking()
        done()


def _technicians_finger(number: int) -> FingerImage:
    """Whoever tests the scanner is on no list."""
    return demo_precinct().stranger(_TECHNICIAN, FingerPosition.RIGHT_INDEX, number, Preset.GOOD)
