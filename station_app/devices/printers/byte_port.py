"""Bytes to and from a printer: a serial port, a USB printer, a pseudo-terminal, a network socket.

pyserial opens and sets serial ports; printers on USB are files. Reading and writing is the
same for all, and no call here blocks for longer than its `patience`: a printer without paper
stops taking bytes, and a plain `write` would then wait for a roll.
"""

import array
import contextlib
import errno
import fcntl
import os
import re
import select
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from station_app.devices.printers.slip_printer import printer_fault
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError
from station_app.domain.slips import PrinterState

if TYPE_CHECKING:
    from serial import Serial

_GONE: Final = frozenset({errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO, errno.ENOTDIR})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM})
_TAKEN: Final = frozenset({errno.EBUSY, errno.EAGAIN})
_CHUNK: Final = 4096
_PRINTER_FILE: Final = re.compile(r"lp\d+")
_DRAIN_LOOK_S: Final = 0.02
_MOST_PATIENCES: Final = 29
"""No more than these are given to a device that takes bytes one by one: a slip at 9,600 bits a
second needs 9."""


def device_gone() -> DeviceLostError:
    """What reading and writing raise once the printer is not there."""
    return DeviceLostError("the device is gone", Code.PRINTER_LOST)


class PrinterLine:
    """One open line to a printer. Reading and writing raise `DeviceLostError` when it is gone.

    `handle` is non-blocking. `ends_empty`: an empty read is the end, as of a socket; a USB
    printer gives empty answers while it has none.
    """

    def __init__(self, handle: int, *, ends_empty: bool) -> None:
        self._handle, self._ends_empty = handle, ends_empty

    def write(self, data: bytes, patience: float) -> bool:
        """Write all of it; False when the device took nothing for `patience` seconds, or takes it
        so slowly that nobody waits for it.

        Not with pyserial's `write`, whose limit is for the whole and which does not let the
        processor go while the port is full.
        """
        rest = memoryview(data)
        until = time.monotonic() + patience
        last = until + _MOST_PATIENCES * patience
        while rest:
            self._wait(select.POLLOUT, until)
            try:
                count = os.write(self._handle, rest[:_CHUNK])
            except BlockingIOError:
                count = 0
            except OSError as error:
                raise device_gone() from error
            if count:
                rest, until = rest[count:], min(time.monotonic() + patience, last)
            elif time.monotonic() >= until:
                return False
        return True

    def read(self, patience: float) -> bytes:
        """The bytes received within `patience` seconds; empty when there were none."""
        until = time.monotonic() + patience
        while self._wait(select.POLLIN, until):
            try:
                data = os.read(self._handle, _CHUNK)
            except BlockingIOError:
                continue
            except OSError as error:
                raise device_gone() from error
            if data:
                return data
            if self._ends_empty:
                raise device_gone()
            time.sleep(0.01)
            if time.monotonic() >= until:
                break
        return b""

    def drain(self, patience: float) -> bool:
        """Wait until the computer has passed on what was written; closing drops the rest.

        False when nothing was passed on for `patience` seconds.
        """
        left, until = self._unsent(), time.monotonic() + patience
        last = until + _MOST_PATIENCES * patience
        while left:
            if time.monotonic() >= until:
                return False
            time.sleep(_DRAIN_LOOK_S)
            now = self._unsent()
            if now < left:
                until = min(time.monotonic() + patience, last)
            left = now
        # A USB printer's file can be written to once its last transfer has ended.
        return self._wait(select.POLLOUT, until)

    def close(self) -> None:
        """Close it and drop unsent bytes; never raises."""
        with contextlib.suppress(OSError):
            os.close(self._handle)

    def _unsent(self) -> int:
        """Bytes that wait in the computer; 0 where the kernel does not say."""
        count = array.array("i", [0])
        try:
            fcntl.ioctl(self._handle, termios.TIOCOUTQ, count)
        except OSError:
            return 0
        return count[0]

    def _wait(self, event: int, until: float) -> bool:
        """Whether the device is ready for that before `until`."""
        poll = select.poll()
        poll.register(self._handle, event)
        found = poll.poll(max(0.0, until - time.monotonic()) * 1000)
        if any(what & (select.POLLHUP | select.POLLNVAL) for _, what in found):
            raise device_gone()
        return bool(found)


class BytePort(PrinterLine):
    """An open device file."""

    def __init__(self, path: str, speed: int, *, rtscts: bool, to_write_only: bool) -> None:
        """Open it; `speed` and `rtscts` are for serial ports, `to_write_only` for printers' files.

        Raises `DeviceFaultError` `printer_no_permission` where this user may not use it,
        `printer_busy` where another program does, else `printer_fault`.
        """
        self._serial: Serial | None = None
        try:
            # The kernel calls its printers lp0, lp1 and so on; links to them may have any name.
            if _PRINTER_FILE.fullmatch(Path(path).resolve().name):
                flags = os.O_WRONLY if to_write_only else os.O_RDWR
                handle = os.open(path, flags | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
            else:
                self._serial = _serial_port(path, speed, rtscts=rtscts)
                handle = self._serial.fileno()
        except (OSError, termios.error) as error:
            raise _open_fault(error, path) from error
        super().__init__(handle, ends_empty=False)

    def close(self) -> None:
        """See `PrinterLine.close`."""
        if self._serial is None:
            super().close()
            return
        with contextlib.suppress(OSError, termios.error):  # it is gone already
            # Closing would wait until the printer has taken it.
            self._serial.reset_output_buffer()
        try:
            self._serial.close()
        except OSError:
            # The handle is released even so: pyserial would close the next file that gets it.
            self._serial.fd = None


def _serial_port(path: str, speed: int, *, rtscts: bool) -> "Serial":
    """8 data bits, no parity, 1 stop bit, and nobody else's; raises `OSError`."""
    import serial  # noqa: PLC0415  (only where there is a printer)

    return serial.Serial(path, speed, rtscts=rtscts, exclusive=True)


def _open_fault(error: Exception, path: str) -> Exception:
    # pyserial gives no number where a file is there but is no serial port.
    number = error.errno if isinstance(error, OSError) else errno.EIO
    if number in _GONE:
        return DeviceLostError(f"there is no device {path}", Code.PRINTER_LOST)
    if number in _FORBIDDEN:
        return printer_fault(PrinterState.NO_PERMISSION)
    if number in _TAKEN:
        return printer_fault(PrinterState.BUSY)
    why = os.strerror(number) if number else "it is no serial port"
    return DeviceFaultError(
        PrinterState.FAULT.code,
        f"The slip printer at {path} cannot be used ({why}). "
        "Check the port in the settings: it is no printer's.",
    )
