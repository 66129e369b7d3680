"""Something at a printer's port that is no printer, or one that fails: it answers as it is told."""

import contextlib
import os
import select
import socket
import threading
import tty
from collections.abc import Callable
from pathlib import Path

from station_app.devices.printers.escpos_settings import EscposSettings
from station_app.devices.printers.network_port import NetworkAddress

Answer = Callable[[bytes], bytes]
_LOOK_S = 0.01


class StrangeDevice:
    """Hears bytes and says `answer` of them; `floods` says that again and again, unasked.

    `lasts`: bytes after which it is gone. At a pseudo-terminal, or `on_network`.
    """

    def __init__(
        self,
        place: Path,
        width: int,
        answer: Answer = lambda _: b"",
        *,
        on_network: bool = False,
        floods: bytes = b"",
        lasts: int | None = None,
    ) -> None:
        self.heard = bytearray()
        self._answer, self._floods, self._lasts = answer, floods, lasts
        self._ends = threading.Event()
        self._listening: socket.socket | None = None
        self._link = place / "strange"
        self._handles: list[int] = []
        if on_network:
            self._listening = socket.create_server(("127.0.0.1", 0))
            address = NetworkAddress("127.0.0.1", self._listening.getsockname()[1])
            self.settings = EscposSettings(address, width)
        else:
            self._handles = list(os.openpty())
            tty.setraw(self._handles[1])
            os.set_blocking(self._handles[0], False)
            self._link.symlink_to(os.ttyname(self._handles[1]))
            self.settings = EscposSettings(str(self._link), width)
        self._thread = threading.Thread(target=self._work, name="strange device", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take it away."""
        self._ends.set()
        self._thread.join()
        self._let_go()
        if self._listening is not None:
            self._listening.close()

    def _work(self) -> None:
        if self._listening is None:
            self._speak(self._handles[0])
            return
        while not self._ends.is_set():
            if select.select([self._listening], [], [], _LOOK_S)[0]:
                cable, _ = self._listening.accept()
                cable.setblocking(False)
                with cable:
                    self._speak(cable.fileno())

    def _speak(self, handle: int) -> None:
        while not self._ends.is_set():
            if self._floods:
                self._say(handle, self._floods)
            if not select.select([handle], [], [], 0 if self._floods else _LOOK_S)[0]:
                continue
            try:
                data = os.read(handle, 4096)
            except OSError:
                return
            if not data:
                return
            self.heard += data
            if self._lasts is not None and len(self.heard) >= self._lasts:
                self._let_go()
                return
            self._say(handle, self._answer(data))

    def _say(self, handle: int, what: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(handle, what)

    def _let_go(self) -> None:
        self._link.unlink(missing_ok=True)
        while self._handles:
            os.close(self._handles.pop())
