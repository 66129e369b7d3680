"""Takes ESC/POS off a line, as far as slips use it: raster rows, cuts, questions, reports."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

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
"""How commands begin, and how many bytes have to be there to know their length."""
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
    """Bytes go in in pieces of any size; orders come out when they are whole.

    Commands are told apart by their bytes only; what is no command it knows is skipped byte
    by byte, as printers skip NUL.
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
