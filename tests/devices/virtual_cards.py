"""A card service of one test's own, with Debian's virtual reader (vpcd) and make-believe cards."""

import contextlib
import os
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from station_app.devices.readers.card_reader import PRESENT, UNAWARE, PcscContext
from tests.devices.free_ports import free_port

_DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_SERVICE = "/usr/sbin/pcscd"
_WAIT_S = 20.0
ATR = bytes.fromhex("3b800181")


def skip_without_virtual_cards() -> None:
    """Skip where the packages pcscd and vsmartcard-vpcd, or the rights to mount, are missing."""
    if not _DRIVER.exists() or shutil.which(_SERVICE) is None:
        pytest.skip("needs the packages pcscd and vsmartcard-vpcd")
    mount = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/run"]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a card service of its own needs root, and a namespace for mounts")


class CardService:
    """pcscd in a namespace of mounts, so that its socket is no other program's."""

    def __init__(self, place: Path) -> None:
        self._place, self._port = place, free_port(in_a_row=2)  # vpcd has two slots
        self.socket = Path(os.environ["PCSCLITE_CSOCK_NAME"])  # tests/conftest.py
        (place / "readers").mkdir()
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, *, has_reader: bool = True) -> None:
        """Returns once it answers; what `stop` ended may be started again."""
        self.stop()
        (self._place / "readers/vpcd").write_text(self._reader() if has_reader else "")
        script = f"mount -t tmpfs none /run && mkdir /run/pcscd && exec {_SERVICE} -f -c $0"
        self._running = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", script, str(self._place / "readers")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        there = Path(f"/proc/{self._running.pid}/root/run/pcscd/pcscd.comm")
        try:
            _wait(lambda: _answers(there) and self._listens() is has_reader)
        except AssertionError:
            self.stop()
            raise
        self.socket.unlink(missing_ok=True)
        self.socket.symlink_to(there)

    def stop(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.terminate()
            running.wait(_WAIT_S)
            self.socket.unlink(missing_ok=True)

    def _reader(self) -> str:
        return (
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{self._port:#x}\n'
            f"LIBPATH {_DRIVER}\nCHANNELID {self._port:#x}\n"
        )

    def insert(self) -> "VirtualCard":
        return VirtualCard(self._port)

    def _listens(self) -> bool:
        with socket.socket() as probe:  # a taken port cannot be bound
            try:
                probe.bind(("127.0.0.1", self._port))
            except OSError:
                return True
        return False


def until_taken_out() -> None:
    """Wait until the service has seen it: it looks every 0.4 s, and misses what is faster."""
    context = PcscContext()
    try:
        slots = dict.fromkeys(context.readers(), UNAWARE)
        _wait(lambda: not any(state & PRESENT for state in context.wait(slots).values()))
    finally:
        context.close()


class VirtualCard:
    """In the reader from now on, until `remove`: says its ATR, and refuses every command."""

    def __init__(self, port: int) -> None:
        self._link = socket.create_connection(("127.0.0.1", port), _WAIT_S)
        self._link.settimeout(None)
        self._serving = threading.Thread(target=self._serve)
        self._serving.start()

    def remove(self) -> None:
        with contextlib.suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)
        self._serving.join()
        self._link.close()

    def _serve(self) -> None:
        """Messages are 2 bytes of length, then the bytes; one byte is an order of the reader's."""
        with contextlib.suppress(OSError, struct.error):
            while True:
                (size,) = struct.unpack(">H", self._link.recv(2, socket.MSG_WAITALL))
                message = self._link.recv(size, socket.MSG_WAITALL)
                reply = b"\x6d\x00" if size > 1 else (ATR if message == b"\x04" else b"")
                if reply:
                    self._link.sendall(struct.pack(">H", len(reply)) + reply)


def _answers(there: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(there)) == 0


def _wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + _WAIT_S
    while not holds():
        assert time.monotonic() < until, "the card service did not start"
        time.sleep(0.02)
