"""Where there is no slip printer: each slip becomes a PDF in a folder."""

import re
from errno import ENOTDIR
from io import BytesIO
from pathlib import Path
from typing import Final

from station_app.devices.printers.slip_printer import WIDTHS, PrinterInfo, slip_picture
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.slips import PrinterState, SlipImage
from station_app.vault import make_folder, replace_file, write_fault

_DPI: Final = 203.2  # 8 dots a mm
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class FolderPrinter:
    """Slips as PDFs of their own size, mode 0600; a slip is there whole or not at all."""

    def __init__(self, folder: Path, width: int = WIDTHS["80mm"]) -> None:
        self._folder, self._width = folder, width

    def open(self) -> PrinterInfo:
        """Make the folder where it is missing."""
        try:
            make_folder(self._folder)
            if not self._folder.is_dir():
                raise NotADirectoryError(ENOTDIR, "a file is in its place")
        except OSError as error:
            raise write_fault(error, self._folder) from error
        return PrinterInfo(str(self._folder), self._width, PrintedTo.FOLDER)

    def print_slip(self, image: SlipImage, name: str) -> None:
        """Write `<name>.pdf`."""
        if not _NAME.fullmatch(name):
            raise ValueError("a slip's name has a-z, 0-9 and -")
        if image.width != self._width:
            raise ValueError(f"an image of {image.width} dots for {self._width}")
        replace_file(self._folder / f"{name}.pdf", _pdf(image))

    def status(self) -> PrinterState:
        """Ready while the folder is there."""
        return PrinterState.READY if self._folder.is_dir() else PrinterState.LOST

    def close(self) -> None:
        """Nothing is held."""


def _pdf(image: SlipImage) -> bytes:
    file = BytesIO()
    # Without dates: the same slip is the same file.
    slip_picture(image).save(file, "PDF", resolution=_DPI, creationDate=None, modDate=None)
    return file.getvalue()
