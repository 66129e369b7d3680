"""A receipt printer that speaks ESC/POS, on a serial port, as a USB printer or on the network.

Commands and answers are those of the Epson ESC/POS command reference (DLE EOT, GS r), which other
makers' receipt printers follow. python-escpos makes the bytes; it reads two of the statuses, but
takes no answer for enough paper. It is imported with the first printer that is opened: it then
reads what it knows of all printers, which takes some tenths of a second.
"""

import logging
import os
import shutil
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Final

from station_app.devices.printers.byte_port import PrinterLine
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.printers.slip_printer import PrinterInfo, printer_fault, slip_picture
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceLostError
from station_app.domain.slips import PrinterState, SlipImage
from station_app.vault import write_fault

_BAND: Final = 32
"""Rows a raster command: cheap printers have small buffers."""


class EscposBytes:
    """For paper of `width` dots; the commands are those of the Epson ESC/POS reference."""

    def __init__(self, width: int) -> None:
        """Import the library; raises `KnownError` as `write_fault` does: it needs a disk."""
        library = _library()
        profile = library.Profile()
        # Without the width it prints on the terminal that it does not know it.
        profile.profile_data = profile.profile_data | {"media": {"width": {"pixels": width}}}
        self._printer = library.Dummy(profile=profile)
        commands = library.constants
        # `ESC @` resets the printer, which may turn automatic status on (`GS a`, by its DIP
        # switches). Such reports look like answers to `GS r`.
        self._start: bytes = commands.HW_INIT + commands.GS + b"a\x00"
        self._ask_now: bytes = commands.RT_STATUS
        self.ask_when_done: bytes = commands.GS + b"r\x01"
        """Answered only once everything before it was printed."""
        self.end_of_cut_band: bytes = bytes((width + 7) // 8 * _BAND) + self._start
        """Ends a raster command that was cut short; an idle printer ignores it."""

    def slip(self, image: SlipImage) -> bytes:
        """Print an image, feed it to the knife and cut it, leaving one point."""
        printer = self._printer
        printer.clear()
        printer.image(slip_picture(image), fragment_height=_BAND)
        printer.cut(feed=False)
        return self._start + bytes(printer.output)

    def ask_now(self, what: int) -> bytes:
        """Ask for a status (its codes are below); answered at once, whatever is in the buffer."""
        return self._ask_now + bytes((what,))


@cache
def _library() -> SimpleNamespace:
    """The used parts of python-escpos, without the side effects of importing it."""
    root = logging.getLogger()
    # It calls `logging.basicConfig`, which leaves alone a program that has a handler. This one
    # is what Python uses where there is none.
    stand_in = None if root.handlers else logging.lastResort
    if stand_in is not None:
        root.addHandler(stand_in)
    try:
        from escpos import capabilities, constants  # noqa: PLC0415  (only where there is a printer)
        from escpos.printer import Dummy  # noqa: PLC0415
    except OSError as error:
        raise write_fault(error, Path(error.filename or "a temporary file")) from error
    finally:
        if stand_in is not None:
            root.removeHandler(stand_in)
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        # A new folder every time, so what it keeps there is never found again.
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return SimpleNamespace(constants=constants, Dummy=Dummy, Profile=capabilities.Profile)


PRINTER: Final = 1
OFFLINE_CAUSE: Final = 2
ERROR_CAUSE: Final = 3
PAPER_SENSOR: Final = 4


def is_answer_now(byte: int) -> bool:
    """Whether a byte from the printer answers `DLE EOT`: 0xx1xx10."""
    return byte & 0x93 == 0x12


def is_answer_when_done(byte: int) -> bool:
    """Whether a byte from the printer answers `GS r`: 0xx0xxxx."""
    return byte & 0x90 == 0


def says_offline(byte: int) -> bool:
    """Whether a byte is the answer for `PRINTER` of one that has stopped."""
    return is_answer_now(byte) and bool(byte & 0x08)


def offline_state(cause: int, error: int) -> PrinterState:
    """Why a printer is offline, by its answers for `OFFLINE_CAUSE` and `ERROR_CAUSE`.

    The cover comes first: an open one lifts the paper off its sensor too.
    """
    if cause & 0x04:
        return PrinterState.COVER_OPEN
    if cause & 0x20:
        return PrinterState.PAPER_OUT
    if error & 0x08:
        return PrinterState.CUTTER
    if error & 0x40:
        return PrinterState.HOT
    # An error that the printer does not name, and one that it does not recover from.
    return PrinterState.FAULT if cause & 0x40 or error & 0x20 else PrinterState.OFFLINE


def paper_state(sensor: int) -> PrinterState:
    """The state of the paper, by the answer for `PAPER_SENSOR`."""
    if sensor & 0x60:
        return PrinterState.PAPER_OUT
    return PrinterState.PAPER_LOW if sensor & 0x0C else PrinterState.READY


_ANSWER_S: Final = 0.8
_FLOOD_S: Final = 0.25
_QUIET_S: Final = 0.03
_LOOK_EVERY_S: Final = 0.4
_PATIENCE_S: Final = 10.0
_MOST_PATIENCES: Final = 3
"""How many times its patience a printer gets that says it is at work."""
_MOST_BYTES: Final = 64
"""More at once is no answer: one has 1 byte, a report that nobody asked for has 4."""
_FEW_BYTES: Final = 2
"""That few may be noise of a plug or a switch."""


@dataclass(frozen=True, slots=True)
class _Line:
    """An open printer: its port, and the encoder of its bytes."""

    port: PrinterLine
    made: EscposBytes


class EscposRasterPrinter:
    """Prints dots, never letters: printers' code pages lack the Kyrgyz ones.

    A slip counts as printed once the printer has answered a question that was queued behind
    its last dot in the printer's buffer.
    """

    def __init__(self, settings: EscposSettings, patience: float = _PATIENCE_S) -> None:
        self._settings = settings
        self._patience = patience
        self._line: _Line | None = None

    def open(self) -> PrinterInfo:
        """Open the line and check that a printer answers, also when all before is printed.

        Without the second answer no slip would ever count as printed, and each would be printed
        again. Also raises `KnownError` `disk_full` and the like, see `EscposBytes`.
        """
        self.close()
        to = self._settings
        made = EscposBytes(to.width)
        port = to.open()
        self._line = _Line(port, made)
        try:
            # After a slip that was cut short, the printer would take the next bytes for its dots.
            port.write(made.end_of_cut_band, _ANSWER_S)
            self._greet()
        except Exception:
            self.close()
            raise
        return PrinterInfo(f"ESC/POS {to.find()}", to.width, PrintedTo.PRINTER)

    def _greet(self) -> None:
        state = self.status()
        if self._settings.is_mute:
            return
        if len(self._opened().port.read(_QUIET_S)) > _FEW_BYTES:  # it talks unasked
            state = PrinterState.GARBLED
        if state in (PrinterState.SILENT, PrinterState.GARBLED):
            raise printer_fault(state)
        if state.can_print:
            self._wait_until_done(PrinterState.GARBLED)

    def print_slip(self, image: SlipImage, name: str) -> None:
        """See `SlipPrinter.print_slip`; the name is not used."""
        if image.width != self._settings.width:
            raise ValueError(f"an image of {image.width} dots for {self._settings.width}")
        line = self._opened()
        slip = line.made.slip(image)
        if self._settings.is_mute:
            if not (line.port.write(slip, self._patience) and line.port.drain(self._patience)):
                raise printer_fault(PrinterState.FAULT)
            return
        self._forget_answers()
        if not line.port.write(slip, self._patience):
            raise printer_fault(self._trouble(PrinterState.FAULT))
        self._wait_until_done(PrinterState.FAULT)

    def status(self) -> PrinterState:
        """Ask the printer; a mute one is always ready."""
        self._opened()
        if self._settings.is_mute:
            return PrinterState.READY
        answer = self._ask(PRINTER)
        if isinstance(answer, PrinterState):
            return answer
        if says_offline(answer):
            return offline_state(self._bits(OFFLINE_CAUSE), self._bits(ERROR_CAUSE))
        return paper_state(self._bits(PAPER_SENSOR))

    def close(self) -> None:
        """See `SlipPrinter.close`."""
        line, self._line = self._line, None
        if line is not None:
            line.port.close()

    def _opened(self) -> _Line:
        if self._line is None:
            raise DeviceLostError("the slip printer is not open", Code.PRINTER_LOST)
        return self._line

    def _wait_until_done(self, otherwise: PrinterState) -> None:
        """Wait for the answer behind the last dot, as long as the printer is at work.

        `otherwise` is the fault of a printer that could print and does not answer.
        """
        line = self._opened()
        now = time.monotonic()
        until, last = now + self._patience, now + _MOST_PATIENCES * self._patience
        line.port.write(line.made.ask_when_done, self._patience)
        while time.monotonic() < until:
            came = line.port.read(_LOOK_EVERY_S)
            if len(came) > _MOST_BYTES:
                raise printer_fault(PrinterState.GARBLED)
            if any(map(is_answer_when_done, came)):
                return
            if any(map(says_offline, came)):
                break
            if any(map(is_answer_now, came)):  # slow, and at work
                until = min(time.monotonic() + self._patience, last)
            if not came:
                line.port.write(line.made.ask_now(PRINTER), _ANSWER_S)
        raise printer_fault(self._trouble(otherwise))

    def _trouble(self, otherwise: PrinterState) -> PrinterState:
        state = self.status()
        return otherwise if state.can_print else state

    def _ask(self, what: int) -> int | PrinterState:
        """The answer to a question; `SILENT` or `GARBLED` when there is none."""
        line = self._opened()
        if not self._forget_answers():
            return PrinterState.GARBLED
        line.port.write(line.made.ask_now(what), _ANSWER_S)
        until, count = time.monotonic() + _ANSWER_S, 0
        while (left := until - time.monotonic()) > 0:
            came = line.port.read(left)
            count += len(came)
            if count > _MOST_BYTES:
                return PrinterState.GARBLED
            for byte in filter(is_answer_now, came):
                return byte
        return PrinterState.GARBLED if count > _FEW_BYTES else PrinterState.SILENT

    def _bits(self, what: int) -> int:
        """The answer to a question, 0 where there is none: not every printer knows each."""
        answer = self._ask(what)
        return 0 if isinstance(answer, PrinterState) else answer

    def _forget_answers(self) -> bool:
        """Drop what came unasked; False where it does not end."""
        until = time.monotonic() + _FLOOD_S
        while self._opened().port.read(0):
            if time.monotonic() >= until:
                return False
        return True
