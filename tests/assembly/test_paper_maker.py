"""The day's papers: drawn, kept in the folder, printed where there is a printer for pages."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from station_app.assembly.paper_maker import PaperMaker, paper_name
from station_app.devices.printers.page_printer import PageProgress, PrintWatch
from station_app.devices.printers.print_service import JobState
from station_app.domain.day_report import DayFigures, DayReport, Head, Turnout
from station_app.domain.entry_codes import Paper, PrintedTo
from station_app.domain.errors import KnownError
from station_app.domain.readiness_report import Readiness
from station_app.vault import StationFolder
from tests.devices.print_service_stand_in import StandIn, put_commands, stand_in

pytestmark = pytest.mark.usefixtures("qapp")
NOW = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
REPORT = DayReport(
    station="9042-1", precinct="9042", place="", election="", list_kind="training",
    list_sequence=1, day=1, opened_at=NOW, closed_at=None, phone_time=None, difference_s=0,
    turnout=Turnout(DayFigures(listed=9), (), (), NOW), ballots=None, signatures=None,
    differences=(), incidents=(), head=Head(4, bytes(32), "note\n"), public_key="5e" * 32,
    signers=(), app_version="0.1.0",
)  # fmt: skip


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A print service that has a printer; its commands are alone on the path."""
    put_commands(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with stand_in(StandIn()) as made:
        monkeypatch.setenv("CUPS_SERVER", made.server)
        yield made


@pytest.mark.parametrize(
    ("lp", "to", "fault"),
    [
        ("exit 0", PrintedTo.PRINTER, ""),
        ("exit 1", PrintedTo.FOLDER, "page_printer_fault"),
        (None, PrintedTo.FOLDER, ""),
    ],
)
def test_a_paper_is_kept_whatever_the_printer_does(
    service: StandIn, tmp_path: Path, lp: str | None, to: PrintedTo, fault: str
) -> None:
    if lp is None:
        (tmp_path / "bin/lp").unlink()
    else:
        put_commands(tmp_path / "bin", lp)
    folder = StationFolder(tmp_path / "station")
    made = PaperMaker(folder, lambda: "ky", tuple).make(Paper.ZERO_REPORT, REPORT)
    kept = (folder.papers / paper_name("9042-1", 1, Paper.ZERO_REPORT)).read_bytes()
    assert made.fault == fault
    assert made.entry.to is to
    assert made.printer == ("office" if to is PrintedTo.PRINTER else "")
    assert made.entry.sha256 == hashlib.sha256(kept).hexdigest()


def test_a_paper_that_is_taken_back_is_in_the_folder(service: StandIn, tmp_path: Path) -> None:
    service.states = [JobState.PROCESSING, JobState.PROCESSING, JobState.CANCELLED]
    folder, told = StationFolder(tmp_path / "station"), list[PageProgress]()
    watch = PrintWatch(tell=told.append)
    stop = threading.Timer(0.3, watch.stop.stop)
    stop.start()
    made = PaperMaker(folder, lambda: "ky", tuple).make(Paper.PROTOCOL, REPORT, watch)
    stop.join()
    assert (made.fault, made.printer, made.entry.to) == (
        "page_printer_cancelled",
        "",
        PrintedTo.FOLDER,
    )
    assert told == [PageProgress("office")]


def test_a_readiness_sheet_that_can_not_be_made_is_said_with_the_zero_report(
    service: StandIn, tmp_path: Path
) -> None:
    def unreadable() -> Readiness:
        raise KnownError("disk_full", "Full.")

    folder = StationFolder(tmp_path / "station")
    service.default = ""
    maker = PaperMaker(folder, lambda: "ky", tuple, unreadable)
    made = maker.make(Paper.ZERO_REPORT, REPORT)
    assert (made.fault, made.beside) == ("disk_full", None)
    assert [path.name for path in folder.papers.iterdir()] == ["9042-1-day1-zero-report.pdf"]
    assert maker.make(Paper.PROTOCOL, REPORT).fault == ""
