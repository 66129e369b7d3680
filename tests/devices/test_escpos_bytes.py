"""What an ESC/POS printer gets, and what its answers mean; what importing the library does."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from station_app.devices.printers import escpos as answers
from station_app.devices.printers.escpos import EscposBytes
from station_app.devices.simulated.simulated_printer import (
    Cut,
    EscposReader,
    Question,
    Reporting,
    Rows,
)
from station_app.domain.slips import PrinterState, SlipImage
from tests.devices.slip_dots import checked_dots

WIDTH = 384


@pytest.mark.parametrize("height", [1, 32, 33, 200])
def test_a_slip_is_sent_dot_for_dot_in_bands(height: int) -> None:
    image = checked_dots(WIDTH, height)
    *before, cut = EscposReader().read(EscposBytes(WIDTH).slip(image))
    assert before[:2] == [Reporting(None), Reporting(is_on=False)]
    bands = [one for one in before if isinstance(one, Rows)]
    assert len(bands) == len(before) - 2
    assert isinstance(cut, Cut)
    assert b"".join(band.pixels for band in bands) == image.pixels
    assert {band.width for band in bands} == {WIDTH}
    assert max(band.height for band in bands) <= 32


def test_the_bytes_of_a_slip() -> None:
    row = b"\xa5" * 48
    head, cut = b"\x1b@\x1da\x00", b"\x1dVB\x00"
    made = EscposBytes(WIDTH)
    assert made.slip(SlipImage(row, WIDTH, 1)) == head + b"\x1dv0\x00\x30\0\x01\0" + row + cut
    assert made.slip(SlipImage(row * 2, WIDTH, 2)).count(head) == 1
    assert made.ask_when_done == b"\x1dr\x01"
    assert made.ask_now(answers.PAPER_SENSOR) == b"\x10\x04\x04"
    assert made.end_of_cut_band == bytes(48 * 32) + head


@pytest.mark.parametrize(
    ("cause", "error", "state"),
    [
        (0x04 | 0x20, 0, PrinterState.COVER_OPEN),
        (0x20, 0, PrinterState.PAPER_OUT),
        (0x40, 0x08, PrinterState.CUTTER),
        (0x40, 0x40, PrinterState.HOT),
        (0x40, 0x20, PrinterState.FAULT),
        (0x40, 0, PrinterState.FAULT),
        (0x08, 0, PrinterState.OFFLINE),
        (0, 0, PrinterState.OFFLINE),
    ],
)
def test_why_a_printer_is_offline(cause: int, error: int, state: PrinterState) -> None:
    assert answers.offline_state(0x12 | cause, 0x12 | error) is state


def test_answers_are_told_apart() -> None:
    for byte in (0x12, 0x12 | 0x08, 0x12 | 0x6C):
        assert answers.is_answer_now(byte)
        assert not answers.is_answer_when_done(byte)
    for byte in (0x00, 0x03, 0x0C):
        assert answers.is_answer_when_done(byte)
        assert not answers.is_answer_now(byte)
    for byte in (0x11, 0x13):  # XON and XOFF
        assert not answers.is_answer_now(byte)
        assert not answers.is_answer_when_done(byte)


def test_orders_come_whole_out_of_single_bytes() -> None:
    reader = EscposReader()
    made = EscposBytes(384)
    line = b"\0\0" + made.slip(checked_dots(384, 33)) + made.ask_when_done
    line += made.ask_now(answers.OFFLINE_CAUSE) + b"\x1bX"
    orders = [order for byte in line for order in reader.read(bytes((byte,)))]
    kinds = [Reporting, Reporting, Rows, Rows, Cut, Question, Question]
    assert [type(order) for order in orders] == kinds
    assert orders[-2:] == [Question(1, at_once=False), Question(2, at_once=True)]


def test_the_library_is_imported_late_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """No module before a printer is opened; then no file, no handler of logs, no word."""
    program = """
import logging, sys
from station_app.devices.printers.escpos import EscposRasterPrinter
assert not {"escpos", "serial", "yaml", "qrcode", "barcode"} & set(sys.modules)
from station_app.devices.printers.escpos import EscposBytes
from station_app.domain.slips import SlipImage
EscposBytes(384).slip(SlipImage(bytes(48 * 40), 384, 40))
assert "escpos" in sys.modules
assert logging.getLogger().handlers == []
"""
    keep = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    (tmp_path / "home").mkdir()
    (tmp_path / "tmp").mkdir()
    places = {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "tmp")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=keep | places,
        check=False,
        capture_output=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert {path.name for path in tmp_path.rglob("*")} == {"home", "tmp"}


def test_a_full_disk_is_a_known_fault_and_passes(tmp_path: Path) -> None:
    """The library writes a temporary file when it is imported."""
    program = """
import resource
from station_app.devices.printers.escpos import EscposBytes
from station_app.domain.errors import KnownError
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
try:
    EscposBytes(384)
except KnownError as error:
    print(error.code)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
EscposBytes(384)
"""
    done = subprocess.run(
        [sys.executable, "-B", "-c", program],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "disk_fault\n", "")


def test_a_program_s_own_handlers_stay() -> None:
    before = logging.getLogger().handlers[:]
    EscposBytes(WIDTH)
    assert logging.getLogger().handlers == before


def test_dots_fit_their_size() -> None:
    with pytest.raises(ValueError, match="fit"):
        SlipImage(b"\0\0", 9, 2)
