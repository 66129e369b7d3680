"""2D scanners and readers of machine-readable zones on a serial port, mostly a USB one.

They send what they read as text, by themselves, and end it with CR, LF or both.
"""

import errno
import os
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from station_app.devices.document_reader import DocumentReaderInfo, ReadResult, StillThere
from station_app.devices.finger_scanner import StopToken
from station_app.devices.found_device import FoundDevice
from station_app.devices.readers.collected_text import CollectedText
from station_app.devices.usb import UsbDevice, usb_device_of
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import Stopped

if TYPE_CHECKING:
    from serial import Serial

SPEEDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_TERMINALS: Final = Path("/sys/class/tty")
_PATIENCE_S: Final = 0.05
_CHUNK: Final = 4096
_GONE: Final = frozenset({errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO, errno.ENOTDIR})
_FAULT: Final = "The document reader cannot be used"


@dataclass(frozen=True, slots=True)
class SerialSettings:
    """`place` is a path, or the identity of a USB device (`usb:05ba:000a:SERIAL`); empty for the
    only USB serial device there is. `speed` is bits a second; USB devices mostly ignore it.
    """

    place: str = ""
    speed: int = 9600

    @property
    def is_plugged_in(self) -> bool:
        """Whether there is such a device file, or one of a USB device where none is named."""
        if self.place.startswith("/"):
            return os.path.exists(self.place)  # noqa: PTH110  (raises for none)
        return any(self.place in ("", usb.identity) for _, usb in usb_serial())

    def path(self) -> str:
        """The device file; empty where the device is not plugged in.

        Raises `DeviceFaultError` where several USB devices fit.
        """
        if self.place.startswith("/"):
            return self.place
        fitting = [f"/dev/{name}" for name, usb in usb_serial() if self.place in ("", usb.identity)]
        if len(fitting) > 1:
            raise DeviceFaultError(
                Code.DOCUMENT_READER_FAULT,
                "Several serial devices on USB may be the document reader. Write the path or "
                "the identity of the right one into the station's settings.",
            )
        return fitting[0] if fitting else ""


def serial_settings(port: str) -> SerialSettings:
    """The settings in a device's `port`, as `/dev/ttyUSB0 9600` or `usb:0c2e:0b6a:SERIAL`.

    Both may be left out. Raises `KnownError` `settings_refused` for a word it does not know.
    """
    place, speed = "", 9600
    for word in port.split():
        if word.startswith(("/", "usb:")):
            place = word
        elif word.isascii() and word.isdigit() and int(word) in SPEEDS:
            speed = int(word)
        else:
            raise KnownError(
                Code.SETTINGS_REFUSED,
                f"The document reader's port has a word that is not known: {word}. Write a path "
                f"or an identity of USB, and one of {', '.join(map(str, SPEEDS))}.",
            )
    return SerialSettings(place, speed)


def usb_serial(terminals: Path = _TERMINALS) -> list[tuple[str, UsbDevice]]:
    """The serial ports of USB devices that are plugged in: the name of the file, the device."""
    found = [
        (place.name, usb_device_of(place / "device"))
        for kind in ("ttyACM*", "ttyUSB*")
        for place in sorted(terminals.glob(kind))
    ]
    return [(name, usb) for name, usb in found if usb is not None]


def look_for_serial() -> tuple[FoundDevice, ...]:
    """The USB serial devices that are plugged in; which of them are readers, none tells."""
    return tuple(
        FoundDevice(
            usb.identity,
            usb.title,
            "" if _may_use(f"/dev/{name}") else Code.DOCUMENT_READER_FAULT,
            is_certain=False,
        )
        for name, usb in usb_serial()
    )


def _may_use(path: str) -> bool:
    return os.access(path, os.R_OK | os.W_OK)


class SerialReader:
    """See `DocumentReader`."""

    is_simulated = False

    def __init__(self, settings: SerialSettings) -> None:
        self._settings = settings
        self._port: Serial | None = None
        self._lying = StillThere()

    def open(self) -> DocumentReaderInfo:
        """See `DocumentReader`; what the reader has sent before is dropped."""
        self.close()
        path = self._settings.path()
        if not path:
            raise _lost("the document reader is not plugged in")
        self._port = _opened(path, self._settings.speed)
        usb = next((usb for name, usb in usb_serial() if path == f"/dev/{name}"), None)
        return DocumentReaderInfo("Serial document reader" if usb is None else usb.title)

    def read(self, stop: StopToken) -> ReadResult:
        """See `DocumentReader`."""
        port, text = self._port, CollectedText()
        if port is None:
            raise _lost("the document reader is not open")
        while not stop.stopped:
            try:
                data: bytes = port.read(_CHUNK)
            except (OSError, termios.error) as error:
                raise _lost("the document reader is gone") from error
            now = time.monotonic()
            if data:
                text.add(data.decode("latin-1"), now)  # PINs and zones are ASCII
            if text.is_flood(now):
                raise DeviceFaultError(
                    Code.DOCUMENT_READER_FAULT,
                    "The document reader does not stop sending. Unplug it, wait five seconds "
                    "and plug it in.",
                )
            found = text.take(now)
            if found is not None and self._lying.is_new(found, now):
                return found
        return Stopped()

    def close(self) -> None:
        """See `DocumentReader`."""
        port, self._port = self._port, None
        if port is None:
            return
        try:
            port.close()
        except OSError:
            # The handle is released even so: pyserial would close the next file that gets it.
            port.fd = None


def _opened(path: str, speed: int) -> "Serial":
    import serial  # noqa: PLC0415  (only where there is such a reader)

    try:
        return serial.Serial(path, speed, timeout=_PATIENCE_S, exclusive=True)
    except (OSError, termios.error) as error:
        # pyserial gives no number where a file is there but is no serial port.
        number = error.errno if isinstance(error, OSError) else errno.EIO
        if number in _GONE:
            raise _lost(f"there is no document reader at {path}") from error
        why = os.strerror(number) if number else "it is no serial port"
        raise DeviceFaultError(
            Code.DOCUMENT_READER_FAULT,
            f"{_FAULT} at {path} ({why}). Let this user use it (group dialout), and close other "
            "programs that do.",
        ) from error
    except ValueError as error:
        raise DeviceFaultError(Code.DOCUMENT_READER_FAULT, f"{_FAULT} at {path}.") from error


def _lost(why: str) -> DeviceLostError:
    return DeviceLostError(why, Code.DOCUMENT_READER_LOST)
