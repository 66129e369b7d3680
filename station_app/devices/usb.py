"""USB devices as Linux's sysfs shows them, and a name for each that outlives the socket it is in.

Documentation/ABI/testing/sysfs-bus-usb and Documentation/ABI/stable/sysfs-bus-usb of the kernel.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_DEVICES: Final = Path("/sys/bus/usb/devices")
_NODES: Final = Path("/dev/bus/usb")
_SERIAL: Final = re.compile(r"(?=.*[1-9A-Za-z])[\w.-]{4,64}", re.ASCII)
"""A serial number that can be one device's own: `{00000000}` of some makers is not."""
_MOST_CHARACTERS: Final = 64


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """One device. `vendor` and `product` are 4 lower-case hex digits each.

    `serial` is empty where there is none that tells devices apart; `socket` is the path of ports
    that it is plugged into (`1-2.3`). `maker` and `model` are what the device says of itself, and
    hostile like everything that comes from it: one line of printable characters. `is_permitted`:
    this user may open it (`node`, a file of usbfs).
    """

    vendor: str
    product: str
    serial: str
    socket: str
    maker: str
    model: str
    node: Path
    is_permitted: bool

    @property
    def ids(self) -> str:
        """`05ba:000a`."""
        return f"{self.vendor}:{self.product}"

    @property
    def identity(self) -> str:
        """The name that settings remember: `usb:05ba:000a:SERIAL`, the same in every socket.

        Without a serial number it names the model alone.
        """
        return f"usb:{self.ids}:{self.serial}" if self.serial else f"usb:{self.ids}"

    @property
    def title(self) -> str:
        """Maker and model, or the ids where it does not say."""
        return " ".join(part for part in (self.maker, self.model) if part) or self.ids


def usb_devices(devices: Path = _DEVICES, nodes: Path = _NODES) -> list[UsbDevice]:
    """The devices plugged in now, hubs left out, by socket."""
    try:
        places = sorted(devices.iterdir())
    except OSError:
        return []
    return [one for place in places if (one := _device(place, nodes)) is not None]


def is_in_use(device: UsbDevice, devices: Path = _DEVICES) -> bool:
    """Whether a program has the device open through usbfs, and claims a part of it.

    Asked before another one does: libusb's reset of a device takes it away from whoever has it.
    """
    drivers = [place / "driver" for place in devices.glob(f"{device.socket}:*")]
    return any(one.is_symlink() and one.readlink().name == "usbfs" for one in drivers)


def usb_device_of(place: Path, nodes: Path = _NODES) -> UsbDevice | None:
    """The USB device that a sysfs folder (`/sys/class/tty/ttyACM0/device`) belongs to, if any."""
    try:
        folder = place.resolve()
    except OSError:
        return None
    for one in (folder, *folder.parents):
        found = _device(one, nodes)
        if found is not None:
            return found
    return None


def _device(place: Path, nodes: Path) -> UsbDevice | None:
    """None for an interface, a hub, and what was pulled out meanwhile."""
    vendor, product = _text(place, "idVendor").lower(), _text(place, "idProduct").lower()
    bus, number = _text(place, "busnum"), _text(place, "devnum")
    if not (vendor and product and bus.isdigit() and number.isdigit()):
        return None
    if _text(place, "bDeviceClass") == "09":
        return None
    serial = _text(place, "serial", _MOST_CHARACTERS + 1)  # a longer one is refused, not cut
    node = nodes / f"{int(bus):03}" / f"{int(number):03}"
    return UsbDevice(
        vendor=vendor,
        product=product,
        serial=serial if _SERIAL.fullmatch(serial) else "",
        socket=place.name,
        maker=_text(place, "manufacturer"),
        model=_text(place, "product"),
        node=node,
        is_permitted=os.access(node, os.R_OK | os.W_OK),
    )


def _text(place: Path, name: str, most: int = _MOST_CHARACTERS) -> str:
    try:
        text = (place / name).read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return ""
    return "".join(one for one in text.strip() if one.isprintable())[:most].strip()
