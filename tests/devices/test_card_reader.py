"""Card readers: the service that is not there, and the names that readers are known by."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station_app.devices.finger_scanner import StopToken
from station_app.devices.found_device import FoundDevice
from station_app.devices.readers import card_reader
from station_app.devices.readers.card_reader import (
    CardReader,
    find_card_reader,
    look_for_card_readers,
)
from station_app.domain.documents import DocumentUnread, UnreadReason
from station_app.domain.error_codes import Code
from station_app.domain.errors import DeviceFaultError, DeviceLostError
from tests.devices.virtual_cards import CardService, skip_without_virtual_cards


@pytest.fixture
def service(tmp_path: Path) -> Iterator[CardService]:
    skip_without_virtual_cards()
    made = CardService(tmp_path)
    made.start()
    yield made
    made.stop()


def test_a_reader_is_known_by_its_name_without_the_numbers(service: CardService) -> None:
    found = FoundDevice("Virtual PCD", "Virtual PCD")
    assert look_for_card_readers() == (found,)
    assert find_card_reader("")
    assert find_card_reader(found.port)
    assert find_card_reader("Virtual PCD 00 00")  # as pcsc_scan prints it
    assert not find_card_reader("Another")
    for port in (found.port, "Virtual PCD 00 00"):
        reader = CardReader(port)
        assert reader.open().name == "Virtual PCD"
        reader.close()
    with pytest.raises(DeviceLostError):
        CardReader("Another").open()


def test_a_card_that_is_in_it_already_counts(service: CardService) -> None:
    card, reader = service.insert(), CardReader("")
    reader.open()
    assert reader.read(StopToken()) == DocumentUnread(UnreadReason.CHIP)
    reader.close()
    card.remove()


def test_a_service_that_stops_loses_the_reader_and_is_missed(service: CardService) -> None:
    reader = CardReader("")
    reader.open()
    service.stop()
    with pytest.raises(DeviceLostError):
        reader.read(StopToken())
    with pytest.raises(DeviceFaultError) as missing:
        reader.open()
    assert missing.value.code == Code.CARD_SERVICE_MISSING
    assert look_for_card_readers() == ()
    service.start()
    reader.open()
    reader.close()


def test_a_computer_without_the_library_misses_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card_reader._library.cache_clear()
    monkeypatch.setattr(card_reader, "_LIBRARY", "libpcsclite-of-nobody.so.1")
    with pytest.raises(DeviceFaultError) as missing:
        CardReader("").open()
    assert missing.value.code == Code.CARD_SERVICE_MISSING
    assert not find_card_reader("")
    card_reader._library.cache_clear()


@pytest.mark.parametrize(
    ("name", "lasting"),
    [
        ("ACS ACR39U ICC Reader 00 00", "ACS ACR39U ICC Reader"),
        (
            "Identiv [SmartCard Interface] (53691425) 01 00",
            "Identiv [SmartCard Interface] (53691425)",
        ),
        ("\x1b[2J\nname 00 00", "[2Jname"),
        ("x" * 300, "x" * 64),
        ("", ""),
    ],
)
def test_names_are_one_short_line(name: str, lasting: str) -> None:
    assert card_reader._lasting(name) == lasting
