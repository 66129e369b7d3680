"""Serial document readers: how they send, what floods and breaks off, and which port is theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.devices.finger_scanner import StopToken
from station_app.devices.readers.collected_text import CollectedText
from station_app.devices.readers.serial_reader import (
    SerialReader,
    SerialSettings,
    serial_settings,
    usb_serial,
)
from station_app.domain.documents import (
    MOST_CHARACTERS,
    DocumentKind,
    DocumentRead,
    DocumentUnread,
    UnreadReason,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, KnownError
from tests.devices.test_document_readers import SerialCase
from tests.domain.zone_samples import OTHER_PIN, PIN, id_card, passport

CARD = DocumentRead(PIN, DocumentKind.ID_CARD)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[SerialCase]:
    made = SerialCase(tmp_path)
    yield made
    made.reader.close()
    made.close()


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r", "\r\n\r\n"])
@pytest.mark.parametrize("rest", ["", "x\r"])
def test_whatever_ends_the_lines(case: SerialCase, end: str, rest: str) -> None:
    case.reader.open()
    case.send("".join(line + end for line in id_card()).encode() + rest.encode())
    assert case.reader.read(StopToken()) == CARD


@pytest.mark.parametrize("text", ["\r".join(id_card()), "".join(id_card())])
def test_a_reader_that_ends_no_line(case: SerialCase, text: str) -> None:
    case.reader.open()
    case.send(text.encode())
    assert case.reader.read(StopToken()) == CARD


def test_lines_that_come_with_pauses() -> None:
    """Slower than the quiet that ends a text, faster than the wait for the rest of a zone."""
    text, now = CollectedText(), 0.0
    for line in id_card():
        for half in (line[:11], line[11:] + "\r"):
            assert text.take(now) is None
            text.add(half, now)
            now += 0.5
    assert text.take(now) == CARD


def test_a_code_and_then_another(case: SerialCase) -> None:
    case.reader.open()
    for pin in (PIN, OTHER_PIN):
        case.send(f"PIN={pin}\r\n".encode())
        assert case.reader.read(StopToken()) == DocumentRead(pin, DocumentKind.CODE)


def test_what_was_sent_before_it_was_opened_is_dropped(case: SerialCase) -> None:
    case.send(f"{OTHER_PIN}\r".encode())
    case.reader.open()
    case.show(PIN)
    assert case.reader.read(StopToken()) == DocumentRead(PIN, DocumentKind.PASSPORT)


def test_a_long_text_is_no_document() -> None:
    text = CollectedText()
    for _ in range(300):
        text.add("9" * 64, now=0.0)
    assert text.take(0.7) == DocumentUnread(UnreadReason.NOT_A_DOCUMENT)
    text.add(f"{PIN}\n" + "x" * MOST_CHARACTERS, now=1.0)
    assert text.take(1.7) == DocumentUnread(UnreadReason.NOT_A_DOCUMENT)
    text.add("\r".join(passport()) + "\r", now=2.0)
    assert text.take(2.05) is None
    assert text.take(2.2) == DocumentRead(PIN, DocumentKind.PASSPORT)


def test_line_ends_alone_say_nothing() -> None:
    text = CollectedText()
    text.add("\r\n \r\n", now=0.0)
    assert text.take(1.0) is None
    assert not text.is_flood(60.0)


def test_a_flood_is_told() -> None:
    text = CollectedText()
    for second in range(12):
        text.add("\x00" * MOST_CHARACTERS, now=float(second))
        assert text.take(float(second)) is None
        assert text.is_flood(float(second)) is (second > 10)


def test_a_reader_that_another_program_uses_is_a_fault(case: SerialCase) -> None:
    case.reader.open()
    other = SerialReader(SerialSettings(case.place))
    with pytest.raises(DeviceFaultError) as taken:
        other.open()
    assert taken.value.code == Code.DOCUMENT_READER_FAULT


def test_a_file_that_is_no_port_is_a_fault_or_lost(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("x")
    for place in (tmp_path, tmp_path / "notes"):
        with pytest.raises(KnownError):
            SerialReader(SerialSettings(str(place))).open()


def test_the_port_is_a_place_and_a_speed() -> None:
    assert serial_settings("") == SerialSettings("", 9600)
    assert serial_settings("115200 /dev/ttyS0") == SerialSettings("/dev/ttyS0", 115200)
    assert serial_settings("usb:0c2e:0b6a:A1") == SerialSettings("usb:0c2e:0b6a:A1", 9600)
    for wrong in ("COM3", "12345", "ttyUSB0", "/dev/x rtscts"):
        with pytest.raises(KnownError) as refused:
            serial_settings(wrong)
        assert refused.value.code == Code.SETTINGS_REFUSED


def test_usb_ports_are_named_by_their_device(tmp_path: Path) -> None:
    """The layout of sysfs: the port's device is a folder below that of the USB device."""
    usb = tmp_path / "devices" / "usb1" / "1-4"
    (usb / "1-4:1.0").mkdir(parents=True)
    for name, said in {
        "idVendor": "0c2e",
        "idProduct": "0b6a",
        "busnum": "1",
        "devnum": "4",
        "serial": "A1B2C3",
        "manufacturer": "Reader\nMaker",
        "product": "MRZ",
    }.items():
        (usb / name).write_text(said + "\n")
    terminals = tmp_path / "class" / "tty"
    (terminals / "ttyACM3").mkdir(parents=True)
    (terminals / "ttyACM3" / "device").symlink_to(usb / "1-4:1.0")
    (terminals / "ttyS0").mkdir()
    [(name, found)] = usb_serial(terminals)
    assert (name, found.identity, found.title) == (
        "ttyACM3",
        "usb:0c2e:0b6a:A1B2C3",
        "ReaderMaker MRZ",
    )
    assert usb_serial(tmp_path / "none") == []
