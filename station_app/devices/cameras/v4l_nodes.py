"""The cameras that Linux knows, and the node in `/dev` that each has now.

Documentation/ABI of the kernel; udev's rules (`60-persistent-v4l.rules`) make the links in
`/dev/v4l`.
"""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.devices.usb import usb_device_of
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError

_MOST_CHARACTERS: Final = 64


@dataclass(frozen=True, slots=True)
class Places:
    """Where the kernel and udev tell of cameras; others in tests."""

    classes: Path = Path("/sys/class/video4linux")
    dev: Path = Path("/dev")
    udev: Path = Path("/run/udev/data")


LINUX: Final = Places()


@dataclass(frozen=True, slots=True)
class V4lCamera:
    """A camera that is plugged in.

    `node` is `/dev/videoN`, which changes with every plugging; `port` is what settings remember:
    `usb:046d:0825:SERIAL` where no other camera here has the same, else udev's link of its socket,
    else the node. `name` is one printable line.
    """

    node: Path
    port: str
    name: str
    is_permitted: bool


def v4l_cameras(places: Places | None = None) -> tuple[V4lCamera, ...]:
    """The cameras plugged in now, by node."""
    places = places or LINUX
    found = [(node, _identity(node, places)) for node in _nodes(places)]
    counts = Counter(identity for _, identity in found)
    sockets = _links(places.dev / "v4l" / "by-path")
    cameras = []
    for node, identity in found:
        is_alone = bool(identity) and counts[identity] == 1
        path = places.dev / node
        cameras.append(
            V4lCamera(
                path,
                identity if is_alone else str(sockets.get(node, path)),
                _text(places.classes / node / "name") or "Camera",
                os.access(path, os.R_OK | os.W_OK),
            )
        )
    return tuple(cameras)


def refuse_unreadable(port: str) -> None:
    """Raises `KnownError` `settings_refused` for a port that names no camera."""
    if port and not port.startswith(("usb:", "/dev/")):
        raise KnownError(
            Code.SETTINGS_REFUSED,
            f"The camera's port {port} is not known. Write its name as `station-app devices list` "
            "prints it (usb:..., /dev/v4l/...), or nothing where there is one camera.",
        )


def camera_at(port: str, places: Places | None = None) -> V4lCamera:
    """The camera that `port` names; without one, the only camera here.

    Raises `DeviceLostError` `camera_lost`, and `DeviceFaultError` `camera_several` where the port
    fits more than one.
    """
    refuse_unreadable(port)
    places = places or LINUX
    here = v4l_cameras(places)
    if port.startswith("/dev/"):
        node = _resolved(places.dev / port.removeprefix("/dev/"))
        fitting = [one for one in here if str(one.node) == node]
    elif port:
        fitting = [one for one in here if _identity(one.node.name, places) == port]
    else:
        fitting = list(here)
    if not fitting:
        raise DeviceLostError("The camera is not connected. Plug it in.", Code.CAMERA_LOST)
    if len(fitting) > 1:
        names = ", ".join(one.port for one in fitting)
        raise DeviceFaultError(
            Code.CAMERA_SEVERAL,
            f"There are several cameras: {names}. Choose one of them in the settings.",
        )
    return fitting[0]


def is_plugged_in(port: str, places: Places | None = None) -> bool:
    """Whether a camera that `port` names is there; see `Driver.find`."""
    try:
        camera_at(port, places)
    except DeviceLostError:
        return False
    except DeviceFaultError:  # several
        return True
    return True


def _nodes(places: Places) -> list[str]:
    """The nodes that give pictures: a camera has a second one for what it says about them."""
    try:
        names = [one.name for one in places.classes.iterdir()]
    except OSError:
        return []
    numbers = [int(name[5:]) for name in names if name[:5] == "video" and name[5:].isdecimal()]
    return [
        name
        for name in (f"video{number}" for number in sorted(numbers))
        if _text(places.classes / name / "index") == "0" and _captures(name, places)
    ]


def _captures(node: str, places: Places) -> bool:
    """False where udev has asked the node, and it gives no pictures (a codec of a chip)."""
    number = _text(places.classes / node / "dev")
    try:
        said = (places.udev / f"c{number}").read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return True
    marks = [line for line in said.splitlines() if line.startswith("E:ID_V4L_CAPABILITIES=")]
    return not marks or ":capture:" in marks[0]


def _identity(node: str, places: Places) -> str:
    device = usb_device_of(places.classes / node / "device")
    return "" if device is None else device.identity


def _links(folder: Path) -> dict[str, Path]:
    """The links of udev, by the name of the node that each leads to."""
    try:
        links = sorted(folder.iterdir())
    except OSError:
        return {}
    return {Path(_resolved(link)).name: link for link in reversed(links)}


def _resolved(link: Path) -> str:
    try:
        return str(link.resolve())
    except (OSError, ValueError, RuntimeError):  # a name too long, a zero in it, a circle
        return ""


def _text(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return ""
    return "".join(one for one in text.strip() if one.isprintable())[:_MOST_CHARACTERS].strip()
