"""The ESC/POS printer when something is wrong: what it says, and what came out by then."""

import os
import socket
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from station_app.devices.printers.byte_port import BytePort, PrinterLine
from station_app.devices.printers.escpos import EscposBytes, EscposRasterPrinter
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.printers.network_port import NetworkAddress, NetworkPort
from station_app.devices.simulated.simulated_printer import EscposReader, Rows, SimulatedPrinter
from station_app.domain.errors import DeviceFaultError, DeviceLostError
from station_app.domain.slips import PrinterState, SlipImage
from tests.devices.slip_dots import checked_dots

WIDTH = 384
IMAGE = checked_dots(WIDTH, 200)


class Bench:
    """A simulated printer and the adapter that speaks to it."""

    def __init__(self, place: Path) -> None:
        self.papers: list[SlipImage] = []
        self.machine = SimulatedPrinter(place / "lp0", self.papers.append)
        self.printer = EscposRasterPrinter(EscposSettings(str(place / "lp0"), WIDTH), patience=1)

    def fault(self) -> str:
        with pytest.raises(DeviceFaultError) as caught:
            self.printer.print_slip(IMAGE, "slip")
        return caught.value.code


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.printer.open()
    yield made
    made.printer.close()
    made.machine.close()


def test_paper_that_runs_out_in_a_slip(bench: Bench) -> None:
    bench.machine.run_out_of_paper(after_rows=50)
    assert bench.fault() == "printer_paper_out"
    assert bench.printer.status() is PrinterState.PAPER_OUT
    bench.printer.close()
    bench.machine.load_paper()
    bench.printer.open()
    bench.printer.print_slip(IMAGE, "slip")
    # The printer goes on with what it had: a rest comes out, and then the slip, whole.
    torn, rest, whole = bench.papers
    assert torn.pixels + rest.pixels == IMAGE.pixels
    assert (torn.height, rest.height) == (50, 150)
    assert whole == IMAGE


def test_what_a_printer_says_unasked_is_no_answer(tmp_path: Path) -> None:
    machine = SimulatedPrinter(tmp_path / "lp0", has_report_switch=True)
    machine.run_out_of_paper()
    printer = EscposRasterPrinter(EscposSettings(str(tmp_path / "lp0"), WIDTH), patience=1)
    printer.open()
    for torn in (50, 20):
        machine.load_paper()
        machine.run_out_of_paper(after_rows=torn)
        with pytest.raises(DeviceFaultError) as caught:
            printer.print_slip(IMAGE, "slip")
        assert caught.value.code == "printer_paper_out"
    printer.close()
    machine.close()


def test_a_roll_that_is_nearly_empty_prints(bench: Bench) -> None:
    bench.machine.load_paper(is_low=True)
    assert bench.printer.status() is PrinterState.PAPER_LOW
    assert bench.printer.status().can_print
    bench.printer.print_slip(IMAGE, "slip")
    assert bench.papers == [IMAGE]


def test_an_open_cover(bench: Bench) -> None:
    bench.machine.open_cover()
    assert bench.printer.status() is PrinterState.COVER_OPEN
    assert bench.fault() == "printer_cover_open"
    assert bench.papers == []
    bench.machine.close_cover()
    bench.printer.open()
    bench.printer.print_slip(IMAGE, "slip")
    assert bench.papers[-1] == IMAGE


def test_a_printer_that_is_switched_off(bench: Bench) -> None:
    bench.machine.switch_off()
    assert bench.printer.status() is PrinterState.SILENT
    assert bench.fault() == "printer_silent"
    bench.printer.close()
    with pytest.raises(DeviceFaultError) as caught:
        bench.printer.open()
    assert caught.value.code == "printer_silent"
    bench.machine.switch_on()
    bench.printer.open()
    bench.printer.print_slip(IMAGE, "slip")
    assert bench.papers == [IMAGE]


def test_a_cable_that_is_pulled_in_a_slip(bench: Bench) -> None:
    bench.machine.open_cover()  # so that the slip waits
    pull = threading.Timer(0.1, bench.machine.unplug)
    pull.start()
    with pytest.raises((DeviceLostError, DeviceFaultError)):
        bench.printer.print_slip(IMAGE, "slip")
    pull.join()
    with pytest.raises(DeviceLostError):
        bench.printer.status()
    bench.machine.close_cover()
    bench.machine.plug_in()
    bench.printer.open()
    bench.printer.print_slip(IMAGE, "slip")
    assert bench.papers == [IMAGE]


def test_a_slip_that_was_cut_short_does_not_swallow_the_next(bench: Bench, tmp_path: Path) -> None:
    bench.printer.close()
    port = BytePort(str(tmp_path / "lp0"), 115200, rtscts=False, to_write_only=False)
    port.write(EscposBytes(WIDTH).slip(IMAGE)[:600], 1)
    time.sleep(0.1)  # before it is closed: that forgets what was not sent
    port.close()
    bench.printer.open()
    bench.printer.print_slip(IMAGE, "slip")
    assert bench.papers[-1].pixels.endswith(IMAGE.pixels)


