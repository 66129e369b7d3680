"""A printer for whole pages, through the system's print service (CUPS, `lp`).

The service speaks the printers' languages and takes PDF; this only asks it. Whether there is
one is asked each time: a printer may be plugged in at 20:00.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError

_PATIENCE_S: Final = 20.0


def page_printer() -> str:
    """The name of the print service's default printer, empty where there is none."""
    lpstat = shutil.which("lpstat")
    if lpstat is None or shutil.which("lp") is None:
        return ""
    try:
        # "system default destination: NAME", or a sentence without a colon
        return _run([lpstat, "-d"]).partition(": ")[2].strip()
    except DeviceFaultError:
        return ""  # the service does not run


def print_pages(pdf: Path, title: str, printer: str) -> None:
    """Hand `pdf` to the printer of this name; returns once the service has taken it.

    The print service does not report whether a page came out. Raises `DeviceFaultError`
    `page_printer_fault`: the file stays, to be printed elsewhere.
    """
    lp = shutil.which("lp")
    if lp is None:
        raise _fault()
    _run([lp, "-d", printer, "-t", title, "--", str(pdf)])


def _run(command: list[str]) -> str:
    try:
        answer = subprocess.run(  # noqa: S603  (a program found on the path, no shell)
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            text=True,
            timeout=_PATIENCE_S,
            env=os.environ | {"LC_ALL": "C"},
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise _fault() from error
    return answer.stdout


def _fault() -> DeviceFaultError:
    return DeviceFaultError(
        Code.PAGE_PRINTER_FAULT,
        "The printer did not take the paper. It is saved in the station's folder of papers: "
        "print it from there, or check the printer and press F8 once more.",
    )
