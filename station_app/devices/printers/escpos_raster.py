"""A receipt printer that speaks ESC/POS, on a serial port or as a USB printer."""

import time
from collections.abc import Callable
from typing import Final

from station_app.devices.printers import escpos_commands as commands
from station_app.devices.printers.byte_port import BytePort
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.printers.printer import PrinterInfo, printer_fault
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.errors import DeviceLostError
from station_app.domain.slips import PrinterState, SlipImage

_ANSWER_S: Final = 0.25
_LOOK_EVERY_S: Final = 0.4
_PATIENCE_S: Final = 10.0


class EscposRasterPrinter:
    """Prints dots, never letters: printers' code pages lack the Kyrgyz ones.

    A slip counts as printed once the printer has answered a question that stands behind its
    last dot in the printer's buffer.
    """

    def __init__(self, settings: EscposSettings, patience: float = _PATIENCE_S) -> None:
        self._settings = settings
        self._patience = patience
        self._port: BytePort | None = None

    def open(self) -> PrinterInfo:
        """Open the device file and ask whether somebody is there."""
        self.close()
        to = self._settings
        path = to.find()
        self._port = BytePort(path, to.speed, rtscts=to.rtscts, to_write_only=to.is_mute)
        # A slip that was cut short would take what follows for its dots.
        self._port.write(commands.end_of_cut_band(to.width), _ANSWER_S)
        if self.status() is PrinterState.SILENT:
            self.close()
            raise printer_fault(PrinterState.SILENT)
        return PrinterInfo(f"ESC/POS {path}", to.width, PrintedTo.PRINTER)

    def print_slip(self, image: SlipImage, name: str) -> None:
        """See `SlipPrinter.print_slip`; the name is not used."""
        if image.width != self._settings.width:
            raise ValueError(f"an image of {image.width} dots for {self._settings.width}")
        port = self._opened()
        if not self._settings.is_mute:
            self._forget_answers()
        if not port.write(commands.slip_commands(image), self._patience):
            raise printer_fault(self._trouble())
        if not self._settings.is_mute:
            self._wait_until_done()

    def status(self) -> PrinterState:
        """Ask the printer; a mute one is always ready."""
        self._opened()
        if self._settings.is_mute:
            return PrinterState.READY
        answer = self._ask(commands.PRINTER)
        if answer is None:
            return PrinterState.SILENT
        if commands.says_offline(answer):
            cause, error = self._ask(commands.OFFLINE_CAUSE), self._ask(commands.ERROR_CAUSE)
            return commands.offline_state(cause or 0, error or 0)
        return commands.paper_state(self._ask(commands.PAPER_SENSOR) or 0)

    def close(self) -> None:
        """See `SlipPrinter.close`."""
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def _opened(self) -> BytePort:
        if self._port is None:
            raise DeviceLostError("the slip printer is not open")
        return self._port

    def _wait_until_done(self) -> None:
        port = self._opened()
        until = time.monotonic() + self._patience
        port.write(commands.ASK_WHEN_DONE, self._patience)
        while time.monotonic() < until:
            answers = port.read(_LOOK_EVERY_S)
            if any(map(commands.is_answer_when_done, answers)):
                return
            if any(map(commands.says_offline, answers)):
                break
            if not answers:
                port.write(commands.ask_now(commands.PRINTER), _ANSWER_S)
        raise printer_fault(self._trouble())

    def _trouble(self) -> PrinterState:
        state = self.status()
        return PrinterState.FAULT if state.can_print else state

    def _ask(self, what: int) -> int | None:
        """The answer to a question, None when there is none."""
        self._forget_answers()
        self._opened().write(commands.ask_now(what), _ANSWER_S)
        return self._answer(commands.is_answer_now, _ANSWER_S)

    def _answer(self, is_one: Callable[[int], bool], patience: float) -> int | None:
        until = time.monotonic() + patience
        while (left := until - time.monotonic()) > 0:
            for byte in self._opened().read(left):
                if is_one(byte):
                    return byte
        return None

    def _forget_answers(self) -> None:
        while self._opened().read(0):
            pass
