"""The test page goes to the printer for pages; without one there is nothing to test."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from station_app.assembly.page_check import page_check
from station_app.devices.printers.print_service import JobState
from station_app.domain.errors import DeviceFaultError
from tests.devices.print_service_stand_in import StandIn, put_commands, stand_in

pytestmark = pytest.mark.usefixtures("qapp")
AT = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    lp = 'while [ "$1" != -- ]; do shift; done; cp=$2; while read -r line; do echo x; done <"$cp" '
    lp += f">{tmp_path}/came; echo 'request id is office-7 (1 file(s))'"
    put_commands(tmp_path / "bin", lp)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with stand_in(StandIn()) as made:
        monkeypatch.setenv("CUPS_SERVER", made.server)
        yield made


def test_a_page_is_printed(service: StandIn, tmp_path: Path) -> None:
    assert page_check("9042-1", AT, "ky")
    assert (tmp_path / "came").stat().st_size


def test_no_printer_for_pages(service: StandIn) -> None:
    service.default = ""
    assert not page_check("9042-1", AT, "ky")


def test_a_printer_that_fails(service: StandIn) -> None:
    service.states = [JobState.ABORTED]
    with pytest.raises(DeviceFaultError) as caught:
        page_check("9042-1", AT, "ky")
    assert caught.value.code == "page_printer_fault"
