"""What the desk says of its slip printer and of the second copy, and its key for slips."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from station_app.domain.day import DayState
from station_app.domain.documents import ReaderStatus
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.errors import READER_CODES
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import Finger
from station_app.domain.session_states import Blocked, Idle, Resting, State, WaitingForScanner
from station_app.domain.slips import PRINTER_CODES, PrinterStatus, Printing
from station_app.flow.mirroring import (
    CATCHING_UP,
    MirrorBehind,
    MirrorOff,
    MirrorState,
    MirrorUpToDate,
)
from station_app.languages import language_codes, language_of
from station_app.ui.operator.desk import OperatorDesk
from station_app.ui.operator.devices import (
    DevicesView,
    ScannerState,
    SlipStage,
    SlipView,
    device_pages,
    mirror_chip,
    printer_chip,
    reader_chip,
    scanner_chip,
    scanner_state,
    slip_view,
)
from station_app.ui.operator.notice import BlockedView, RestingView
from station_app.ui.operator.page import View
from station_app.ui.operator.ready import ReadyView
from station_app.ui.operator.verdict import IdentifiedView, MismatchView
from station_app.ui.operator.verdict_page import SlipRow, VerdictPage
from station_app.ui.operator.views import DayView, LastOutcome, LastRow, TopBarView, VoterCard
from station_app.ui.texts import Texts
from station_app.ui.widgets.text_block import TextBlock
from station_app.ui.widgets.top_bar import ChipLevel, ChipView, DeviceChip
from tests.ui.samples.desk import sample_commission

EN = Texts("en")
VOTER = VoterCard(612, "Toktonalieva", "Aizharkyn", "f", "12.04.1991", "Bishkek", 31, 12, b"png")
OUT = PrinterStatus(Printing.WAITING, 2, 0, "printer_paper_out")
WELL = PrinterStatus(Printing.READY)
DAY = DayView(1, 300, (LastRow("11:41", LastOutcome.IDENTIFIED, 612),))
READY = ReadyView(FingerPosition.RIGHT_INDEX, DAY)


def top(printer: PrinterStatus | None, mirror: MirrorState | None = None) -> TopBarView:
    return TopBarView("7042", "School", "11:42", devices=DevicesView(printer, mirror))


def chips(desk: OperatorDesk) -> list[ChipView | None]:
    assert desk.page is not None
    return [chip.view for chip in desk.page.findChildren(DeviceChip) if chip.isVisible()]


def words(widget: QWidget) -> list[str]:
    return [one.text() for one in widget.findChildren(TextBlock) if one.isVisible()]


def presses(desk: OperatorDesk) -> list[bool]:
    pressed: list[bool] = []
    desk.slip_pressed.connect(lambda: pressed.append(True))
    return pressed


@pytest.mark.parametrize(
    ("status", "level", "said"),
    [
        (WELL, ChipLevel.OK, "The slip printer is ready"),
        (PrinterStatus(Printing.PRINTING, 1, 7), ChipLevel.BUSY, "A slip is being printed"),
        (OUT, ChipLevel.WARN, "Slips waiting: 2 · Put in a new paper roll"),
        (replace(OUT, waiting=0), ChipLevel.WARN, "Put in a new paper roll"),
        (replace(WELL, is_paper_low=True), ChipLevel.WARN, "Little paper is left"),
        (replace(OUT, reason="disk_full"), ChipLevel.WARN, "Slips waiting: 2 · No slip comes out"),
    ],
)
def test_the_printers_chip(status: PrinterStatus, level: ChipLevel, said: str) -> None:
    assert printer_chip(EN, status) == ChipView(level, said)


@pytest.mark.parametrize(
    ("state", "level"),
    [
        (MirrorUpToDate(9), ChipLevel.OK),
        (MirrorBehind(0, CATCHING_UP, 9), ChipLevel.BUSY),
        (MirrorBehind(4, "mirror_missing", 9), ChipLevel.WARN),
    ],
)
def test_the_second_copys_chip(state: MirrorState, level: ChipLevel) -> None:
    chip = mirror_chip(EN, state)
    assert chip is not None
    assert chip.level is level


def test_a_station_without_printer_or_second_copy_has_no_such_chip() -> None:
    assert (printer_chip(EN, None), mirror_chip(EN, None), mirror_chip(EN, MirrorOff())) == (
        None,
    ) * 3
    for status in (WELL, PrinterStatus(Printing.PRINTING, 1, 7)):
        assert printer_chip(EN, status, PrintedTo.FOLDER) is None, "files are no printer"
    assert printer_chip(EN, OUT, PrintedTo.FOLDER) is not None, "a full disk is said"
    assert printer_chip(EN, PrinterStatus(Printing.UNKNOWN)) is None, "nobody has asked it"


@pytest.mark.parametrize(
    ("state", "known"),
    [
        (Idle(1, 1, Finger(FingerPosition.RIGHT_INDEX)), ScannerState.ARMED),
        (WaitingForScanner(1, 1), ScannerState.LOST),
        (Resting(1, 1, DayState.BEFORE), ScannerState.UNKNOWN),
        (Resting(1, 1, DayState.PAUSED, scanner_lost=True), ScannerState.LOST),
        (Blocked(1, 1, "disk_full"), ScannerState.UNKNOWN),
    ],
)
def test_of_a_scanner_that_nobody_asks_nothing_is_said(state: State, known: ScannerState) -> None:
    assert scanner_state(state) is known
    chip = scanner_chip(EN, known, is_simulated=False)
    assert (None if chip is None else chip.level) == {
        ScannerState.ARMED: ChipLevel.OK,
        ScannerState.LOST: ChipLevel.FAULT,
    }.get(known)


def test_a_simulated_scanner_says_that_it_is_one() -> None:
    chip = scanner_chip(EN, ScannerState.ARMED, is_simulated=True)
    assert chip == ChipView(ChipLevel.OK, "Simulated scanner: no real finger is read")


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        (WELL, SlipStage.PRINTING),  # the queue has not looked yet
        (PrinterStatus(Printing.PRINTING, 2, 6), SlipStage.PRINTING),
        (PrinterStatus(Printing.PRINTING, 1, 7), SlipStage.PRINTING),
        (replace(WELL, printed=7), SlipStage.PRINTED),
        (PrinterStatus(Printing.PRINTING, 1, 7, printed=7), SlipStage.PRINTING),  # a copy
        (replace(OUT, printed=6), SlipStage.WAITING),
        (replace(OUT, printed=7), SlipStage.PRINTED),
    ],
)
def test_how_far_the_slip_on_the_screen_is(status: PrinterStatus, stage: SlipStage) -> None:
    assert slip_view(status, 7).stage is stage


@pytest.mark.parametrize("code", PRINTER_CODES)
@pytest.mark.parametrize("language", language_codes())
def test_every_fault_of_the_printer_has_its_order(language: str, code: str) -> None:
    texts = Texts(language)
    chip = printer_chip(texts, PrinterStatus(Printing.WAITING, 0, 0, code))
    assert chip is not None
    assert chip.words != texts("slip.other")


def test_the_chips_follow_the_devices(desk: OperatorDesk) -> None:
    desk.set_slips(PrintedTo.PRINTER)
    desk.set_top(top(None))
    desk.show_view(READY)
    assert len(chips(desk)) == 1, "the scanner alone"
    for view in (READY, IdentifiedView(VOTER)):
        desk.show_view(view)
        desk.set_top(top(OUT, MirrorBehind(4, "mirror_missing", 9)))
        assert [chip and chip.level for chip in chips(desk)] == ["ok", "warn", "warn"]
        desk.set_top(top(WELL, MirrorUpToDate(9)))
        QApplication.processEvents()
        assert [chip and chip.level for chip in chips(desk)] == ["ok", "ok", "ok"]


def test_the_place_gives_way_to_what_devices_say(desk: OperatorDesk) -> None:
    place = "School No. 12 of the town of Kara-Balta, second building, first floor"
    bar = replace(top(WELL), place=place)
    desk.show_view(READY)
    desk.set_top(bar)
    QApplication.processEvents()
    assert desk.page is not None
    assert place in words(desk.page.top)
    both = DevicesView(OUT, MirrorBehind(4, "mirror_missing", 9))
    desk.set_top(replace(bar, devices=both))
    QApplication.processEvents()
    assert words(desk.page.top) == ["Precinct 7042", "11:42"]
    desk.set_top(bar)
    assert place in words(desk.page.top)


def test_the_row_follows_the_slip_and_the_verdict_stays(desk: OperatorDesk) -> None:
    desk.set_slips(PrintedTo.PRINTER)
    desk.show_view(IdentifiedView(VOTER))
    page = desk.page
    assert page is not None
    (row,) = page.findChildren(SlipRow)
    assert words(row) == []
    for slip, said in (
        (SlipView(SlipStage.PRINTING), ["Slip is printing"]),
        (SlipView(SlipStage.PRINTED), ["Slip printed"]),
        (SlipView(SlipStage.PRINTED), ["Slip printed"]),
        (
            SlipView(SlipStage.WAITING, "printer_paper_out"),
            ["Put in a new paper roll", "The identification is valid. F8 prints the slip later."],
        ),
    ):
        desk.show_slip(slip)
        QApplication.processEvents()
        assert words(row) == said
        assert isinstance(page, VerdictPage)
        handed = slip.stage is SlipStage.PRINTED
        assert ("Hand over the slip" in page.band.accessibleName()) is handed
        assert row.accessibleName().startswith(f"{said[0]}.")
    assert desk.page is page
    assert "IDENTIFIED" in page.accessibleName().upper()
    desk.set_language("ru")
    assert desk.page is not None
    QApplication.processEvents()
    assert words(desk.page.findChildren(SlipRow)[0])[0] == "Вставьте новый рулон"


def test_slips_that_become_files_are_not_handed_over(desk: OperatorDesk) -> None:
    desk.set_slips(PrintedTo.FOLDER)
    desk.show_slip(SlipView(SlipStage.PRINTED))
    desk.show_view(IdentifiedView(VOTER))
    assert desk.page is not None
    assert "Slip saved in the station’s folder" in words(desk.page)
    view = IdentifiedView(VOTER)
    assert view.line(EN, has_slip=False) == "Compare the photo and the list number."
    assert view.line(EN, has_slip=True) == "Compare the photo. Hand over the slip."


@pytest.mark.parametrize(
    ("view", "leads"),
    [
        (READY, True),
        (IdentifiedView(VOTER), True),
        (replace(READY, day=DayView(0, 300)), False),
        (
            replace(READY, day=DayView(0, 300, (LastRow("1", LastOutcome.VOID, 6), *DAY.last))),
            False,
        ),
        (replace(READY, day=DayView(0, 300, (LastRow("1", LastOutcome.ALREADY), *DAY.last))), True),
        (RestingView(DayState.CLOSED, DAY), False),
    ],
)
def test_the_key_is_there_where_a_slip_is(desk: OperatorDesk, view: View, leads: bool) -> None:
    pressed = presses(desk)
    desk.show_view(view)
    QTest.keyClick(desk, Qt.Key.Key_F8)
    assert pressed == [], "a desk without slips has no such key"
    desk.set_slips(PrintedTo.PRINTER)
    QTest.keyClick(desk, Qt.Key.Key_F8)
    assert pressed == [True] * leads


def test_no_slip_of_a_photo_that_does_not_match(desk: OperatorDesk) -> None:
    pressed = presses(desk)
    desk.set_commission(sample_commission())
    desk.set_slips(PrintedTo.PRINTER)
    desk.show_view(MismatchView(1, VOTER))
    QTest.keyClick(QApplication.focusWidget() or desk, Qt.Key.Key_F8)
    assert pressed == []
    assert desk.findChildren(SlipRow) == []


def test_help_begins_with_what_is_wrong(desk: OperatorDesk) -> None:
    assert device_pages(DevicesView(WELL, MirrorBehind(0, CATCHING_UP, 9))) == ()
    assert device_pages(DevicesView(None, MirrorOff())) == ()
    both = DevicesView(OUT, MirrorBehind(4, "mirror_full", 9))
    assert device_pages(both) == ("printer_paper_out", "mirror_full")
    desk.set_top(top(OUT))
    desk.show_view(READY)
    QTest.keyClick(desk, Qt.Key.Key_F1)
    lines = language_of("en").help_lines("printer_paper_out")
    assert lines is not None
    assert set(lines) <= set(words(desk))


def test_nothing_is_said_to_be_saved_where_the_journal_is_an_old_copy(desk: OperatorDesk) -> None:
    desk.show_view(BlockedView("journal_rolled_back", DAY, last_saved=612))
    said = " ".join(words(desk))
    assert "The second copy is of another journal" in said
    assert "It is not known what is still saved" in said
    assert "is saved." not in said
    assert "journal_rolled_back" not in said


@pytest.mark.parametrize(
    ("devices", "level", "said"),
    [
        (DevicesView(reader=ReaderStatus()), ChipLevel.OK, "The document reader is ready"),
        (
            DevicesView(reader=ReaderStatus("document_reader_lost")),
            ChipLevel.WARN,
            "Plug the document reader in",
        ),
        (
            DevicesView(reader=ReaderStatus("card_service_missing"), document="misread"),
            ChipLevel.WARN,
            "Documents are not read: type the PIN",
        ),
        (
            DevicesView(reader=ReaderStatus(), document="misread"),
            ChipLevel.WARN,
            "Document misread: show it again",
        ),
    ],
)
def test_the_document_readers_chip(devices: DevicesView, level: ChipLevel, said: str) -> None:
    assert reader_chip(EN, devices) == ChipView(level, said)
    assert reader_chip(EN, DevicesView(document="misread")) is None, "no reader was asked yet"


def test_help_names_the_document_reader() -> None:
    assert device_pages(DevicesView(reader=ReaderStatus("document_reader_fault"))) == (
        "document_reader_fault",
    )
    assert device_pages(DevicesView(reader=ReaderStatus())) == ()


def test_words_give_way_to_signs_where_the_bar_is_full(desk: OperatorDesk) -> None:
    """The second copy's first; a chip still says its words to who listens."""
    desk.resize(1280, 720)
    desk.show_view(READY)
    full = DevicesView(OUT, MirrorBehind(4, "mirror_missing", 9), ReaderStatus(READER_CODES[0]))
    desk.set_top(replace(top(WELL), devices=full))
    QApplication.processEvents()
    assert desk.page is not None
    bar = desk.page.top
    assert bar.minimumSizeHint().width() <= 1280
    assert bar.mirror.accessibleName() == "The second copy is not being written"
    assert bar.mirror.width() < bar.reader.width()


def test_the_document_may_be_shown_while_a_reader_works(desk: OperatorDesk) -> None:
    desk.show_view(READY)
    for reader, said in (
        (ReaderStatus(), "Show it, or type the PIN"),
        (ReaderStatus(READER_CODES[0]), "Type the PIN, 14 digits"),
        (None, "Type the PIN, 14 digits"),
    ):
        desk.set_top(replace(top(WELL), devices=DevicesView(WELL, reader=reader)))
        assert said in words(desk)
