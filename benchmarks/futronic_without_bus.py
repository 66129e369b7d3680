"""The futronic driver's own program on an emulated FS81 without a bus: bulk transfers are calls.

    futronic_without_bus.py ROOT GLASS

ROOT is the checkout. While the file GLASS is there it is the finger (320 x 480, 8 bit); one frame
before it is empty, as the program takes no finger that lies there already. libusb, usbfs and the
wire are left out; `make test-devices` has them.
"""

import ctypes
import sys
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])

from station_app.devices.hosted import futronic_child
from tests.vm.fs81 import LINES, WIDTH, Fs81

_BUS, _ADDRESS, _PPI = 1, 1, 500
_TIMEOUT = -7


class Wire(Fs81):
    """What of libusb-1.0 the program calls."""

    def __init__(self, glass: Path) -> None:
        super().__init__()
        self._glass, self._sent, self._was_empty = glass, bytearray(), True

    def send(self, endpoint: int, data: bytes) -> None:
        self._sent += data

    def _look(self) -> None:
        is_there = self._glass.exists()
        if is_there and not self._was_empty:
            self.lay(self._glass.read_bytes())
        else:
            self.lift()
        self._was_empty = not is_there

    def libusb_init(self, _context: Any) -> int:
        return 0

    def libusb_get_device_list(self, _context: Any, devices: Any) -> int:
        devices._obj.contents = ctypes.c_void_p(1)
        return 1

    def libusb_get_bus_number(self, _device: Any) -> int:
        return _BUS

    def libusb_get_device_address(self, _device: Any) -> int:
        return _ADDRESS

    def libusb_open(self, _device: Any, _handle: Any) -> int:
        return 0

    def libusb_claim_interface(self, _handle: Any, _number: int) -> int:
        return 0

    def libusb_bulk_transfer(
        self, _handle: Any, endpoint: int, buffer: Any, size: int, done: Any, _patience_ms: int
    ) -> int:
        if endpoint < 0x80:
            order = buffer.raw[:size]
            if order == futronic_child._FRAME:
                self._look()
            self.received(endpoint, order)
            done._obj.value = size
            return 0
        data = bytes(self._sent[:size])
        del self._sent[:size]
        ctypes.memmove(buffer, data, len(data))
        done._obj.value = len(data)
        return 0 if data else _TIMEOUT


if __name__ == "__main__":
    wire = Wire(Path(sys.argv[2]))
    futronic_child._library = lambda: wire  # type: ignore[assignment, return-value]
    words = [_BUS, _ADDRESS, _PPI, WIDTH, LINES]
    sys.exit(futronic_child.main(list(map(str, words))))
