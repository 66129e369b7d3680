"""Screen 10 over a real journal and list, its answers given on the test's thread."""

from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.devices.media import Medium
from station_app.domain.day_log import LogRow
from station_app.domain.errors import KnownError
from station_app.flow.lane import Lane
from station_app.ui.commission.day_log import DayLogView
from station_app.ui.commission.day_log_controller import DayLogController
from station_app.ui.commission.day_log_page import DayLogPage
from station_app.ui.style import Style
from station_app.ui.texts import Texts
from tests.flow.logged_day import LoggedDay


def local(moment: datetime) -> datetime:
    return (moment + timedelta(hours=6)).replace(tzinfo=None)


class LogDesk:
    """A page and its controller; `settle` waits until nothing is under way."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.day = LoggedDay(folder)
        self.files = Lane("files", self.day.bridge, self.day.bugs.append)
        self.exported: list[tuple[Medium, tuple[LogRow, ...]]] = []
        self.export_fault: KnownError | None = None
        self.views: list[DayLogView] = []
        self.page: DayLogPage | None = None
        self.controller = self._new_controller()

    def another_controller(self) -> None:
        """As after the next unlocking."""
        self.controller = self._new_controller()

    def _new_controller(self) -> DayLogController:
        return DayLogController(
            self.day.log,
            self.day.check,
            self.day.bridge,
            self._show,
            people=lambda: {"m1": "A. Bekova"},
            local=local,
            files=self.files,
            export=self._export,
        )

    def open(self, height: int = 712) -> DayLogPage:
        page = DayLogPage(Texts("en"), Style(moving=False), self.controller.view)
        self.qtbot.addWidget(page)
        self.page = page
        self.controller.attach(page)
        page.resize(1158, height)
        page.show()
        page.activateWindow()
        self.qtbot.waitUntil(page.isActiveWindow)
        page.take_focus()
        self.controller.shown()
        self.settle()
        return page

    def settle(self, seconds: float = 0.12) -> None:
        """Let everything be answered that is under way, timers of up to `seconds` too."""
        quiet = 0.0
        while quiet < seconds:
            before = len(self.views)
            for lane in (self.day.journal_lane, self.day.matching_lane, self.files):
                lane.call(lambda: None)  # whatever was asked of it is answered
            self.day.bridge.run(lambda before=before: len(self.views) > before, 0.02)  # type: ignore[misc]
            QApplication.processEvents()
            quiet = 0.0 if len(self.views) > before else quiet + 0.02
        assert self.day.bugs == []

    def close(self) -> None:
        self.files.close()
        self.day.close()

    def _show(self, view: DayLogView) -> None:
        self.views.append(view)
        if self.page is not None:
            self.page.update_view(view)

    def _export(self, stick: Medium, rows: tuple[LogRow, ...]) -> str:
        if self.export_fault is not None:
            raise self.export_fault
        self.exported.append((stick, rows))
        return "day-log.csv"
