"""Cameras of a made-up sysfs: which nodes give pictures, and by what each is known again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from station_app.devices.cameras import v4l_nodes
from station_app.devices.cameras.v4l_nodes import Places, camera_at, is_plugged_in, v4l_cameras
from station_app.devices.drivers import CAMERAS, DriverContext, named
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from tests.devices.test_usb import plug


class Kernel:
    """What Linux and udev would show."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.places = Places(root / "class", root / "dev", root / "udev")
        for one in (self.places.classes, self.places.dev / "v4l/by-path", self.places.udev):
            one.mkdir(parents=True)

    def add(self, number: int, socket: str, *, name: str = "C270", serial: str = "A1B2C3") -> None:
        """A camera: a node for pictures, and one for what is said about them."""
        usb = self.root / "devices" / socket
        plug(usb, idVendor="046d", idProduct="0825", bDeviceClass="ef", serial=serial)
        interface = usb / f"{socket}:1.0"
        interface.mkdir(exist_ok=True)
        for index in (0, 1):
            node = self.places.classes / f"video{number + index}"
            node.mkdir()
            (node / "name").write_text(f"{name}\n")
            (node / "index").write_text(f"{index}\n")
            (node / "dev").write_text(f"81:{number + index}\n")
            (node / "device").symlink_to(interface)
            (self.places.dev / node.name).touch()
            link = f"pci-usb-0:{socket}:1.0-video-index{index}"
            (self.places.dev / "v4l/by-path" / link).symlink_to(f"../../video{number + index}")

    def ports(self) -> list[str]:
        return [one.port for one in v4l_cameras(self.places)]


@pytest.fixture
def kernel(tmp_path: Path) -> Kernel:
    return Kernel(tmp_path)


def test_a_camera_is_known_again_in_another_socket(kernel: Kernel, tmp_path: Path) -> None:
    kernel.add(0, "1-2")
    (found,) = v4l_cameras(kernel.places)
    assert (found.port, found.name) == ("usb:046d:0825:A1B2C3", "C270")
    again = Kernel(tmp_path / "again")
    again.add(4, "3-1.4")
    assert camera_at(found.port, again.places).node == again.places.dev / "video4"


def test_no_camera_and_no_kernel(kernel: Kernel, tmp_path: Path) -> None:
    for places in (kernel.places, Places(tmp_path / "x", tmp_path / "y", tmp_path / "z")):
        assert v4l_cameras(places) == ()
        assert not is_plugged_in("", places)
        with pytest.raises(DeviceLostError) as caught:
            camera_at("", places)
        assert caught.value.code == "camera_lost"


def test_two_cameras_are_told_apart_by_their_serial_numbers(kernel: Kernel) -> None:
    kernel.add(0, "1-1", serial="AAAA1")
    kernel.add(2, "1-2", serial="BBBB2")
    assert kernel.ports() == ["usb:046d:0825:AAAA1", "usb:046d:0825:BBBB2"]
    assert camera_at("usb:046d:0825:BBBB2", kernel.places).node.name == "video2"
    with pytest.raises(DeviceFaultError, match="Choose one") as caught:
        camera_at("", kernel.places)
    assert caught.value.code == "camera_several"
    assert is_plugged_in("", kernel.places)


def test_two_of_a_kind_without_serial_numbers_are_known_by_their_sockets(kernel: Kernel) -> None:
    kernel.add(0, "1-1", serial="")
    assert kernel.ports() == ["usb:046d:0825"]
    kernel.add(2, "1-2", serial="")
    with pytest.raises(DeviceFaultError):
        camera_at("usb:046d:0825", kernel.places)
    first, second = kernel.ports()
    assert second.endswith("/v4l/by-path/pci-usb-0:1-2:1.0-video-index0")
    port = "/dev/" + second.split("/dev/")[1]
    assert camera_at(port, kernel.places).node.name == "video2"
    assert first != second


def test_a_codec_that_gives_no_pictures_is_left_out(kernel: Kernel) -> None:
    kernel.add(0, "1-1")
    said = kernel.places.udev / "c81:0"
    said.write_text("E:ID_V4L_CAPABILITIES=:video_output:\n")
    assert kernel.ports() == []
    said.write_text("E:ID_V4L_CAPABILITIES=:capture:\n")
    assert len(kernel.ports()) == 1


def test_a_name_is_one_short_line(kernel: Kernel) -> None:
    kernel.add(0, "1-1", name="\x1b[2J" + "Э" * 300 + "\u202e\nb")
    (found,) = v4l_cameras(kernel.places)
    assert found.name == "[2J" + "Э" * 61


@pytest.mark.parametrize("port", ["camera", "0", "video0", "/etc/passwd", "http://x"])
def test_a_port_that_names_no_camera_is_refused(port: str, tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        named(CAMERAS, "v4l2").open(port, DriverContext(tmp_path))
    assert caught.value.code == "settings_refused"


@pytest.mark.parametrize(
    "port", ["/dev/" + "x" * 300, "/dev/\0", "/dev/../etc/passwd", "/dev/null"]
)
def test_a_path_that_is_no_camera_is_lost(kernel: Kernel, port: str) -> None:
    kernel.add(0, "1-1")
    assert not is_plugged_in(port, kernel.places)


def test_without_permission_the_group_is_named(
    kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel.add(0, "1-1")
    allowed: Callable[..., bool] = os.access
    node = kernel.places.dev / "video0"
    monkeypatch.setattr(os, "access", lambda path, mode: path != node and allowed(path, mode))
    monkeypatch.setattr(v4l_nodes, "LINUX", kernel.places)
    (found,) = named(CAMERAS, "v4l2").look()
    assert (found.port, found.fault) == ("usb:046d:0825:A1B2C3", "camera_not_permitted")
    with pytest.raises(DeviceFaultError, match="group video") as caught:
        named(CAMERAS, "v4l2").open(found.port, DriverContext(tmp_path)).open()
    assert caught.value.code == "camera_not_permitted"
