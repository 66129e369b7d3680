"""One suite for every slip printer adapter: what a caller may rely on.

A case knows how to take its printer away and put it back, and what came out of it. Those with a
printer behind a wire (`WIRED`) also go through its states, its silence and its nonsense.
"""

import gc
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtPdf import QPdfDocument

from station_app.devices.drivers import PRINTERS, DriverContext
from station_app.devices.printers.escpos import EscposRasterPrinter
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.printers.folder_printer import FolderPrinter
from station_app.devices.printers.slip_printer import WIDTHS, SlipPrinter
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.slips import PrinterState, SlipImage
from tests.devices.footprint import children, footprint, settled
from tests.devices.network_printer import NetworkPrinter
from tests.devices.slip_dots import checked_dots
from tests.devices.strange_device import Answer, StrangeDevice

WIDTH = WIDTHS["58mm"]
IMAGE = checked_dots(WIDTH, 200)
ONLINE, NO_ANSWER_BUT_BYTES = b"\x12", b"\x93\xff\x00"
SLIPS = 50
LEAKED = 200_000
"""Bytes that a printer may have kept after fifty slips of ten kilobytes each."""


class FolderCase:
    """Slips as files. Its cable is the folder, in whose place a file stands."""

    def __init__(self, place: Path, width: int) -> None:
        self.folder = place / "slips"
        self.printer: SlipPrinter = FolderPrinter(self.folder, width)

    def papers(self) -> list[SlipImage]:
        return [dots_of_pdf(file.read_bytes()) for file in sorted(self.folder.iterdir())]

    def forget(self) -> None:
        """The same file each time."""

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
        self.printer: SlipPrinter = EscposRasterPrinter(settings, patience=3)

    def papers(self) -> list[SlipImage]:
        return self.came_out

    def forget(self) -> None:
        self.came_out.clear()

    def take_away(self) -> None:
        self.machine.unplug()

    def put_back(self) -> None:
        self.machine.plug_in()

    def end(self) -> None:
        self.printer.close()
        self.machine.close()


class NetworkCase:
    """The same printer, spoken to over TCP."""

    def __init__(self, place: Path, width: int) -> None:
        self.came_out: list[SlipImage] = []
        self.plug = NetworkPrinter(place, self.came_out.append)
        self.machine = self.plug.machine
        settings = EscposSettings(self.plug.address, width)
        self.printer: SlipPrinter = EscposRasterPrinter(settings, patience=3)

    def papers(self) -> list[SlipImage]:
        return self.came_out

    def forget(self) -> None:
        self.came_out.clear()

    def take_away(self) -> None:
        self.plug.unplug()

    def put_back(self) -> None:
        self.plug.plug_in()

    def end(self) -> None:
        self.printer.close()
        self.plug.close()


WiredCase = TerminalCase | NetworkCase
Case = FolderCase | WiredCase


@pytest.fixture(params=[FolderCase, TerminalCase, NetworkCase])
def kind(request: pytest.FixtureRequest) -> type[Case]:
    return request.param


@pytest.fixture(params=[TerminalCase, NetworkCase])
def wired(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WiredCase]:
    made = request.param(tmp_path, WIDTH)
    yield made
    made.end()


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def case(kind: type[Case], width: int, tmp_path: Path) -> Iterator[Case]:
    made = kind(tmp_path, width)
    yield made
    made.end()


def test_no_printer_of_the_table_is_without_its_suite(tmp_path: Path) -> None:
    ports = {"escpos_network": "tcp://127.0.0.1"}
    context = DriverContext(tmp_path)
    made = {line.name: type(line.open(ports.get(line.name, ""), context)) for line in PRINTERS}
    assert made == {
        "escpos": EscposRasterPrinter,
        "escpos_network": EscposRasterPrinter,
        "simulated": FolderPrinter,
    }


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


def test_fifty_slips_leave_nothing_behind(case: Case, width: int) -> None:
    image = checked_dots(width, 200)
    case.printer.open()
    case.printer.print_slip(image, "slip-0")  # what is loaded once
    tracemalloc.start()
    memory = _memory()  # first: what other tests left is collected by it
    before = footprint(children())
    for number in range(SLIPS):
        case.printer.print_slip(image, "slip-0")
        case.forget()
        if number % 10 == 0:
            case.printer.close()
            case.printer.open()
    left = _memory() - memory
    tracemalloc.stop()
    now = settled(before)
    assert not now.more_than(before), now.more_than(before)
    assert left < LEAKED


def _memory() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


# --- a printer behind a wire ---


def test_what_stops_a_printer_is_said_and_nothing_is_lost(wired: WiredCase) -> None:
    printer, machine = wired.printer, wired.machine
    for stop, go_on, state in (
        (machine.run_out_of_paper, machine.load_paper, PrinterState.PAPER_OUT),
        (machine.open_cover, machine.close_cover, PrinterState.COVER_OPEN),
    ):
        printer.open()
        stop()
        assert printer.status() is state
        assert fault_of(printer) == state.code
        printer.close()
        go_on()
        printer.open()
        assert printer.status() is PrinterState.READY
        printer.print_slip(IMAGE, "slip-1")
        assert wired.papers()[-1] == IMAGE


def test_a_roll_that_is_nearly_empty_prints(wired: WiredCase) -> None:
    wired.printer.open()
    wired.machine.load_paper(is_low=True)
    assert wired.printer.status() is PrinterState.PAPER_LOW
    wired.printer.print_slip(IMAGE, "slip-1")
    assert wired.papers() == [IMAGE]


