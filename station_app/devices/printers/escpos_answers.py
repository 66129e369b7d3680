"""What a receipt printer's answers mean.

After the Epson ESC/POS command reference (DLE EOT, GS r), which other makers' receipt printers
follow. python-escpos reads two of these statuses, but takes no answer for enough paper.
"""

from typing import Final

from station_app.domain.slips import PrinterState

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
    return PrinterState.FAULT


def paper_state(sensor: int) -> PrinterState:
    """How the paper is, by the answer for `PAPER_SENSOR`."""
    if sensor & 0x60:
        return PrinterState.PAPER_OUT
    return PrinterState.PAPER_LOW if sensor & 0x0C else PrinterState.READY
