"""The machine-readable zone of a document: ICAO 9303-3 to -6, eighth edition.

Three lines of 30 characters (TD1, cards), two of 36 (TD2) or two of 44 (TD3, passports). Every
check digit has to fit. A character that a reader may have confused (O and 0) is not put right:
the zone is misread then, and read again.
"""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

_FILLER: Final = "<"
_WEIGHTS: Final = (7, 3, 1)
_LINE: Final = re.compile(r"[A-Z0-9<]+")
_NAMES: Final = re.compile(r"[A-Z<]*[A-Z][A-Z<]*")
_ISSUER: Final = re.compile(r"[A-Z]{1,3}<{0,2}")
_DATE: Final = re.compile(r"[0-9]{6}")
_BORN: Final = re.compile(r"(?:[0-9]{2}|<<){3}")
"""A part of the date of birth may be unknown: ICAO 9303-3, 4.8."""
_NUMBER: Final = re.compile(r"[A-Z0-9]+<*")
_SECOND: Final = re.compile(r"[A-Z0-9<]{10}[A-Z<]{3}[0-9<]{7}[MF<][0-9]{7}")
"""How the second line of TD2 and TD3 begins: it need not have a filler."""
_LEAST: Final = 20
_MOST_LINES: Final = 16


class MrzFormat(Enum):
    """How many lines, and how long each is."""

    TD1 = 3, 30
    TD2 = 2, 36
    TD3 = 2, 44

    @property
    def lines(self) -> int:
        """Lines of the zone."""
        return self.value[0]

    @property
    def length(self) -> int:
        """Characters of each."""
        return self.value[1]


_FIRST: Final = {MrzFormat.TD1: "ACI", MrzFormat.TD2: "ACI", MrzFormat.TD3: "P"}
"""Letters that a document's code begins with. A visa (V) is no document of identity."""


@dataclass(frozen=True, slots=True)
class Mrz:
    """A zone whose check digits fit. `issuer` is the state's code without fillers.

    `optional` is what the state put where it may put what it likes, without the fillers around it:
    the first such field of TD1. No representation shows it.
    """

    format: MrzFormat
    issuer: str
    optional: str = field(repr=False)


class _Fields(NamedTuple):
    """Parts of a zone as they stand, fillers and check digits with them."""

    code: str
    issuer: str
    number: str
    born: str
    sex: str
    expires: str
    optional: str
    names: str
    composite: str
    """What the last check digit is of, with that digit at its end."""


def check_digit(text: str) -> str:
    """The check digit of `text`, of A-Z, 0-9 and `<`: ICAO 9303-3, 4.9."""
    total = sum(_value(sign) * _WEIGHTS[at % 3] for at, sign in enumerate(text))
    return str(total % 10)


def _value(sign: str) -> int:
    return 0 if sign == _FILLER else int(sign, 36)


def lines_in(text: str) -> tuple[str, ...]:
    """The lines of `text`; a zone sent as one line is cut into its own. At most 16."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", text)]
    return tuple(part for line in lines if line for part in _cut(line))[:_MOST_LINES]


def looks_like_zone(lines: tuple[str, ...]) -> bool:
    """Whether a line could be one of a zone, cut short or misread in some of its characters."""
    return any(
        _LINE.fullmatch(line) is not None
        and len(line) >= _LEAST
        and (_FILLER in line or _SECOND.match(line) is not None)
        for line in lines
    )


def zone_in(lines: tuple[str, ...]) -> Mrz | None:
    """The zone that stands in the lines, once or several times; None where none fits, or two
    that are not the same do.
    """
    once = tuple(line for at, line in enumerate(lines) if not at or line != lines[at - 1])
    found = {
        zone
        for form in MrzFormat
        for given in (lines, once)
        for at in range(len(given) - form.lines + 1)
        if (zone := _zone(form, given[at : at + form.lines])) is not None
    }
    return found.pop() if len(found) == 1 else None


def _cut(line: str) -> list[str]:
    for form in MrzFormat:
        if len(line) == form.lines * form.length and _LINE.fullmatch(line):
            return [line[at : at + form.length] for at in range(0, len(line), form.length)]
    return [line]


def _zone(form: MrzFormat, lines: tuple[str, ...]) -> Mrz | None:
    if any(len(line) != form.length or not _LINE.fullmatch(line) for line in lines):
        return None
    parts = _card(lines) if form is MrzFormat.TD1 else _booklet(form, lines)
    if parts.code[0] not in _FIRST[form] or not _ISSUER.fullmatch(parts.issuer):
        return None
    if parts.sex not in ("M", "F", _FILLER) or not _NAMES.fullmatch(parts.names):
        return None
    if not _BORN.fullmatch(parts.born[:6]) or not _DATE.fullmatch(parts.expires[:6]):
        return None
    optional = _optional(form, parts)
    fits = optional is not None and all(map(_fits, (parts.born, parts.expires, parts.composite)))
    if not fits or optional is None:
        return None
    return Mrz(form, parts.issuer.strip(_FILLER), optional.strip(_FILLER))


def _card(lines: tuple[str, ...]) -> _Fields:
    first, second, third = lines
    return _Fields(
        code=first[:2],
        issuer=first[2:5],
        number=first[5:15],
        born=second[:7],
        sex=second[7],
        expires=second[8:15],
        optional=first[15:],
        names=third,
        composite=first[5:] + second[:7] + second[8:15] + second[18:],
    )


def _booklet(form: MrzFormat, lines: tuple[str, ...]) -> _Fields:
    first, second = lines
    return _Fields(
        code=first[:2],
        issuer=first[2:5],
        number=second[:10],
        born=second[13:20],
        sex=second[20],
        expires=second[21:28],
        optional=second[28 : form.length - 1],
        names=first[5:],
        composite=second[:10] + second[13:20] + second[21:],
    )


def _optional(form: MrzFormat, parts: _Fields) -> str | None:
    """The state's own data; None where the number's check digit, or its own, does not fit."""
    if form is MrzFormat.TD3:
        data, digit = parts.optional[:-1], parts.optional[-1]
        is_empty = not data.strip(_FILLER)
        if not _fits(parts.number) or not (_fits(parts.optional) or (is_empty and digit == "<")):
            return None
        return data if _NUMBER.fullmatch(parts.number[:-1]) else None
    if parts.number[-1] != _FILLER:
        whole = _fits(parts.number) and _NUMBER.fullmatch(parts.number[:-1])
        return parts.optional if whole else None
    # A number of more than nine characters goes on in the state's own data, up to the first filler.
    rest, _, optional = parts.optional.partition(_FILLER)
    number = parts.number[:-1] + rest
    return optional if rest and _FILLER not in number and _fits(number) else None


def _fits(field_and_digit: str) -> bool:
    return check_digit(field_and_digit[:-1]) == field_and_digit[-1]
