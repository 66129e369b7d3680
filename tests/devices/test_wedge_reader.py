"""What a scanner types where another layout is active, and the settings of a wedge."""

import pytest

from station_app.devices.readers.wedge_reader import (
    WedgeReader,
    WedgeSettings,
    typed_document,
    wedge_settings,
)
from station_app.domain.documents import DocumentKind, DocumentRead, DocumentUnread, UnreadReason
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from tests.domain.zone_samples import PIN, id_card, passport

_LATIN = "QWERTYUIOPASDFGHJKLZXCVBNM<"
_CYRILLIC = "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬБ"
IN_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
READ = {
    "\r".join(id_card()): DocumentRead(PIN, DocumentKind.ID_CARD),
    "\r".join(passport()): DocumentRead(PIN, DocumentKind.PASSPORT),
    f"PIN:{PIN}": DocumentRead(PIN, DocumentKind.CODE),
}


@pytest.mark.parametrize("text", READ)
def test_a_document_is_read_in_any_layout_and_with_caps_lock(text: str) -> None:
    for typed in (text, text.swapcase(), text.translate(IN_CYRILLIC)):
        assert typed_document(typed) == READ[text]
        assert typed_document(typed.swapcase()) == READ[text]


def test_another_layout_mends_no_misreading() -> None:
    misread = "\r".join(id_card("21501199000014")).replace("00014", "00015", 1)
    for typed in (misread, misread.translate(IN_CYRILLIC)):
        assert isinstance(typed_document(typed), DocumentUnread)
    assert typed_document(misread) == DocumentUnread(UnreadReason.MISREAD)


def test_the_port_names_a_device_and_a_pace() -> None:
    assert wedge_settings("") == WedgeSettings("", 35)
    assert wedge_settings("60 usb:05ba:000a") == WedgeSettings("usb:05ba:000a", 60)
    for wrong in ("5", "101", "/dev/input/event3", "²", "1000"):
        with pytest.raises(KnownError) as refused:
            wedge_settings(wrong)
        assert refused.value.code == Code.SETTINGS_REFUSED


def test_what_is_typed_before_it_is_opened_is_not_kept() -> None:
    reader = WedgeReader(WedgeSettings())
    reader.typed(PIN)
    assert reader._pieces.empty()
    reader.open()
    for _ in range(20000):
        reader.typed("x")
    assert reader._pieces.qsize() <= 8192
    reader.close()
    reader.typed(PIN)
