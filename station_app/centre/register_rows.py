"""One row of a register: its columns and their permitted values."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from station_app.centre.csv_records import RecordFault
from station_app.domain.voters import Voter

REQUIRED: Final = (
    "voter_id", "list_number", "pin", "surname", "given_names", "sex", "born", "address",
    "page", "line",
)  # fmt: skip
OPTIONAL: Final = ("precinct", "place", "ballots", "finger_exempt", "fingers", "portrait")
"""Beside these a register may have columns that nothing reads."""

_VOTER_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")
_PIN: Final = re.compile(r"[0-9]{14}")
_NUMBER: Final = re.compile(r"[0-9]{1,7}")
_PRECINCT: Final = re.compile(r"\w[\w.-]{0,31}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST: Final = 300
_LONGEST_FINGERS: Final = 4000  # ten names of files
_FIRST_YEAR: Final = 1890
_YOUNGEST, _OLDEST = 18, 110
_EXEMPT: Final = {"": False, "no": False, "0": False, "yes": True, "1": True}


class RowFault(StrEnum):
    """Why a row is left out of its list."""

    QUOTES = RecordFault.QUOTES.value
    ENCODING = RecordFault.ENCODING.value
    COLUMNS = RecordFault.COLUMNS.value
    LONG = RecordFault.LONG.value
    PRECINCT = "precinct"
    VOTER_ID = "voter_id"
    LIST_NUMBER = "list_number"
    PIN = "pin"
    SURNAME = "surname"
    GIVEN_NAMES = "given_names"
    SEX = "sex"
    BORN = "born"
    ADDRESS = "address"
    PAGE = "page"
    LINE = "line"
    PLACE = "place"
    BALLOTS = "ballots"
    FINGER_EXEMPT = "finger_exempt"
    FINGERS = "fingers"
    PORTRAIT = "portrait"
    SAME_VOTER_ID = "duplicate_voter_id"
    SAME_LIST_NUMBER = "duplicate_list_number"
    SAME_PIN = "duplicate_pin"


class RowFaultError(ValueError):
    """A value that its column cannot have."""

    def __init__(self, fault: RowFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def is_precinct(code: str) -> bool:
    """Whether a precinct can be called that."""
    return _PRECINCT.fullmatch(code) is not None


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One voter of the register, without a portrait yet; `row` as a spreadsheet counts.

    `precinct` and `place` are empty where the register has no such column. `fingers` and
    `portrait` are the values of those columns, names of files.
    """

    row: int
    voter: Voter
    precinct: str
    place: str
    fingers: str
    portrait: str

    def values(self) -> list[str]:
        """Everything it says, as texts in one order."""
        person = self.voter
        return [
            person.voter_id, str(person.list_number), person.pin, person.surname,
            person.given_names, person.sex, person.born.isoformat(), person.address,
            str(person.page), str(person.line), self.place, " ".join(person.ballots),
            str(int(person.finger_exempt)), self.fingers, self.portrait,
        ]  # fmt: skip

    def is_doubtful(self, day: date) -> bool:
        """Whether nobody of this age is a voter on `day`: under 18, or over 110."""
        born = self.voter.born
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        return not _YOUNGEST <= age <= _OLDEST


