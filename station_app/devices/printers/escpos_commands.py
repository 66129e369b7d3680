"""The few ESC/POS commands a slip needs, and what the printer's answers mean.

After the Epson ESC/POS command reference (GS v 0, GS V, GS r, DLE EOT), which other makers'
receipt printers follow. Held against python-escpos 3.1 in the tests.
"""

from typing import Final

from station_app.domain.slips import PrinterState, SlipImage

INITIALISE: Final = b"\x1b@"
CUT: Final = b"\x1dVB\x00"
"""Feed up to the knife and cut, but for one point."""
ASK_WHEN_DONE: Final = b"\x1dr\x01"
"""Answered only once everything before it was printed."""

_BAND: Final = 32
"""Rows a raster command: cheap printers have small buffers."""

PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, PAPER_SENSOR = 1, 2, 3, 4


def ask_now(what: int) -> bytes:
    """Ask for a status (`PRINTER` and so on); answered at once, whatever is in the buffer."""
    return bytes((0x10, 0x04, what))


def is_answer_now(byte: int) -> bool:
    """Whether a byte from the printer answers `ask_now`."""
    return byte & 0x93 == 0x12


def is_answer_when_done(byte: int) -> bool:
    """Whether a byte from the printer answers `ASK_WHEN_DONE`."""
    return byte & 0x90 == 0


def slip_commands(image: SlipImage) -> bytes:
    """Print an image and cut it off."""
    parts = [INITIALISE]
    row = image.row_bytes
    for top in range(0, image.height, _BAND):
        height = min(_BAND, image.height - top)
        size = row.to_bytes(2, "little") + height.to_bytes(2, "little")
        parts += [b"\x1dv0\x00", size, image.pixels[top * row : (top + height) * row]]
    return b"".join([*parts, CUT])


def says_offline(byte: int) -> bool:
    """Whether a byte is the answer of a printer that has stopped to `ask_now(PRINTER)`."""
    return is_answer_now(byte) and bool(byte & 0x08)


def end_of_cut_band(width: int) -> bytes:
    """Ends a raster command that was cut short; a printer at rest takes no notice of it."""
    return bytes((width + 7) // 8 * _BAND) + INITIALISE


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
