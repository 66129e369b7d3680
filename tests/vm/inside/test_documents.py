"""Document readers on a serial port of the kernel's cdc_acm."""

import os
from pathlib import Path

from station_app.devices.document_reader import DocumentReader
from station_app.devices.drivers import DOCUMENT_READERS, DriverContext, named
from station_app.domain.documents import DocumentKind, DocumentRead
from tests.devices.document_reader_conformance import DocumentReaderConformance
from tests.domain.zone_samples import passport
from tests.vm.gadget import Gadget, load_modules, wait_until
from tests.vm.wire_printer import CDC_ACM, open_raw


class AcmCase:
    """A reader of codes and zones at the end of a USB cable."""

    def __init__(self, place: Path) -> None:
        load_modules(CDC_ACM.driver)
        words = {"manufacturer": "Honeywell", "product": "Reader", "serialnumber": "R0001"}
        self._gadget = Gadget("reader", (0x0C2E, 0x0CAA), words, CDC_ACM.function, {})
        self._inside = -1
        self.plug_in()
        line = named(DOCUMENT_READERS, "serial")
        self.reader: DocumentReader = line.open("usb:0c2e:0caa:R0001", DriverContext(place))

    def show(self, pin: str) -> DocumentRead:
        self._send("".join(f"{line}\r" for line in passport(pin)).encode())
        return DocumentRead(pin, DocumentKind.PASSPORT)

    def show_garbage(self) -> None:
        self._send(b"P<KGZ\xff\x00\x1b[31m" + passport()[1].encode()[:20])

    def take_away(self) -> None:
        pass

    def unplug(self) -> None:
        self._gadget.unplug()
        wait_until(lambda: not Path(CDC_ACM.node).exists())
        os.close(self._inside)
        self._inside = -1

    def plug_in(self) -> None:
        self._gadget.plug(CDC_ACM.node)
        wait_until(Path(CDC_ACM.inside).exists)
        self._inside = open_raw(CDC_ACM.inside)

    def close(self) -> None:
        if self._inside >= 0:
            self.unplug()
        self._gadget.remove()

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._inside, data) :]


class TestSerialReader(DocumentReaderConformance):
    driver = named(DOCUMENT_READERS, "serial")
    make = AcmCase
    reads = 20
