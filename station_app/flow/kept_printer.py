"""The slip printer as its lane uses it: opened when needed, closed after every fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from station_app.devices.printers.slip_printer import PrinterInfo, SlipPrinter, printer_fault
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.slips import PrinterState, SlipImage


@dataclass(frozen=True, slots=True)
class ReadyPrinter:
    """A printer that can print."""

    info: PrinterInfo
    is_paper_low: bool


class KeptPrinter:
    """Used on the printer's lane only; faults pass through it."""

    def __init__(self, printer: SlipPrinter) -> None:
        self._printer = printer
        self._info: PrinterInfo | None = None

    def check(self, *, anew: bool = False) -> ReadyPrinter:
        """Whether it can print; raises its fault where it cannot. `anew`: opened again first."""
        if anew:
            self.close()
        with self._closing_after_faults():
            if self._info is None:
                self._info = self._printer.open()
            state = self._printer.status()
            if state is PrinterState.LOST:
                raise DeviceLostError("the slip printer is gone", Code.PRINTER_LOST)
            if not state.can_print:
                raise printer_fault(state)
            return ReadyPrinter(self._info, state is PrinterState.PAPER_LOW)

    def print_slip(self, image: SlipImage, name: str) -> None:
        """See `SlipPrinter.print_slip`."""
        with self._closing_after_faults():
            self._printer.print_slip(image, name)

    def close(self) -> None:
        """Release the printer."""
        self._info = None
        self._printer.close()

    @contextmanager
    def _closing_after_faults(self) -> Iterator[None]:
        try:
            yield
        except KnownError:
            self.close()
            raise
