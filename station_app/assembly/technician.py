"""A station's screens: two persons unlock the desk, a technician loads and tests."""

import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QApplication

from station_app.assembly.device_cards import display_card
from station_app.assembly.device_desk import StationDevices
from station_app.assembly.door import (
    StationDoor,
    StationLoader,
    station_languages,
    station_precinct,
)
from station_app.assembly.endings import first_bug_raised, interrupt_closes
from station_app.assembly.lesson_machine import LessonMachine
from station_app.assembly.lesson_process import LessonProcess
from station_app.assembly.program_log import keep_log, log_start
from station_app.assembly.station_checks import (
    StationSheet,
    document_reader_to_test,
    machine_checks,
)
from station_app.assembly.station_people import StationPeople
from station_app.assembly.unlocked_desk import UnlockedDesk
from station_app.assembly.voter_side import station_display
from station_app.biometrics.engines import engine_names
from station_app.commands.launcher import program
from station_app.devices.computer import caps_lamp, seconds_asleep
from station_app.devices.media import Medium, mounted_media
from station_app.devices.plugged_in import PluggedIn, plugged_in
from station_app.domain.error_codes import Code
from station_app.flow.lane import Lane
from station_app.flow.lessons_allowed import lessons_allowed
from station_app.flow.open_station import local, utc_now
from station_app.flow.signed_settings import keep_appearance
from station_app.flow.trial_book import TrialBook
from station_app.settings import read_appearance
from station_app.ui.door_window import DoorWindow
from station_app.ui.idle_inhibitor import IdleInhibitor
from station_app.ui.public.voter_display import VoterDisplay
from station_app.ui.qt_bridge import QtBridge, collect_garbage_here
from station_app.ui.qt_log import log_qt_messages
from station_app.ui.sounds import SoundPlayer
from station_app.ui.technician.appearance_page import AppearanceController
from station_app.ui.technician.devices_controller import DevicesController
from station_app.ui.technician.load_page import LoadController
from station_app.ui.technician.loading import SnapshotFacts
from station_app.ui.technician.people_controller import PeopleController
from station_app.ui.technician.readiness_page import ReadinessController
from station_app.ui.technician.room import TechnicianRoom
from station_app.ui.technician.self_test import CardCheck, CardKey
from station_app.ui.technician.self_test_controller import SelfTestController, SoundCheck
from station_app.ui.unlock.controller import UnlockController
from station_app.ui.unlock.entry import TrainingView
from station_app.ui.unlock.idle_lock import IdleLock
from station_app.ui.unlock.keyboard_watch import KeyboardWatch
from station_app.ui.unlock.screen import UnlockScreen
from station_app.ui.wedge_keys import watch_keys
from station_app.vault import StationFolder

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DoorScreens:
    """The window and what drives it; `close` ends its lanes."""

    window: DoorWindow
    screen: UnlockScreen
    room: TechnicianRoom
    looks: AppearanceController
    unlocking: UnlockController
    loading: LoadController
    idle: IdleLock
    desk: UnlockedDesk
    close: Callable[[], None]


def run_technician(folder: StationFolder, language: str = "") -> None:
    """Show the screens until their window is closed; the first bug is raised then.

    They start in `language`, without one in the station's first.
    """
    if folder.public_identity.exists():  # any other folder is to stay as empty as it is
        keep_log(folder.log)
    log_start()
    log_qt_messages()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)

    def stop(bug: BaseException) -> None:
        _log.critical("screens_broke", exc_info=bug)
        app.quit()

    with first_bug_raised(stop) as on_bug:
        first = station_languages(folder, "")[0]
        screens = open_door(folder, language or first, on_bug, audible=True)
        try:
            screens.window.closing.connect(app.quit)
            with interrupt_closes(screens.window.close):
                screens.window.showFullScreen()
                awake = IdleInhibitor(screens.window)
                awake.answered.connect(screens.looks.set_stays_on)
                app.exec()
        finally:
            screens.close()
        if screens.desk.bug is not None:
            raise screens.desk.bug


def open_door(
    folder: StationFolder,
    language: str,
    on_bug: Callable[[BaseException], None],
    *,
    audible: bool,
    now: Callable[[], datetime] = utc_now,
    media: Callable[[], Sequence[Medium]] = mounted_media,
    asleep: Callable[[], float] = seconds_asleep,
    lesson: LessonMachine | None = None,
) -> DoorScreens:
    """Connect the screens with the station in `folder`; the window is not shown yet. A `lesson`
    has its own devices in the place of the computer's.
    """
    bridge = QtBridge()
    garbage = collect_garbage_here(bridge)
    lanes = [Lane(name, bridge, on_bug) for name in ("door", "loading", "testing", "watching")]
    sounds = SoundPlayer() if audible else None
    languages = station_languages(folder, language)
    screen, room = _screens(folder, language, languages)
    window = DoorWindow(screen, room, may_close=lambda: not loading.is_loading)
    display = station_display(folder, window, now)
    at_desk = UnlockedDesk(
        folder,
        now,
        languages=languages,
        sounds=sounds,
        display=display,
        media=media,
        lesson=lesson,
    )
    door = StationDoor(folder, now, at_desk.prepare)

    unlocking = UnlockController(
        screen,
        door,
        lanes[0],
        KeyboardWatch(caps_lamp),
        seconds=time.monotonic,
        now=lambda: local(now()),
    )
    loading = LoadController(
        room,
        StationLoader(folder, engine_names(), now, media),
        lanes[1],
        bridge,
        seconds=time.monotonic,
        local=local,
    )
    devices = _device_pages(
        room, folder, door, now, media, sounds, display, bridge, lanes[2:], lesson
    )
    people = PeopleController(
        room, StationPeople(folder, now, local), lanes[0], seconds=time.monotonic
    )
    looks = _keep_appearance(room, folder, window, lanes[1])

    def may_lock() -> bool:
        return at_desk.may_lock and not (loading.is_loading or unlocking.is_busy or people.is_busy)

    idle = IdleLock(
        window,
        may_lock,
        time.monotonic,
        asleep=asleep,
        woke_up=at_desk.woke_up,
        must_lock=lambda: at_desk.must_lock,
    )

    def lock(is_asked: bool) -> None:
        at_desk.lock(is_asked=is_asked)
        loading.leave()
        devices.leave()
        people.leave()
        unlocking.lock()
        window.show_unlocking()

    def enter_room() -> None:
        if not unlocking.is_busy:
            unlocking.lock()
            loading.start()
            window.show_room()

    idle.due.connect(lock)
    unlocking.opened.connect(lambda: at_desk.show(window, screen.language))
    for one in (window, screen, room):
        one.lock_pressed.connect(idle.ask)
    screen.technician_pressed.connect(enter_room)
    lessons = None if lesson is not None else _lessons(folder, screen, unlocking, lanes[0])
    loading.changed.connect(partial(_show_place, room, folder))
    unlocking.clock_ticked.connect(room.set_clock)
    unlocking.start()

    def close() -> None:
        if lessons is not None:
            lessons.close()
        devices.leave()
        _end_opening(door, lanes[0])
        at_desk.close()
        if display is not None:
            display.close()
        lanes[0].run(door.forget, lambda _: None, lambda _: None)
        for lane in lanes:
            lane.close()
        garbage.stop()
        bridge.close()

    return DoorScreens(window, screen, room, looks, unlocking, loading, idle, at_desk, close)