def test_a_printer_that_is_switched_off_and_on(wired: WiredCase) -> None:
    wired.printer.open()
    wired.machine.switch_off()
    assert wired.printer.status() is PrinterState.SILENT
    assert fault_of(wired.printer) == "printer_silent"
    wired.printer.close()
    with pytest.raises(DeviceFaultError) as caught:
        wired.printer.open()
    assert caught.value.code == "printer_silent"
    wired.machine.switch_on()
    wired.printer.open()
    wired.printer.print_slip(IMAGE, "slip-1")
    assert wired.papers() == [IMAGE]


@pytest.mark.parametrize("on_network", [False, True], ids=["terminal", "network"])
@pytest.mark.parametrize(
    ("answer", "floods", "code"),
    [
        (lambda heard: heard, b"", "printer_garbled"),
        (lambda _: NO_ANSWER_BUT_BYTES, b"", "printer_garbled"),
        (lambda _: b"HTTP/1.0 400 Bad Request\r\n\r\n" * 9, b"", "printer_garbled"),
        (lambda _: b"", b"P<KGZ<<<<" * 50, "printer_garbled"),
        (lambda _: b"", ONLINE * 450, "printer_garbled"),
        (lambda _: b"", b"", "printer_silent"),
        (lambda _: b"\x00", b"", "printer_silent"),
    ],
    ids=["echo", "nonsense", "web", "flood", "false-flood", "silent", "noise"],
)
def test_what_is_no_printer_is_not_taken_for_one(
    tmp_path: Path, on_network: bool, answer: Answer, floods: bytes, code: str
) -> None:
    strange = StrangeDevice(tmp_path, WIDTH, answer, on_network=on_network, floods=floods)
    printer = EscposRasterPrinter(strange.settings, patience=0.5)
    began = time.monotonic()
    with pytest.raises(DeviceFaultError) as caught:
        printer.open()
    assert caught.value.code == code
    assert time.monotonic() - began < 5
    strange.close()


@pytest.mark.parametrize("on_network", [False, True], ids=["terminal", "network"])
def test_a_printer_that_never_says_it_is_done_prints_nothing(
    tmp_path: Path, on_network: bool
) -> None:
    """It would print each slip again and again: none of them would count as printed."""
    strange = StrangeDevice(tmp_path, WIDTH, said_at_once, on_network=on_network)
    printer = EscposRasterPrinter(strange.settings, patience=0.2)
    with pytest.raises(DeviceFaultError) as caught:
        printer.open()
    assert caught.value.code == "printer_garbled"
    assert b"\x1dv0" not in strange.heard
    strange.close()


@pytest.mark.parametrize("on_network", [False, True], ids=["terminal", "network"])
def test_a_slow_printer_has_the_time_it_needs(tmp_path: Path, on_network: bool) -> None:
    """It says that it is at work, and takes longer than a printer that says nothing may."""
    asked = []

    def slowly(heard: bytes) -> bytes:
        if b"\x1dv0" not in strange.heard:
            return said(heard)
        if b"\x1dr" in heard:
            asked.append(time.monotonic())
        done = asked and time.monotonic() - asked[-1] > 2
        return said_at_once(heard) + (b"\0" if done else b"")

    strange = StrangeDevice(tmp_path, WIDTH, slowly, on_network=on_network)
    printer = EscposRasterPrinter(strange.settings, patience=1.5)
    printer.open()
    printer.print_slip(IMAGE, "slip-1")
    assert time.monotonic() - asked[-1] > 2
    printer.close()
    strange.close()


@pytest.mark.parametrize("on_network", [False, True], ids=["terminal", "network"])
@pytest.mark.parametrize("lasts", [1, 1540, 1549, 4000, 9000, 11_216])
def test_lost_at_every_step(tmp_path: Path, on_network: bool, lasts: int) -> None:
    """While it is opened, asked, within the first bands, the last ones, and the answer."""
    strange = StrangeDevice(tmp_path, WIDTH, said, on_network=on_network, lasts=lasts)
    printer = EscposRasterPrinter(strange.settings, patience=0.5)
    began = time.monotonic()

    def print_one() -> None:
        printer.open()
        printer.print_slip(IMAGE, "slip-1")

    with pytest.raises(DeviceLostError) as caught:
        print_one()
    assert caught.value.code == "printer_lost"
    assert time.monotonic() - began < 5
    printer.close()
    strange.close()


def test_a_connection_that_died_unnoticed(tmp_path: Path) -> None:
    case = NetworkCase(tmp_path, WIDTH)
    case.printer.open()
    case.plug.hang()
    assert case.printer.status() is PrinterState.SILENT
    assert fault_of(case.printer) == "printer_silent"
    case.printer.close()
    case.plug.unhang()
    case.printer.open()
    case.printer.print_slip(IMAGE, "slip-1")
    assert case.papers()[-1] == IMAGE
    case.end()


def fault_of(printer: SlipPrinter) -> str:
    with pytest.raises(DeviceFaultError) as caught:
        printer.print_slip(IMAGE, "slip-1")
    return caught.value.code


def said_at_once(heard: bytes) -> bytes:
    """An online printer's answers to `DLE EOT`."""
    return ONLINE * heard.count(b"\x10\x04")


def said(heard: bytes) -> bytes:
    """And to `GS r`: it prints as fast as bytes come."""
    return said_at_once(heard) + b"\0" * heard.count(b"\x1dr\x01")


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
