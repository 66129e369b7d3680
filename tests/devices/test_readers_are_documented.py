"""Every reader that the program knows is in `docs/devices.md` and in the udev rules."""

import re
from pathlib import Path

import pytest

from station_app.commands.devices.rules import udev_rules
from station_app.devices.drivers import DeviceFamily, DriverUse, drivers
from station_app.devices.hosted.futronic_reader import FUTRONIC
from station_app.devices.hosted.libfprint_reader import LIBFPRINT

DOCUMENT = (Path(__file__).parents[2] / "docs" / "devices.md").read_text(encoding="utf-8")
LIBFPRINT = LIBFPRINT | FUTRONIC
FIT = {ids: model for ids, model in LIBFPRINT.items() if model.ppi}
RULE = re.compile(r'ATTR\{idVendor\}=="(\w+)", ATTR\{idProduct\}=="([\w|]+)"')


def rows() -> dict[str, list[str]]:
    """The cells of the table of readers, by id."""
    table = DOCUMENT.partition("## Fingerprint readers")[2].partition("\n## ")[0]
    found = {}
    for line in table.splitlines():
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for ids in re.findall(r"`([0-9a-f]{4}:[0-9a-f]{4})`", cells[0]):
            found[ids] = cells
    return found


@pytest.mark.parametrize("ids", FIT)
def test_a_reader_is_in_the_table_as_it_is(ids: str) -> None:
    _, name, driver, ppi, _, tried = rows()[ids]
    model = FIT[ids]
    line = "`futronic`" if ids in FUTRONIC else f"`libfprint` ({model.driver})"
    assert (driver, ppi) == (line, str(model.ppi))
    assert re.split(" or |,", model.name)[0] in name
    assert [one.value for one in model.tried] == re.findall(r"recording|emulator", tried)
    assert "hardware" not in tried, "nobody has sent a report yet"


def test_the_table_has_no_reader_that_the_program_does_not_know() -> None:
    assert rows().keys() == FIT.keys()


def test_the_readers_that_are_refused_are_named_too() -> None:
    for ids in LIBFPRINT.keys() - FIT.keys():
        assert f"`{ids}`" in DOCUMENT, ids


def test_the_rules_let_every_reader_be_opened() -> None:
    ruled = {
        f"{vendor}:{product}"
        for vendor, products in RULE.findall(udev_rules())
        for product in products.split("|")
    }
    assert ruled == FIT.keys()


@pytest.mark.parametrize("family", DeviceFamily)
def test_every_driver_is_named(family: DeviceFamily) -> None:
    for one in drivers(family):
        assert f"`{one.name}`" in DOCUMENT or one.use is DriverUse.SIMULATED, one.name
