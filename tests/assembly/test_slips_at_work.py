"""A real desk with a receipt printer that runs out of paper: nobody waits, no slip is lost."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from station_app.assembly.desk_services import DeskServices, StationEquipment
from station_app.devices.computer import Battery
from station_app.devices.printers.escpos import EscposRasterPrinter
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.domain.entries import Entry, OutcomeVoided, SlipFailed, SlipPrinted
from station_app.domain.entry_codes import PrintedTo, VoidReason
from station_app.domain.slips import SlipImage
from station_app.flow.open_station import local, utc_now
from station_app.ui.operator.controller import DeskController
from station_app.ui.operator.notice import BlockedView
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import IdentifiedView
from station_app.ui.operator.verdict_page import SlipRow
from station_app.ui.qt_bridge import QtBridge
from station_app.ui.widgets.top_bar import ChipLevel, ChipView
from tests.assembly.desk_at_work import PATIENCE_MS, DeskAtWork

F8, ENTER = Qt.Key.Key_F8, Qt.Key.Key_Return
WIDTH = 384


class SlipsAtWork:
    """The desk at work with everything of the day around it, and its printer on the table."""

    def __init__(self, desk: DeskAtWork, folder: Path) -> None:
        self.desk, self.papers = desk, list[SlipImage]()
        self.battery: Battery | None = None
        self.printer = SimulatedPrinter(folder / "lp0", self.papers.append)
        equipment = StationEquipment(
            EscposRasterPrinter(EscposSettings(str(folder / "lp0"), WIDTH), patience=1),
            ("ky", "ru"),
            utc_now,
            local,
            lambda: "en",
            battery=lambda: self.battery,
        )
        controller = desk.desk.findChild(DeskController)
        assert isinstance(controller, DeskController)
        self.services = DeskServices(
            desk.station, desk.folder, equipment, QtBridge(), controller.printer_changed
        )
        self.services.show_on(controller)
        self.services.start()

    def identify(self, row: int) -> None:
        """The voter's finger; the verdict is on the screen then."""
        self.desk.lay_down(row)
        self.desk.sees(IdentifiedView)

    def next_person(self) -> None:
        self.desk.clock.now += 1.1
        self.desk.scanner.lift()
        self.desk.press(ENTER)
        self.desk.sees(ReadyView)

    def until(self, holds: Callable[[], bool]) -> None:
        self.desk.qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    def row(self) -> str:
        """What the row of slips says; empty where there is none."""
        page = self.desk.desk.page
        rows = [] if page is None else page.findChildren(SlipRow)
        return rows[0].accessibleName() if rows else ""

    def chip(self) -> tuple[ChipLevel, str]:
        """The printer in the top bar."""
        page = self.desk.desk.page
        assert page is not None
        assert page.top.printer.view is not None
        return page.top.printer.view.level, page.top.printer.view.words

    def entries(self, *kinds: type[Entry]) -> list[Entry]:
        journal, lane = (
            self.desk.station.opened.recorder.journal,
            self.desk.station.opened.lanes.journal,
        )
        return [one.entry for one in lane.call(lambda: list(journal.look.entries(kinds)))]

    def last_entry(self) -> int:
        entry = self.desk.station.runner.tally.last_standing
        assert entry is not None
        return entry


@pytest.fixture
def slips(at_work: DeskAtWork, tmp_path: Path) -> Iterator[SlipsAtWork]:
    made = SlipsAtWork(at_work, tmp_path)
    with closing(made.printer):
        yield made
        made.services.close()


def test_without_paper_people_are_identified_and_their_slips_come_later(
    slips: SlipsAtWork,
) -> None:
    slips.until(lambda: slips.chip()[0] is ChipLevel.OK)
    slips.identify(0)
    slips.until(lambda: slips.row() == "Slip printed.")
    first = slips.last_entry()
    slips.next_person()

    slips.printer.run_out_of_paper()
    slips.identify(1)
    slips.until(lambda: slips.row().startswith("Put in a new paper roll."))
    waiting = (ChipLevel.WARN, "Slips waiting: 1 · Put in a new paper roll")
    slips.until(lambda: slips.chip() == waiting)
    second = slips.last_entry()
    slips.next_person()
    slips.identify(2)
    slips.until(lambda: slips.chip()[1].startswith("Slips waiting: 2"))
    third = slips.last_entry()
    assert len(slips.papers) == 1

    slips.printer.load_paper()
    slips.desk.press(F8)
    slips.until(lambda: slips.row() == "Slip printed.")
    slips.until(lambda: slips.chip() == (ChipLevel.OK, "The slip printer is ready"))
    assert len(slips.papers) == 3
    to = PrintedTo.PRINTER
    assert slips.entries(SlipPrinted) == [SlipPrinted(one, 1, to) for one in (first, second, third)]
    assert slips.entries(SlipFailed) == [SlipFailed(second, "printer_paper_out")]


def test_a_copy_of_the_verdict_on_the_screen_and_of_the_last_one(slips: SlipsAtWork) -> None:
    slips.identify(0)
    slips.until(lambda: slips.row() == "Slip printed.")
    entry = slips.last_entry()
    slips.desk.press(F8)
    slips.until(lambda: len(slips.papers) == 2)
    slips.next_person()
    slips.until(lambda: slips.services.slips.status.waiting == 0)
    slips.desk.press(F8)
    slips.until(lambda: len(slips.papers) == 3)
    slips.until(lambda: slips.services.slips.status.waiting == 0)
    made = [SlipPrinted(entry, copy, PrintedTo.PRINTER) for copy in (1, 2, 3)]
    assert slips.entries(SlipPrinted) == made


def test_no_copy_of_a_void_identification(slips: SlipsAtWork) -> None:
    slips.identify(0)
    slips.until(lambda: slips.row() == "Slip printed.")
    slips.next_person()
    entry, voter = slips.last_entry(), slips.desk.people.voters[0]
    void = OutcomeVoided(
        entry, voter.voter_id, voter.list_number, VoidReason.OTHER, "sadyrova", "ismailova"
    )
    opened = slips.desk.station.opened
    opened.lanes.journal.call(lambda: opened.recorder.append(void))
    slips.until(lambda: slips.desk.station.runner.tally.last_standing is None)
    slips.desk.press(F8)
    slips.desk.qtbot.wait(300)
    assert len(slips.papers) == 1
    page = slips.desk.desk.page
    assert page is not None
    assert "F8" not in {key.value.cap for key in page.keys.buttons}


def test_a_battery_that_ends_blocks_the_desk_until_the_charger_is_there(slips: SlipsAtWork) -> None:
    slips.battery = Battery(5, is_charging=False, minutes=9)
    slips.services.woke_up()
    assert slips.desk.sees(BlockedView).code == "battery_empty"
    assert slips.desk.desk.page is not None
    said = slips.desk.desk.page.top.battery.view
    assert said == ChipView(ChipLevel.FAULT, "Battery 5%: charge now")
    slips.battery = Battery(5, is_charging=True, minutes=None)
    slips.services.woke_up()
    slips.desk.qtbot.waitUntil(lambda: slips.desk.desk.page.top.battery.view is None)
    slips.desk.press(ENTER)
    slips.desk.sees(ReadyView)
