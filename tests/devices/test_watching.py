"""Changes of the machine: told by the kernel, or seen in sysfs; nobody else is believed."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.devices.finger_scanner import StopToken
from station_app.devices.watching import MachineWatch, Pace, kernel_socket

LONG_S = 60.0
QUIET_S = 0.3
QUICK = Pace(compare=0.05, quiet=0.05, again=0.1)
EVENT = b"add@/devices/x\0ACTION=add\0SUBSYSTEM=usb\0"


def no_kernel() -> None:
    return None


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    for folder in ("bus/usb/devices", "class/tty", "class/video4linux"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def plug(sysfs: Path, place: str, number: int) -> Path:
    folder = sysfs / "bus/usb/devices" / place
    folder.mkdir(exist_ok=True)
    (folder / "devnum").write_text(f"{number}\n")
    return folder


@pytest.fixture
def polling(sysfs: Path) -> Iterator[MachineWatch]:
    watch = MachineWatch(sysfs, no_kernel, QUICK)
    yield watch
    watch.close()


def test_without_the_kernel_sysfs_is_compared(polling: MachineWatch, sysfs: Path) -> None:
    stop = StopToken()
    assert not polling.is_told
    assert not polling.wait(stop, QUIET_S), "nothing has changed"
    folder = plug(sysfs, "1-2", 7)
    assert polling.wait(stop, LONG_S)
    assert polling.wait(stop, LONG_S), "once more, when udev's rules have been applied"
    assert not polling.wait(stop, QUIET_S)
    plug(sysfs, "1-2", 8)
    assert polling.wait(stop, LONG_S), "pulled out and put back into the same socket"
    assert polling.wait(stop, LONG_S)
    shutil.rmtree(folder)
    assert polling.wait(stop, LONG_S)


def test_it_stops_at_once(polling: MachineWatch) -> None:
    stop = StopToken()
    threading.Timer(0.1, stop.stop).start()
    begun = time.monotonic()
    assert not polling.wait(stop, LONG_S)
    assert time.monotonic() - begun < LONG_S / 2


def test_a_machine_without_sysfs_is_quiet(tmp_path: Path) -> None:
    assert not MachineWatch(tmp_path / "none", no_kernel, QUICK).wait(StopToken(), QUIET_S)


class Messages:
    """A socket pair in the kernel's place; each message says who has sent it."""

    def __init__(self) -> None:
        self.ours, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ours.setblocking(False)
        self.sender = 0

    def send(self, message: bytes) -> None:
        self._theirs.send(message)

    def fileno(self) -> int:
        return self.ours.fileno()

    def recvfrom(self, most: int) -> tuple[bytes, tuple[int, int]]:
        return self.ours.recv(most), (self.sender, 1)

    def close(self) -> None:
        self.ours.close()
        self._theirs.close()


@pytest.fixture
def messages() -> Iterator[Messages]:
    messages = Messages()
    yield messages
    messages.close()


def test_a_hub_that_loses_its_power_is_one_change(messages: Messages, sysfs: Path) -> None:
    watch = MachineWatch(sysfs, lambda: messages, QUICK)  # type: ignore[arg-type, return-value]
    for number in range(40):
        messages.send(EVENT.replace(b"x", str(number).encode()))
    assert watch.is_told
    assert watch.wait(StopToken(), LONG_S)
    assert watch.wait(StopToken(), LONG_S), "the second look"
    assert not watch.wait(StopToken(), QUIET_S)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\0" * 8000,
        os.urandom(4000),
        b"add@/devices/x\0ACTION=add\0SUBSYSTEM=net\0",
        b"SUBSYSTEM=",
    ],
)
def test_what_is_of_no_device_is_passed_over(
    messages: Messages, sysfs: Path, message: bytes
) -> None:
    watch = MachineWatch(sysfs, lambda: messages, QUICK)  # type: ignore[arg-type, return-value]
    messages.send(message)
    assert not watch.wait(StopToken(), QUIET_S)


def test_another_sender_than_the_kernel_is_not_believed(messages: Messages, sysfs: Path) -> None:
    watch = MachineWatch(sysfs, lambda: messages, QUICK)  # type: ignore[arg-type, return-value]
    messages.sender = 4711
    messages.send(EVENT)
    assert not watch.wait(StopToken(), QUIET_S)


def _may_ask_the_kernel() -> bool:
    """Whether the kernel repeats an event when it is asked to, and lets this process hear it."""
    told = kernel_socket()
    if told is None:
        return False
    try:
        Path("/sys/class/tty/tty/uevent").write_text("change")
        told.settimeout(2)
        return bool(told.recv(8192))
    except OSError:
        return False
    finally:
        told.close()


@pytest.mark.skipif(not _may_ask_the_kernel(), reason="the kernel tells this process nothing")
def test_the_real_kernel_is_heard(sysfs: Path) -> None:
    watch = MachineWatch(sysfs, pace=QUICK)
    try:
        assert watch.is_told
        Path("/sys/class/tty/tty/uevent").write_text("change")
        assert watch.wait(StopToken(), LONG_S)
        other = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 15)
        with other:
            # What a program sends, even as root to everybody, is not the kernel's.
            assert watch.wait(StopToken(), LONG_S), "the second look"
            other.sendto(EVENT, (0, 1))
            assert not watch.wait(StopToken(), QUIET_S)
    finally:
        watch.close()
