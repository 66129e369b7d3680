"""A printer for whole pages, through the system's print service (CUPS).

The service speaks the printers' languages and takes PDF. `lp` hands a paper over and `cancel` takes
it back; in between `print_service` tells how the job does. Whether there is a printer is asked each
time: one may be plugged in at 20:00.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from station_app.devices.finger_scanner import StopToken
from station_app.devices.printers.print_service import Job, JobState, PagePrinter, PrintService
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError

_COMMAND_S: Final = 20.0
_WITHDRAW_S: Final = 10.0
_LOOK_EVERY_S: Final = 0.5
_PATIENCE_S: Final = 90.0
_SETTLES_S: Final = 5.0
"""Every job connects first: a printer is called silent only after that."""
_ANSWER: Final = re.compile(r"request id is (\S+-(\d{1,9})) \(")
_WAITS_FOR: Final = {
    "media-empty": Code.PAGE_PRINTER_PAPER_OUT,
    "media-needed": Code.PAGE_PRINTER_PAPER_OUT,
    "media-jam": Code.PAGE_PRINTER_STUCK,
    "cover-open": Code.PAGE_PRINTER_STUCK,
    "door-open": Code.PAGE_PRINTER_STUCK,
    "interlock-open": Code.PAGE_PRINTER_STUCK,
    "toner-empty": Code.PAGE_PRINTER_INK,
    "marker-supply-empty": Code.PAGE_PRINTER_INK,
    "paused": Code.PAGE_PRINTER_STOPPED,
    "moving-to-paused": Code.PAGE_PRINTER_STOPPED,
    "offline": Code.PAGE_PRINTER_SILENT,
    "connecting-to-device": Code.PAGE_PRINTER_SILENT,
    "timed-out": Code.PAGE_PRINTER_SILENT,
    "shutdown": Code.PAGE_PRINTER_SILENT,
}
"""What a printer's reasons (RFC 8011, 5.4.12, and CUPS's backends) mean; the first one counts."""


def page_printer() -> str:
    """The name of the print service's default printer, or of the only one; empty without.

    With several printers and no default one none is chosen.
    """
    if shutil.which("lp") is None:
        return ""
    service = PrintService()
    try:
        default = service.default()
        if default:
            return default
        found = service.printers()
    except DeviceFaultError:
        return ""  # the service does not run
    return found[0].name if len(found) == 1 else ""


@dataclass(frozen=True, slots=True)
class PageProgress:
    """A paper is with this printer, which waits for what the code `waits_for` names, if any."""

    printer: str
    waits_for: str = ""


def _nobody(_: PageProgress) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class PrintWatch:
    """Follows a paper: `tell` is called on the printing thread, `stop` cancels from any."""

    stop: StopToken = field(default_factory=StopToken)
    tell: Callable[[PageProgress], None] = _nobody


def print_pages(
    pdf: Path, title: str, printer: str, watch: PrintWatch | None = None,
    patience: float = _PATIENCE_S,
) -> None:  # fmt: skip
    """Print `pdf` on A4; returns once the print service reports the job as completed.

    Of most printers the service knows no more than that they took everything. A job that makes
    no progress for `patience` seconds, or is cancelled, is withdrawn first, so that it does not
    come out beside the next try. Raises `DeviceFaultError`: `page_printer_unsure` where that
    failed, else the code of what was wrong. The file stays, to be printed elsewhere.
    """
    watch, service = watch or PrintWatch(), PrintService()
    watch.tell(PageProgress(printer))
    found = service.printer(printer)
    if found is None:
        raise page_fault(Code.PAGE_PRINTER_FAULT)
    if found.is_stopped or not found.is_accepting:
        raise page_fault(Code.PAGE_PRINTER_STOPPED)
    if watch.stop.stopped:
        raise page_fault(Code.PAGE_PRINTER_CANCELLED)
    name, number = _handed_over(pdf, title, printer)
    why = _followed(service, number, printer, watch, patience)
    if why is Code.PAGE_PRINTER_UNSURE or (why is not None and _withdrawn(service, name, number)):
        raise page_fault(why)


def _handed_over(pdf: Path, title: str, printer: str) -> tuple[str, int]:
    """The job's name and number."""
    try:
        answer = _run("lp", "-d", printer, "-o", "media=A4", "-t", title, "--", str(pdf))
    except subprocess.TimeoutExpired as error:
        raise page_fault(Code.PAGE_PRINTER_UNSURE) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise page_fault(Code.PAGE_PRINTER_FAULT) from error
    found = _ANSWER.search(answer)
    if found is None:
        raise page_fault(Code.PAGE_PRINTER_UNSURE)
    return found[1], int(found[2])


