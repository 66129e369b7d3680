"""A receipt printer that is a program: it speaks ESC/POS on a pseudo-terminal.

The bytes that it receives become dots again, so that the printed slip can be seen
and compared. It can run out of paper, be opened, be switched off and be unplugged.
"""

import contextlib
import os
import select
import threading
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.domain.slips import SlipImage

_ASK_NOW: Final = b"\x10\x04"
_ASK_WHEN_DONE: Final = b"\x1dr"
_RASTER: Final = b"\x1dv0"
_CUT: Final = b"\x1dVB"
_REPORT: Final = b"\x1da"
_INITIALISE: Final = b"\x1b@"
_COMMANDS: Final = {
    _ASK_NOW: 3,
    _ASK_WHEN_DONE: 3,
    _CUT: 4,
    _REPORT: 3,
    _INITIALISE: 2,
    _RASTER: 8,
}
"""The first bytes of each command, and the number of bytes that tells its length."""
_LONGEST: Final = max(_COMMANDS.values())


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of dots, as in `SlipImage`."""

    pixels: bytes
    width: int
    height: int

    def split(self, height: int) -> tuple["Rows", "Rows"]:
        """The first `height` rows, and the rest."""
        cut = self.width // 8 * height
        first = Rows(self.pixels[:cut], self.width, height)
        return first, Rows(self.pixels[cut:], self.width, self.height - height)


@dataclass(frozen=True, slots=True)
class Cut:
    """Cut the paper."""


@dataclass(frozen=True, slots=True)
class Question:
    """A status is asked for: `at_once`, or when all before it is printed."""

    what: int
    at_once: bool


@dataclass(frozen=True, slots=True)
class Reporting:
    """Whether to report without being asked; None: as the printer's own switches say."""

    is_on: bool | None


Order = Rows | Cut | Question | Reporting


class EscposReader:
    """Takes bytes in pieces of any size; returns orders once they are complete.

    Commands are recognised by their bytes only; unknown bytes are skipped one
    by one, as printers skip NUL.
    """

    def __init__(self) -> None:
        self._data = bytearray()

    def read(self, data: bytes) -> Iterator[Order]:
        """The orders that `data` completes."""
        self._data += data
        while self._data:
            size, order = self._next()
            if not size:
                return
            del self._data[:size]
            if order is not None:
                yield order

    def _next(self) -> tuple[int, Order | None]:
        """Bytes of the command at the front (0: not whole yet), and what it orders."""
        if self._data[0] == 0:  # a cut band's end is thousands of them
            return len(self._data) - len(self._data.lstrip(b"\0")), None
        data = bytes(self._data[:_LONGEST])
        for head, size in _COMMANDS.items():
            if data.startswith(head) and len(data) >= size:
                return self._order(head, size, data)
            if data.startswith(head) or head.startswith(data):
                return 0, None
        return 1, None

    def _order(self, head: bytes, size: int, data: bytes) -> tuple[int, Order | None]:
        if head in (_ASK_NOW, _ASK_WHEN_DONE):
            return size, Question(data[2], head == _ASK_NOW)
        if head == _RASTER:
            return self._rows(data)
        if head == _CUT:
            return size, Cut()
        return size, Reporting(bool(data[2]) if head == _REPORT else None)

    def _rows(self, data: bytes) -> tuple[int, Rows | None]:
        row, height = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
        size = 8 + row * height
        if len(self._data) < size:
            return 0, None
        return size, Rows(bytes(self._data[8:size]), row * 8, height)


_POLL_MS: Final = 50
_CHUNK: Final = 65536

Take = Callable[[SlipImage], None]
"""Called with a piece of paper, cut or torn off at its end, on the printer's own thread."""


