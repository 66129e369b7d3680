"""The self-test of the printer for pages: a test page, which a person then holds in hand."""

import tempfile
from datetime import datetime
from pathlib import Path

from station_app.devices.printers.page_printer import PrintWatch, page_printer, print_pages
from station_app.papers.trial_page import trial_page
from station_app.vault import write_fault


def page_check(station: str, at: datetime, language: str, watch: PrintWatch | None = None) -> bool:
    """Print a test page; False where there is no printer for pages.

    Returns once the print service reports the page printed: whether it came out, and clean, only a
    person sees. Raises `KnownError` as `print_pages` does, and a disk's fault.
    """
    printer = page_printer()
    if not printer:
        return False
    pdf = trial_page(station, at, language)
    try:
        with tempfile.TemporaryDirectory(prefix="station-app-") as folder:
            path = Path(folder) / "test-page.pdf"
            path.write_bytes(pdf)
            print_pages(path, path.stem, printer, watch)
    except OSError as error:
        raise write_fault(error, Path(tempfile.gettempdir())) from error
    return True
