"""The desk of a station that two persons have unlocked, until it is locked again."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from station_app.assembly.commission_room import CommissionRoomControl
from station_app.assembly.desk_services import DeskServices, StationEquipment
from station_app.assembly.lesson_machine import LessonMachine
from station_app.assembly.voter_side import VoterSide
from station_app.biometrics.engines import engine_names
from station_app.devices.camera import Camera
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.media import Medium, mounted_media
from station_app.devices.simulated.simulated_camera import SimulatedCamera
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.device_trials import Trials
from station_app.domain.entries import StationLocked
from station_app.domain.entry_codes import LockCause
from station_app.domain.errors import KnownError
from station_app.flow.day_export import DayExport, ExportParts, export_parts
from station_app.flow.kept_notices import keep_notices
from station_app.flow.lane import Lane
from station_app.flow.mirroring import mirror_opener
from station_app.flow.open_station import OpenStation, PreparedStation, local, prepare_unlocked
from station_app.flow.opening import UnlockedStation
from station_app.flow.opening_checks import station_checks
from station_app.flow.readiness import look_at
from station_app.flow.runner import DeskObserver
from station_app.flow.station_devices import (
    camera,
    document_reader,
    finger_scanner,
    is_camera_shared,
    slip_printer,
    voter_screen,
)
from station_app.flow.sticks import StickFinder
from station_app.flow.trial_book import trials_of
from station_app.settings import Machine
from station_app.snapshots import VoterList
from station_app.training.chair import Chair
from station_app.training.demonstration import demonstration
from station_app.training.dock_queue import DockQueue
from station_app.training.image_people import ListPeople, people_of_list
from station_app.training.lists import demo_precinct
from station_app.training.script import without_faces
from station_app.ui.desk_and_room import DeskAndRoom
from station_app.ui.door_window import DeskPage, DoorWindow
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.pages import Presenter
from station_app.ui.operator.views import StationKind
from station_app.ui.public.voter_display import VoterDisplay
from station_app.ui.qt_bridge import QtBridge
from station_app.ui.sounds import SoundPlayer
from station_app.ui.training.dock import SimulatorDock
from station_app.ui.wedge_keys import watch_keys
from station_app.vault import StationFolder

_log = logging.getLogger(__name__)


class UnlockedDesk(DeskObserver):
    """Makes the desk and takes it away.

    `scanner` is new for every unlocking; `bug` what ended the desk, if anything did.
    `languages` are those of the station's screens. Beside a simulated scanner a dock has the people
    of the list with images in the folder that is the scanner's port; without one those of the
    demo list, who are strangers on another list. `display` is the voters'. In a `lesson` there is
    no dock, and the frame is the lesson's. Each unlocking has a bridge of its own.
    """

    _bridge: QtBridge

    def __init__(
        self,
        folder: StationFolder,
        now: Callable[[], datetime],
        *,
        languages: Sequence[str],
        sounds: SoundPlayer | None,
        display: VoterDisplay | None = None,
        media: Callable[[], Sequence[Medium]] = mounted_media,
        lesson: LessonMachine | None = None,
    ) -> None:
        self._folder, self._now, self._sounds = folder, now, sounds
        self._display, self._lesson = display, lesson
        self._voters: VoterSide | None = None
        self._prepared: PreparedStation | None = None
        self._equipment: StationEquipment | None = None
        self._queue = ListPeople()
        self._leaving: ExportParts | None = None
        self._media = media
        self._sticks = StickFinder([folder.root.absolute()], media)
        self._station: OpenStation | None = None
        self._services: DeskServices | None = None
        self._room_control: CommissionRoomControl | None = None
        self._remove: Callable[[], None] | None = None
        self._lane: Lane | None = None
        self._languages, self._language = languages, languages[0]
        self.scanner: FingerScanner | None = None
        self._camera: Camera | None = None
        self.bug: BaseException | None = None
        self.page: DeskPage | None = None

    def prepare(self, opened: UnlockedStation) -> None:
        """Take over what lies open, and write down who unlocked.

        On the door's lane. Closes it where it raises `KnownError`, as `finger_scanner`,
        `camera`, `prepare_unlocked`, `slip_printer`, `document_reader`, `mirror_opener` and
        `Recorder.append` do.
        """
        with ExitStack() as undoing:
            undoing.callback(opened.close)
            scanner = None if self._lesson is None else self._lesson.scanner
            self.scanner = scanner or finger_scanner(self._folder, opened.machine)
            self._camera = camera(self._folder, opened.machine)
            prepared = prepare_unlocked(opened, self.scanner, self._camera)
            self._equipment = self._surroundings(opened)
            undoing.pop_all()
        self._prepared = prepared

    def _surroundings(self, opened: UnlockedStation) -> StationEquipment:
        unlocked, machine, recorder = opened.unlocked, opened.machine, opened.recorder
        printer = slip_printer(self._folder, machine)
        if isinstance(self.scanner, SimulatedFingerScanner) and self._lesson is None:
            self._queue = _people(opened.voters, self.scanner.images)
        self._leaving = export_parts(recorder, self._folder, unlocked)
        mirror = [Path(machine.mirror)] if machine.mirror else []
        self._sticks = StickFinder([self._folder.root.absolute(), *mirror], self._media)
        open_mirror = mirror_opener(self._folder, unlocked, machine, recorder.journal.opened)
        recorder.append_all(opened.by)
        equipment = StationEquipment(
            printer=printer,
            voter_languages=machine.voter_languages,
            now=self._now,
            local=local,
            language=lambda: self._language,
            open_mirror=open_mirror,
            readiness=lambda: look_at(
                self._folder, engine_names(), self._now(), self._printer_fault, self._trials()
            ),
            valid_from=opened.manifest.valid_from,
            valid_to=opened.manifest.valid_to,
            document_reader=document_reader(self._folder, machine),
            shares_camera=is_camera_shared(machine),
            shows_voters=voter_screen(machine) is not None,
            misses_display=True,
            speaks=machine.speaks,
        )
        return equipment if self._lesson is None else self._lesson.around(equipment)

    def show(self, window: DoorWindow, language: str) -> None:
        """The desk in its striped frame, at work; after `prepare`, on the main thread."""
        assert self._prepared is not None, "the door opens with a desk prepared"
        assert self._equipment is not None, "and with what is around it"
        self._bridge = QtBridge()
        station = self._prepared.station(self._bridge)
        self._prepared, self._station = None, station
        header = station.header
        desk = OperatorDesk(
            language=language,
            languages=self._languages,
            sounds=self._sounds,
            clock=time.monotonic if self._lesson is None else self._lesson.clock,
        )
        desk.language_chosen.connect(self._speak)
        self._speak(language)
        presenter = Presenter(header.policy, station.voters, local, header.ballots)
        controller = DeskController(
            station.runner,
            desk,
            presenter,
            precinct=header.precinct,
            place=header.place,
            now=self._now,
            is_simulated=station.is_scanner_simulated,
        )
        services = DeskServices(
            station, self._folder, self._equipment, self._bridge, controller.printer_changed
        )
        services.show_on(controller)
        self._voters = VoterSide(
            station, self._equipment, desk, controller, self._bridge, self._display, self._sounds
        )
        room_control = self._commission(station, services, self._equipment, language)
        self._services, self._room_control = services, room_control
        page = self.page = self._page(desk, station, room_control, language)
        room_control.join(page.pages)
        room_control.room.lock_pressed.connect(window.lock_pressed)
        room_control.room.language_chosen.connect(self._speak)
        watch_keys(self._equipment.document_reader, page, guards=True)
        window.show_desk(page)
        self._remove = lambda: window.remove_desk(page)
        station.runner.observe(self)
        _log.info("unlocked")
        station.runner.start()
        services.start()

    def _page(
        self,
        desk: OperatorDesk,
        station: OpenStation,
        room_control: CommissionRoomControl,
        language: str,
    ) -> DeskPage:
        if self._lesson is not None:
            return DeskAndRoom(desk, room_control.room)
        dock, kind = self._dock(station, language), StationKind(station.header.kind.value)
        return StationWindow(desk, dock, kind, room_control.room)

    def _dock(self, station: OpenStation, language: str) -> SimulatorDock | None:
        """Whoever lays fingers on a simulated scanner."""
        if not isinstance(self.scanner, SimulatedFingerScanner):
            return None
        chair = None
        if isinstance(self._camera, SimulatedCamera) and station.runner.can_face:
            chair = Chair(self._camera)
        people = self._queue.people if chair is not None else without_faces(self._queue.people)
        queue = DockQueue(self.scanner, people, chair, self._queue.unusable)
        queue.join(station.runner, self._bridge)
        return SimulatorDock(queue, language)

    def _commission(
        self,
        station: OpenStation,
        services: DeskServices,
        equipment: StationEquipment,
        language: str,
    ) -> CommissionRoomControl:
        look = station_checks(
            self._folder, engine_names(), self._now, services.devices_now, self._trials
        )
        lane = self._lane = Lane("files", self._bridge, station.runner.report_bug)
        export = None
        if self._leaving is not None:
            runner, journal = station.runner, station.opened.lanes.journal
            export = DayExport(self._leaving, journal, lane, self._sticks, runner.mend)
        return CommissionRoomControl(
            station,
            services,
            equipment,
            self._bridge,
            lane,
            look,
            language,
            self._languages,
            self._sticks,
            has_lock=True,
            export=export,
        )

    def _printer_fault(self, _: Machine) -> str:
        """What the slips' queue, which has the printer open, has found."""
        services = self._services  # on a lane: the desk may be taken away meanwhile
        return "" if services is None else services.slips.status.reason

    def _trials(self) -> Trials:
        """What the journal tells of the devices' tests; on a lane, as `_printer_fault`."""
        station = self._station
        if station is None:
            return Trials()
        recorder, lane = station.opened.recorder, station.opened.lanes.journal
        return trials_of(lane.call(lambda: recorder.journal.look.tested))

    def _speak(self, language: str) -> None:
        self._language = language

    @property
    def station(self) -> OpenStation | None:
        """The station that is open; None while it is locked."""
        return self._station

    @property
    def may_lock(self) -> bool:
        """Whether nobody's session is under way, or nothing goes on any more."""
        if self._station is None or self.bug is not None:
            return True
        if self._room_control is not None and not self._room_control.may_lock:
            return False
        return self._station.runner.may_lock

    @property
    def must_lock(self) -> bool:
        """Whether the battery ends this: the station locks as soon as it may."""
        return self._services is not None and self._services.must_lock

    def woke_up(self) -> None:
        """The computer was asleep, and somebody's session keeps the desk open: its devices are
        opened anew.
        """
        if self._station is not None:
            self._station.runner.woke_up()
        if self._services is not None:
            self._services.woke_up()

    def lock(self, *, is_asked: bool) -> None:
        """Close because somebody has asked, nobody was there, or the battery ends."""
        cause = LockCause.KEY if is_asked else LockCause.IDLE
        self.close(LockCause.BATTERY if self.must_lock else cause)

    def close(self, cause: LockCause = LockCause.LEFT) -> None:
        """Write down why, and close list and journal; what was asked of it is written."""
        if self._voters is not None:
            self._voters.leave()
        if self._prepared is not None:
            self._prepared.close()
        if self._lane is not None:  # an export on it asks for the journal
            self._lane.close()
        if self._station is not None:
            _log.info("locked", extra={"cause": cause})
            write_lock = partial(_write_lock, self._station, cause)
            if self._services is not None:
                self._services.close(write_lock)
            else:
                write_lock()
            self._station.close()
            keep_notices(self._folder, self._station.opened.recorder)
            self._bridge.close()  # what waits on it would keep voters' images and keys in memory
        self._prepared = self._station = self._services = self._room_control = self._lane = None
        self._leaving = self._voters = self.page = None
        remove, self._remove = self._remove, None
        if remove is not None:
            remove()

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """The safe screen stays; the bug is raised when the window has closed."""
        self.bug = bug


def _people(voters: VoterList, images: str) -> ListPeople:
    if images:
        return people_of_list(voters, Path(images))
    return ListPeople(demonstration(demo_precinct(), faces=True))


def _write_lock(station: OpenStation, cause: LockCause) -> None:
    """A journal that cannot be written is locked all the same."""
    under = station.opened
    with suppress(KnownError):
        under.lanes.journal.call(lambda: under.recorder.append(StationLocked(cause)))
