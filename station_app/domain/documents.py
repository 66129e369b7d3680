"""What a document reader made of a document: its voter's PIN, or why there is none.

The PIN is for looking up only. A document's number is never a key: one person may have two
passports. Nothing else of a document leaves this module, and nothing of it enters journal or log.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from station_app.domain.mrz import MrzFormat, lines_in, looks_like_zone, zone_in

PIN_DIGITS: Final = 14


class DocumentKind(StrEnum):
    """Where the PIN stood."""

    ID_CARD = "id_card"
    """The machine-readable zone of a card, ICAO 9303-5 (TD1)."""
    PASSPORT = "passport"
    """The machine-readable zone of a passport, ICAO 9303-4 (TD3)."""
    CODE = "code"
    """A bar code, QR or PDF417."""


class UnreadReason(StrEnum):
    """Why a document gave no PIN; each has a hint in every language."""

    MISREAD = "misread"
    """Lines are missing, or a check digit contradicts them: reading again may help."""
    NOT_A_DOCUMENT = "not_a_document"
    """Neither a machine-readable zone nor a code with one PIN."""
    WITHOUT_PIN = "without_pin"
    """A document read well, with no PIN of this country in it."""
    CHIP = "chip"
    """A card whose chip cannot be read here: its machine-readable zone can."""


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document with a PIN of 14 digits, which no representation shows."""

    pin: str = field(repr=False)
    kind: DocumentKind

    def __post_init__(self) -> None:
        """Raises `ValueError` for anything but a PIN, and does not say what it was."""
        if not is_pin(self.pin):
            raise ValueError("a document was read whose PIN is none")


@dataclass(frozen=True, slots=True)
class DocumentUnread:
    """A document, or something like it, without a PIN."""

    reason: UnreadReason


MOST_CHARACTERS: Final = 4096
"""No code of a document holds more; a reader takes no more in."""

_ISSUER: Final = "KGZ"
"""The state whose PINs the list is looked up by: others have numbers of 14 digits too."""
_KINDS: Final = {MrzFormat.TD1: DocumentKind.ID_CARD, MrzFormat.TD3: DocumentKind.PASSPORT}
_PIN: Final = re.compile(r"[0-9]{14}")
_RUN: Final = re.compile(r"[0-9]+")


def is_pin(text: str) -> bool:
    """Whether `text` has the form of a PIN: 14 digits."""
    return _PIN.fullmatch(text) is not None


def document_in(text: str) -> DocumentRead | DocumentUnread:
    """What a reader's `text` says: lines of a machine-readable zone, or the payload of a code.

    No specification of this country's codes was found. A code gives a PIN where the digits in it
    have exactly one run of 14 that says sex and a date of birth as a PIN does; a zone where the
    state's own data are 14 digits.
    """
    if len(text) > MOST_CHARACTERS:
        return DocumentUnread(UnreadReason.NOT_A_DOCUMENT)
    lines = lines_in(text)
    zone = zone_in(lines)
    if zone is not None:
        kind = _KINDS.get(zone.format)
        if kind is None or zone.issuer != _ISSUER or len(zone.optional) != PIN_DIGITS:
            return DocumentUnread(UnreadReason.WITHOUT_PIN)
        if not is_pin(zone.optional):  # no check digit tells 6 from G
            return DocumentUnread(UnreadReason.MISREAD)
        return DocumentRead(zone.optional, kind)
    if looks_like_zone(lines):
        return DocumentUnread(UnreadReason.MISREAD)
    pins = {run for run in _RUN.findall(text) if is_pin(run) and _says_birth(run)}
    if len(pins) == 1:
        return DocumentRead(pins.pop(), DocumentKind.CODE)
    return DocumentUnread(UnreadReason.NOT_A_DOCUMENT)


def _says_birth(pin: str) -> bool:
    """1 (woman) or 2 (man), then DDMMYYYY."""
    day, month, year = int(pin[1:3]), int(pin[3:5]), int(pin[5:9])
    if pin[0] not in "12" or not 1900 <= year < 2100:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """How the document reader does: `code` says why it cannot read, empty where it can."""

    code: str = ""
