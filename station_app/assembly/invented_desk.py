"""A desk on a list of invented voters, with simulated devices: of the demonstration, of lessons."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from station_app.assembly.commission_room import CommissionRoomControl, nothing_to_check
from station_app.assembly.desk_services import DeskServices, StationEquipment
from station_app.assembly.program_log import log_start
from station_app.devices.computer import Battery
from station_app.devices.media import mounted_media
from station_app.devices.printers.page_printer import page_printer
from station_app.devices.printers.slip_printer import SlipPrinter
from station_app.devices.simulated.simulated_camera import SimulatedCamera
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.flow.lane import Lane
from station_app.flow.open_station import LessonDay, OpenStation, local, open_station, utc_now
from station_app.flow.sticks import StickFinder
from station_app.languages import voter_languages
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY
from station_app.training.chair import Chair
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.pages import Presenter
from station_app.ui.qt_bridge import QtBridge, collect_garbage_here
from station_app.ui.qt_log import log_qt_messages
from station_app.ui.sounds import SoundPlayer
from station_app.vault import StationFolder


@dataclass(frozen=True, slots=True)
class DeskWishes:
    """What differs: `capture_s` is how long the simulated scanner takes for a finger, `clock` gives
    the desk's monotonic seconds. `lesson` is its day, None for a demonstration; a lesson's papers
    are files alone: no real printer prints them, and there is no stick for a day log.
    """

    language: str
    printer: SlipPrinter
    capture_s: float
    audible: bool = False
    shows_voters: bool = False
    battery: Callable[[], Battery | None] = lambda: None
    clock: Callable[[], float] = time.monotonic
    lesson: LessonDay | None = None


@dataclass(frozen=True, slots=True)
class InventedDesk:
    """Everything connected; `desk` is not shown yet, the runner and the services not started."""

    app: QApplication
    bridge: QtBridge
    scanner: SimulatedFingerScanner
    chair: Chair
    station: OpenStation
    services: DeskServices
    controller: DeskController
    equipment: StationEquipment
    room_control: CommissionRoomControl
    desk: OperatorDesk
    folder: StationFolder

    def start(self) -> None:
        """Let the first person come."""
        self.station.runner.start()
        self.services.start()


@contextmanager
def invented_desk(
    folder: StationFolder, list_path: Path, wishes: DeskWishes
) -> Iterator[InventedDesk]:
    """Open one in a station folder, and close it after.

    Raises `KnownError` as `open_station` does.
    """
    log_start()
    log_qt_messages()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    bridge = QtBridge()
    garbage = collect_garbage_here(bridge)
    scanner, camera = SimulatedFingerScanner(seconds=wishes.capture_s), SimulatedCamera()
    with ExitStack() as opened:
        opened.callback(bridge.close)
        opened.callback(garbage.stop)
        station = open_station(
            folder,
            list_path,
            PUBLIC_DEMO_LIST_KEY,
            scanner,
            bridge,
            camera=camera,
            lesson=wishes.lesson,
        )
        opened.callback(station.close)
        desk = OperatorDesk(
            language=wishes.language,
            sounds=SoundPlayer() if wishes.audible else None,
            clock=wishes.clock,
        )
        controller = _controller(station, desk)
        equipment = StationEquipment(
            printer=wishes.printer,
            voter_languages=voter_languages(),
            now=utc_now,
            local=local,
            language=lambda: desk.language,
            battery=wishes.battery,
            shows_voters=wishes.shows_voters,
            page_printer=page_printer if wishes.lesson is None else lambda: "",
        )
        services = DeskServices(station, folder, equipment, bridge, controller.printer_changed)
        services.show_on(controller)
        opened.callback(services.close)
        lane = Lane("files", bridge, station.runner.report_bug)
        opened.callback(lane.close)
        room_control = CommissionRoomControl(
            station,
            services,
            equipment,
            bridge,
            lane,
            nothing_to_check,
            wishes.language,
            desk.languages,
            StickFinder([folder.root], mounted_media if wishes.lesson is None else tuple),
            has_lock=False,
        )
        yield InventedDesk(
            app,
            bridge,
            scanner,
            Chair(camera),
            station,
            services,
            controller,
            equipment,
            room_control,
            desk,
            folder,
        )


def _controller(station: OpenStation, desk: OperatorDesk) -> DeskController:
    header = station.header
    return DeskController(
        station.runner,
        desk,
        Presenter(header.policy, station.voters, local, header.ballots),
        precinct=header.precinct,
        place=header.place,
        now=utc_now,
        is_simulated=station.is_scanner_simulated,
    )
