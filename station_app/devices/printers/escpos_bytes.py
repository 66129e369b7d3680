"""The bytes that a receipt printer gets, made by python-escpos.

The library is imported with the first printer that is opened: it reads what it knows of all
printers then, which takes some tenths of a second.
"""

import logging
import os
import shutil
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Final

from station_app.devices.printers.slip_picture import slip_picture
from station_app.domain.slips import SlipImage
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
        # `ESC @` makes the printer itself, which may be to report without being asked
        # (`GS a`, as its DIP switches say). Such reports look like answers to `GS r`.
        self._start: bytes = commands.HW_INIT + commands.GS + b"a\x00"
        self._ask_now: bytes = commands.RT_STATUS
        self.ask_when_done: bytes = commands.GS + b"r\x01"
        """Answered only once everything before it was printed."""
        self.end_of_cut_band: bytes = bytes((width + 7) // 8 * _BAND) + self._start
        """Ends a raster command that was cut short; a printer at rest takes no notice of it."""

    def slip(self, image: SlipImage) -> bytes:
        """Print an image, feed it up to the knife and cut it off, but for one point."""
        printer = self._printer
        printer.clear()
        printer.image(slip_picture(image), fragment_height=_BAND)
        printer.cut(feed=False)
        return self._start + bytes(printer.output)

    def ask_now(self, what: int) -> bytes:
        """Ask for a status (`escpos_answers`); answered at once, whatever is in the buffer."""
        return self._ask_now + bytes((what,))


@cache
def _library() -> SimpleNamespace:
    """What is used of python-escpos, without what its import does besides."""
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
