"""Pages through `lp`: programs of these names on the path stand for the print service."""

from pathlib import Path

import pytest

from station_app.devices.printers.page_printer import page_printer, print_pages
from station_app.domain.errors import DeviceFaultError


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a program of a name on the path, alone there but for the shell's own."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", str(place))

    def put(name: str, *lines: str) -> None:
        program = place / name
        program.write_text("\n".join(("#!/bin/sh", *lines)) + "\n")
        program.chmod(0o755)

    return put


def test_no_service_is_no_printer(service) -> None:
    assert page_printer() == ""
    service("lpstat", "echo 'system default destination: office'")
    assert page_printer() == ""


def test_a_service_without_a_printer(service) -> None:
    service("lp", "exit 0")
    service("lpstat", "echo 'no system default destination'")
    assert page_printer() == ""


def test_a_service_that_does_not_run(service) -> None:
    service("lp", "exit 0")
    service("lpstat", "exit 1")
    assert page_printer() == ""


def test_a_paper_is_handed_over(service, tmp_path: Path) -> None:
    log = tmp_path / "log"
    service("lpstat", "echo 'system default destination: office'")
    service("lp", f'printf "%s\\n" "$LC_ALL" "$@" > {log}')
    assert page_printer() == "office"
    print_pages(tmp_path / "-protocol.pdf", "Protocol 9042", "office")
    assert log.read_text().splitlines() == [
        "C", "-d", "office", "-t", "Protocol 9042", "--", str(tmp_path / "-protocol.pdf"),
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["exit 1", "kill -9 $$"])
def test_a_printer_that_refuses(service, tmp_path: Path, how: str) -> None:
    service("lp", how)
    with pytest.raises(DeviceFaultError, match="saved in the station's folder") as caught:
        print_pages(tmp_path / "protocol.pdf", "Protocol", "office")
    assert caught.value.code == "page_printer_fault"


def test_no_lp_at_all(service, tmp_path: Path) -> None:
    with pytest.raises(DeviceFaultError):
        print_pages(tmp_path / "protocol.pdf", "Protocol", "office")
