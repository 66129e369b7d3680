"""Slip printers: the kernel's usblp and cdc_acm are real."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.devices.printers.escpos import EscposRasterPrinter
from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.printers.slip_printer import SlipPrinter
from station_app.domain.slips import SlipImage
from tests.devices import test_slip_printer_conformance as suite
from tests.vm.wire_printer import CDC_ACM, USBLP, Cable, WirePrinter

CABLES = {"usblp": USBLP, "cdc_acm": CDC_ACM}
OF_THE_WIRE = ("case", "wired")
"""What a test of the suite asks for whose printer is exchanged here."""


class WireCase:
    """A printer behind a cable of the kernel's."""

    def __init__(self, place: Path, width: int, cable: Cable) -> None:
        self.came_out: list[SlipImage] = []
        self.wire = WirePrinter(cable, place, self.came_out.append)
        self.machine = self.wire.machine
        self.wire.plug()
        settings = EscposSettings(cable.node, width)
        self.printer: SlipPrinter = EscposRasterPrinter(settings, patience=5)

    def papers(self) -> list[SlipImage]:
        return self.came_out

    def forget(self) -> None:
        self.came_out.clear()

    def take_away(self) -> None:
        self.wire.unplug()

    def put_back(self) -> None:
        self.wire.plug()

    def end(self) -> None:
        self.printer.close()
        self.wire.close()


@pytest.fixture(params=CABLES.values(), ids=CABLES)
def cable(request: pytest.FixtureRequest) -> Cable:
    return request.param


@pytest.fixture
def width() -> int:
    return suite.WIDTH


@pytest.fixture
def case(cable: Cable, width: int, tmp_path: Path) -> Iterator[WireCase]:
    made = WireCase(tmp_path, width, cable)
    yield made
    made.end()


@pytest.fixture
def wired(case: WireCase) -> WireCase:
    return case


for _name, _test in vars(suite).items():
    _asked = getattr(_test, "__code__", None)
    if _name.startswith("test_") and _asked and set(OF_THE_WIRE) & set(_asked.co_varnames):
        globals()[_name] = _test
