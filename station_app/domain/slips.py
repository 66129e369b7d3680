"""Slips: their content, their dots, and the state of their printer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from station_app.domain.day_report import Head


class SlipMark(StrEnum):
    """Whether there are other slips with this entry number.

    `COPY`: another one left the printer before, by the journal. `AFTER_FAULT`: another one
    may have, but the journal does not know: a fault or a restart came between.
    """

    NONE = "none"
    COPY = "copy"
    AFTER_FAULT = "after_fault"


@dataclass(frozen=True, slots=True)
class Slip:
    """The slip of one identification (`entry`, at `at`); it goes to who hands out ballots.

    `page` (0 for none) and `line` are those of the paper list; `name` is surname and
    initials, empty where the slip is kept in a plain file. `head` is the journal's head in
    short when it was printed. `ballots` are the titles of those this voter is due, where the day
    has several.
    """

    entry: int
    at: datetime
    list_number: int
    page: int
    line: int
    name: str
    head: str
    mark: SlipMark = SlipMark.NONE
    ballots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeadSlip:
    """The journal's head on paper, to be signed, with the number identified so far."""

    at: datetime
    head: Head
    identified: int


@dataclass(frozen=True, slots=True)
class SlipImage:
    """Dots as a thermal printer takes them: 203 dpi, one bit each, 1 is black.

    Rows from above, each padded to whole bytes, the leftmost dot in the highest bit.
    Raises `ValueError` where the bytes do not fit the size.
    """

    pixels: bytes
    width: int
    height: int

    def __post_init__(self) -> None:
        if len(self.pixels) != self.row_bytes * self.height or not self.width:
            raise ValueError("the pixels do not fit width and height")

    @property
    def row_bytes(self) -> int:
        """Bytes a row."""
        return (self.width + 7) // 8


class PrinterState(StrEnum):
    """The state of a slip printer.

    `OFFLINE`: it has stopped and names no cause. `SILENT`: plugged in, does not answer; `GARBLED`:
    answers, but not as a slip printer does. `BUSY`: another program has it. `LOST`: not there.
    """

    READY = "ready"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    HOT = "hot"
    OFFLINE = "offline"
    FAULT = "fault"
    SILENT = "silent"
    GARBLED = "garbled"
    BUSY = "busy"
    NO_PERMISSION = "no_permission"
    LOST = "lost"

    @property
    def can_print(self) -> bool:
        """Whether a slip would come out."""
        return self in (PrinterState.READY, PrinterState.PAPER_LOW)

    @property
    def code(self) -> str:
        """The code of the fault in entries and on screens, as `printer_paper_out`."""
        return f"printer_{self.value}"


PRINTER_CODES: Final = tuple(state.code for state in PrinterState if not state.can_print)
"""Why a slip can wait for its printer; each has a help page."""


class Printing(StrEnum):
    """The activity of the slip queue; `UNKNOWN` until the printer has been asked once."""

    UNKNOWN = "unknown"
    READY = "ready"
    PRINTING = "printing"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """The queue as the desk shows it.

    `waiting` counts slips to be printed, the one under way included; `entry` is that one
    (0 for none). `reason` is a fault's code (`PrinterState.code`, or one of a disk) while the
    printer is waited for, even without a slip to print; else empty. `is_paper_low`
    asks for a new roll soon. `printed` is the entry whose slip came out last (0 before the
    first).
    """

    printing: Printing
    waiting: int = 0
    entry: int = 0
    reason: str = ""
    is_paper_low: bool = False
    printed: int = 0
