"""Which slip printer a station has, by its settings."""

from contextlib import closing
from pathlib import Path

import pytest

from station_app.assembly.slip_printer import slip_printer
from station_app.devices.simulated.printer import SimulatedPrinter
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.errors import KnownError
from station_app.domain.slips import SlipImage
from station_app.settings import Device, DeviceFamily, Machine, StationKind
from station_app.vault import StationFolder

IMAGE = SlipImage(bytes(48 * 9), 384, 9)


def machine(*devices: Device) -> Machine:
    return Machine(StationKind.TRAINING, "9042", "1", ("ky",), ("ky", "ru"), devices)


def printer(driver: str, port: str = "") -> Machine:
    camera = Device(DeviceFamily.CAMERA, "simulated")
    return machine(camera, Device(DeviceFamily.PRINTER, driver, port))


@pytest.mark.parametrize("settings", [None, machine(), printer("simulated")])
def test_without_a_printer_slips_go_to_the_folder(tmp_path: Path, settings: Machine | None) -> None:
    info = slip_printer(StationFolder(tmp_path), settings).open()
    assert (info.name, info.to) == (str(tmp_path / "slips"), PrintedTo.FOLDER)


def test_a_receipt_printer_at_its_port(tmp_path: Path) -> None:
    papers: list[SlipImage] = []
    with closing(SimulatedPrinter(tmp_path / "lp0", papers.append)):
        settings = printer("escpos", f"{tmp_path / 'lp0'} 58mm 9600")
        with closing(slip_printer(StationFolder(tmp_path), settings)) as opened:
            assert opened.open().to is PrintedTo.PRINTER
            opened.print_slip(IMAGE, "slip-1")
    assert papers == [IMAGE]


@pytest.mark.parametrize("settings", [printer("star_line"), printer("escpos", "/dev/lp0 60mm")])
def test_what_is_not_known_is_said(tmp_path: Path, settings: Machine) -> None:
    with pytest.raises(KnownError, match=r"not known: (star_line|60mm)") as caught:
        slip_printer(StationFolder(tmp_path), settings)
    assert caught.value.code == "settings_refused"
