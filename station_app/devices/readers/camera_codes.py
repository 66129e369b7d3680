"""A camera as a reader of documents: QR, PDF417, DataMatrix and Aztec codes held before it.

The camera's process finds and decodes them with zxing-cpp (ADR 0044); what they hold comes from
whoever printed them.
"""

import time
from dataclasses import replace
from typing import Final

from station_app.devices.camera import Camera, SeenCode
from station_app.devices.cameras.camera_sources import look_for_cameras
from station_app.devices.document_reader import DocumentReaderInfo, ReadResult, StillThere
from station_app.devices.finger_scanner import StopToken
from station_app.devices.found_device import FoundDevice
from station_app.domain.documents import DocumentRead, DocumentUnread, document_in
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceLostError
from station_app.domain.samples import Stopped

_LOOK_EVERY_S: Final = 0.2
"""A frame of 1280x720 takes 2 to 40 ms to look through: at 30 a second it would fill a core."""


class CameraCodes:
    """Implements `DocumentReader`."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._lying = StillThere()

    @property
    def is_simulated(self) -> bool:
        """See `DocumentReader`."""
        return self._camera.is_simulated

    def open(self) -> DocumentReaderInfo:
        """See `DocumentReader`. A fault has the camera's code (`camera_busy`)."""
        self._lying = StillThere()
        try:
            return DocumentReaderInfo(self._camera.open().name)
        except DeviceLostError as error:
            raise _lost(error) from error

    def read(self, stop: StopToken) -> ReadResult:
        """See `DocumentReader`."""
        while not stop.stopped:
            began = time.monotonic()
            try:
                seen = self._camera.codes(stop)
            except DeviceLostError as error:
                raise _lost(error) from error
            now = time.monotonic()
            found = None if seen is None else _document_in(seen)
            if found is not None and self._lying.is_new(found, now):
                return found
            stop.wait(max(0.0, began + _LOOK_EVERY_S - now))
        return Stopped()

    def close(self) -> None:
        """See `DocumentReader`."""
        self._camera.close()


def look_for_code_cameras() -> tuple[FoundDevice, ...]:
    """The cameras that are plugged in: any of them may be meant for documents."""
    return tuple(replace(one, is_certain=False) for one in look_for_cameras())


def _document_in(seen: tuple[SeenCode, ...]) -> DocumentRead | DocumentUnread | None:
    """The one with a PIN, if there is any: a passport may lie on a letter with a code."""
    found = [document_in(one.payload.decode("latin-1")) for one in seen]  # PINs are ASCII
    read = [one for one in found if isinstance(one, DocumentRead)]
    return read[0] if read else found[0] if found else None


def _lost(error: DeviceLostError) -> DeviceLostError:
    return DeviceLostError(error.message, Code.DOCUMENT_READER_LOST)
