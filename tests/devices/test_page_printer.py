"""Pages through a real print service of the test's own: A4, watched until its end, taken back."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from station_app.devices.printers.page_printer import (
    PageProgress,
    PrintWatch,
    page_printer,
    print_pages,
)
from station_app.devices.printers.print_service import PrintService
from station_app.domain.errors import DeviceFaultError
from tests.devices.private_cups import PrivateCups, private_cups, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "it is there")
A4 = (595, 842)
STATION = "station:/one"


@pytest.fixture(scope="module")
def service() -> Iterator[PrivateCups]:
    with private_cups() as cups:
        yield cups


@pytest.fixture
def cups(service: PrivateCups, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateCups]:
    monkeypatch.setenv("CUPS_SERVER", service.server)
    service.report("done")
    yield service
    service.report("done")
    for one in PrintService().printers():
        service.run("lpadmin", "-x", one.name)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "-protocol.pdf"
    Image.new("L", (827, 1169), 255).save(path, "PDF", resolution=100)
    return path


class Watch:
    """What is told, and the moment of it."""

    def __init__(self) -> None:
        self.told: list[PageProgress] = []
        self._came = threading.Condition()
        self.watch = PrintWatch(tell=self._tell)

    def _tell(self, progress: PageProgress) -> None:
        with self._came:
            self.told.append(progress)
            self._came.notify_all()

    def wait_for(self, code: str) -> None:
        with self._came:
            assert self._came.wait_for(lambda: self.told and self.told[-1].waits_for == code, 60)


def fault_of(paper: Path, watch: PrintWatch | None = None, patience: float = 90) -> str:
    with pytest.raises(DeviceFaultError) as caught:
        print_pages(paper, "Protocol 9042", "office", watch, patience)
    return caught.value.code


def unfinished(cups: PrivateCups) -> str:
    return cups.run("lpstat", "-W", "not-completed")


def test_a_page_is_a4_whatever_the_queue_says(cups: PrivateCups, paper: Path) -> None:
    cups.add("office", "", "-o", "PageSize=Letter")
    watch = Watch()
    print_pages(paper, "Protocol 9042", "office", watch.watch)
    assert cups.page_sizes() == [A4]
    assert watch.told[0] == PageProgress("office")
    assert unfinished(cups) == ""


def test_the_default_printer_or_the_only_one(cups: PrivateCups) -> None:
    assert page_printer() == ""
    cups.add("office")
    assert page_printer() == "office"
    cups.add("hall")
    assert page_printer() == ""  # nobody has said which one
    cups.run("lpadmin", "-d", "hall")
    assert page_printer() == "hall"
    assert [one.name for one in PrintService().printers()] == ["hall", "office"]


def test_a_printer_without_paper_is_told_and_goes_on(cups: PrivateCups, paper: Path) -> None:
    cups.add("office", STATION)
    cups.report("+media-empty-error")
    watch = Watch()
    printing = threading.Thread(target=print_pages, args=(paper, "x", "office", watch.watch))
    printing.start()
    watch.wait_for("page_printer_paper_out")
    cups.report("")
    watch.wait_for("")
    cups.report("done")
    printing.join(60)
    assert not printing.is_alive()
    assert unfinished(cups) == ""


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("+media-empty-error", "page_printer_paper_out"),
        ("+media-jam-error,cover-open-error", "page_printer_stuck"),
        ("+toner-empty-error", "page_printer_ink"),
        ("+offline-report", "page_printer_silent"),
        ("+toner-low-warning", "page_printer_silent"),
    ],
)
def test_a_job_that_stands_still_is_taken_back(
    cups: PrivateCups, paper: Path, state: str, code: str
) -> None:
    cups.add("office", STATION)
    cups.report(state)
    assert fault_of(paper, patience=2) == code
    assert unfinished(cups) == ""


def test_a_printer_that_is_not_there(cups: PrivateCups, paper: Path) -> None:
    """`lp` takes the job all the same."""
    cups.add("office", "socket://127.0.0.1:9")
    assert fault_of(paper, patience=2) == "page_printer_silent"
    assert unfinished(cups) == ""


def test_cancelling_takes_the_job_back(cups: PrivateCups, paper: Path) -> None:
    cups.add("office", STATION)
    cups.report("+media-empty-error")
    watch = Watch()

    def cancel() -> None:
        watch.wait_for("page_printer_paper_out")
        watch.watch.stop.stop()

    cancelling = threading.Thread(target=cancel)
    cancelling.start()
    assert fault_of(paper, watch.watch) == "page_printer_cancelled"
    cancelling.join()
    assert unfinished(cups) == ""


def test_cancelled_by_somebody_else(cups: PrivateCups, paper: Path) -> None:
    cups.add("office", STATION)
    cups.report("+media-empty-error")
    watch = Watch()

    def cancel() -> None:
        watch.wait_for("page_printer_paper_out")
        cups.run("cancel", "-a", "office")

    cancelling = threading.Thread(target=cancel)
    cancelling.start()
    assert fault_of(paper, watch.watch) == "page_printer_fault"
    cancelling.join()


@pytest.mark.parametrize("command", ["cupsdisable", "cupsreject"])
def test_a_queue_that_is_stopped_gets_nothing(cups: PrivateCups, paper: Path, command: str) -> None:
    cups.add("office")
    cups.run(command, "office")
    assert fault_of(paper) == "page_printer_stopped"
    assert unfinished(cups) == ""


def test_a_queue_that_is_stopped_meanwhile(cups: PrivateCups, paper: Path) -> None:
    cups.add("office", STATION)
    cups.report("+media-empty-error")
    watch = Watch()

    def disable() -> None:
        watch.wait_for("page_printer_paper_out")
        cups.report("")
        cups.run("cupsdisable", "office")

    disabling = threading.Thread(target=disable)
    disabling.start()
    assert fault_of(paper, watch.watch, patience=2) == "page_printer_stopped"
    disabling.join()
    assert unfinished(cups) == ""


def test_a_file_that_is_no_paper(cups: PrivateCups, tmp_path: Path) -> None:
    cups.add("office")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 rubbish")
    assert fault_of(tmp_path / "bad.pdf", patience=4) == "page_printer_fault"
    assert unfinished(cups) == ""
    assert fault_of(tmp_path / "none.pdf") == "page_printer_fault"


def test_a_printer_that_was_taken_away(cups: PrivateCups, paper: Path) -> None:
    assert fault_of(paper) == "page_printer_fault"
