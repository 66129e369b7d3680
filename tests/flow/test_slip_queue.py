"""Slips are printed beside the desk's work, none is lost, and what may be doubled says so."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from station_app.devices.printers.escpos import EscposRasterPrinter
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.domain.entries import (
    DayClosed,
    DayPaused,
    DeviceLost,
    DeviceReturned,
    PaperMade,
    SlipFailed,
    SlipPrinted,
)
from station_app.domain.entry_codes import PauseReason, PrintedTo
from station_app.domain.errors import KnownError
from station_app.domain.slips import HeadSlip, Printing, Slip, SlipImage, SlipMark
from station_app.papers.slip import draw_slip
from tests.flow.slip_desk import PLACE, WIDTH, SlipDesk

PRINTER, FOLDER = PrintedTo.PRINTER, PrintedTo.FOLDER


@pytest.fixture
def desk(tmp_path: Path, qapp: QGuiApplication) -> Iterator[SlipDesk]:
    made = SlipDesk(tmp_path)
    made.open_day()
    yield made
    made.end()


class HeldPrinter(EscposRasterPrinter):
    """Prints, and then does not come back before it may."""

    def __init__(self, settings: EscposSettings) -> None:
        super().__init__(settings)
        self.may_return = threading.Event()

    def print_slip(self, image: SlipImage, name: str) -> None:
        super().print_slip(image, name)
        self.may_return.wait(60)


def marks(desk: SlipDesk) -> list[tuple[int, SlipMark]]:
    return [(slip.entry, slip.mark) for slip in desk.drawn if isinstance(slip, Slip)]


def test_who_is_identified_gets_a_slip(desk: SlipDesk) -> None:
    desk.queue.start()
    entry = desk.identify(7)
    desk.until_printed(1)
    (slip,) = desk.drawn
    assert isinstance(slip, Slip)
    assert (slip.entry, slip.list_number, slip.page, slip.line) == (entry, 7, 3, 7)
    assert slip.name == "Токтоналиева А. К."
    assert slip.head.startswith(f"{entry} ")
    assert desk.papers == [draw_slip(slip, WIDTH, PLACE)]
    assert desk.entries(SlipPrinted, SlipFailed) == [SlipPrinted(entry, 1, PRINTER)]
    assert [status.printing for status in desk.told] == [Printing.PRINTING, Printing.READY]
    assert desk.told[0].entry == entry


def test_slips_come_in_the_order_of_the_identifications(desk: SlipDesk) -> None:
    entries = [desk.identify(voter) for voter in (3, 1, 2)]
    desk.queue.start()
    desk.until_printed(3)
    assert [number for number, _ in marks(desk)] == entries


def test_what_was_identified_before_a_restart_is_printed_with_a_warning(
    tmp_path: Path, qapp: QGuiApplication
) -> None:
    before = SlipDesk(tmp_path)
    before.open_day()
    printed, unprinted = before.identify(1), before.identify(2)
    before.write(SlipPrinted(printed, 1, PRINTER))
    before.end()
    after = SlipDesk(tmp_path)
    after.queue.start()
    after.until_printed(1)
    entry = after.identify(3)
    after.until_printed(2)
    assert marks(after) == [(unprinted, SlipMark.AFTER_FAULT), (entry, SlipMark.NONE)]
    after.end()


def test_a_crash_between_printing_and_writing_prints_twice_and_says_so(
    tmp_path: Path, qapp: QGuiApplication
) -> None:
    held = HeldPrinter(EscposSettings(str(tmp_path / "lp0"), WIDTH))
    before = SlipDesk(tmp_path, held)
    before.open_day()
    before.queue.start()
    entry = before.identify(4)
    before.until(lambda: bool(before.papers))
    held.may_return.set()
    before.end(with_a_crash=True)
    after = SlipDesk(tmp_path)
    assert after.entries(SlipPrinted) == []
    after.queue.start()
    after.until_printed(1)
    assert marks(before) == [(entry, SlipMark.NONE)]
    assert marks(after) == [(entry, SlipMark.AFTER_FAULT)]
    assert after.entries(SlipPrinted) == [SlipPrinted(entry, 1, PRINTER)]
    after.end()


def test_without_paper_slips_wait_and_the_fault_is_told_once(desk: SlipDesk) -> None:
    desk.machine.run_out_of_paper()
    desk.queue.start()
    first = desk.identify(1)
    second = desk.identify(2)
    desk.until(lambda: desk.queue.status.waiting == 2)
    assert desk.queue.status.printing is Printing.WAITING
    assert desk.queue.status.reason == "printer_paper_out"
    desk.bridge.run(lambda: False, 0.6)  # it has looked again by then
    assert desk.entries(SlipFailed) == [SlipFailed(first, "printer_paper_out")]
    desk.machine.load_paper()
    desk.until_printed(2)
    # Nothing had been sent: nobody can have a slip already.
    assert marks(desk) == [(first, SlipMark.NONE), (second, SlipMark.NONE)]
    assert len(desk.entries(SlipPrinted)) == 2


def test_a_slip_that_was_torn_is_printed_again_with_a_warning(desk: SlipDesk) -> None:
    desk.machine.run_out_of_paper(after_rows=100)
    desk.queue.start()
    entry = desk.identify(1)
    desk.until(lambda: desk.queue.status.reason == "printer_paper_out")
    desk.machine.load_paper()
    desk.until(lambda: bool(desk.entries(SlipPrinted)))
    assert marks(desk) == [(entry, SlipMark.NONE), (entry, SlipMark.AFTER_FAULT)]
    assert desk.papers[-1] == draw_slip(desk.drawn[-1], WIDTH, PLACE)
    assert desk.entries(SlipPrinted) == [SlipPrinted(entry, 1, PRINTER)]


def test_a_printer_that_is_unplugged_is_an_incident(desk: SlipDesk) -> None:
    desk.queue.start()
    desk.identify(1)
    desk.until_printed(1)
    desk.machine.unplug()
    desk.until(lambda: desk.queue.status.reason == "printer_lost")
    entry = desk.identify(2)
    desk.until(lambda: desk.queue.status.waiting == 1)
    desk.machine.plug_in()
    desk.until_printed(2)
    found = desk.entries(DeviceLost, DeviceReturned, SlipFailed)
    assert found == [
        DeviceLost(None, "printer"),
        SlipFailed(entry, "printer_lost"),
        DeviceReturned(None, "printer"),
    ]


def test_a_copy_is_marked_and_counted_and_comes_first(desk: SlipDesk) -> None:
    desk.queue.start()
    entry = desk.identify(1)
    desk.until_printed(1)
    desk.machine.open_cover()
    waiting = desk.identify(2)
    desk.until(lambda: desk.queue.status.reason == "printer_cover_open")
    desk.queue.reprint(entry)
    desk.queue.reprint(entry)  # the key was pressed twice
    desk.until(lambda: desk.queue.status.waiting == 2)
    desk.machine.close_cover()
    desk.until_printed(3)
    assert marks(desk) == [
        (entry, SlipMark.NONE),
        (entry, SlipMark.COPY),
        (waiting, SlipMark.NONE),
    ]
    assert desk.entries(SlipPrinted) == [
        SlipPrinted(entry, 1, PRINTER),
        SlipPrinted(entry, 2, PRINTER),
        SlipPrinted(waiting, 1, PRINTER),
    ]


def test_what_does_not_stand_has_no_slip(desk: SlipDesk) -> None:
    entry = desk.identify(1)
    desk.void(entry, 1)
    desk.queue.start()
    desk.queue.reprint(entry)
    desk.queue.reprint(12345)
    again = desk.identify(1)
    desk.until_printed(1)
    desk.bridge.run(lambda: False, 0.2)
    assert [number for number, _ in marks(desk)] == [again]


def test_the_head_is_printed_when_asked_for_and_written_down(desk: SlipDesk) -> None:
    desk.identify(1)
    desk.queue.print_head()
    desk.queue.start()
    desk.until(lambda: bool(desk.entries(PaperMade)))
    (slip,) = (one for one in desk.drawn if isinstance(one, HeadSlip))
    assert slip.identified == 1
    assert slip.head.size == 4
    assert isinstance(desk.drawn[0], HeadSlip)
    desk.until(lambda: bool(desk.entries(SlipPrinted)))
    desk.bridge.run(lambda: False, 0.2)
    assert len(desk.entries(PaperMade)) == 1


def test_once_the_day_is_closed_only_heads_are_printed(desk: SlipDesk) -> None:
    desk.queue.start()
    entry = desk.identify(1)
    desk.until(lambda: bool(desk.entries(SlipPrinted)))
    desk.write(DayClosed(1, 9, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, "chair-1", "member-1"))
    desk.queue.reprint(entry)
    desk.queue.print_head()
    desk.until(lambda: bool(desk.entries(PaperMade)))
    desk.bridge.run(lambda: False, 0.3)
    assert [type(slip) for slip in desk.drawn] == [Slip, HeadSlip]


def test_a_voter_of_another_list_still_gets_the_number(desk: SlipDesk) -> None:
    desk.queue.start()
    desk.identify(901)
    desk.until_printed(1)
    (slip,) = desk.drawn
    assert isinstance(slip, Slip)
    assert (slip.list_number, slip.page, slip.name) == (901, 0, "")


def test_a_list_that_cannot_be_read_makes_slips_wait(desk: SlipDesk) -> None:
    desk.list_fault = KnownError("list_damaged", "It is damaged.")
    desk.queue.start()
    entry = desk.identify(1)
    desk.until(lambda: desk.queue.status.reason == "list_damaged")
    assert desk.entries(SlipFailed) == [SlipFailed(entry, "list_damaged")]
    desk.list_fault = None
    desk.until_printed(1)


def test_a_journal_that_takes_nothing_does_not_print_a_slip_twice(
    desk: SlipDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.queue.start()
    entry = desk.identify(1)
    append = desk.journal.append

    def full(_: object) -> None:
        raise KnownError("disk_full", "The disk is full.")

    monkeypatch.setattr(desk.journal, "append", full)
    desk.until(lambda: desk.queue.status.reason == "disk_full")
    desk.bridge.run(lambda: False, 0.6)
    monkeypatch.setattr(desk.journal, "append", append)
    desk.bridge.run(lambda: False, 0.6)
    assert desk.entries(SlipPrinted) == [], "nobody has mended it"
    desk.on_lane(desk.recorder.resume)
    desk.until(lambda: bool(desk.entries(SlipPrinted)))
    desk.until(lambda: desk.queue.status.printing is Printing.READY)
    assert len(desk.papers) == 1
    assert desk.entries(SlipPrinted) == [SlipPrinted(entry, 1, PRINTER)]


def test_a_desk_that_is_locked_in_a_slip_writes_it_down(
    tmp_path: Path, qapp: QGuiApplication
) -> None:
    held = HeldPrinter(EscposSettings(str(tmp_path / "lp0"), WIDTH))
    before = SlipDesk(tmp_path, held)
    before.open_day()
    before.queue.start()
    entry = before.identify(4)
    before.until(lambda: bool(before.papers))
    held.may_return.set()
    before.queue.stop()
    before.end()
    after = SlipDesk(tmp_path)
    assert after.entries(SlipPrinted) == [SlipPrinted(entry, 1, PRINTER)]
    after.end()


@pytest.mark.parametrize("waits", [True, False])
def test_a_desk_that_is_locked_in_a_head_slip_writes_it_down_once(
    tmp_path: Path, qapp: QGuiApplication, *, waits: bool
) -> None:
    held = HeldPrinter(EscposSettings(str(tmp_path / "lp0"), WIDTH))
    before = SlipDesk(tmp_path, held)
    before.open_day()
    before.queue.start()
    before.queue.print_head()
    before.until(lambda: bool(before.papers))
    held.may_return.set()
    if waits:
        before.until(lambda: bool(before.entries(PaperMade)))
    before.end()
    after = SlipDesk(tmp_path)
    assert len(after.entries(PaperMade)) == 1
    after.end()


def test_a_desk_that_is_locked_on_a_full_disk_prints_again(
    tmp_path: Path, qapp: QGuiApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = HeldPrinter(EscposSettings(str(tmp_path / "lp0"), WIDTH))
    before = SlipDesk(tmp_path, held)
    before.open_day()
    before.queue.start()
    before.identify(4)
    before.until(lambda: bool(before.papers))

    def full(_: object) -> None:
        raise KnownError("disk_full", "The disk is full.")

    monkeypatch.setattr(before.journal, "append", full)
    held.may_return.set()
    before.end()
    after = SlipDesk(tmp_path)
    assert after.entries(SlipPrinted) == []
    after.end()


def test_after_the_end_nothing_is_printed(desk: SlipDesk) -> None:
    desk.queue.start()
    entry = desk.identify(1)
    desk.until_printed(1)
    desk.queue.stop()
    desk.queue.stop()
    desk.queue.reprint(entry)
    desk.queue.print_head()
    desk.bridge.run(lambda: False, 0.3)
    assert len(desk.papers) == 1


def test_a_roll_that_ends_soon_is_told(desk: SlipDesk) -> None:
    desk.machine.load_paper(is_low=True)
    desk.queue.start()
    desk.until(lambda: desk.queue.status.is_paper_low)
    assert desk.queue.status.printing is Printing.READY


def test_entries_of_other_kinds_do_not_wake_it(desk: SlipDesk) -> None:
    desk.queue.start()
    desk.write(DayPaused(PauseReason.OTHER, "chair-1"))
    desk.bridge.run(lambda: False, 0.2)
    assert desk.papers == []


def test_slips_in_a_folder_bear_no_name(tmp_path: Path, qapp: QGuiApplication) -> None:
    folder = tmp_path / "slips"
    desk = SlipDesk(tmp_path, FolderPrinter(folder, WIDTH))
    desk.open_day()
    desk.queue.start()
    entry = desk.identify(1)
    desk.until(lambda: bool(desk.entries(SlipPrinted)))
    desk.queue.reprint(entry)
    desk.until(lambda: len(desk.entries(SlipPrinted)) == 2)
    assert {file.name for file in folder.iterdir()} == {
        f"slip-{entry:06d}.pdf",
        f"slip-{entry:06d}-copy-2.pdf",
    }
    assert all(isinstance(slip, Slip) and not slip.name for slip in desk.drawn)
    assert desk.entries(SlipPrinted)[0] == SlipPrinted(entry, 1, FOLDER)
    shutil.rmtree(folder)
    again = desk.identify(2)
    desk.until(lambda: len(desk.entries(SlipPrinted)) == 3)
    assert [file.name for file in folder.iterdir()] == [f"slip-{again:06d}.pdf"]
    desk.end()
