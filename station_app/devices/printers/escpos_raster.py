"""A receipt printer that speaks ESC/POS, on a serial port or as a USB printer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from station_app.devices.printers import escpos_answers as answers
from station_app.devices.printers.byte_port import BytePort
from station_app.devices.printers.escpos_bytes import EscposBytes
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.printers.printer import PrinterInfo, printer_fault
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.errors import DeviceLostError
from station_app.domain.slips import PrinterState, SlipImage

_ANSWER_S: Final = 0.25
_LOOK_EVERY_S: Final = 0.4
_PATIENCE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class _Line:
    """What an open printer is spoken to with: the port, and what makes the bytes for it."""

    port: BytePort
    made: EscposBytes


class EscposRasterPrinter:
    """Prints dots, never letters: printers' code pages lack the Kyrgyz ones.

    A slip counts as printed once the printer has answered a question that stands behind its
    last dot in the printer's buffer.
    """

    def __init__(self, settings: EscposSettings, patience: float = _PATIENCE_S) -> None:
        self._settings = settings
        self._patience = patience
        self._line: _Line | None = None

    def open(self) -> PrinterInfo:
        """Open the device file and ask whether somebody is there.

        Raises `KnownError` `disk_full` and its kin besides, see `EscposBytes`.
        """
        self.close()
        to = self._settings
        path, made = to.find(), EscposBytes(to.width)
        port = BytePort(path, to.speed, rtscts=to.rtscts, to_write_only=to.is_mute)
        self._line = _Line(port, made)
        # A slip that was cut short would take what follows for its dots.
        port.write(made.end_of_cut_band, _ANSWER_S)
        if self.status() is PrinterState.SILENT:
            self.close()
            raise printer_fault(PrinterState.SILENT)
        return PrinterInfo(f"ESC/POS {path}", to.width, PrintedTo.PRINTER)

    def print_slip(self, image: SlipImage, name: str) -> None:
        """See `SlipPrinter.print_slip`; the name is not used."""
        if image.width != self._settings.width:
            raise ValueError(f"an image of {image.width} dots for {self._settings.width}")
        line = self._opened()
        slip = line.made.slip(image)
        if not self._settings.is_mute:
            self._forget_answers()
        if not line.port.write(slip, self._patience):
            raise printer_fault(self._trouble())
        if not self._settings.is_mute:
            self._wait_until_done()

    def status(self) -> PrinterState:
        """Ask the printer; a mute one is always ready."""
        self._opened()
        if self._settings.is_mute:
            return PrinterState.READY
        answer = self._ask(answers.PRINTER)
        if answer is None:
            return PrinterState.SILENT
        if answers.says_offline(answer):
            cause, error = self._ask(answers.OFFLINE_CAUSE), self._ask(answers.ERROR_CAUSE)
            return answers.offline_state(cause or 0, error or 0)
        return answers.paper_state(self._ask(answers.PAPER_SENSOR) or 0)

    def close(self) -> None:
        """See `SlipPrinter.close`."""
        line, self._line = self._line, None
        if line is not None:
            line.port.close()

    def _opened(self) -> _Line:
        if self._line is None:
            raise DeviceLostError("the slip printer is not open", "printer_lost")
        return self._line

    def _wait_until_done(self) -> None:
        line = self._opened()
        until = time.monotonic() + self._patience
        line.port.write(line.made.ask_when_done, self._patience)
        while time.monotonic() < until:
            came = line.port.read(_LOOK_EVERY_S)
            if any(map(answers.is_answer_when_done, came)):
                return
            if any(map(answers.says_offline, came)):
                break
            if not came:
                line.port.write(line.made.ask_now(answers.PRINTER), _ANSWER_S)
        raise printer_fault(self._trouble())

    def _trouble(self) -> PrinterState:
        state = self.status()
        return PrinterState.FAULT if state.can_print else state

    def _ask(self, what: int) -> int | None:
        """The answer to a question, None when there is none."""
        line = self._opened()
        self._forget_answers()
        line.port.write(line.made.ask_now(what), _ANSWER_S)
        return self._answer(answers.is_answer_now, _ANSWER_S)

    def _answer(self, is_one: Callable[[int], bool], patience: float) -> int | None:
        until = time.monotonic() + patience
        while (left := until - time.monotonic()) > 0:
            for byte in self._opened().port.read(left):
                if is_one(byte):
                    return byte
        return None

    def _forget_answers(self) -> None:
        while self._opened().port.read(0):
            pass
