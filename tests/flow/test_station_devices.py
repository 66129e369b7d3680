"""Which slip printer a station has, and which camera is shared, by its settings."""

from contextlib import closing
from pathlib import Path

import pytest

from station_app.devices.drivers import DeviceFamily
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.domain.entry_codes import PrintedTo
from station_app.domain.errors import KnownError
from station_app.domain.slips import SlipImage
from station_app.flow.station_devices import is_camera_shared, printer_fault, slip_printer
from station_app.settings import Device, Machine, StationKind
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
    with pytest.raises(KnownError, match=r"star_line is not known|not known: 60mm") as caught:
        slip_printer(StationFolder(tmp_path), settings)
    assert caught.value.code == "settings_refused"


def test_a_printer_is_asked_before_the_day(tmp_path: Path) -> None:
    folder = StationFolder(tmp_path)
    settings = printer("escpos", f"{tmp_path / 'lp0'} 58mm")
    with closing(SimulatedPrinter(tmp_path / "lp0")) as on_the_table:
        assert printer_fault(folder, settings) == ""
        on_the_table.run_out_of_paper()
        assert printer_fault(folder, settings) == "printer_paper_out"
        on_the_table.load_paper()
        on_the_table.switch_off()
        assert printer_fault(folder, settings) == "printer_silent"
        on_the_table.unplug()
        assert printer_fault(folder, settings) == "printer_lost"
        on_the_table.switch_on()
        on_the_table.plug_in()
        assert printer_fault(folder, settings) == ""


def test_where_slips_are_files_nobody_is_asked(tmp_path: Path) -> None:
    assert printer_fault(StationFolder(tmp_path), machine()) == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("face", "documents", "shared"),
    [
        (("v4l2", ""), ("camera", ""), True),
        (("v4l2", "usb:046d:0825"), ("camera", "usb:046d:0825"), True),
        (("v4l2", "usb:046d:0825"), ("camera", ""), True),
        (("v4l2", "usb:046d:0825"), ("camera", "usb:1e4e:0102"), False),
        (("v4l2", ""), ("wedge", ""), False),
        (("video", "/a.mkv"), ("camera", "/a.mkv"), False),
        (("simulated", ""), ("camera", ""), False),
        (None, ("camera", ""), False),
        (("v4l2", ""), None, False),
    ],
)
def test_one_camera_for_faces_and_documents(
    face: tuple[str, str] | None, documents: tuple[str, str] | None, shared: bool
) -> None:
    named = {DeviceFamily.CAMERA: face, DeviceFamily.DOCUMENT_READER: documents}
    devices = [Device(family, *one) for family, one in named.items() if one is not None]
    assert is_camera_shared(machine(*devices)) is shared
