"""Smart card readers behind the system's PC/SC service: a card is noticed, and not read.

The chip's PIN stands in data group 1 of an ICAO 9303 applet, behind keys made from what is printed
on the card. No library was found that reads it and that a station could have, and cryptography
of our own is none. So a card gives `UnreadReason.CHIP`, and the desk asks for the printed zone.

libpcsclite is called by its C interface (PC/SC Workgroup, part 5; pcsclite.h and winscard.h): the
PyPI package pyscard has no build for Linux (ADR 0045).
"""

import ctypes
import re
from collections.abc import Mapping
from ctypes import Structure, byref, c_char_p, c_long, c_ubyte, c_ulong, c_void_p
from functools import cache
from typing import Final

from station_app.devices.document_reader import DocumentReaderInfo, ReadResult
from station_app.devices.finger_scanner import StopToken
from station_app.devices.found_device import FoundDevice
from station_app.domain.documents import DocumentUnread, UnreadReason
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError, KnownError
from station_app.domain.samples import Stopped

_LIBRARY: Final = "libpcsclite.so.1"
_SCOPE_SYSTEM: Final = 2
_OK: Final = 0
_TIMEOUT: Final = 0x8010000A
_NO_READERS: Final = 0x8010002E
_ABSENT: Final = frozenset({0x80100009, 0x80100017, _NO_READERS})
"""Unknown reader, reader unavailable, no readers."""
UNAWARE: Final = 0x00
_UNKNOWN, _UNAVAILABLE = 0x04, 0x08
PRESENT: Final = 0x20
"""Bit of a reader's state: a card is in it."""
_POLL_MS: Final = 100
_MOST_BYTES: Final = 8192
"""16 readers of at most 128 bytes each are the service's own limit."""
_MOST_CHARACTERS: Final = 64
_COUNTERS: Final = re.compile(r"( [0-9A-F]{2}){1,2}$")
"""The service's number of reader and slot, which change when a reader is plugged in again."""


class _ReaderState(Structure):
    _fields_ = (
        ("name", c_char_p),
        ("user_data", c_void_p),
        ("known", c_ulong),
        ("event", c_ulong),
        ("atr_bytes", c_ulong),
        ("atr", c_ubyte * 33),
    )


class PcscContext:
    """A context of the PC/SC service, on one thread at a time."""

    def __init__(self) -> None:
        """Raises `DeviceFaultError` `card_service_missing` where it does not run."""
        self._library = _library()
        self._context = c_long()
        answer = self._call(
            "SCardEstablishContext", c_ulong(_SCOPE_SYSTEM), None, None, byref(self._context)
        )
        if answer != _OK:
            raise _service_missing()

    def readers(self) -> list[str]:
        """The names of the readers that are plugged in, one printable line each."""
        buffer, size = ctypes.create_string_buffer(_MOST_BYTES), c_ulong(_MOST_BYTES)
        answer = self._call("SCardListReaders", self._context, None, buffer, byref(size))
        if answer == _NO_READERS:
            return []
        if answer != _OK:
            raise _service_missing()
        names = buffer.raw[: min(size.value, _MOST_BYTES)].split(b"\0")
        return [name.decode("utf-8", "replace") for name in names if name]

    def wait(self, known: Mapping[str, int]) -> dict[str, int]:
        """The states of these readers; waits until one is another than known, at most 100 ms."""
        states = (_ReaderState * len(known))(
            *(_ReaderState(name=name.encode(), known=state) for name, state in known.items())
        )
        answer = self._call(
            "SCardGetStatusChange", self._context, c_ulong(_POLL_MS), states, c_ulong(len(known))
        )
        if answer == _TIMEOUT:
            return dict(known)
        if answer in _ABSENT or any(one.event & (_UNKNOWN | _UNAVAILABLE) for one in states):
            raise _lost("the card reader is gone")
        if answer != _OK:
            raise _lost("the card service has stopped")
        return {name: int(one.event) for name, one in zip(known, states, strict=True)}

    def close(self) -> None:
        """Let go of the service."""
        self._call("SCardReleaseContext", self._context)

    def _call(self, name: str, *words: object) -> int:
        function = getattr(self._library, name)
        function.restype = c_long
        return int(function(*words)) & 0xFFFFFFFF


@cache
def _library() -> ctypes.CDLL:
    try:
        return ctypes.CDLL(_LIBRARY)
    except OSError as error:
        raise _service_missing() from error


class CardReader:
    """See `DocumentReader`. `port` is a reader's name, with the numbers at its end or without;
    empty for the first one.
    """

    is_simulated = False

    def __init__(self, port: str) -> None:
        self._port = _lasting(port)
        self._service: PcscContext | None = None
        self._states: dict[str, int] = {}

    def open(self) -> DocumentReaderInfo:
        """See `DocumentReader`. A card that is in it already counts as the next one."""
        self.close()
        service = PcscContext()
        try:
            fitting = [name for name in service.readers() if self._port in ("", _lasting(name))]
            if not fitting:
                raise _lost("the card reader is not plugged in")
        except KnownError:
            service.close()
            raise
        # A reader has a name for each of its slots.
        own = [name for name in fitting if _lasting(name) == _lasting(fitting[0])]
        self._service, self._states = service, dict.fromkeys(own, UNAWARE)
        return DocumentReaderInfo(_lasting(fitting[0]) or "Card reader")

    def read(self, stop: StopToken) -> ReadResult:
        """See `DocumentReader`."""
        if self._service is None:
            raise _lost("the card reader is not open")
        while not stop.stopped:
            before, self._states = self._states, self._service.wait(self._states)
            if any(self._states[name] & ~was & PRESENT for name, was in before.items()):
                return DocumentUnread(UnreadReason.CHIP)
        return Stopped()

    def close(self) -> None:
        """See `DocumentReader`."""
        service, self._service = self._service, None
        if service is not None:
            service.close()


def find_card_reader(port: str) -> bool:
    """Whether the reader of this name, or any, is plugged in."""
    return any(_lasting(port) in ("", one.port) for one in look_for_card_readers())


def look_for_card_readers() -> tuple[FoundDevice, ...]:
    """The card readers that the service knows; none where it does not run."""
    try:
        service = PcscContext()
    except DeviceFaultError:
        return ()
    try:
        names = dict.fromkeys(map(_lasting, service.readers()))
    except DeviceFaultError:
        return ()
    finally:
        service.close()
    return tuple(FoundDevice(name, name) for name in names if name)


def _lasting(name: str) -> str:
    """A reader's name without what changes, as one printable line."""
    line = "".join(sign for sign in name[:128] if sign.isprintable())
    return _COUNTERS.sub("", line)[:_MOST_CHARACTERS].strip()


def _service_missing() -> DeviceFaultError:
    return DeviceFaultError(
        Code.CARD_SERVICE_MISSING,
        "The card service (pcscd) does not answer. Install and start it, or choose another "
        "document reader in the station's settings.",
    )


def _lost(why: str) -> DeviceLostError:
    return DeviceLostError(why, Code.DOCUMENT_READER_LOST)
