"""Cameras, and codes held before them: the kernel's uvcvideo is real."""

from pathlib import Path

from station_app.devices.document_reader import DocumentReader
from station_app.devices.drivers import CAMERAS, DOCUMENT_READERS, DriverContext, named
from station_app.domain.documents import DocumentKind, DocumentRead
from tests.devices.camera_conformance import CameraConformance, numbered_picture
from tests.devices.document_reader_conformance import DocumentReaderConformance
from tests.devices.shown_codes import BLANK, code_picture
from tests.vm.wire_camera import WireCamera


class UvcCase(WireCamera):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, [numbered_picture(1280, 720, number) for number in range(4)])


class TestUvc(CameraConformance):
    driver = named(CAMERAS, "v4l2")
    make = UvcCase
    frames_a_second = 2  # emulated by a slow machine
    opens = 3


class CodesCase(WireCamera):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, [BLANK])
        line = named(DOCUMENT_READERS, "camera")
        self.reader: DocumentReader = line.open(self.port, DriverContext(folder))

    def show(self, pin: str) -> DocumentRead:
        self.show_pictures([code_picture(f"urn:example:{pin}")])
        return DocumentRead(pin, DocumentKind.CODE)

    def show_garbage(self) -> None:
        text = b"\xff\x00\x1b[31m https://example.org/" + b"9" * 300
        self.show_pictures([code_picture(text, "PDF417", 2)])

    def take_away(self) -> None:
        self.show_pictures([BLANK])


class TestCodes(DocumentReaderConformance):
    driver = named(DOCUMENT_READERS, "camera")
    make = CodesCase
    reads = 2
