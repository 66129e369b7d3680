"""What the print service says is parsed as what a stranger says; jobs whose end nobody knows."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.devices.printers.page_printer import page_printer, print_pages
from station_app.devices.printers.print_service import JobState, PagePrinter, PrintService
from station_app.domain.errors import DeviceFaultError
from tests.devices.print_service_stand_in import StandIn, answered, put_commands, stand_in


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    put_commands(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with stand_in(StandIn()) as made:
        monkeypatch.setenv("CUPS_SERVER", made.server)
        yield made


def fault_of(tmp_path: Path, patience: float = 1) -> str:
    with pytest.raises(DeviceFaultError) as caught:
        print_pages(tmp_path / "x.pdf", "x", "office", patience=patience)
    return caught.value.code


def test_a_paper_is_handed_over_as_it_is(service: StandIn, tmp_path: Path) -> None:
    log = tmp_path / "log"
    lp = f"printf '%s\\n' \"$LC_ALL\" \"$@\" > {log}; echo 'request id is office-7 (1 file(s))'"
    put_commands(tmp_path / "bin", lp)
    print_pages(tmp_path / "-protocol.pdf", "Protocol 9042", "office")
    assert log.read_text().splitlines() == [
        "C", "-d", "office", "-o", "media=A4", "-t", "Protocol 9042", "--",
        str(tmp_path / "-protocol.pdf"),
    ]  # fmt: skip


def test_printers_and_their_reasons(service: StandIn) -> None:
    service.reasons = ["media-empty-error", "toner-low-warning"]
    (printer,) = PrintService().printers()
    assert printer == PagePrinter(
        "office", is_stopped=False, is_accepting=True, reasons=frozenset(service.reasons)
    )
    service.default = ""
    assert PrintService().printers() == ()
    assert PrintService().printer("office") is None
    assert page_printer() == ""


def test_no_service_and_no_commands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, service: StandIn
) -> None:
    for server in ("127.0.0.1:1", str(tmp_path / "none.sock"), "x" * 200, "127.0.0.1:nothing"):
        monkeypatch.setenv("CUPS_SERVER", server)
        assert page_printer() == ""
        assert fault_of(tmp_path) == "page_printer_fault"
    monkeypatch.setenv("CUPS_SERVER", service.server)
    assert page_printer() == "office"
    (tmp_path / "bin/lp").unlink()
    assert page_printer() == ""
    assert fault_of(tmp_path) == "page_printer_fault"


NAME = ("printer-name", 0x42, b"office")
WHOLE = answered(0x04, [NAME])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x02\x00\x00",
        WHOLE[:-1],
        *(WHOLE[:size] for size in range(8, len(WHOLE) - 1, 3)),
        WHOLE[:9] + struct.pack(">BH", 0x42, 0xFFFF) + b"x",
        answered(0x04, [("printer-state", 0x23, b"\0")]),
        answered(0x04, [NAME], status=0x0500),
        b"\x02\x00\x00\x00\x00\x00\x00\x01" + b"\x04" * 300_000,
        b"<html>",
    ],
)
def test_an_answer_that_is_none(service: StandIn, raw: bytes) -> None:
    service.raw = raw
    assert page_printer() == ""
    with pytest.raises(DeviceFaultError):
        PrintService().printers()


def test_an_answer_that_is_refused(service: StandIn) -> None:
    service.status = 401
    with pytest.raises(DeviceFaultError):
        PrintService().printers()


def test_names_are_one_printable_line(service: StandIn) -> None:
    service.raw = answered(0x04, [("printer-name", 0x42, b"of\nfi\x1bce\xff" + b"x" * 900)])
    (printer,) = PrintService().printers()
    assert printer.name.isprintable()
    assert len(printer.name) <= 256


def test_a_job_in_a_state_that_nobody_knows(service: StandIn) -> None:
    service.raw = answered(0x02, [("job-state", 0x23, struct.pack(">i", 99))])
    assert PrintService().job(7) is None


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ([JobState.PENDING, JobState.PROCESSING, JobState.ABORTED], "page_printer_fault"),
        ([JobState.CANCELLED], "page_printer_fault"),
        ([JobState.STOPPED, JobState.STOPPED, JobState.CANCELLED], "page_printer_fault"),
    ],
)
def test_a_job_that_ends_without_paper(
    service: StandIn, tmp_path: Path, states: list[JobState], code: str
) -> None:
    service.states = states
    assert fault_of(tmp_path) == code


def test_a_job_that_is_printed_while_it_is_taken_back(service: StandIn, tmp_path: Path) -> None:
    """It was printed: telling a person to print it again would make two."""
    service.states = [JobState.PROCESSING] * 3 + [JobState.COMPLETED]
    print_pages(tmp_path / "x.pdf", "x", "office", patience=0.9)


def test_a_job_that_can_not_be_taken_back(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station_app.devices.printers.page_printer._WITHDRAW_S", 0.5)
    service.states = [JobState.HELD]
    assert fault_of(tmp_path, patience=0.5) == "page_printer_unsure"


@pytest.mark.parametrize(
    ("lp", "code"),
    [
        ("exit 1", "page_printer_fault"),
        ("kill -9 $$", "page_printer_fault"),
        ("echo thanks", "page_printer_unsure"),
        ("printf '\\377'", "page_printer_unsure"),
    ],
)
def test_what_lp_may_do(service: StandIn, tmp_path: Path, lp: str, code: str) -> None:
    put_commands(tmp_path / "bin", lp)
    assert fault_of(tmp_path) == code


def test_a_service_that_keeps_no_finished_jobs(service: StandIn, tmp_path: Path) -> None:
    service.states = [JobState.PROCESSING]
    lp = f"touch {tmp_path}/taken; echo 'request id is office-7 (1 file(s))'"
    put_commands(tmp_path / "bin", lp)
    answer = service.answer

    def forgetful(asked: bytes) -> bytes:
        is_job = asked[2:4] == b"\0\x09"
        return answered(0x02, [], status=0x0406) if is_job else answer(asked)

    service.answer = forgetful  # type: ignore[method-assign]
    assert fault_of(tmp_path) == "page_printer_unsure"
