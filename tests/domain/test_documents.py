"""What a document says: a PIN, or why there is none. The text comes from a stranger's paper."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.domain.documents import (
    MOST_CHARACTERS,
    DocumentKind,
    DocumentRead,
    DocumentUnread,
    UnreadReason,
    document_in,
)
from station_app.domain.mrz import MrzFormat, lines_in, zone_in
from tests.domain.zone_samples import (
    OTHER_PIN,
    PIN,
    SPECIMEN_TD1,
    SPECIMEN_TD2,
    SPECIMEN_TD3,
    id_card,
    passport,
)

ZONES = {DocumentKind.ID_CARD: id_card(), DocumentKind.PASSPORT: passport()}
MISREAD = DocumentUnread(UnreadReason.MISREAD)
WITHOUT_PIN = DocumentUnread(UnreadReason.WITHOUT_PIN)
NO_DOCUMENT = DocumentUnread(UnreadReason.NOT_A_DOCUMENT)


@pytest.mark.parametrize(
    ("lines", "form", "optional"),
    [
        (SPECIMEN_TD1, MrzFormat.TD1, ""),
        (SPECIMEN_TD2, MrzFormat.TD2, ""),
        (SPECIMEN_TD3, MrzFormat.TD3, "ZE184226B"),
    ],
)
def test_the_zones_that_icao_prints_are_read(
    lines: tuple[str, ...], form: MrzFormat, optional: str
) -> None:
    zone = zone_in(lines)
    assert zone is not None
    assert (zone.format, zone.issuer, zone.optional) == (form, "UTO", optional)
    assert document_in("\r\n".join(lines)) == WITHOUT_PIN


@pytest.mark.parametrize("kind", ZONES)
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r", " \n "])
def test_the_pin_of_a_document_is_read_whatever_ends_its_lines(
    kind: DocumentKind, end: str
) -> None:
    assert document_in(end.join(ZONES[kind])) == DocumentRead(PIN, kind)
    assert document_in(end.join(ZONES[kind]) + end) == DocumentRead(PIN, kind)


@pytest.mark.parametrize("kind", ZONES)
def test_a_zone_in_one_line_or_sent_twice_is_read(kind: DocumentKind) -> None:
    lines = ZONES[kind]
    assert document_in("".join(lines)) == DocumentRead(PIN, kind)
    assert document_in("\r".join(lines + lines)) == DocumentRead(PIN, kind)
    doubled = [line for line in lines for _ in range(2)]
    assert document_in("\r".join(doubled)) == DocumentRead(PIN, kind)
    assert document_in("\r".join(("", "x", *lines, "garbage"))) == DocumentRead(PIN, kind)


def test_a_zone_that_was_cut_off_is_misread() -> None:
    for lines in ZONES.values():
        for left in range(1, len(lines)):
            assert document_in("\r".join(lines[:left])) == MISREAD
            assert document_in("\r".join(lines[left:])) == MISREAD
        assert document_in("\r".join(lines)[:-1]) == MISREAD
        assert document_in("\r".join(lines)[1:]) == MISREAD
        assert document_in("\r".join(reversed(lines))) == MISREAD


@given(st.data())
def test_any_wrong_character_is_noticed(data: st.DataObject) -> None:
    """A digit for a digit in every field with a check digit, a letter for its look-alike."""
    lines = data.draw(st.sampled_from(list(ZONES.values())))
    line = 0 if len(lines) == 3 else 1
    at = data.draw(st.integers(5 if line == 0 else 0, len(lines[line]) - 1))
    right = lines[line][at]
    if not right.isdigit():
        return
    wrong = data.draw(st.sampled_from([sign for sign in "0123456789" if sign != right]))
    changed = list(lines)
    changed[line] = lines[line][:at] + wrong + lines[line][at + 1 :]
    assert document_in("\r".join(changed)) == MISREAD


LOOK_ALIKES = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z", "6": "G"}


@pytest.mark.parametrize("kind", ZONES)
def test_look_alikes_are_not_put_right(kind: DocumentKind) -> None:
    lines = ZONES[kind]
    for row, line in enumerate(lines):
        for at, sign in enumerate(line):
            if sign in LOOK_ALIKES:
                changed = line[:at] + LOOK_ALIKES[sign] + line[at + 1 :]
                misread = (*lines[:row], changed, *lines[row + 1 :])
                # ICAO's check digits cannot tell 6 from G, 16: a number may have it, a PIN not.
                found = document_in("\r".join(misread))
                assert found == MISREAD or (sign == "6" and found == DocumentRead(PIN, kind))


def test_a_letter_in_the_place_of_a_pin_is_misread() -> None:
    assert document_in("\r".join(passport("2150G199000015"))) == MISREAD
    assert document_in("\r".join(id_card("2150G199000015"))) == MISREAD


def test_another_states_number_is_no_pin() -> None:
    assert document_in("\r".join(passport(issuer="UZB"))) == WITHOUT_PIN
    assert document_in("\r".join(id_card(issuer="KAZ"))) == WITHOUT_PIN
    assert document_in("\r".join(passport("1234567890123"))) == WITHOUT_PIN
    assert document_in("\r".join(id_card(""))) == WITHOUT_PIN
    assert document_in("\r".join(passport(""))) == WITHOUT_PIN


def test_the_number_of_a_document_is_never_the_pin() -> None:
    assert document_in("\r".join(passport("", number="123456789"))) == WITHOUT_PIN
    long = "I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2"
    zone = zone_in((*long, "STEVENSON<<PETER<<<<<<<<<<<<<<"))  # ICAO 9303-5: a longer number
    assert zone is not None
    assert zone.optional == ""


def test_two_zones_name_nobody() -> None:
    both = (*id_card(PIN), *id_card(OTHER_PIN))
    assert document_in("\r".join(both)) == MISREAD


def test_a_visa_is_no_document_of_identity() -> None:
    visa = ("V" + SPECIMEN_TD3[0][1:], SPECIMEN_TD3[1])
    assert document_in("\r".join(visa)) == MISREAD


@pytest.mark.parametrize(
    "payload",
    [
        PIN,
        f"PIN:{PIN}",
        f"https://example.org/d?n=AN1234567&p={PIN}&x=1",
        f"{PIN}\n{PIN}",
        f'{{"pin": "{PIN}", "number": "12345678901234567"}}',
        f"Асан|{PIN}|15.01.1990",
    ],
)
def test_a_code_with_one_pin_is_read(payload: str) -> None:
    assert document_in(payload) == DocumentRead(PIN, DocumentKind.CODE)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "\x00",
        "4600051000057",
        f"{PIN} {OTHER_PIN}",
        PIN + "0",
        "0" + PIN,
        "31501199000015",
        "29912300000000",
        "23002199000015",
        "21501259000015",
        "٢١٥٠١١٩٩٠٠٠٠١٥",
        "2 1501 1990 0001 5",
        PIN + "x" * MOST_CHARACTERS,
        "=HYPERLINK(1)",
        "\x1b[6n\x07../../etc/passwd",
    ],
)
def test_a_code_without_exactly_one_pin_is_no_document(payload: str) -> None:
    assert document_in(payload) == NO_DOCUMENT


@given(st.text(max_size=MOST_CHARACTERS + 2))
def test_any_text_is_answered(text: str) -> None:
    assert isinstance(document_in(text), DocumentRead | DocumentUnread)


@given(st.text(alphabet="<KGZIDP0123456789\r\n", max_size=200))
def test_text_like_a_zone_is_answered(text: str) -> None:
    found = document_in(text)
    if isinstance(found, DocumentRead):
        assert found.pin in text


@given(st.integers(0, 2**32))
def test_a_zone_with_lines_lost_and_repeated_names_nobody_else(seed: int) -> None:
    chance = random.Random(seed)
    lines = [
        chance.choice(chance.choice(list(ZONES.values()))) for _ in range(chance.randint(1, 9))
    ]
    found = document_in("\r".join(lines))
    assert not isinstance(found, DocumentRead) or found.pin == PIN


def test_the_pin_is_in_no_representation() -> None:
    read = document_in("\r".join(id_card()))
    assert isinstance(read, DocumentRead)
    assert PIN not in repr(read) + str(read)
    assert PIN not in repr(zone_in(lines_in("\r".join(id_card()))))
