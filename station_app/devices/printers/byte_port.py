"""Bytes to and from a device file: a serial port, a USB printer, a pseudo-terminal.

Standard library only. Nothing here blocks for longer than it was told to: a printer without
paper stops taking bytes, and a plain `write` would then wait for a roll.
"""

import errno
import os
import select
import termios
import time
import tty
from typing import Final

from station_app.domain.errors import DeviceFaultError, DeviceLostError
from station_app.domain.slips import PrinterState

_GONE: Final = frozenset({errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO, errno.ENOTDIR})
_CHUNK: Final = 4096
SPEEDS: Final = {
    9600: termios.B9600,
    19200: termios.B19200,
    38400: termios.B38400,
    57600: termios.B57600,
    115200: termios.B115200,
}
"""Bits a second that a serial port may be set to."""


class BytePort:
    """One open device file. Every method raises `DeviceLostError` when it is gone."""

    def __init__(self, path: str, speed: int, *, rtscts: bool, to_write_only: bool) -> None:
        """Open it; `speed` and `rtscts` are for serial ports only.

        Raises `DeviceFaultError` `printer_fault` where this user may not use it, or another
        program does.
        """
        flags = os.O_WRONLY if to_write_only else os.O_RDWR
        try:
            self._handle = os.open(path, flags | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise _open_fault(error, path) from error
        try:
            if os.isatty(self._handle):
                self._be_raw(SPEEDS[speed], rtscts)
        except (OSError, termios.error) as error:
            os.close(self._handle)
            raise DeviceLostError(f"{path} is gone") from error

    def write(self, data: bytes, patience: float) -> bool:
        """Write all of it; False when the device took nothing for `patience` seconds."""
        rest = memoryview(data)
        until = time.monotonic() + patience
        while rest:
            self._wait(select.POLLOUT, until)
            try:
                count = os.write(self._handle, rest[:_CHUNK])
            except BlockingIOError:
                count = 0
            except OSError as error:
                raise DeviceLostError("the device is gone") from error
            if count:
                rest, until = rest[count:], time.monotonic() + patience
            elif time.monotonic() >= until:
                return False
        return True

    def read(self, patience: float) -> bytes:
        """What has come in, at the latest after `patience` seconds; nothing when nothing has."""
        until = time.monotonic() + patience
        while self._wait(select.POLLIN, until):
            try:
                data = os.read(self._handle, _CHUNK)
            except BlockingIOError:
                continue
            except OSError as error:
                raise DeviceLostError("the device is gone") from error
            if data:
                return data
            time.sleep(0.01)  # a USB printer gives empty answers while it has none
            if time.monotonic() >= until:
                break
        return b""

    def close(self) -> None:
        """Let it go, and what was not sent with it."""
        try:
            if os.isatty(self._handle):
                termios.tcflush(self._handle, termios.TCIOFLUSH)
        except (OSError, termios.error):
            pass  # it is gone already
        finally:
            os.close(self._handle)

    def _be_raw(self, speed: int, rtscts: bool) -> None:
        tty.setraw(self._handle, termios.TCSANOW)
        settings = termios.tcgetattr(self._handle)
        flow = termios.CRTSCTS if rtscts else 0
        settings[2] = settings[2] & ~termios.CRTSCTS | termios.CLOCAL | termios.CREAD | flow
        settings[4] = settings[5] = speed
        termios.tcsetattr(self._handle, termios.TCSANOW, settings)
        termios.tcflush(self._handle, termios.TCIOFLUSH)

    def _wait(self, event: int, until: float) -> bool:
        """Whether the device is ready for that before `until`."""
        poll = select.poll()
        poll.register(self._handle, event)
        found = poll.poll(max(0.0, until - time.monotonic()) * 1000)
        if any(what & (select.POLLHUP | select.POLLNVAL) for _, what in found):
            raise DeviceLostError("the device is gone")
        return bool(found)


def _open_fault(error: OSError, path: str) -> Exception:
    if error.errno in _GONE:
        return DeviceLostError(f"there is no device {path}")
    why = os.strerror(error.errno or errno.EIO)
    return DeviceFaultError(
        PrinterState.FAULT.code,
        f"The slip printer at {path} can not be used ({why}). "
        "Let this user use it (group lp or dialout), and close other programs that do.",
    )
