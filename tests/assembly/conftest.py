"""A small list for all tests, and a desk at work on it."""

import gc
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.assembly.program_log import keep_log
from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.fingers import FingerPosition
from station_app.flow.open_station import open_station, utc_now
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.training.lists import build_precinct_list
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.pages import Presenter
from station_app.ui.operator.ready import ReadyView
from station_app.ui.qt_bridge import QtBridge, collect_garbage_here
from station_app.vault import StationFolder
from tests.assembly.command_runs import write_finger_folder
from tests.assembly.desk_at_work import DeskAtWork, HandClock
from tests.assembly.door_at_work import open_the_day

FINGERS = (FingerPosition.RIGHT_INDEX,)


@pytest.fixture(autouse=True, scope="session")
def _station_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the programs started here keep of their own goes to a folder of the tests'."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STATION_APP_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture
def kept_log(tmp_path: Path) -> Iterator[Path]:
    """The folder that the program's log is written to, in this test alone."""
    root, ours = logging.getLogger(), logging.getLogger("station_app")
    handlers, level = root.handlers[:], ours.level
    keep_log(tmp_path / "log")
    yield tmp_path / "log"
    root.handlers[:] = handlers
    ours.setLevel(level)


@pytest.fixture(scope="session")
def people() -> Precinct:
    """Twelve invented voters with their right index fingers."""
    return invent_precinct(12, 77, FINGERS)


@pytest.fixture(scope="session")
def small_list(tmp_path_factory: pytest.TempPathFactory, people: Precinct) -> Path:
    """Their demo list."""
    path = tmp_path_factory.mktemp("lists") / "small.vlist"
    build_precinct_list(path, people)
    return path


@pytest.fixture(scope="session")
def _open_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that asks for `opened_station` leaves it for the others."""
    return tmp_path_factory.mktemp("open_day") / "kept"


@pytest.fixture
def opened_station(
    _open_day: Path, tmp_path: Path, small_list: Path, qtbot: QtBot
) -> StationFolder:
    """The locked station `station` in `tmp_path`, its training day open; its stick is beside it."""
    if not _open_day.exists():
        making = _open_day.with_name("making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        open_the_day(making, small_list, qtbot)
        making.rename(_open_day)
    shutil.copytree(_open_day, tmp_path, dirs_exist_ok=True)
    return StationFolder(tmp_path / "station")


@pytest.fixture(scope="session")
def finger_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three invented fingers with three impressions each, named as in the FVC."""
    folder = tmp_path_factory.mktemp("fingers")
    write_finger_folder(folder, fingers=3, impressions=3)
    return folder


@pytest.fixture
def at_work(
    qtbot: QtBot, tmp_path: Path, small_list: Path, people: Precinct
) -> Iterator[DeskAtWork]:
    """An open station whose desk is shown, active and ready."""
    folder = StationFolder(tmp_path / "station")
    bridge, clock = QtBridge(), HandClock()
    garbage = collect_garbage_here(bridge)
    scanner = SimulatedFingerScanner(frames=5, seconds=0.15)
    station = open_station(folder, small_list, PUBLIC_DEMO_LIST_KEY, scanner, bridge)
    desk = OperatorDesk(language="en", clock=clock, moving=False)
    qtbot.addWidget(desk)
    presenter = Presenter(station.header.policy, station.voters, lambda at: at)
    DeskController(station.runner, desk, presenter, precinct="9042", place="", now=utc_now)
    desk.resize(1366, 768)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    station.runner.start()
    work = DeskAtWork(qtbot, people, scanner, station, desk, clock, folder)
    work.sees(ReadyView)
    yield work
    work.leave()
    QApplication.processEvents()
    garbage.stop()
    gc.enable()
