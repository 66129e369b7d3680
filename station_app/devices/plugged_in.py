"""Every device that is plugged in: those of each driver, and those that no driver knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.devices.drivers import DeviceFamily, DriverUse, drivers
from station_app.devices.usb import UsbDevice, usb_devices

_SYSFS: Final = Path("/sys/bus/usb/devices")
_NODES: Final = Path("/dev/bus/usb")
_FOR_PROGRAMS: Final = "usbfs"
"""What stands in a driver's place while a program has the device open."""


@dataclass(frozen=True, slots=True)
class PluggedIn:
    """One device as one driver sees it; `driver` is empty and `family` None where none does.

    The rest is as in `FoundDevice`.
    """

    family: DeviceFamily | None
    driver: str
    port: str
    name: str
    fault: str = ""
    use: DriverUse = DriverUse.LIVE
    is_certain: bool = True

    @property
    def is_forbidden(self) -> bool:
        """Whether this user may not open it."""
        return self.fault.endswith(("_not_permitted", "_no_permission"))


def plugged_in(devices: Path = _SYSFS, nodes: Path = _NODES) -> tuple[PluggedIn, ...]:
    """What is plugged in now, by family; nothing is opened. Simulated devices are left out."""
    found = [
        PluggedIn(line.family, line.name, one.port, one.name, one.fault, line.use, one.is_certain)
        for family in DeviceFamily
        for line in drivers(family)
        if not line.is_simulated
        for one in line.look()
    ]
    known = {one.port for one in found}
    return (*found, *_unknown(usb_devices(devices, nodes), known, devices))


def _unknown(usb: Sequence[UsbDevice], known: set[str], devices: Path) -> list[PluggedIn]:
    """USB devices that neither a driver of this program nor one of the kernel has taken."""
    return [
        PluggedIn(None, "", one.identity, one.title)
        for one in usb
        if one.identity not in known and not _has_kernel_driver(devices / one.socket)
    ]


def _has_kernel_driver(place: Path) -> bool:
    try:
        interfaces = list(place.glob(f"{place.name}:*"))
        taken = [one / "driver" for one in interfaces if (one / "driver").exists()]
        return any(one.resolve().name != _FOR_PROGRAMS for one in taken)
    except OSError:
        return False
