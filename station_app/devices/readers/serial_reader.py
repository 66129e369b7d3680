"""2D scanners and readers of machine-readable zones on a serial port, mostly a USB one.

They send what they read as text, by themselves, and end it with CR, LF or both.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.devices.document_reader import DocumentReaderInfo, ReadResult, StillThere
from station_app.devices.drivers import FoundDevice
from station_app.devices.finger_scanner import StopToken
from station_app.devices.printers.byte_port import BytePort
from station_app.devices.readers.collected_text import CollectedText
from station_app.devices.usb import UsbDevice, usb_device_of
from station_app.domain.documents import document_in
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import Stopped

SPEEDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_TERMINALS: Final = Path("/sys/class/tty")
_PATIENCE_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class SerialSettings:
    """`place` is a path, or the identity of a USB device (`usb:05ba:000a:SERIAL`); empty for the
    only USB serial device there is. `speed` is bits a second; USB devices mostly ignore it.
    """

    place: str = ""
    speed: int = 9600

    def path(self) -> str:
        """The device file; empty where the device is not plugged in.

        Raises `DeviceFaultError` where several USB devices fit.
        """
        if self.place.startswith("/"):
            return self.place
        fitting = [
            f"/dev/{name}" for name, usb in usb_serial() if self.place in ("", usb.identity)
        ]
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
    return tuple(FoundDevice(usb.identity, usb.title) for _, usb in usb_serial())


class SerialReader:
    """See `DocumentReader`."""

    is_simulated = False

    def __init__(self, settings: SerialSettings) -> None:
        self._settings = settings
        self._port: BytePort | None = None
        self._lying = StillThere()

    def open(self) -> DocumentReaderInfo:
        """See `DocumentReader`; what the reader has sent before is dropped."""
        self.close()
        path = self._settings.path()
        if not path:
            raise DeviceLostError(
                "the document reader is not plugged in", Code.DOCUMENT_READER_LOST
            )
        with _as_reader():
            self._port = BytePort(path, self._settings.speed, rtscts=False, to_write_only=False)
        return DocumentReaderInfo(next((one.title for one in self._usb(path)), "Document reader"))

    def read(self, stop: StopToken) -> ReadResult:
        """See `DocumentReader`."""
        port, text = self._port, CollectedText()
        if port is None:
            raise DeviceLostError("the document reader is not open", Code.DOCUMENT_READER_LOST)
        while not stop.stopped:
            with _as_reader():
                data = port.read(_PATIENCE_S)
            now = time.monotonic()
            if data:
                text.add(data, now)
            if text.is_flood(now):
                raise DeviceFaultError(
                    Code.DOCUMENT_READER_FAULT,
                    "The document reader does not stop sending. Unplug it, wait five seconds "
                    "and plug it in.",
                )
            whole = text.take(now)
            if whole is not None and self._lying.is_new(found := document_in(whole), now):
                return found
        return Stopped()

    def close(self) -> None:
        """See `DocumentReader`."""
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def _usb(self, path: str) -> list[UsbDevice]:
        return [usb for name, usb in usb_serial() if path == f"/dev/{name}"]


@contextmanager
def _as_reader() -> Iterator[None]:
    """Faults of the port in the words of this family."""
    try:
        yield
    except DeviceLostError as error:
        raise DeviceLostError(error.message, Code.DOCUMENT_READER_LOST) from error
    except DeviceFaultError as error:
        raise DeviceFaultError(
            Code.DOCUMENT_READER_FAULT,
            "The document reader cannot be used. Let this user use it (group dialout), and close "
            "other programs that do.",
        ) from error
