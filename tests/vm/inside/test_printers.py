"""The suite of slip printers on the kernel's own usblp and cdc_acm."""

from pathlib import Path

import pytest

from station_app.devices.printers.escpos import EscposRasterPrinter, EscposSettings
from station_app.devices.printers.slip_printer import SlipPrinter
from station_app.domain.slips import SlipImage
from tests.devices.test_slip_printer_conformance import *  # noqa: F403  (the suite itself)
from tests.vm.wire_printer import CDC_ACM, USBLP, Cable, WirePrinter


class WireCase:
    """A printer behind a cable of the kernel's."""

    def __init__(self, place: Path, width: int, cable: Cable) -> None:
        self.came_out: list[SlipImage] = []
        self.wire = WirePrinter(cable, place, self.came_out.append)
        self.wire.plug()
        settings = EscposSettings(cable.node, width)
        self.printer: SlipPrinter = EscposRasterPrinter(settings, patience=10)

    def papers(self) -> list[SlipImage]:
        return self.came_out

    def take_away(self) -> None:
        self.wire.unplug()

    def put_back(self) -> None:
        self.wire.plug()

    def end(self) -> None:
        self.printer.close()
        self.wire.close()


@pytest.fixture(params=[USBLP, CDC_ACM], ids=["usblp", "cdc_acm"])
def kind(request: pytest.FixtureRequest):
    cable = request.param
    return lambda place, width: WireCase(place, width, cable)
