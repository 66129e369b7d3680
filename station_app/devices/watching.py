"""Notices that something was plugged in or pulled out, without opening any device.

The kernel tells of each device by a netlink message (`NETLINK_KOBJECT_UEVENT`,
lib/kobject_uevent.c). Where it does not, as in some containers, the folders of sysfs are compared.
What a message says is never used: it only means that the devices have to be looked for again.
"""

import os
import select
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.devices.finger_scanner import StopToken

_KOBJECT_UEVENT: Final = 15
_KERNEL_GROUP: Final = 1
_KERNEL: Final = 0
"""The sender's port id of the kernel, which no program can have (netlink(7))."""
_LONGEST: Final = 8192
_SUBSYSTEMS: Final = frozenset(
    {b"usb", b"usbmisc", b"tty", b"video4linux", b"hidraw", b"input", b"printer"}
)
_FOLDERS: Final = ("bus/usb/devices", "class/tty", "class/video4linux", "class/usbmisc")
_SLICE_S: Final = 0.2
_LONGEST_STORM_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between comparisons of sysfs, without and beside the kernel's messages; without a
    message until a storm of them is over; and until a change is told once more: udev sets a node's
    group only after the kernel has told of it.
    """

    compare: float = 0.5
    compare_beside: float = 5.0
    quiet: float = 0.3
    again: float = 1.5


class MachineWatch:
    """Waits for a change; used on one thread.

    `sysfs` is where devices are listed. `kernel` gives the socket of the kernel's messages, None
    where there is none.
    """

    def __init__(
        self,
        sysfs: Path = Path("/sys"),
        kernel: "Callable[[], socket.socket | None] | None" = None,
        pace: Pace = Pace(),
    ) -> None:
        self._pace = pace
        self._sysfs = sysfs
        self._socket = (kernel or kernel_socket)()
        self._seen = self._listed()
        self._compared = time.monotonic()
        self._again: float | None = None

    @property
    def is_told(self) -> bool:
        """Whether the kernel tells of changes; else sysfs is compared twice a second."""
        return self._socket is not None

    def wait(self, stop: StopToken, seconds: float) -> bool:
        """True when devices were plugged in or pulled out; False when stopped, or after `seconds`.

        A hub that loses its power is one change. Returns within 0.3 seconds of `stop`.
        """
        end = time.monotonic() + seconds
        while not stop.stopped and (now := time.monotonic()) < end:
            if self._again is not None and now >= self._again:
                self._again = None
                return True
            if self._changed(min(_SLICE_S, end - now), stop):
                self._let_settle(stop)
                self._again = time.monotonic() + self._pace.again
                return True
        return False

    def close(self) -> None:
        """Let the socket go."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _changed(self, seconds: float, stop: StopToken) -> bool:
        if self._told(seconds, stop):
            return True
        every = self._pace.compare_beside if self.is_told else self._pace.compare
        if time.monotonic() - self._compared < every:
            return False
        return self._differs()

    def _differs(self) -> bool:
        before, self._seen = self._seen, self._listed()
        self._compared = time.monotonic()
        return before != self._seen

    def _told(self, seconds: float, stop: StopToken) -> bool:
        """Whether the kernel tells of a device within `seconds`."""
        if self._socket is None:
            stop.wait(seconds)
            return False
        readable, _, _ = select.select([self._socket], [], [], max(0.0, seconds))
        return bool(readable) and any(map(_is_of_a_device, self._messages()))

    def _messages(self) -> Iterator[bytes]:
        assert self._socket is not None
        while True:
            try:
                message, (sender, _group) = self._socket.recvfrom(_LONGEST)
            except BlockingIOError:
                return
            except OSError:  # messages were lost (ENOBUFS): anything may have changed
                yield _LOST
                return
            if sender == _KERNEL:
                yield message

    def _let_settle(self, stop: StopToken) -> None:
        """Wait for the end of a storm: a hub and all in it, a device and its interfaces."""
        end = time.monotonic() + _LONGEST_STORM_S
        while not stop.stopped and time.monotonic() < end:
            if not self._told(self._pace.quiet, stop):
                break
        self._differs()

    def _listed(self) -> frozenset[tuple[str, str]]:
        """Every device's place, with the number that a device gets anew when it is plugged in."""
        found: set[tuple[str, str]] = set()
        for folder in _FOLDERS:
            place = self._sysfs / folder
            try:
                names = os.listdir(place)  # noqa: PTH208  (twice a second)
            except OSError:
                continue
            found.update((f"{folder}/{name}", _number(place / name)) for name in names)
        return frozenset(found)


_LOST: Final = b"change@lost\0SUBSYSTEM=usb\0"


def kernel_socket() -> socket.socket | None:
    """The socket of the kernel's messages, None where this user or container may not have it."""
    try:
        told = socket.socket(
            socket.AF_NETLINK,
            socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC,
            _KOBJECT_UEVENT,
        )
    except OSError:
        return None
    try:
        told.bind((0, _KERNEL_GROUP))
    except OSError:
        told.close()
        return None
    return told


def _is_of_a_device(message: bytes) -> bool:
    fields = message.split(b"\0")
    return any(
        one.startswith(b"SUBSYSTEM=") and one.removeprefix(b"SUBSYSTEM=") in _SUBSYSTEMS
        for one in fields
    )


def _number(place: Path) -> str:
    try:
        return (place / "devnum").read_text(encoding="ascii", errors="replace")[:16]
    except (OSError, ValueError):
        return ""
