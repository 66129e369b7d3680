"""A simulated receipt printer on a TCP port of the loopback, as a printer's port 9100 is."""

import contextlib
import os
import select
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from station_app.devices.printers.network_port import NetworkAddress
from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.domain.slips import SlipImage
from tests.devices.free_ports import free_port

_LOOK_S = 0.02


class NetworkPrinter:
    """Passes bytes between one connection at a time and a `SimulatedPrinter`."""

    def __init__(self, place: Path, take: Callable[[SlipImage], None] = lambda _: None) -> None:
        self.machine = SimulatedPrinter(place / "lp0", take)
        self._listening = socket.create_server(("127.0.0.1", free_port()))
        self.address = NetworkAddress("127.0.0.1", self._listening.getsockname()[1])
        self._ends, self._is_mute = threading.Event(), threading.Event()
        self._thread = self._started()

    def unplug(self) -> None:
        """Nobody listens any more, and the connection is reset."""
        self._stop()
        self.machine.unplug()

    def plug_in(self) -> None:
        """Listen on the same port again."""
        self.machine.plug_in()
        self._listening = socket.create_server(("127.0.0.1", self.address.port))
        self._ends.clear()
        self._thread = self._started()

    def hang(self) -> None:
        """The cable is cut: the connection is there, and nothing passes."""
        self._is_mute.set()

    def unhang(self) -> None:
        """The cable is mended, or the printer back; an old connection is dead all the same."""
        self._is_mute.clear()

    def close(self) -> None:
        """End it."""
        self._stop()
        self.machine.close()

    def _started(self) -> threading.Thread:
        thread = threading.Thread(target=self._work, name="network printer", daemon=True)
        thread.start()
        return thread

    def _stop(self) -> None:
        self._ends.set()
        self._thread.join()
        self._listening.close()

    def _work(self) -> None:
        while not self._ends.is_set():
            if select.select([self._listening], [], [], _LOOK_S)[0]:
                cable, _ = self._listening.accept()
                with cable, contextlib.suppress(OSError):
                    self._pass(cable)

    def _pass(self, cable: socket.socket) -> None:
        line = os.open(self.machine.port, os.O_RDWR | os.O_NOCTTY)
        try:
            while not self._ends.is_set():
                if self._is_mute.is_set():
                    # The next connection is heard once the cable is whole.
                    self._ends.wait(_LOOK_S)
                    if not self._is_mute.is_set():
                        return
                    continue
                for ready in select.select([cable.fileno(), line], [], [], _LOOK_S)[0]:
                    if ready != line:
                        data = cable.recv(4096)
                        if not data:
                            return
                        os.write(line, data)
                    else:
                        cable.sendall(os.read(line, 4096))
        finally:
            os.close(line)
