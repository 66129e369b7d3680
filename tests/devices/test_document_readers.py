"""Every document reader of the table of drivers, held to the one suite."""

import os
import termios
from pathlib import Path

import pytest

from station_app.devices.document_reader import DocumentReader
from station_app.devices.drivers import DOCUMENT_READERS, named
from station_app.devices.readers import wedge_reader
from station_app.devices.readers.card_reader import CardReader
from station_app.devices.readers.serial_reader import SerialReader, SerialSettings
from station_app.devices.readers.wedge_reader import WedgeReader, wedge_settings
from station_app.devices.usb import usb_devices
from station_app.domain.documents import DocumentKind, DocumentRead, DocumentUnread, UnreadReason
from tests.devices.document_reader_conformance import DocumentReaderConformance
from tests.devices.shown_codes import ClipReaderCase
from tests.devices.test_usb import plug
from tests.devices.virtual_cards import (
    CardService,
    VirtualCard,
    skip_without_virtual_cards,
    until_taken_out,
)
from tests.domain.zone_samples import id_card, passport


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


class WedgeCase:
    """A scanner that types what the desk hands over; its cable is a list of USB devices."""

    def __init__(self, place: Path) -> None:
        self._usb, self._place = pytest.MonkeyPatch(), place
        self._device = plug(place / "usb/1-2")
        self._usb.setattr(wedge_reader, "usb_devices", lambda: usb_devices(place / "usb", place))
        self.wedge = WedgeReader(wedge_settings("usb:05ba:000a:A1B2C3D4"))
        self.reader: DocumentReader = self.wedge

    def show(self, pin: str) -> DocumentRead:
        for sign in "".join(f"{line}\r" for line in id_card(pin)):
            self.wedge.typed(sign)
        return DocumentRead(pin, DocumentKind.ID_CARD)

    def show_garbage(self) -> None:
        self.wedge.typed("\x1b\x00F5" + id_card()[0])

    def take_away(self) -> None:
        pass

    def unplug(self) -> None:
        self._device.rename(self._place / "unplugged")

    def plug_in(self) -> None:
        (self._place / "unplugged").rename(self._device)

    def close(self) -> None:
        self._usb.undo()


class CardCase:
    """The card reader of a service of its own, which is started anew without the reader."""

    def __init__(self, place: Path) -> None:
        skip_without_virtual_cards()
        self._service, self._card = CardService(place), list[VirtualCard]()
        self.plug_in()
        self.reader: DocumentReader = CardReader("")

    def show(self, pin: str) -> DocumentUnread:
        self.take_away()
        self._card = [self._service.insert()]
        return DocumentUnread(UnreadReason.CHIP)

    def show_garbage(self) -> None:
        self.show("")

    def take_away(self) -> None:
        cards, self._card = self._card, []
        for card in cards:
            card.remove()
            until_taken_out()

    def unplug(self) -> None:
        self.take_away()
        self._service.start(has_reader=False)

    def plug_in(self) -> None:
        self._service.start()

    def close(self) -> None:
        self.take_away()
        self._service.stop()


class TestSerialReader(DocumentReaderConformance):
    driver = named(DOCUMENT_READERS, "serial")
    make = SerialCase


class TestVideoCodes(DocumentReaderConformance):
    driver = named(DOCUMENT_READERS, "video")
    make = ClipReaderCase
    reads = 8  # each waits for a look of the camera


class TestWedgeReader(DocumentReaderConformance):
    driver = named(DOCUMENT_READERS, "wedge")
    make = WedgeCase


class TestCardReader(DocumentReaderConformance):
    driver = named(DOCUMENT_READERS, "pcsc")
    reads = 5
    make = CardCase


IN_A_VM = {named(DOCUMENT_READERS, "camera")}
"""The same adapter over a camera of the kernel, of which this machine need have none."""


def test_no_reader_of_the_table_is_without_its_suite() -> None:
    held = {one.driver for one in DocumentReaderConformance.__subclasses__()}
    assert held | IN_A_VM >= set(DOCUMENT_READERS)
