"""A receipt printer at the end of a real USB cable: the kernel's usblp or cdc_acm is in between.

`SimulatedPrinter` speaks on a pseudo-terminal; two threads carry bytes between that and the
device's side of the gadget.
"""

import os
import select
import termios
import threading
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from station_app.devices.simulated.simulated_printer import SimulatedPrinter
from station_app.domain.slips import SlipImage
from tests.vm.gadget import Gadget, load_modules, wait_until

_POLL_MS: Final = 20
_CHUNK: Final = 4096
_IDS: Final = (0x04B8, 0x0202)
_WORDS: Final = {"manufacturer": "EPSON", "product": "TM-T20", "serialnumber": "J3EG012345"}


@dataclass(frozen=True, slots=True)
class Cable:
    """How a printer is connected.

    `function` of the gadget with its attributes, `driver` of the station's kernel, `node` where the
    station finds it, `inside` the device's end.
    """

    function: str
    driver: str
    node: str
    inside: str
    attributes: dict[str, str] = field(default_factory=dict)


USBLP: Final = Cable(
    "printer",
    "usblp",
    "/dev/usb/lp0",
    "/dev/g_printer0",
    {"pnp_string": "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;CLS:PRINTER;"},
)
CDC_ACM: Final = Cable("acm", "cdc_acm", "/dev/ttyACM0", "/dev/ttyGS0")


class WirePrinter:
    """The printer (`machine`: its paper, cover and switch) and its cable."""

    def __init__(self, cable: Cable, folder: Path, take: Callable[[SlipImage], None]) -> None:
        load_modules(cable.driver)
        self._cable = cable
        self.machine = SimulatedPrinter(folder / "printer", take)
        self._pty = folder / "printer"
        self._gadget = Gadget("printer", _IDS, _WORDS, cable.function, cable.attributes)
        self._ends = threading.Event()
        self._threads: list[threading.Thread] = []
        self._handles: tuple[int, ...] = ()

    def plug(self) -> None:
        """Put the cable in, and wait until the station's side is there."""
        self.machine.plug_in()
        self._gadget.plug(self._cable.node)
        wait_until(Path(self._cable.inside).exists)
        self._ends = threading.Event()
        inside, outside = open_raw(self._cable.inside), open_raw(str(self._pty))
        self._threads = [
            threading.Thread(target=_carry, args=(one, other, self._ends), daemon=True)
            for one, other in ((inside, outside), (outside, inside))
        ]
        self._handles = inside, outside
        for thread in self._threads:
            thread.start()

    def unplug(self) -> None:
        """Pull the cable; what was half received is forgotten."""
        if not self._threads:
            return
        self._gadget.unplug()
        wait_until(lambda: not Path(self._cable.node).exists())
        self._ends.set()
        for thread in self._threads:
            thread.join()
        for handle in self._handles:
            os.close(handle)
        self._threads, self._handles = [], ()
        self.machine.unplug()

    def close(self) -> None:
        """Take printer and cable away."""
        self.unplug()
        self._gadget.remove()
        self.machine.close()


def open_raw(path: str) -> int:
    """The device's file, without waiting and without a terminal's translations."""
    handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    if os.isatty(handle):
        tty.setraw(handle, termios.TCSANOW)
    return handle


def _carry(source: int, target: int, ends: threading.Event) -> None:
    """Bytes from one to the other, until the cable is pulled."""
    poll = select.poll()
    poll.register(source, select.POLLIN)
    while not ends.is_set():
        try:
            data = os.read(source, _CHUNK) if poll.poll(_POLL_MS) else b""
        except BlockingIOError:
            data = b""
        except OSError:
            return
        if not data:
            time.sleep(0.002)
        while data and not ends.is_set():
            try:
                data = data[os.write(target, data) :]
            except BlockingIOError:
                time.sleep(0.005)
            except OSError:
                return