def test_a_mute_printer_is_believed(tmp_path: Path) -> None:
    papers: list[SlipImage] = []
    machine = SimulatedPrinter(tmp_path / "lp0", papers.append)
    printer = EscposRasterPrinter(EscposSettings(str(tmp_path / "lp0"), WIDTH, is_mute=True))
    printer.open()
    assert printer.status() is PrinterState.READY
    printer.print_slip(IMAGE, "slip")
    for _ in range(100):
        if papers:
            break
        time.sleep(0.02)
    printer.close()
    machine.close()
    assert papers == [IMAGE]


def test_nothing_is_asked_of_a_printer_that_is_not_open(tmp_path: Path) -> None:
    printer = EscposRasterPrinter(EscposSettings(str(tmp_path / "none"), WIDTH))
    with pytest.raises(DeviceLostError):
        printer.status()
    with pytest.raises(DeviceLostError):
        printer.open()


def test_what_the_computer_holds_is_waited_for() -> None:
    """Closing drops it, and a mute printer never says that a slip is out."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        line = NetworkPort(NetworkAddress("127.0.0.1", listening.getsockname()[1]))
        cable, _ = listening.accept()
        with cable:
            assert line.drain(0.1)
            while line.write(bytes(4096), 0.1):
                pass
            assert not line.drain(0.1)
            reading = threading.Thread(target=_read_all, args=(cable,))
            reading.start()
            assert line.drain(30)
            line.close()
            reading.join()


def _read_all(cable: socket.socket) -> None:
    with suppress(ConnectionResetError):  # what closing does, where bytes would be lost
        while cable.recv(65536):
            pass


def test_a_line_that_takes_nothing() -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    port = BytePort(os.ttyname(slave), 9600, rtscts=True, to_write_only=False)
    assert not port.write(bytes(1 << 20), 0.1)
    assert port.read(0.05) == b""
    os.write(master, b"\x12")
    assert port.read(0.5) == b"\x12"
    os.close(slave)
    os.close(master)
    with pytest.raises(DeviceLostError):
        port.read(0.1)
    port.close()


@pytest.mark.parametrize("is_serial", [True, False])
def test_what_fails_when_it_is_let_go_is_gone(tmp_path: Path, is_serial: bool) -> None:
    """The last bytes' fault may come with closing; here the file is closed already."""
    master, slave = os.openpty()
    path = Path(os.ttyname(slave)) if is_serial else tmp_path / "lp0"
    (tmp_path / "lp0").touch()
    port = BytePort(str(path), 9600, rtscts=False, to_write_only=False)
    opened = [one for one in Path("/proc/self/fd").iterdir() if one.resolve() == path]
    (handle,) = {int(one.name) for one in opened} - {slave}
    os.close(handle)
    port.close()
    os.dup2(master, handle)  # another file gets its number
    del port
    os.close(handle)  # and is still open
    os.close(slave)
    os.close(master)


def test_a_printer_that_stops_taking_bytes(tmp_path: Path) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    settings = EscposSettings(os.ttyname(slave), WIDTH, is_mute=True)
    printer = EscposRasterPrinter(settings, patience=0.1)
    printer.open()
    with pytest.raises(DeviceFaultError) as caught:
        printer.print_slip(checked_dots(WIDTH, 4000), "slip")
    assert caught.value.code == "printer_fault"
    printer.close()
    os.close(slave)
    os.close(master)


def test_a_printer_on_usb_is_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp7")
    reader = os.open(tmp_path / "lp7", os.O_RDONLY | os.O_NONBLOCK)
    printer = EscposRasterPrinter(EscposSettings(str(tmp_path / "lp7"), WIDTH, is_mute=True))
    printer.open()
    printer.print_slip(IMAGE, "slip")
    printer.close()
    orders = EscposReader().read(os.read(reader, 1 << 16))
    bands = [one for one in orders if isinstance(one, Rows)]
    os.close(reader)
    assert b"".join(band.pixels for band in bands) == IMAGE.pixels


def test_a_port_is_one_program_s(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(DeviceFaultError, match="Close that program"):
        BytePort(str(tmp_path / "lp0"), 9600, rtscts=False, to_write_only=False)
    bench.printer.close()
    BytePort(str(tmp_path / "lp0"), 9600, rtscts=False, to_write_only=False).close()


def test_what_is_no_serial_port() -> None:
    with pytest.raises(DeviceFaultError, match="no serial port"):
        BytePort(os.devnull, 9600, rtscts=False, to_write_only=False)


def test_what_is_no_device(tmp_path: Path) -> None:
    (tmp_path / "lp0").mkdir()
    with pytest.raises(DeviceFaultError, match="no printer's"):
        BytePort(str(tmp_path / "lp0"), 9600, rtscts=False, to_write_only=False)


def test_a_device_that_takes_bytes_one_by_one_is_not_waited_for_without_end() -> None:
    """Each is a sign of progress, and a slip of them would take days."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
        over = threading.Event()

        def sip() -> None:
            while not over.wait(0.02):
                theirs.recv(2048)

        sipping = threading.Thread(target=sip)
        sipping.start()
        began = time.monotonic()
        written = PrinterLine(ours.fileno(), ends_empty=True).write(bytes(10 << 20), 0.1)
        took = time.monotonic() - began
        over.set()
        sipping.join()
    assert not written
    assert took < 60, "it would be 100 seconds"
