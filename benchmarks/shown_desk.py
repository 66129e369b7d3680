"""Opens a station and shows its desk, as the demonstration does."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.flow.open_station import open_station, utc_now
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY
from station_app.ui.main_window import StationWindow
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.pages import Presenter
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.views import StationKind
from station_app.ui.qt_bridge import QtBridge, collect_garbage_here
from station_app.vault import StationFolder


class Stopwatch:
    """Milliseconds between laps, by name."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """The time since the last lap belongs to `name`."""
        now = time.perf_counter()
        self.laps[name] = (now - self._last) * 1000
        self._last = now


@contextmanager
def opened_and_shown(list_path: Path, folder: Path) -> Iterator[dict[str, float]]:
    """Milliseconds by lap until Ready has been painted; the desk is open meanwhile."""
    watch = Stopwatch()
    app = QApplication(sys.argv[:1])
    bridge = QtBridge()
    garbage = collect_garbage_here(bridge)
    watch.lap("QApplication")
    station = open_station(
        StationFolder(folder), list_path, PUBLIC_DEMO_LIST_KEY, SimulatedFingerScanner(), bridge
    )
    watch.lap("station")
    desk = OperatorDesk(language="ky")
    presenter = Presenter(station.header.policy, station.voters, lambda at: at)
    DeskController(station.runner, desk, presenter, precinct="9042", place="", now=utc_now)
    window = StationWindow(desk, None, StationKind.DEMO)
    window.resize(window.sizeHint())
    station.runner.start()
    window.show()
    while not isinstance(desk.view, ReadyView):
        app.processEvents()
    window.grab()
    watch.lap("desk shown")

    yield watch.laps
    station.close()
    garbage.stop()
    window.close()
