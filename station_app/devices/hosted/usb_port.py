"""Which plugged-in USB reader a driver's port names."""

import re
from collections.abc import Container
from typing import Final

from station_app.devices.usb import UsbDevice, usb_devices
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

_PORT: Final = re.compile(r"usb:[0-9a-f]{4}:[0-9a-f]{4}(:[\w.-]{4,64})?", re.ASCII)


def known_port(port: str) -> str:
    """The port, where it is a USB identity or empty. Raises `KnownError` `settings_refused`."""
    if port and not _PORT.fullmatch(port):
        raise KnownError(
            Code.SETTINGS_REFUSED,
            "The port of a USB scanner is its identity, such as usb:05ba:000a, or empty for the "
            "one that is plugged in. Write it into the station's settings.",
        )
    return port


def readers_at(port: str, ids: Container[str]) -> list[UsbDevice]:
    """The plugged-in devices with these ids that the port names; all where it is empty."""
    return [
        one
        for one in usb_devices()
        if one.ids in ids and (not port or port in {one.identity, f"usb:{one.ids}"})
    ]
