"""A keyboard wedge: a scanner that types what it reads, and Enter after each line.

The window system gives its characters to the desk as it gives a person's; `ui.wedge_keys` tells
them apart by their pace and hands them over. A scanner types the keys of a US keyboard: where
another layout is active, other characters arrive.
"""

import queue
import time
from dataclasses import dataclass
from typing import Final

from station_app.devices.document_reader import DocumentReaderInfo, ReadResult, StillThere
from station_app.devices.finger_scanner import StopToken
from station_app.devices.readers.collected_text import CollectedText
from station_app.devices.usb import usb_devices
from station_app.domain.documents import DocumentRead, DocumentUnread, document_in
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.samples import Stopped

GAP_MS: Final = 35
_GAPS_MS: Final = range(10, 101)
_POLL_S: Final = 0.05
_LOOK_EVERY_S: Final = 0.5
_MOST_WAITING: Final = 8192
"""Pieces of text, mostly one character each: more than a document has."""

_US: Final = str.maketrans(
    "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬБЮЖЭХЪЁ",
    'QWERTYUIOPASDFGHJKLZXCVBNM<>:"{}~',
)
"""The Russian layout, which the Kyrgyz one extends: its upper-case letters on a US keyboard."""


@dataclass(frozen=True, slots=True)
class WedgeSettings:
    """`device` is the identity of a USB device, empty where its unplugging is not noticed."""

    device: str = ""
    gap_ms: int = GAP_MS

    @property
    def is_plugged_in(self) -> bool:
        """Whether the device is there; a keyboard that nobody names always is."""
        return not self.device or any(one.identity == self.device for one in usb_devices())


def wedge_settings(port: str) -> WedgeSettings:
    """The settings in a device's `port`, as `usb:0c2e:0b61:SERIAL 50`; both may be left out.

    The number is the longest pause between two characters in milliseconds, 10 to 100. Raises
    `KnownError` `settings_refused` for a word it does not know.
    """
    device, gap = "", GAP_MS
    for word in port.split():
        if word.startswith("usb:"):
            device = word
        elif word.isascii() and word.isdigit() and len(word) <= 3 and int(word) in _GAPS_MS:
            gap = int(word)
        else:
            raise KnownError(
                Code.SETTINGS_REFUSED,
                f"The document reader's port has a word that is not known: {word}. Write an "
                "identity of USB, and the longest pause between two characters in milliseconds, "
                "10 to 100.",
            )
    return WedgeSettings(device, gap)


def typed_document(text: str) -> DocumentRead | DocumentUnread:
    """What was typed, or what the same keys are on a US keyboard, with Caps Lock on or off."""
    found = document_in(text)
    if isinstance(found, DocumentRead):
        return found
    again = document_in(text.upper().translate(_US))
    return again if isinstance(again, DocumentRead) else found


class WedgeReader:
    """See `DocumentReader`; `TakesKeystrokes` too."""

    is_simulated = False

    def __init__(self, settings: WedgeSettings) -> None:
        self._settings = settings
        self._pieces: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._is_open = False
        self._lying = StillThere()

    @property
    def gap_ms(self) -> int:
        """See `TakesKeystrokes`."""
        return self._settings.gap_ms

    @property
    def listens(self) -> bool:
        """See `TakesKeystrokes`."""
        return self._is_open

    def typed(self, text: str) -> None:
        """See `TakesKeystrokes`."""
        if self._is_open and self._pieces.qsize() < _MOST_WAITING:
            self._pieces.put(text)

    def open(self) -> DocumentReaderInfo:
        """See `DocumentReader`."""
        self._check()
        self._pieces = queue.SimpleQueue()
        self._is_open = True
        usb = next((one for one in usb_devices() if one.identity == self._settings.device), None)
        return DocumentReaderInfo("Keyboard wedge" if usb is None else usb.title)

    def read(self, stop: StopToken) -> ReadResult:
        """See `DocumentReader`."""
        if not self._is_open:
            raise _lost("the document reader is not open")
        text, looked = CollectedText(typed_document), 0.0
        while not stop.stopped:
            now = time.monotonic()
            if now - looked >= _LOOK_EVERY_S:
                self._check()
                looked = now
            try:
                text.add(self._pieces.get(timeout=_POLL_S), time.monotonic())
                continue
            except queue.Empty:
                now = time.monotonic()
            found = text.take(now)
            if found is not None and self._lying.is_new(found, now):
                return found
        return Stopped()

    def close(self) -> None:
        """See `DocumentReader`."""
        self._is_open = False

    def _check(self) -> None:
        if not self._settings.is_plugged_in:
            raise _lost("the document reader is not plugged in")


def _lost(why: str) -> DeviceLostError:
    return DeviceLostError(why, Code.DOCUMENT_READER_LOST)
