"""Draws the day's papers, keeps them in the station's folder, prints them where it can."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from station_app.devices.printers.page_printer import PrintWatch, page_printer, print_pages
from station_app.domain.day_report import DayReport
from station_app.domain.entries import PaperMade
from station_app.domain.entry_codes import Paper, PrintedTo
from station_app.domain.errors import DeviceFaultError, KnownError
from station_app.domain.readiness_report import Readiness
from station_app.flow.day_log import Logged
from station_app.flow.day_parts import MadePaper
from station_app.papers.day_papers import day_log_sheet, protocol, turnout_sheet, zero_report
from station_app.papers.readiness_sheet import write_readiness_pdf
from station_app.vault import StationFolder, make_folder, replace_file, write_fault

Draw = Callable[[DayReport, str], bytes]

_DRAWN: Final[Mapping[Paper, Draw]] = {
    Paper.ZERO_REPORT: zero_report,
    Paper.TURNOUT: turnout_sheet,
    Paper.PROTOCOL: protocol,
}


class PaperMaker:
    """Makes papers on the papers' lane, in the `language` of that moment.

    A paper is in the folder `papers` before it goes to a printer, and stays there. `rows`
    reads those of the day log, each with whether it was made void. With the zero report goes
    the readiness sheet, into the folder alone: what `readiness` finds as the day begins. The
    head slip is the slips' printer's. `printer` names the printer for pages, empty for none.
    """

    def __init__(
        self,
        folder: StationFolder,
        language: Callable[[], str],
        rows: Callable[[], Sequence[tuple[Logged, bool]]],
        readiness: Callable[[], Readiness] | None = None,
        printer: Callable[[], str] = page_printer,
    ) -> None:
        self._folder, self._language, self._rows = folder, language, rows
        self._readiness, self._printer = readiness, printer

    def make(self, paper: Paper, report: DayReport, watch: PrintWatch | None = None) -> MadePaper:
        """Draw, save and print one; what the page printer does not print is made all the same.

        Raises `KnownError` `fonts_missing`, `disk_full`, `no_write_permission`, `disk_fault`.
        """
        language = self._language()
        if paper is Paper.DAY_LOG:
            pdf = day_log_sheet(report, self._rows(), language)
        else:
            pdf = _DRAWN[paper](report, language)
        place = self._folder.papers
        path = place / paper_name(report.station, report.day, paper)
        try:
            make_folder(place)
            replace_file(path, pdf)
        except OSError as error:
            raise write_fault(error, path) from error
        to, fault, beside = PrintedTo.FOLDER, "", None
        if paper is Paper.ZERO_REPORT and self._readiness is not None:
            sheet = place / paper_name(report.station, report.day, Paper.READINESS)
            try:
                beside = _write_readiness(sheet, self._readiness(), language)
            except KnownError as error:  # the zero report is there all the same
                fault = error.code
        printer = self._printer()
        if printer:
            try:
                print_pages(path, path.stem, printer, watch)
                to = PrintedTo.PRINTER
            except DeviceFaultError as error:
                fault, printer = error.code, ""
        return MadePaper(_entry(paper, pdf, to), fault, beside, printer)


def paper_name(station: str, day: int, paper: Paper) -> str:
    """The name of a paper's file."""
    return f"{station}-day{day}-{paper.replace('_', '-')}.pdf"


def _write_readiness(path: Path, found: Readiness, language: str) -> PaperMade:
    write_readiness_pdf(path, found, language)
    return _entry(Paper.READINESS, path.read_bytes(), PrintedTo.FOLDER)


def _entry(paper: Paper, pdf: bytes, to: PrintedTo) -> PaperMade:
    return PaperMade(paper=paper, sha256=hashlib.sha256(pdf).hexdigest(), to=to)
