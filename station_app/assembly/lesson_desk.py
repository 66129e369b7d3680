"""The stage of a lesson at an unlocked desk: the shipped list, simulated devices, a new journal."""

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from station_app.assembly.desk_facts import DeskFacts
from station_app.assembly.endings import BugWitness
from station_app.assembly.invented_desk import DeskWishes, InventedDesk, invented_desk
from station_app.assembly.lesson_stage import (
    CAPTURE_S,
    BareStage,
    attempt_folder,
    lessons_home,
)
from station_app.devices.computer import Battery
from station_app.devices.drivers import PRINTERS, DriverContext, named
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.flow.approvals import DEMO_PASSPHRASE
from station_app.flow.open_station import LessonDay
from station_app.flow.runner import Runner
from station_app.training.actions import (
    Action,
    LayFinger,
    LoadPaper,
    PlugCamera,
    PlugCharger,
    PlugScanner,
    Sit,
)
from station_app.training.cast import Actor
from station_app.training.chair import Chair, Obedience
from station_app.training.happenings import (
    BatteryLow,
    CameraOut,
    Comes,
    Happening,
    Leaves,
    PaperOut,
    ScannerOut,
    WasIdentified,
)
from station_app.training.lesson import Lesson
from station_app.training.lesson_facts import AtBar, Fact, Page, Shown
from station_app.training.lesson_stations import temporary_folder
from station_app.training.lists import shipped_demo_list
from station_app.training.player import Player
from station_app.ui.desk_and_room import DeskAndRoom
from station_app.ui.shell import Shell

_LOW: Final = Battery(percent=12, is_charging=False, minutes=25)
_LOOK_S, _PATIENCE_S = 0.05, 8.0
"""How often a happening's effect is looked for on the screen, and for how long (s)."""


class LessonDesk(BareStage):
    """Implements `LessonStage`. `is_hurried` from the start, for runs that nobody watches; `on_bug`
    is told of a bug that has stopped the desk.

    Raises `KnownError` as `attempt_folder` and `open_station` do.
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
        self._battery: Battery | None = None
        with ExitStack() as opened:
            folder = attempt_folder(home or lessons_home())
            opened.callback(shutil.rmtree, folder.root, ignore_errors=True)
            # A printer's port has no spaces, and the folder's path may have some.
            ports = temporary_folder()
            opened.callback(shutil.rmtree, ports, ignore_errors=True)
            self.printer = SimulatedPrinter(ports / "printer")
            opened.callback(self.printer.close)
            wishes = DeskWishes(
                language=language,
                printer=named(PRINTERS, "escpos").open(
                    str(self.printer.port), DriverContext(folder.root)
                ),
                capture_s=CAPTURE_S,
                audible=audible,
                battery=lambda: self._battery,
                clock=self._clock,
                lesson=LessonDay(begins_open=not lesson.begins_before_day),
            )
            self._at: InventedDesk = opened.enter_context(
                invented_desk(folder, shipped_demo_list(), wishes)
            )
            self._closing = opened.pop_all()
        at = self._at
        self.glass = at.scanner
        self._obedience = Obedience(at.chair)
        at.station.runner.observe(self._obedience)
        at.station.runner.observe(BugWitness(on_bug))
        self.pages = DeskAndRoom(at.desk, at.room_control.room)
        at.room_control.join(self.pages)
        self._facts = DeskFacts(at.station, self.pages, at.bridge, self._tell)
        if is_hurried:
            self.hurry(is_on=True)

    # --- what coach, hands and window ask for --------------------------------------------------

    @property
    def widget(self) -> QWidget:
        """See `LessonStage`."""
        return self.pages

    @property
    def shell(self) -> Shell:
        """See `HandsStage`."""
        return self.pages.shown

    @property
    def runner(self) -> Runner:
        """See `LessonStage`."""
        return self._at.station.runner

    @property
    def chair(self) -> Chair:
        """See `LessonStage`."""
        return self._at.chair

    def passphrase_of(self, person_id: str) -> str:
        """See `HandsStage`: everybody's is the same."""
        return DEMO_PASSPHRASE

    @property
    def at(self) -> InventedDesk:
        """Everything that the desk is made of."""
        return self._at

    def start(self) -> None:
        """See `LessonStage`."""
        self._at.start()

    def hurry(self, *, is_on: bool) -> None:
        """See `LessonStage`."""
        super().hurry(is_on=is_on)
        self._obedience.set_haste(is_hasty=is_on)

    def follow(self, listen: Callable[[Fact], None]) -> None:
        """See `CoachedStage`; the page that is shown now is told at once."""
        super().follow(listen)
        page = self._facts.page()
        if page is not None:
            listen(page)

    # --- what happens -------------------------------------------------------------------------

    def do_happening(self, happening: Happening, done: Callable[[], None]) -> None:
        """See `CoachedStage`."""
        match happening:
            case Comes(who):
                self._goes()
                self._at_desk = who
            case Leaves():
                self._goes()
            case ScannerOut():
                self.glass.unplug()
                self._once(lambda: self._shows(Shown.UNPLUGGED, Shown.RESTING), done)
                return
            case CameraOut():
                self.chair.camera.unplug()
            case PaperOut():
                self.printer.run_out_of_paper()
                self._at.services.slips.wake()
                self._once(lambda: bool(self._at.services.slips.status.reason), done)
                return
            case BatteryLow():
                self._battery = _LOW
                self._at.services.look_at_battery()
            case WasIdentified(who):
                self._identify(self.cast[who], done)
                return
            case _:
                pass
        done()

    def _goes(self) -> None:
        """Whoever is at the desk takes finger and face along."""
        self._at_desk = ""
        self.glass.lift()
        self.chair.leave()

    def _identify(self, actor: Actor, done: Callable[[], None]) -> None:
        """Somebody was here earlier: the player leads them through the desk, in haste."""
        at, was_hurried = self._at, self._is_hurried
        self.hurry(is_on=True)

        def over() -> None:
            self.hurry(is_on=was_hurried)
            self._goes()
            done()

        Player(
            at.station.runner,
            at.scanner,
            at.bridge,
            [actor.person],
            lambda _: None,
            over,
            chair=at.chair,
        ).start()

    def _shows(self, *pages: Shown) -> bool:
        page: Page | None = self._facts.page()
        return page is not None and page.shown in pages

    def _once(self, holds: Callable[[], bool], done: Callable[[], None]) -> None:
        """Call `done` when `holds` does, or after some time: a lesson is never stuck there."""
        until = time.monotonic() + _PATIENCE_S

        def look() -> None:
            if self._is_closed:
                return
            if holds() or time.monotonic() > until:
                done()
            else:
                self._at.bridge.later(_LOOK_S, look)

        look()

    # --- the bar --------------------------------------------------------------------------------

    def do_at_bar(self, action: Action) -> None:
        """See `CoachedStage`."""
        self._tell(AtBar(action))
        match action:
            case LayFinger(position, manner):
                self._lay(position, manner)
            case Sit() if self.person is not None and self.person.person.face is not None:
                self.chair.sit(self.person.person.face)
            case PlugScanner():
                self.glass.plug_in()
            case PlugCamera():
                self.chair.camera.plug_in()
            case LoadPaper():
                self.printer.load_paper()
                self._at.services.slips.wake()
            case PlugCharger():
                self._battery = None
                self._at.services.look_at_battery()
            case _:
                pass
