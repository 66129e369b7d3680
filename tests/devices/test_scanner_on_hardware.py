"""The scanners' suite on a real scanner, with a person's hand, and its report.

    python -m pytest -m hardware --device DRIVER[:PORT] [--report FOLDER]

Never selected otherwise. The suite says what to do: lay the finger, lift it, pull the cable.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.devices.drivers import SCANNERS, DriverContext, named
from tests.devices.hardware_report import HardwareReport, HardwareRun
from tests.devices.prompted_scanner import PromptedCase, terminal
from tests.devices.scanner_conformance import ScannerCase, ScannerConformance

pytestmark = [pytest.mark.hardware, pytest.mark.timeout(1800)]


@pytest.fixture
def hardware(request: pytest.FixtureRequest) -> HardwareReport:
    run = request.config.pluginmanager.get_plugin(HardwareRun.name)
    assert isinstance(run, HardwareRun), "tests are selected with --device only"
    return run.report


class TestOnHardware(ScannerConformance):
    @pytest.fixture
    def case(self, tmp_path: Path, hardware: HardwareReport) -> Iterator[ScannerCase]:
        asked = hardware.asked
        driver = named(SCANNERS, asked.driver)
        type(self).driver = driver
        with terminal() as out:

            def say(words: str) -> None:
                print(f"\n  >> {words}", file=out, flush=True)

            scanner = driver.open(asked.port, DriverContext(tmp_path))
            made = PromptedCase(scanner, driver, asked.port, say)
            yield made
            scanner.close()
            hardware.add(made.figures, made.info)
