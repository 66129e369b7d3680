"""The messages of a reader's program: whatever comes is one of them or a `ProtocolError`."""

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.devices.hosted.protocol import (
    MOST_HEADER,
    MOST_PIXELS,
    RETRY_REASONS,
    Ability,
    FaultCode,
    Message,
    MessageReader,
    Picture,
    ProtocolError,
    packed,
)

DOCUMENT = (Path(__file__).parents[2] / "docs/reader-protocol.md").read_text("utf-8")
EXAMPLES = [
    json.loads(one) for one in re.findall(r'^\| `(\{"is".*?\})` \|', DOCUMENT, re.MULTILINE)
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1 << 70) | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
HEADERS = st.dictionaries(
    st.sampled_from(["is", "to", "on", "width", "height", "ppi", "name", "abilities", "bytes"]),
    VALUES | st.sampled_from(["ready", "frame", "image", "finger", "retry", "hello", 1, 500, True]),
)


def messages(data: bytes, chunk: int) -> list[Message]:
    reader, found = MessageReader(), list[Message]()
    for at in range(0, len(data), chunk):
        reader.feed(data[at : at + chunk])
        while (message := reader.next()) is not None:
            found.append(message)
    return found


def whole(header: dict[str, object]) -> bytes:
    """An example of the document with as many bytes as it announces."""
    size = header.get("bytes", 0)
    assert isinstance(size, int)
    return packed(header, bytes(size))


@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_the_documented_messages_are_read_however_they_come(chunk: int) -> None:
    kinds = {one["is"] for one in EXAMPLES}
    assert len(kinds) == 11, "the table in the document was not found"
    data = b"".join(whole(one) for one in EXAMPLES if chunk > 1 or "bytes" not in one)
    assert len(messages(data, chunk)) >= 8


def test_the_document_names_every_word() -> None:
    for word in (*Ability, *FaultCode, *RETRY_REASONS):
        assert f"`{word}`" in DOCUMENT or f'"{word}"' in DOCUMENT, word
    for limit in (MOST_HEADER, MOST_PIXELS):
        assert f"{limit:,}" in DOCUMENT


def test_the_documented_bytes_are_those_of_a_ping() -> None:
    shown = re.search(r"^    ((?:[0-9a-f]{2} ?)+)$", DOCUMENT, re.MULTILINE)
    assert shown
    assert bytes.fromhex(shown[1]) == packed({"do": "ping"})


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes(data: bytes, chunk: int) -> None:
    with suppress(ProtocolError):
        messages(data, chunk)


@given(HEADERS, st.binary(max_size=40))
def test_any_header(header: dict[str, object], raw: bytes) -> None:
    text = json.dumps(header).encode()
    data = len(text).to_bytes(4, "big") + text + raw
    with suppress(ProtocolError):
        for one in messages(data, 1 << 20):
            if isinstance(one, Picture):
                assert len(one.pixels) == one.width * one.height


@given(st.integers(0, 1 << 32), st.binary(max_size=20))
def test_no_more_is_held_than_a_message_may_have(length: int, rest: bytes) -> None:
    """Lengths are refused before anything is kept for them."""
    reader = MessageReader()
    reader.feed((length & 0xFFFFFFFF).to_bytes(4, "big") + rest)
    if not 0 < length & 0xFFFFFFFF <= MOST_HEADER:
        with pytest.raises(ProtocolError):
            reader.next()


@pytest.mark.parametrize("size", [MOST_PIXELS + 1, 1 << 40, -1, 1.0, "9", True, None])
def test_a_size_that_cannot_be(size: object) -> None:
    header = {"is": "image", "to": 1, "width": 2, "height": 2, "bytes": size}
    text = json.dumps(header).encode()
    reader = MessageReader()
    reader.feed(len(text).to_bytes(4, "big") + text)
    with pytest.raises(ProtocolError):
        reader.next()
