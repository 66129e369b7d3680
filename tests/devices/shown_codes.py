"""Codes held before a camera."""

from pathlib import Path

import cv2
import numpy as np
import zxingcpp

from station_app.devices.document_reader import DocumentReader
from station_app.devices.drivers import DOCUMENT_READERS, DriverContext, named
from station_app.domain.documents import DocumentKind, DocumentRead
from tests.devices.camera_conformance import write_clip

PAGE = (720, 1280)
BLANK = np.full((*PAGE, 3), 215, np.uint8)


def code_picture(payload: bytes | str, kind: str = "QRCode", scale: int = 4) -> np.ndarray:
    """A grey page with a code on it, a little turned, as BGR."""
    barcode = zxingcpp.create_barcode(payload, getattr(zxingcpp.BarcodeFormat, kind))
    drawn = np.array(zxingcpp.write_barcode_to_image(barcode, scale=scale))
    page = np.full(PAGE, 215, np.uint8)
    height, width = drawn.shape[:2]
    top, left = (PAGE[0] - height) // 2, (PAGE[1] - width) // 2
    page[top : top + height, left : left + width] = drawn
    turn = cv2.getRotationMatrix2D((PAGE[1] / 2, PAGE[0] / 2), 7, 1)
    turned = cv2.warpAffine(page, turn, PAGE[::-1], borderValue=215)
    return cv2.cvtColor(cv2.GaussianBlur(turned, (3, 3), 0), cv2.COLOR_GRAY2BGR)


class ClipReaderCase:
    """What is shown is the clip that lies at the reader's path."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path, self._away = folder, folder / "shown.avi", folder / "away.avi"
        self._show(BLANK)
        line = named(DOCUMENT_READERS, "video")
        self.reader: DocumentReader = line.open(str(self._path), DriverContext(folder))

    def _show(self, picture: np.ndarray) -> None:
        write_clip(self._folder / "next.avi", [picture] * 3).replace(self._path)

    def show(self, pin: str) -> DocumentRead:
        self._show(code_picture(f"urn:example:{pin}"))
        return DocumentRead(pin, DocumentKind.CODE)

    def show_garbage(self) -> None:
        self._show(code_picture(b"\xff\x00\x1b[31m https://example.org/" + b"9" * 300, "PDF417", 2))

    def take_away(self) -> None:
        self._show(BLANK)

    def unplug(self) -> None:
        self._path.rename(self._away)

    def plug_in(self) -> None:
        self._away.rename(self._path)
