"""USB devices of a made-up sysfs: what they are called, and by what they are known again."""

from pathlib import Path

import pytest

from station_app.devices.usb import UsbDevice, is_in_use, usb_device_of, usb_devices

READER = {
    "idVendor": "05BA",
    "idProduct": "000a",
    "busnum": "1",
    "devnum": "7",
    "bDeviceClass": "ff",
    "manufacturer": "DigitalPersona, Inc.",
    "product": "U.are.U 4500",
    "serial": "A1B2C3D4",
}


def plug(place: Path, **more: str) -> Path:
    place.mkdir(parents=True)
    for name, text in (READER | more).items():
        (place / name).write_text(f"{text}\n")
    return place


def only(devices: Path, nodes: Path) -> UsbDevice:
    (found,) = usb_devices(devices, nodes)
    return found


def test_a_reader_is_known_again_in_another_socket(tmp_path: Path) -> None:
    first = only(plug(tmp_path / "a/1-2").parent, tmp_path)
    second = only(plug(tmp_path / "b/3-1.4").parent, tmp_path)
    assert (first.identity, first.socket) == ("usb:05ba:000a:A1B2C3D4", "1-2")
    assert (second.identity, second.socket) == ("usb:05ba:000a:A1B2C3D4", "3-1.4")
    assert first.title == "DigitalPersona, Inc. U.are.U 4500"


@pytest.mark.parametrize("serial", ["{00000000}", "", "0000", "a b", "x" * 65])
def test_a_serial_number_that_tells_nothing_apart_names_the_model_alone(
    tmp_path: Path, serial: str
) -> None:
    plug(tmp_path / "a/1-2", serial=serial)
    assert only(tmp_path / "a", tmp_path).identity == "usb:05ba:000a"


@pytest.mark.parametrize("driver", ["usbfs", "usblp"])
def test_a_device_that_a_program_has_open_is_in_use(tmp_path: Path, driver: str) -> None:
    reader = only(plug(tmp_path / "a/1-2").parent, tmp_path)
    (tmp_path / "a/1-2:1.0").mkdir()
    assert not is_in_use(reader, tmp_path / "a")
    (tmp_path / "a/1-2:1.0/driver").symlink_to(f"../../../../bus/usb/drivers/{driver}")
    assert is_in_use(reader, tmp_path / "a") is (driver == "usbfs")


def test_a_hub_and_an_interface_are_left_out(tmp_path: Path) -> None:
    plug(tmp_path / "a/usb1", bDeviceClass="09")
    (tmp_path / "a/1-2:1.0").mkdir()
    assert usb_devices(tmp_path / "a", tmp_path) == []
    assert usb_devices(tmp_path / "none", tmp_path) == []


def test_a_name_is_one_short_line(tmp_path: Path) -> None:
    plug(tmp_path / "a/1-2", manufacturer="\x1b[2J" + "Э" * 300, product="a\nb\u202e")
    found = only(tmp_path / "a", tmp_path)
    assert found.maker == "[2J" + "Э" * 61
    assert found.model == "ab"


def test_only_what_this_user_may_open_is_permitted(tmp_path: Path) -> None:
    plug(tmp_path / "a/1-2")
    assert not only(tmp_path / "a", tmp_path / "nodes").is_permitted
    node = tmp_path / "nodes/001/007"
    node.parent.mkdir(parents=True)
    node.touch()
    found = only(tmp_path / "a", tmp_path / "nodes")
    assert (found.node, found.is_permitted) == (node, True)


def test_a_serial_port_belongs_to_its_device(tmp_path: Path) -> None:
    port = plug(tmp_path / "a/1-2") / "1-2:1.0/tty/ttyACM0"
    port.mkdir(parents=True)
    (tmp_path / "link").symlink_to(port)
    found = usb_device_of(tmp_path / "link")
    assert found is not None
    assert found.socket == "1-2"
    assert usb_device_of(tmp_path) is None