class SimulatedPrinter:
    """A printer at the device file `port` (a link that is there while it is plugged in).

    All public methods may be called from any thread.
    """

    def __init__(
        self, port: Path, take: Take = lambda _: None, *, has_report_switch: bool = False
    ) -> None:
        """`has_report_switch`: automatic status is on until `GS a 0` turns it off."""
        self.port = port
        self._take = take
        self._report_switch = self._reports = has_report_switch
        self._has_reported = False
        self._lock = threading.Lock()
        self._ends = threading.Event()
        self._cable: tuple[int, int] | None = None
        self._reader = EscposReader()
        self._waiting: list[Order] = []
        self._paper: list[Rows] = []
        self._rows_left: int | None = None
        self._is_low = self._is_open = self._is_off = False
        self.plug_in()
        self._thread = threading.Thread(target=self._work, name="simulated printer", daemon=True)
        self._thread.start()

    # --- the hand on the printer ---

    def unplug(self) -> None:
        """Pull the cable."""
        with self._lock:
            self._unplug()

    def plug_in(self) -> None:
        """Put the cable back; what was half received is forgotten."""
        with self._lock:
            if self._cable is not None:
                return
            master, slave = os.openpty()
            tty.setraw(slave)
            os.set_blocking(master, False)
            self._cable = master, slave
            self._reader = EscposReader()
            self._waiting.clear()
            link = self.port.with_name(self.port.name + ".new")
            link.symlink_to(os.ttyname(slave))
            link.replace(self.port)

    def run_out_of_paper(self, after_rows: int = 0) -> None:
        """The roll ends after that many more rows of dots."""
        with self._lock:
            self._rows_left = after_rows

    def load_paper(self, *, is_low: bool = False) -> None:
        """Tear off what is printed and put in a roll, a nearly empty one if `is_low`."""
        with self._lock:
            if self._rows_left == 0 and self._paper:
                self._tear_off()
            self._rows_left, self._is_low = None, is_low

    def open_cover(self) -> None:
        """Open the cover."""
        with self._lock:
            self._is_open = True

    def close_cover(self) -> None:
        """Close it."""
        with self._lock:
            self._is_open = False

    def switch_off(self) -> None:
        """Off with the cable still in: it takes bytes and says nothing."""
        with self._lock:
            self._is_off = True

    def switch_on(self) -> None:
        """On again."""
        with self._lock:
            self._is_off = False
            self._reader = EscposReader()

    def close(self) -> None:
        """End the thread and take the device file away."""
        self._ends.set()
        self._thread.join()
        self.unplug()

    # --- the printer's own work ---

    def _work(self) -> None:
        while not self._ends.is_set():
            with self._lock:
                cable = self._cable
                self._print()
                self._report()
            if cable is None:
                self._ends.wait(_POLL_MS / 1000)
                continue
            poll = select.poll()
            poll.register(cable[0], select.POLLIN)
            if not poll.poll(_POLL_MS):
                continue
            with self._lock:
                if self._cable == cable:
                    self._receive(cable[0])

    def _receive(self, master: int) -> None:
        try:
            data = os.read(master, _CHUNK)
        except BlockingIOError:
            return
        if self._is_off:
            return
        for order in self._reader.read(data):
            if isinstance(order, Question) and order.at_once:
                self._say(self._answer(order.what))
            else:
                self._waiting.append(order)
        self._print()

    def _print(self) -> None:
        while self._waiting and not self._stopped:
            match self._waiting.pop(0):
                case Rows() as rows:
                    self._feed(rows)
                case Cut():
                    self._tear_off()
                case Question():
                    self._say(0)
                case Reporting(is_on):
                    self._reports = self._report_switch if is_on is None else is_on

    def _report(self) -> None:
        """Send a 4-byte status whenever the state changes, if automatic status is on."""
        if self._stopped != self._has_reported:
            self._has_reported = self._stopped
            if self._reports:
                first = 0x10 | (0x08 if self._stopped else 0) | (0x20 if self._is_open else 0)
                self._say(first, 0, 0x0C if self._rows_left == 0 else 0, 0)

    def _feed(self, rows: Rows) -> None:
        if self._rows_left is not None and self._rows_left < rows.height:
            now, later = rows.split(self._rows_left)
            self._waiting.insert(0, later)
            rows = now
        if self._rows_left is not None:
            self._rows_left -= rows.height
        if rows.height:
            self._paper.append(rows)

    def _tear_off(self) -> None:
        pieces, self._paper = self._paper, []
        if pieces:
            dots = b"".join(piece.pixels for piece in pieces)
            height = sum(piece.height for piece in pieces)
            self._take(SlipImage(dots, pieces[0].width, height))

    @property
    def _stopped(self) -> bool:
        return self._is_open or self._is_off or self._rows_left == 0

    def _answer(self, what: int) -> int:
        out = self._rows_left == 0
        bits = {
            1: 0x08 if self._stopped else 0,
            2: (0x04 if self._is_open else 0) | (0x20 if out else 0),
            4: (0x60 if out or self._is_open else 0) | (0x0C if self._is_low else 0),
        }
        return 0x12 | bits.get(what, 0)

    def _say(self, *said: int) -> None:
        if self._cable is not None:
            with contextlib.suppress(BlockingIOError):
                os.write(self._cable[0], bytes(said))

    def _unplug(self) -> None:
        if self._cable is not None:
            self.port.unlink(missing_ok=True)
            for handle in self._cable:
                os.close(handle)
            self._cable = None
