"""Where a receipt printer is: what a port may say, and printers of a made-up sysfs."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from station_app.devices.found_device import FoundDevice
from station_app.devices.printers.byte_port import BytePort
from station_app.devices.printers.escpos_settings import (
    EscposSettings,
    escpos_settings,
    look_for_printers,
    network_settings,
)
from station_app.devices.printers.network_port import NetworkAddress, NetworkPort
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError

EPSON = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;DES:EPSON TM-T20II;"
NOBODY = 65534


class Bus:
    """A sysfs with USB devices, and their device files."""

    def __init__(self, place: Path) -> None:
        self.sys, self.dev = place / "sys", place / "dev"
        self.number = 0

    def plug(self, node: str, ids: str, serial: str = "", about: str | None = None) -> Path:
        """A device with one file: `usb/lp0` or `ttyACM0`."""
        self.number += 1
        device = self.sys / f"devices/usb1/1-{self.number}"
        device.mkdir(parents=True)
        vendor, product = ids.split(":")
        for name, text in {
            "idVendor": vendor,
            "idProduct": product,
            "busnum": "1",
            "devnum": str(self.number),
            "serial": serial,
            "manufacturer": "Maker",
            "product": "Model",
        }.items():
            (device / name).write_text(f"{text}\n")
        return self.add(device, node, about)

    def add(self, device: Path, node: str, about: str | None = None) -> Path:
        """One more file of a device."""
        interface = device / f"{device.name}:1.{len(list(device.glob('*:1.*')))}"
        interface.mkdir()
        if about is not None:
            (interface / "ieee1284_id").write_text(about)
        name = node.rpartition("/")[2]
        entry = self.sys / "class" / ("usbmisc" if "lp" in name else "tty") / name
        entry.mkdir(parents=True)
        (entry / "device").symlink_to(interface)
        path = self.dev / node
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return device

    def look(self) -> tuple[FoundDevice, ...]:
        return look_for_printers(self.sys, self.dev)

    def find(self, port: str) -> str:
        return escpos_settings(port).find(self.sys, self.dev)


@pytest.fixture
def bus(tmp_path: Path) -> Bus:
    return Bus(tmp_path)


def test_a_port_in_words() -> None:
    assert escpos_settings("") == EscposSettings()
    whole = escpos_settings("38400 /dev/ttyS0 58mm mute rtscts")
    assert whole == EscposSettings("/dev/ttyS0", 384, 38400, rtscts=True, is_mute=True)
    assert escpos_settings("usb:04b8:0202:J3KF01 80mm").place == "usb:04b8:0202:J3KF01"
    network = network_settings("58mm tcp://192.168.1.50:9101")
    assert network == EscposSettings(NetworkAddress("192.168.1.50", 9101), 384)
    assert network_settings("tcp://10.0.0.7").place == NetworkAddress("10.0.0.7", 9100)


@pytest.mark.parametrize(
    "wrong",
    [
        "/dev/ttyS0 300",
        "60mm",
        "usb",
        "usb:04B8:0202",
        "usb:04b8:0202:a/../b",
        "tcp://10.0.0.7:9100",
    ],
)
def test_a_word_that_is_not_known_is_refused(wrong: str) -> None:
    with pytest.raises(KnownError, match="port has a word"):
        escpos_settings(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        "tcp://printer.local:9100",
        "tcp://8.8.8.8:9100",
        "tcp://172.32.0.1",
        "tcp://0.0.0.0",
        "tcp://224.0.0.1",
        "tcp://192.168.1.50:0",
        "tcp://192.168.1.50:65536",
        "tcp://192.168.001.050",
        "tcp://999.1.1.1:9100",
        "tcp://10.1:9100",
        "tcp://[::1]:9100",
        "tcp://10.0.0.7:9100/x",
        "http://10.0.0.7:9100",
    ],
)
def test_no_name_and_no_public_address_is_spoken_to(wrong: str) -> None:
    with pytest.raises(KnownError, match="port has a word"):
        network_settings(wrong)


@pytest.mark.parametrize("wrong", ["tcp://10.0.0.7 mute", "tcp://10.0.0.7 9600", "/dev/lp0"])
def test_a_network_printer_must_answer_and_is_no_file(wrong: str) -> None:
    with pytest.raises(KnownError, match="port has a word"):
        network_settings(wrong)


def test_a_network_printer_without_an_address() -> None:
    with pytest.raises(KnownError, match="does not say where"):
        network_settings("58mm")


def test_the_first_usb_printer_is_found(bus: Bus) -> None:
    bus.plug("usb/lp0", "03f0:1234", "LASER01", "MFG:HP;CMD:PJL,PCL5e;")
    with pytest.raises(DeviceLostError):
        EscposSettings().find(bus.sys, bus.dev)
    bus.plug("usb/lp3", "04b8:0202")
    assert EscposSettings().find(bus.sys, bus.dev) == str(bus.dev / "usb/lp3")
    assert EscposSettings("/dev/ttyS0").find() == "/dev/ttyS0"


def test_a_printer_is_named_and_known_again_in_another_socket(bus: Bus) -> None:
    bus.plug("usb/lp0", "04b8:0202", "J3KF012345", EPSON)
    assert bus.look() == (FoundDevice("usb:04b8:0202:J3KF012345", "EPSON TM-T20II"),)
    assert bus.find("usb:04b8:0202:J3KF012345 80mm") == str(bus.dev / "usb/lp0")
    other = Bus(bus.sys.parent / "replugged")
    other.plug("usb/lp1", "04b8:0202", "J3KF012345", EPSON)
    assert other.find("usb:04b8:0202:J3KF012345 80mm") == str(other.dev / "usb/lp1")


def test_a_printer_that_is_not_there(bus: Bus) -> None:
    bus.plug("usb/lp0", "04b8:0202", "J3KF012345", EPSON)
    with pytest.raises(DeviceLostError) as caught:
        bus.find("usb:04b8:0202:OTHER")
    assert caught.value.code == "printer_lost"


def test_a_serial_port_is_offered_and_never_taken_for_a_printer(bus: Bus) -> None:
    bus.plug("ttyACM0", "0c2e:0b61", "READER01")
    bus.plug("ttyUSB0", "067b:2303")
    (bus.sys / "class/tty/ttyS0").mkdir()
    assert bus.look() == (
        FoundDevice("usb:0c2e:0b61:READER01", "Maker Model (ttyACM0)", is_certain=False),
        FoundDevice("usb:067b:2303", "Maker Model (ttyUSB0)", is_certain=False),
    )
    with pytest.raises(DeviceLostError):
        EscposSettings().find(bus.sys, bus.dev)
    assert bus.find("usb:067b:2303") == str(bus.dev / "ttyUSB0")


def test_two_of_one_kind_are_told_apart_by_udev_s_links(bus: Bus) -> None:
    for name in ("ttyUSB0", "ttyUSB1"):
        bus.plug(name, "067b:2303")
    links = bus.dev / "serial/by-path"
    links.mkdir(parents=True)
    (links / "pci-0000:00:14.0-usb-0:2:1.0-port0").symlink_to(bus.dev / "ttyUSB1")
    assert [one.port for one in bus.look()] == [
        str(bus.dev / "ttyUSB0"),
        str(links / "pci-0000:00:14.0-usb-0:2:1.0-port0"),
    ]
    with pytest.raises(DeviceFaultError, match="There are 2 devices"):
        bus.find("usb:067b:2303")


def test_a_device_with_a_printer_s_file_and_a_serial_port_is_a_printer(bus: Bus) -> None:
    device = bus.plug("ttyACM0", "0416:5011", "POS58")
    bus.add(device, "usb/lp0", "MFG:STMicroelectronics;CMD:ESC/POS;MDL:POS58;")
    assert bus.find("usb:0416:5011:POS58") == str(bus.dev / "usb/lp0")
    printer, port = bus.look()
    assert (printer.port, printer.is_certain) == ("usb:0416:5011:POS58", True)
    assert (port.port, port.is_certain) == (str(bus.dev / "ttyACM0"), False)


def test_printers_for_pages_are_the_print_service_s(bus: Bus) -> None:
    bus.plug("usb/lp0", "03f0:1234", "LASER01", "MANUFACTURER:HP;COMMAND SET:PJL,PCL5e;")
    bus.plug("usb/lp1", "04b8:0202", "J3KF012345", EPSON)
    assert [one.name for one in bus.look()] == ["EPSON TM-T20II"]


@pytest.mark.parametrize("about", ["", ";;;:", "\x1b[2J" * 2000, "MFG:\x07\x00;MDL:;", None])
def test_what_a_printer_says_of_itself_is_not_believed_blindly(bus: Bus, about: str | None) -> None:
    bus.plug("usb/lp0", "04b8:0202", "J3KF012345", about)
    (found,) = bus.look()
    assert found.name == "Maker Model"


def test_no_usb_at_all(tmp_path: Path) -> None:
    assert look_for_printers(tmp_path / "sys", tmp_path / "dev") == ()


@contextmanager
def without_root() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_printer_that_this_user_may_not_use() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own is closed to other users
        Path(name).chmod(0o755)
        bus = Bus(Path(name))
        bus.plug("usb/lp0", "04b8:0202", "J3KF012345", EPSON)
        path = bus.dev / "usb/lp0"
        path.chmod(0)
        with without_root():
            (found,) = bus.look()
            with pytest.raises(DeviceFaultError, match="groups lp and dialout") as caught:
                BytePort(str(path), 9600, rtscts=False, to_write_only=False)
    assert found.fault == caught.value.code == "printer_no_permission"


def test_nobody_listens_at_an_address() -> None:
    settings = network_settings("tcp://127.0.0.1:1")
    assert settings.is_plugged_in  # there is a way to it; more nobody knows without asking
    with pytest.raises(DeviceLostError) as caught:
        NetworkPort(NetworkAddress("127.0.0.1", 1))
    assert caught.value.code == "printer_lost"
