"""A real desk on a real station, and a person who has a keyboard and fingers only."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.appends import LoggedOutcome
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage
from station_app.flow.open_station import OpenStation, utc_now
from station_app.journal import Journal, VerifyReport, verify_journal
from station_app.synthetic.precinct import Precinct
from station_app.synthetic.presets import Preset
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.widgets.text_block import TextBlock
from station_app.vault import Signer, StationFolder, load_key

Seen = TypeVar("Seen")

ORIGIN = "station-app/demo/demo"
PATIENCE_MS = 60_000


class HandClock:
    """Monotonic seconds of the desk, which pass only when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class DeskAtWork:
    """What the person at the desk can do and see."""

    qtbot: QtBot
    people: Precinct
    scanner: SimulatedFingerScanner
    station: OpenStation
    desk: OperatorDesk
    clock: HandClock
    folder: StationFolder
    is_open: bool = True

    def leave(self) -> None:
        """Close the station, once."""
        if self.is_open:
            self.is_open = False
            self.station.close()

    def press(self, *keys: Qt.Key) -> None:
        """Press keys on whatever has the keyboard."""
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.desk, key)
            QApplication.processEvents()

    def write(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or self.desk, text)

    def lay_down(
        self, row: int, number: int = 1, position: FingerPosition = FingerPosition.RIGHT_INDEX
    ) -> None:
        """The finger of the voter in `row` on the glass, after the one before it."""
        image = self.people.impression(row, position, number, Preset.GOOD)
        self.lay_down_image(image)

    def lay_down_image(self, image: FingerImage) -> None:
        self.scanner.lift()
        self.scanner.place(lambda: image)

    def sees(self, kind: type[Seen]) -> Seen:
        """Wait until the desk shows a view of this kind."""
        self.qtbot.waitUntil(lambda: isinstance(self.desk.view, kind), timeout=PATIENCE_MS)
        view = self.desk.view
        assert isinstance(view, kind)
        return view

    def words(self) -> str:
        """Everything written on the screen."""
        assert self.desk.page is not None
        return " ".join(block.text() for block in self.desk.page.findChildren(TextBlock))

    def outcomes(self, copy: Path) -> list[LoggedOutcome]:
        """What the journal holds at this moment, oldest first: read from a copy of its files."""
        # A head that is just being written exists for a moment under another name.
        shutil.copytree(self.folder.root, copy, ignore=shutil.ignore_patterns("*.new"))
        return outcomes_of(StationFolder(copy))


def outcomes_of(folder: StationFolder) -> list[LoggedOutcome]:
    """Every outcome of a journal that nobody has open, oldest first."""
    signer = Signer(load_key(folder.signing_key))
    journal = Journal.open(folder.journal, load_key(folder.journal_key), signer, ORIGIN, utc_now)
    logged = journal.look.day_outcomes()
    journal.close()
    return list(logged)


def report_of(folder: StationFolder) -> VerifyReport:
    """The whole check of a closed journal."""
    public_key = Signer(load_key(folder.signing_key)).public_key
    return verify_journal(folder.journal, load_key(folder.journal_key), public_key)
