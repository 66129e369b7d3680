"""What is plugged in: the devices of each driver, and what no driver knows."""

from pathlib import Path

import pytest

from station_app.devices import drivers
from station_app.devices.drivers import DeviceFamily, Driver, DriverUse
from station_app.devices.finger_scanner import FingerScanner
from station_app.devices.found_device import FoundDevice
from station_app.devices.plugged_in import plugged_in
from tests.devices.test_usb import plug

READER = "usb:05ba:000a:A1B2C3D4"


def driver(name: str, use: DriverUse, *found: FoundDevice) -> Driver[FingerScanner]:
    def refuse(*_: object) -> FingerScanner:
        raise AssertionError("nothing is opened")

    return Driver(DeviceFamily.FINGER_SCANNER, name, refuse, refuse, lambda: found, use)


@pytest.fixture
def _toys(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = FoundDevice(READER, "U.are.U 4500", "scanner_not_permitted")
    lines = (
        driver("toy", DriverUse.LIVE, reader),
        driver("pretended", DriverUse.SIMULATED, FoundDevice("x", "Pretended")),
    )
    monkeypatch.setattr(drivers, "SCANNERS", lines)
    for others in ("PRINTERS", "CAMERAS", "DOCUMENT_READERS"):
        monkeypatch.setattr(drivers, others, ())


@pytest.mark.usefixtures("_toys")
def test_what_a_driver_finds_is_named_with_it_and_simulations_are_not(tmp_path: Path) -> None:
    plug(tmp_path / "1-2")
    (found,) = plugged_in(tmp_path, tmp_path)
    assert (found.family, found.driver, found.port) == ("finger_scanner", "toy", READER)
    assert found.is_forbidden


@pytest.mark.usefixtures("_toys")
def test_what_nobody_has_a_driver_for_is_named(tmp_path: Path) -> None:
    plug(tmp_path / "1-3", idVendor="1491", idProduct="0020", manufacturer="Futronic", serial="")
    open_one = plug(tmp_path / "1-4", idProduct="0b0b", serial="")
    mouse = plug(tmp_path / "1-5", idVendor="046d", serial="")
    for place, kernels in ((open_one, "usbfs"), (mouse, "usbhid")):
        of_kernel = tmp_path / "drivers" / kernels
        of_kernel.mkdir(parents=True)
        interface = place / f"{place.name}:1.0"
        interface.mkdir()
        (interface / "driver").symlink_to(of_kernel)
    unknown = [one for one in plugged_in(tmp_path, tmp_path) if one.family is None]
    assert [(one.port, one.driver) for one in unknown] == [
        ("usb:1491:0020", ""),
        ("usb:05ba:0b0b", ""),
    ], "the kernel itself has the mouse; another program has the other one open"
    assert unknown[0].name == "Futronic U.are.U 4500"
