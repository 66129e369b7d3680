"""The promise: what a document says is a PIN or nothing, and names nobody who is at the desk.

The attack: a QR code holds escape sequences, a path, the desk's own keys or a second PIN; or the
next person's document is laid on the reader while a finger is being read. Version a9a29b6 had no
reader: a scanner that types pressed the desk's keys, Enter on a verdict among them.

Now at most 4,096 characters are taken in, only a PIN of 14 digits leaves the parser, keys at a
scanner's pace reach no widget, and a document counts only where a PIN could be typed.
"""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.devices.readers.collected_text import CollectedText
from station_app.devices.readers.wedge_reader import typed_document
from station_app.domain.documents import (
    MOST_CHARACTERS,
    DocumentRead,
    DocumentUnread,
    document_in,
)
from station_app.domain.session_states import AwaitingCommission, AwaitingFace, Idle
from station_app.flow.document_reading import takes_document
from tests.domain.test_session_table import STATES
from tests.domain.zone_samples import OTHER_PIN, PIN, id_card

HOSTILE = (
    "../../../etc/shadow",
    "/dev/zero",
    "\x1b]0;owned\x07\x1b[2J",
    "=HYPERLINK(1)",
    "'; DROP TABLE voter; --",
    "\r\r\r\x1b\t1\t2",
    f"{PIN}' OR '1'='1' {OTHER_PIN}",
    "\u202e" + OTHER_PIN + PIN,
    "\x00" * 10_000,
    "9" * 1_000_000,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_no_document(text: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for read in (document_in, typed_document):
        assert isinstance(read(text), DocumentUnread)
    assert caplog.records == []


@given(st.text(max_size=300), st.sampled_from(["", PIN, "\r".join(id_card())]))
def test_nothing_but_fourteen_digits_leaves_the_parser(text: str, inner: str) -> None:
    for found in (document_in(text + inner), typed_document(inner + text)):
        if isinstance(found, DocumentRead):
            assert len(found.pin) == 14
            assert found.pin.isascii()
            assert found.pin.isdigit()
            assert found.pin not in repr(found)


def test_a_flood_takes_no_memory() -> None:
    text = CollectedText()
    for second in range(20):
        for _ in range(100):
            text.add("7" * 65_536, second / 10)
    assert len(text._text) == MOST_CHARACTERS + 1


@pytest.mark.parametrize("name", STATES)
def test_a_document_names_nobody_in_a_session_under_way(name: str) -> None:
    state = STATES[name]
    if takes_document(state):
        nobody = isinstance(state, Idle)
        asked = isinstance(state, AwaitingCommission | AwaitingFace)
        assert nobody or (asked and state.session.named_row is None)
