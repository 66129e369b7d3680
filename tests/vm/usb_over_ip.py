"""USB devices written in Python: the kernel's vhci_hcd asks over USB/IP, a class answers.

Protocol: Documentation/usb/usbip_protocol.rst of the kernel. The other end of the connection is a
socket pair, so neither a network nor the usbip tools are needed. Drivers, usbfs and libusb are the
machine's own.
"""

import contextlib
import os
import socket
import struct
import subprocess
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

_VHCI: Final = Path("/sys/devices/platform/vhci_hcd.0")
_UNLINK: Final = 2
_RET_SUBMIT, _RET_UNLINK = 3, 4
_STALLED, _UNLINKED = -32, -104  # EPIPE, ECONNRESET
_FREE: Final = "004"
_PATIENCE_S: Final = 20.0
FULL_SPEED, HIGH_SPEED = 2, 3


class Stall(Exception):  # noqa: N818  (what USB calls it)
    """The device does not know this request."""


class UsbDevice:
    """A device gives its descriptors and `strings`, and overrides what it does.

    `control` and `received` are called on the serving thread. `send` queues bytes for an IN
    endpoint; an IN transfer without any stays pending, as on a real bus.
    """

    device: bytes
    configuration: bytes
    strings: tuple[str, ...] = ()
    speed = FULL_SPEED

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._waiting: dict[int, deque[tuple[int, int]]] = {}
        self._ready: dict[int, deque[bytes]] = {}
        self._link: socket.socket | None = None
        self._port = -1
        self._is_silent = self._is_garbled = False

    def control(
        self, kind: int, request: int, value: int, index: int, data: bytes, length: int
    ) -> bytes:
        """A class or vendor request; returns the answer of an IN one."""
        raise Stall

    def received(self, endpoint: int, data: bytes) -> None:
        """Bytes for an OUT endpoint."""

    def plugged(self) -> None:
        """The device has power again: whatever it knew is gone."""

    def plug(self, socket_number: str = "0") -> None:
        """Plug it into a free port: the first one, or one further on."""
        subprocess.run(["modprobe", "vhci_hcd"], check=True)
        end = time.monotonic() + _PATIENCE_S
        while len(ports := _free_ports()) <= int(socket_number):
            assert time.monotonic() < end, "no free port"
            time.sleep(0.02)  # one just unplugged is let go of a moment later
        port = ports[int(socket_number)]
        ours, kernels = socket.socketpair()
        with self._lock:
            self._waiting, self._ready = {}, {}
            self._link, self._port = ours, port
            self._is_silent = self._is_garbled = False
            self.plugged()
        threading.Thread(target=self._serve, args=(ours,), daemon=True).start()
        text = f"{port} {kernels.fileno()} {65536 + port} {self.speed}"
        (_VHCI / "attach").write_text(text)
        kernels.close()  # the kernel has its own reference

    def unplug(self) -> None:
        """Pull the cable."""
        if self._port < 0:
            return
        with contextlib.suppress(OSError):
            (_VHCI / "detach").write_text(str(self._port))
        self._port = -1
        with self._lock:
            if self._link is not None:
                self._link.close()
                self._link = None

    def fall_silent(self) -> None:
        """Answer nothing from now on, until it is plugged in anew."""
        self._is_silent = True

    def talk_nonsense(self) -> None:
        """Send random bytes from now on, until it is plugged in anew."""
        with self._lock:
            self._is_garbled = True
            for endpoint in list(self._waiting):
                self.send(endpoint, b"")

    def close(self) -> None:
        """Take the device away."""
        self.unplug()

    def send(self, endpoint: int, data: bytes) -> None:
        """Queue one transfer's bytes for an IN endpoint (0x81 and so on)."""
        with self._lock:
            waiting = self._waiting.get(endpoint & 15)
            if waiting:
                self._answer(*waiting.popleft(), data)
            else:
                self._ready.setdefault(endpoint & 15, deque()).append(data)

    def is_asked(self, endpoint: int) -> bool:
        """An IN transfer is pending."""
        with self._lock:
            return bool(self._waiting.get(endpoint & 15))

    def _serve(self, link: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                head = _exactly(link, 48)
                command, number, _, is_in, endpoint = struct.unpack_from(">5I", head)
                if command == _UNLINK:
                    self._unlink(number, struct.unpack_from(">I", head, 20)[0])
                    continue
                length = struct.unpack_from(">I", head, 24)[0]
                data = b"" if is_in else _exactly(link, length)
                with self._lock:
                    if self._link is not link:
                        return
                    self._transfer(number, endpoint, bool(is_in), length, head[40:48], data)

    def _transfer(
        self, number: int, endpoint: int, is_in: bool, length: int, setup: bytes, data: bytes
    ) -> None:
        if endpoint == 0:
            kind, request, value, index, size = struct.unpack("<BBHHH", setup)
            try:
                answer = self._request(kind, request, value, index, data, size)
            except Stall:
                self._reply(number, _STALLED, 0, b"")
            else:
                if is_in:
                    self._answer(number, size, answer)
                else:
                    self._reply(number, 0, size, b"")
        elif not is_in:
            self.received(endpoint, data)
            self._reply(number, 0, length, b"")
        elif ready := self._ready.get(endpoint):
            self._answer(number, length, ready.popleft())
        else:
            self._waiting.setdefault(endpoint, deque()).append((number, length))

    def _request(
        self, kind: int, request: int, value: int, index: int, data: bytes, size: int
    ) -> bytes:
        """USB 2.0, 9.4."""
        if kind & 0x60:
            return self.control(kind, request, value, index, data, size)
        match request, value >> 8:
            case 6, 1:
                return self.device
            case 6, 2:
                return self.configuration
            case 6, 3 if value & 255 == 0:
                return b"\x04\x03\x09\x04"
            case 6, 3 if value & 255 <= len(self.strings):
                text = self.strings[(value & 255) - 1].encode("utf-16-le")
                return bytes([2 + len(text), 3]) + text
            case 6, _:
                return self.control(kind, request, value, index, data, size)
            case ((1 | 3 | 9 | 11), _):  # clear and set feature, set configuration and interface
                return b""
            case 0, _:
                return b"\0\0"
        raise Stall

    def _answer(self, number: int, length: int, data: bytes) -> None:
        data = os.urandom(length) if self._is_garbled else data[:length]
        self._reply(number, 0, len(data), data)

    def _reply(self, number: int, status: int, actual: int, data: bytes) -> None:
        if self._link is not None and not self._is_silent:
            head = struct.pack(">5IiI", _RET_SUBMIT, number, 0, 0, 0, status, actual) + bytes(20)
            with contextlib.suppress(OSError):
                self._link.sendall(head + data)

    def _unlink(self, number: int, victim: int) -> None:
        with self._lock:
            status = 0
            for waiting in self._waiting.values():
                for one in list(waiting):
                    if one[0] == victim:
                        waiting.remove(one)
                        status = _UNLINKED
            if self._link is not None:
                head = struct.pack(">5Ii", _RET_UNLINK, number, 0, 0, 0, status)
                self._link.sendall(head + bytes(24))


def _free_ports() -> list[int]:
    """The columns of `status` are hub, port, state and others."""
    rows = (row.split() for row in (_VHCI / "status").read_text().splitlines()[1:])
    return [int(row[1]) for row in rows if row[0] == "hs" and row[2] == _FREE]


def _exactly(link: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = link.recv(count - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data
