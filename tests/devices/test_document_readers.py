"""Every document reader of the table of drivers, held to the one suite."""

import os
import termios
from pathlib import Path

from station_app.devices.document_reader import DocumentReader
from station_app.devices.drivers import DOCUMENT_READERS, named
from station_app.devices.readers.serial_reader import SerialReader, SerialSettings
from station_app.domain.documents import DocumentKind, DocumentRead
from tests.devices.document_reader_conformance import DocumentReaderConformance
from tests.devices.shown_codes import ClipReaderCase
from tests.domain.zone_samples import passport


class SerialCase:
    """A reader that sends over a pseudo-terminal; a link to it is its socket."""

    def __init__(self, place: Path) -> None:
        self._link = place / "ttyACM0"
        self.place = str(self._link)
        self._ends: tuple[int, int] | None = None
        self.plug_in()
        self.reader: DocumentReader = SerialReader(SerialSettings(str(self._link)))

    def send(self, data: bytes) -> None:
        assert self._ends is not None
        os.write(self._ends[0], data)

    def show(self, pin: str) -> DocumentRead:
        self.send("".join(f"{line}\r" for line in passport(pin)).encode())
        return DocumentRead(pin, DocumentKind.PASSPORT)

    def show_garbage(self) -> None:
        self.send(b"P<KGZ\xff\x00\x1b[31m" + passport()[1].encode()[:20])

    def take_away(self) -> None:
        pass

    def unplug(self) -> None:
        ends, self._ends = self._ends, None
        assert ends is not None
        self._link.unlink()
        for end in ends:
            os.close(end)

    def plug_in(self) -> None:
        master, slave = os.openpty()
        termios.tcflush(slave, termios.TCIOFLUSH)
        self._link.symlink_to(os.ttyname(slave))
        self._ends = master, slave

    def close(self) -> None:
        if self._ends is not None:
            self.unplug()


class TestSerialReader(DocumentReaderConformance):
    driver = named(DOCUMENT_READERS, "serial")
    make = SerialCase


class TestVideoCodes(DocumentReaderConformance):
    driver = named(DOCUMENT_READERS, "video")
    make = ClipReaderCase
    reads = 8  # each waits for a look of the camera


IN_A_VM = {named(DOCUMENT_READERS, "camera")}
"""The same adapter over a camera of the kernel, of which this machine need have none."""


def test_no_reader_of_the_table_is_without_its_suite() -> None:
    held = {one.driver for one in DocumentReaderConformance.__subclasses__()}
    assert held | IN_A_VM >= set(DOCUMENT_READERS)
