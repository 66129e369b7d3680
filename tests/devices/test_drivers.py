"""The table of drivers: a port is whatever somebody wrote into the desk's file."""

from contextlib import suppress

import pytest

from station_app.devices.drivers import CAMERAS, PRINTERS, SCANNERS, Driver
from station_app.domain.errors import KnownError

LINES: tuple[Driver[object], ...] = (*SCANNERS, *PRINTERS, *CAMERAS)


@pytest.mark.parametrize("port", [f"/{'b' * 290}", "x" * 300, "/\0", "/etc/passwd/lp0", " "])
@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.family}-{line.name}")
def test_a_port_that_cannot_be_looked_at_is_not_there(line: Driver[object], port: str) -> None:
    with suppress(KnownError):  # a port that it cannot read
        assert line.find(port) is False or line.is_simulated