@dataclass(frozen=True, slots=True)
class RegisterColumns:
    """The place of each known column; `unknown` are headings that nothing reads, `missing` the
    required ones that are absent, `doubled` those that occur twice.

    `ballots` are the ids that a voter can be due.
    """

    places: dict[str, int]
    ballots: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()

    @classmethod
    def of(cls, headings: Sequence[str], ballots: Sequence[str] = ()) -> "RegisterColumns":
        """The columns of a header; rows are read only where none is missing or doubled."""
        names = [heading.strip().casefold() for heading in headings]
        known = [name for name in names if name in REQUIRED or name in OPTIONAL]
        places = {name: names.index(name) for name in known}
        return cls(
            places,
            tuple(ballots),
            unknown=tuple(name for name in names if name not in places),
            missing=tuple(name for name in REQUIRED if name not in places),
            doubled=tuple(name for name in places if known.count(name) > 1),
        )

    @property
    def is_complete(self) -> bool:
        """Whether rows can be read by it."""
        return not self.missing and not self.doubled

    def __contains__(self, name: str) -> bool:
        return name in self.places

    def value(self, fields: Sequence[str], name: str) -> str:
        """The value under a heading, empty where there is no such column."""
        place = self.places.get(name)
        return "" if place is None else unicodedata.normalize("NFC", fields[place].strip())

    def precinct(self, fields: Sequence[str]) -> str:
        """The precinct of a row, empty when no precinct can be called that."""
        code = self.value(fields, "precinct")
        return code if is_precinct(code) else ""

    def row(self, fields: Sequence[str], row: int) -> RegisterRow:
        """The voter of a row. Raises `RowFaultError` for the first value that cannot be."""
        precinct = self.precinct(fields)
        if "precinct" in self and not precinct:
            raise RowFaultError(RowFault.PRECINCT)
        voter = Voter(
            voter_id=self._matching(fields, _VOTER_ID, RowFault.VOTER_ID),
            list_number=int(self._matching(fields, _NUMBER, RowFault.LIST_NUMBER)),
            pin=self._matching(fields, _PIN, RowFault.PIN),
            surname=self._line(fields, RowFault.SURNAME, needed=True),
            given_names=self._line(fields, RowFault.GIVEN_NAMES),
            sex=self._sex(fields),
            born=self._born(fields),
            address=self._line(fields, RowFault.ADDRESS),
            page=int(self._matching(fields, _NUMBER, RowFault.PAGE)),
            line=int(self._matching(fields, _NUMBER, RowFault.LINE)),
            ballots=self._ballots(fields),
            finger_exempt=self._exempt(fields),
        )
        return RegisterRow(
            row=row,
            voter=voter,
            precinct=precinct,
            place=self._line(fields, RowFault.PLACE),
            fingers=self._line(fields, RowFault.FINGERS, longest=_LONGEST_FINGERS),
            portrait=self._line(fields, RowFault.PORTRAIT),
        )

    def _matching(self, fields: Sequence[str], form: re.Pattern[str], column: RowFault) -> str:
        value = self.value(fields, column)
        if not form.fullmatch(value):
            raise RowFaultError(column)
        return value

    def _line(
        self,
        fields: Sequence[str],
        column: RowFault,
        *,
        needed: bool = False,
        longest: int = _LONGEST,
    ) -> str:
        """One line of text for people to read."""
        value = self.value(fields, column)
        shown = value.replace("\u00a0", " ")
        if (needed and not value) or not shown.isprintable() or len(value) > longest:
            raise RowFaultError(column)
        return value

    def _ballots(self, fields: Sequence[str]) -> tuple[str, ...]:
        """The ids in the order of the election's ballots, empty for all of them."""
        named = self.value(fields, "ballots").replace(";", " ").split()
        if not set(self.ballots).issuperset(named) or len(set(named)) < len(named):
            raise RowFaultError(RowFault.BALLOTS)
        return tuple(one for one in self.ballots if one in named)

    def _exempt(self, fields: Sequence[str]) -> bool:
        value = self.value(fields, "finger_exempt").casefold()
        if value not in _EXEMPT:
            raise RowFaultError(RowFault.FINGER_EXEMPT)
        return _EXEMPT[value]

    def _sex(self, fields: Sequence[str]) -> str:
        value = self.value(fields, "sex").casefold()
        if value not in ("f", "m"):
            raise RowFaultError(RowFault.SEX)
        return value

    def _born(self, fields: Sequence[str]) -> date:
        value = self._matching(fields, _DAY, RowFault.BORN)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.min
        if day.year < _FIRST_YEAR:
            raise RowFaultError(RowFault.BORN)
        return day
