"""One suite for every slip printer adapter: what a caller may rely on.

A case knows how to take its printer away and put it back, and what came out of it.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtPdf import QPdfDocument

from station_app.devices.drivers import PRINTERS
from station_app.devices.printers.escpos import EscposRasterPrinter, EscposSettings
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.devices.printers.slip_printer import WIDTHS, SlipPrinter
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.slips import PrinterState, SlipImage
from tests.devices.slip_dots import checked_dots


class FolderCase:
    """Slips as files. Its cable is the folder, in whose place a file stands."""

    def __init__(self, place: Path, width: int) -> None:
        self.folder = place / "slips"
        self.printer: SlipPrinter = FolderPrinter(self.folder, width)

    def papers(self) -> list[SlipImage]:
        return [dots_of_pdf(file.read_bytes()) for file in sorted(self.folder.iterdir())]

    def take_away(self) -> None:
        for file in self.folder.iterdir():
            file.unlink()
        self.folder.rmdir()
        self.folder.write_bytes(b"")

    def put_back(self) -> None:
        self.folder.unlink()

    def end(self) -> None:
        self.printer.close()


class TerminalCase:
    """A simulated printer that is spoken to over a pseudo-terminal."""

    def __init__(self, place: Path, width: int) -> None:
        self.came_out: list[SlipImage] = []
        self.machine = SimulatedPrinter(place / "lp0", self.came_out.append)
        settings = EscposSettings(str(place / "lp0"), width)
        self.printer: SlipPrinter = EscposRasterPrinter(settings, patience=2)

    def papers(self) -> list[SlipImage]:
        return self.came_out

    def take_away(self) -> None:
        self.machine.unplug()

    def put_back(self) -> None:
        self.machine.plug_in()

    def end(self) -> None:
        self.printer.close()
        self.machine.close()


Case = FolderCase | TerminalCase


@pytest.fixture(params=[FolderCase, TerminalCase])
def kind(request: pytest.FixtureRequest) -> type[Case]:
    return request.param


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def case(kind: type[Case], width: int, tmp_path: Path) -> Iterator[Case]:
    made = kind(tmp_path, width)
    yield made
    made.end()


def test_no_printer_of_the_table_is_without_its_suite(tmp_path: Path) -> None:
    made = {type(line.open("", tmp_path)) for line in PRINTERS}
    assert made == {FolderPrinter, EscposRasterPrinter}


def test_open_says_what_it_is(case: Case, width: int) -> None:
    info = case.printer.open()
    assert info.name
    assert info.width == width
    assert case.printer.status() is PrinterState.READY


def test_a_slip_comes_out_dot_for_dot(case: Case, width: int) -> None:
    image = checked_dots(width, 333)
    case.printer.open()
    case.printer.print_slip(image, "slip-000012")
    (paper,) = case.papers()
    assert paper == image


def test_slips_come_out_in_order(case: Case, width: int) -> None:
    case.printer.open()
    images = [checked_dots(width, 40 + number) for number in range(4)]
    for number, image in enumerate(images):
        case.printer.print_slip(image, f"slip-{number}")
    assert case.papers() == images


def test_an_image_of_another_width_is_refused(case: Case, width: int) -> None:
    case.printer.open()
    with pytest.raises(ValueError, match="dots"):
        case.printer.print_slip(checked_dots(width + 8, 10), "slip-1")


def test_taken_away_and_put_back(case: Case, width: int) -> None:
    case.printer.open()
    case.printer.print_slip(checked_dots(width, 50), "slip-1")
    case.take_away()
    with pytest.raises((DeviceLostError, KnownError)):
        case.printer.print_slip(checked_dots(width, 60), "slip-2")
    case.printer.close()
    with pytest.raises((DeviceLostError, KnownError)):
        case.printer.open()
    case.put_back()
    case.printer.open()
    assert case.printer.status() is PrinterState.READY
    case.printer.print_slip(checked_dots(width, 60), "slip-2")
    assert case.papers()[-1] == checked_dots(width, 60)


def test_status_is_quick(case: Case) -> None:
    case.printer.open()
    began = time.monotonic()
    case.printer.status()
    assert time.monotonic() - began < 1


def test_close_may_be_called_twice(case: Case) -> None:
    case.printer.close()
    case.printer.open()
    case.printer.close()
    case.printer.close()


def dots_of_pdf(data: bytes) -> SlipImage:
    """What a PDF reader shows in the middle of each dot."""
    buffer = QBuffer()
    buffer.setData(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    size = (document.pagePointSize(0) * 203.2 / 72).toSize()
    page = document.render(0, size * 3)
    dots = bytearray()
    for y in range(size.height()):
        for left in range(0, size.width(), 8):
            colours = [page.pixelColor(3 * x + 1, 3 * y + 1) for x in range(left, left + 8)]
            bits = [one.lightness() < 128 < one.alpha() for one in colours]
            dots.append(sum(bit << (7 - place) for place, bit in enumerate(bits)))
    document.close()
    return SlipImage(bytes(dots), size.width(), size.height())