def _followed(
    service: PrintService, number: int, printer: str, watch: PrintWatch, patience: float
) -> Code | None:
    """Watch a job until it is over; None when it was printed, else the code of why not."""
    began = moved = time.monotonic()
    settles = min(_SETTLES_S, patience / 2)
    before: Job | None = None
    told = ""
    while not watch.stop.stopped:
        job, at = before, None
        with suppress(DeviceFaultError):  # the service may be restarted meanwhile
            job, at = service.job(number), service.printer(printer)
            if job is None:
                return Code.PAGE_PRINTER_UNSURE  # the service keeps no finished jobs
        if job is not None and job.state.is_over:
            return None if job.state is JobState.COMPLETED else Code.PAGE_PRINTER_FAULT
        now = time.monotonic()
        if job != before:
            before, moved = job, now
        waits_for = _waits_for(at, is_settled=now - began >= settles)
        if waits_for != told:
            told = waits_for
            watch.tell(PageProgress(printer, told))
        is_stuck = job is not None and job.state is JobState.STOPPED
        if is_stuck and at is not None and not at.is_stopped and now - moved >= settles:
            return Code.PAGE_PRINTER_FAULT  # the service cannot print this file
        if now - moved >= patience:
            return Code(told) if told else Code.PAGE_PRINTER_SILENT
        watch.stop.wait(_LOOK_EVERY_S)
    return Code.PAGE_PRINTER_CANCELLED


def _waits_for(printer: PagePrinter | None, *, is_settled: bool) -> str:
    if printer is None:
        return ""
    reasons = {_without_severity(one) for one in printer.reasons}
    if printer.is_stopped:
        return Code.PAGE_PRINTER_STOPPED.value
    for reason, code in _WAITS_FOR.items():
        if reason in reasons and (is_settled or code is not Code.PAGE_PRINTER_SILENT):
            return code.value
    return ""


def _without_severity(reason: str) -> str:
    """`media-empty` of `media-empty-error`; a warning of little ink or paper stops nothing."""
    base = reason.removesuffix("-error").removesuffix("-report")
    return base.removesuffix("-warning") if base.startswith("media-") else base


def _withdrawn(service: PrintService, name: str, number: int) -> bool:
    """Take a job back; False where it was printed after all.

    Raises `page_printer_unsure` where nobody knows.
    """
    until = time.monotonic() + _WITHDRAW_S
    with suppress(OSError, subprocess.SubprocessError):  # it may be over: the service is asked
        _run("cancel", name)
    while True:
        try:
            job = service.job(number)
        except DeviceFaultError:
            job = None
        if job is not None and job.state.is_over:
            return job.state is not JobState.COMPLETED
        if time.monotonic() >= until:
            raise page_fault(Code.PAGE_PRINTER_UNSURE)
        time.sleep(_LOOK_EVERY_S)


def _run(program: str, *words: str) -> str:
    """What a command of the print service says; raises `OSError` and `SubprocessError`."""
    path = shutil.which(program)
    if path is None:
        raise FileNotFoundError(program)
    answer = subprocess.run(  # noqa: S603  (a program found on the path, no shell)
        [path, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        text=True,
        errors="replace",
        timeout=_COMMAND_S,
        env=os.environ | {"LC_ALL": "C"},
    )
    return answer.stdout


_SAVED: Final = "It is saved in the station's folder of papers: print it from there, or "
_WRONG: Final = {
    Code.PAGE_PRINTER_FAULT: f"The printer did not take the paper. {_SAVED}check the printer and "
    "press F8 once more.",
    Code.PAGE_PRINTER_PAPER_OUT: f"The printer is out of paper. {_SAVED}put in A4 and press F8.",
    Code.PAGE_PRINTER_STUCK: f"The printer is jammed or open. {_SAVED}mend that and press F8.",
    Code.PAGE_PRINTER_INK: f"The printer has no ink or toner. {_SAVED}replace it and press F8.",
    Code.PAGE_PRINTER_STOPPED: f"The print service has stopped the printer. {_SAVED}start its "
    "queue (cupsenable, cupsaccept) and press F8.",
    Code.PAGE_PRINTER_SILENT: f"The printer is not responding. {_SAVED}switch it on and press F8.",
    Code.PAGE_PRINTER_CANCELLED: f"Printing was cancelled. {_SAVED}press F8.",
    Code.PAGE_PRINTER_UNSURE: "Nobody knows whether the paper was printed. Look at the printer "
    "before printing it again: it may still come out.",
}


def page_fault(code: Code) -> DeviceFaultError:
    """The fault of a paper that was not printed."""
    return DeviceFaultError(code, _WRONG[code])