def _screens(
    folder: StationFolder, language: str, languages: Sequence[str]
) -> tuple[UnlockScreen, TechnicianRoom]:
    """The two before the desk, as the station keeps them."""
    looks = read_appearance(folder.desk_settings).appearance
    return (
        UnlockScreen(language=language, languages=languages, appearance=looks),
        TechnicianRoom(language=language, languages=languages, appearance=looks),
    )


def _show_place(room: TechnicianRoom, folder: StationFolder, facts: SnapshotFacts | None) -> None:
    """Write the precinct of the loaded list, else that of the settings."""
    room.set_place(facts.precinct if facts else station_precinct(folder))


def _lessons(
    folder: StationFolder, screen: UnlockScreen, unlocking: UnlockController, lane: Lane
) -> LessonProcess:
    """The lessons, opened from the screen in a process of their own where the station allows it;
    they end when it is unlocked.
    """
    lessons = LessonProcess(program(), screen)
    unlocking.opened.connect(lessons.end)

    def show() -> None:
        screen.show_training(TrainingView(lessons.is_running, has_failed=lessons.has_failed))

    def answered(refused: Code | None) -> None:
        if refused is None:
            is_there = folder.root.is_dir()
            lessons.start(screen.language, *(("--station", str(folder.root)) if is_there else ()))
        else:
            screen.show_training(TrainingView(fault=refused))

    def start() -> None:
        lane.run(
            partial(lessons_allowed, folder),
            answered,
            lambda fault: screen.show_training(TrainingView(fault=fault.code)),
        )

    lessons.changed.connect(show)
    screen.training_pressed.connect(start)
    show()
    return lessons


def _end_opening(door: StationDoor, lane: Lane) -> None:
    """Wait for a desk that is being prepared: it is closed as well."""
    door.stop_comparing()
    lane.call(lambda: None)


def _keep_appearance(
    room: TechnicianRoom, folder: StationFolder, window: DoorWindow, lane: Lane
) -> AppearanceController:
    """Keep how the screens look whenever somebody changes it, on whichever screen."""
    was_damaged = read_appearance(folder.desk_settings).is_damaged
    if was_damaged:
        _log.warning("appearance_damaged")
    keep = partial(keep_appearance, folder)
    looks = AppearanceController(room, keep, lane, was_damaged=was_damaged)
    window.appearance_chosen.connect(looks.keep)
    return looks


@dataclass(frozen=True, slots=True)
class _DevicePages:
    """The pages that have devices open, or watch for them, while they are shown."""

    plugged: DevicesController
    testing: SelfTestController

    def leave(self) -> None:
        """Let every device go."""
        self.plugged.leave()
        self.testing.leave()


def _device_pages(
    room: TechnicianRoom,
    folder: StationFolder,
    door: StationDoor,
    now: Callable[[], datetime],
    media: Callable[[], Sequence[Medium]],
    sounds: SoundPlayer | None,
    display: VoterDisplay | None,
    bridge: QtBridge,
    lanes: Sequence[Lane],
    lesson: LessonMachine | None,
) -> _DevicePages:
    """The devices, their self-test (with the tones that a person hears) and what it leaves ready.

    `lanes`: one for tests, one that waits for changes of the machine.
    """
    reader = document_reader_to_test(folder)
    watch_keys(reader, room)
    checks = machine_checks(folder, door.trusted, now, reader, media)
    checks[CardKey.SOUND] = SoundCheck(sounds).check()
    plugged: Callable[[], Sequence[PluggedIn]] = plugged_in
    if lesson is not None:
        checks |= lesson.checks(folder)
        plugged = tuple
    if display is not None:
        shown = display
        checks[CardKey.DISPLAY] = CardCheck(
            partial(display_card, shown, bridge), end=lambda: shown.show_number("")
        )
    ReadinessController(room, StationSheet(folder, now, media), lanes[0])
    return _DevicePages(
        DevicesController(room, StationDevices(folder, now, plugged), lanes[1]),
        SelfTestController(room, checks, lanes[0], bridge, TrialBook(folder, now)),
    )
