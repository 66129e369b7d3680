"""Monitors that are plugged in, as the kernel's display drivers report them (DRM).

A monitor describes itself in an EDID block (VESA E-EDID 1.4, section 3): whatever stands there is
the monitor's own claim. Nothing here shows a picture: the window system does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.devices.found_device import FoundDevice
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceLostError

_SYSFS: Final = Path("/sys/class/drm")
_HEADER: Final = bytes.fromhex("00ffffffffffff00")
_BLOCK: Final = 128
_DESCRIPTORS: Final = range(54, 126, 18)
_NAME, _SERIAL = 0xFC, 0xFF
_BUILT_IN: Final = ("eDP", "LVDS", "DSI")


@dataclass(frozen=True, slots=True)
class Monitor:
    """A monitor on a connector of the kernel's (`HDMI-A-1`).

    `identity` is `edid:MAKER:MODEL:SERIAL`, or `connector:HDMI-A-1` where it says nothing of
    itself; `name` is one line for people.
    """

    connector: str
    identity: str
    name: str


class VoterScreen:
    """The monitor of the settings' `port`: an identity, or empty for the only one."""

    def __init__(self, port: str) -> None:
        self._port = port

    def monitor(self) -> Monitor:
        """What is plugged in. Raises `DeviceLostError` `display_lost`."""
        found = [one for one in monitors() if self._port in ("", one.identity)]
        if not found:
            raise DeviceLostError(
                "The voter's display is not connected. Plug its monitor in.", Code.DISPLAY_LOST
            )
        return found[0]

    @property
    def connector(self) -> str | None:
        """The connector of the monitor that was chosen, empty for any; None: it is not there."""
        if not self._port:
            return ""
        return next((one.connector for one in monitors() if one.identity == self._port), None)


def sockets(place: Path = _SYSFS) -> tuple[tuple[str, bytes], ...]:
    """Each connector of the kernel's and its state (`connected`): asks no monitor, so it is quick.

    A desktop may keep the screen of a monitor that was pulled; this changes with the plug.
    """
    try:
        nodes = sorted(place.glob("card*-*"))
    except OSError:
        return ()
    return tuple((node.name, _read(node / "status").strip()) for node in nodes)


def monitors(place: Path = _SYSFS) -> tuple[Monitor, ...]:
    """Every monitor that is plugged in; the laptop's own panel is left out."""
    return tuple(_monitors(place))


def look_for_monitors() -> tuple[FoundDevice, ...]:
    """The monitors as devices of a driver."""
    return tuple(FoundDevice(one.identity, one.name) for one in monitors())


def is_monitor_there(port: str) -> bool:
    """Whether the monitor of this identity is plugged in; of none in particular, any."""
    return any(port in ("", one.identity) for one in monitors())


def _monitors(place: Path) -> Iterator[Monitor]:
    for node, state in sockets(place):
        connector = node.partition("-")[2]
        if not connector.startswith(_BUILT_IN) and state == b"connected":
            yield _described(connector, _read(place / node / "edid"))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_BLOCK)
    except OSError:
        return b""


def _described(connector: str, edid: bytes) -> Monitor:
    if len(edid) < _BLOCK or not edid.startswith(_HEADER):
        return Monitor(connector, f"connector:{connector}", connector)
    maker = _maker(int.from_bytes(edid[8:10], "big"))
    model = int.from_bytes(edid[10:12], "little")
    number = int.from_bytes(edid[12:16], "little")
    serial = _text(edid, _SERIAL) or (f"{number:08x}" if number else "")
    words = [f"edid:{maker}", f"{model:04x}", *([_word(serial)] if serial else [])]
    name = _text(edid, _NAME) or f"{maker} {model:04x}"
    return Monitor(connector, ":".join(words), f"{name} ({connector})")


def _maker(code: int) -> str:
    letters = (code >> shift & 31 for shift in (10, 5, 0))
    return "".join(chr(64 + one) if 1 <= one <= 26 else "_" for one in letters)


def _text(edid: bytes, kind: int) -> str:
    """The monitor's own line of this kind, up to 13 characters of printable ASCII."""
    for start in _DESCRIPTORS:
        block = edid[start : start + 18]
        if block[:3] == b"\0\0\0" and block[3] == kind:
            said = block[5:].partition(b"\n")[0]
            return "".join(chr(one) for one in said if 32 <= one < 127).strip()
    return ""


def _word(text: str) -> str:
    """A part of a port, whose words are divided by spaces."""
    return "".join(letter if letter.isalnum() else "_" for letter in text)
