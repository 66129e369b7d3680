"""The commission's register, a CSV file of up to millions of rows, read in bounded memory.

The first reading judges every row and keeps a few numbers of each; a precinct's rows are
read again when its turn comes. How a register looks: voter_snapshots/README.md.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Self

import numpy as np
from numpy.typing import NDArray

from station_app.centre.csv_records import (
    CsvEncoding,
    CsvForm,
    RecordFault,
    header_line,
    record_at,
    records,
)
from station_app.centre.register_rows import (
    REQUIRED,
    RegisterColumns,
    RegisterRow,
    RowFault,
    RowFaultError,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault import open_regular

_LARGEST: Final = 1 << 33
"""Bytes of a register: a country's has a tenth of it."""

TellRows = Callable[[int, int], None]
"""Is told how much is done, of how much."""

_DELIMITERS: Final = (",", ";", "\t")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_TELL_EVERY: Final = 5000
_FAULTS: Final = tuple(RowFault)
_DUPLICATES: Final = [
    _FAULTS.index(fault)
    for fault in (RowFault.SAME_VOTER_ID, RowFault.SAME_PIN, RowFault.SAME_LIST_NUMBER)
]
"""Such rows were own records before they were left out."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is left out: its number, why, and for a duplicate the row that stays."""

    row: int
    fault: RowFault
    first: int = 0


class Register:
    """The rows of one register, by precinct.

    `precincts` are the codes in the order they first occur; where the register has no such
    column there is one, without a name. `unknown_columns` are headings that nothing reads.
    One thread uses it at a time.
    """

    def __init__(self, path: Path, file: BinaryIO, form: CsvForm, columns: RegisterColumns) -> None:
        self.path = path
        self.unknown_columns = columns.unknown
        self.has_precincts = "precinct" in columns
        self._file, self._form, self._columns = file, form, columns
        self._codes: dict[str, int] = {} if self.has_precincts else {"": 0}
        # One number of each kind for every row that is an own record.
        self._offsets, self._rows = array("Q"), array("I")
        self._precincts, self._numbers = array("i"), array("I")
        self._ids, self._pins = array("q"), array("q")
        # The rows left out: number, reason, precinct (-1: not known), the row that stays.
        self._bad = (array("I"), array("B"), array("i"), array("I"))
        self._kept: NDArray[np.bool_] = np.zeros(0, np.bool_)

    @classmethod
    def open(
        cls, path: Path, encoding: CsvEncoding, told: TellRows, ballots: Sequence[str] = ()
    ) -> Self:
        """Read the register once. `told` gets bytes done, of all.

        `ballots` are the ids that a voter can be due. Raises `KnownError` as `open_regular` does,
        `register_missing`, `register_columns` (the header lacks some), `register_encoding` (the
        letters are not written in `encoding`).
        """
        try:
            file = open_regular(path, _LARGEST)
        except OSError as fault:
            raise KnownError(
                Code.REGISTER_MISSING, f"The register {path} cannot be read ({fault.strerror})."
            ) from fault
        try:
            form, columns = _form_of(path, file, encoding, ballots)
            register = cls(path, file, form, columns)
            register._read(path.stat().st_size, told)
            register._leave_out_duplicates()
        except BaseException:
            file.close()
            raise
        return register

    @property
    def precincts(self) -> tuple[str, ...]:
        """The codes of the precincts."""
        return tuple(self._codes)

    def __len__(self) -> int:
        """The number of rows that stay."""
        return int(self._kept.sum())

    @property
    def rows_read(self) -> int:
        """The number of rows there are, those left out among them."""
        return len(self._rows) + sum(fault not in _DUPLICATES for fault in self._bad[1])

    def rows_of(self, precinct: str) -> Iterator[RegisterRow]:
        """The rows of a precinct that stay, by list number."""
        (of_it,) = np.nonzero(self._kept & (np.asarray(self._precincts) == self._codes[precinct]))
        numbers = np.asarray(self._numbers)[of_it]
        for place in of_it[np.argsort(numbers, kind="stable")].tolist():
            yield self._row_at(place)

    def bad_rows(self, precinct: str | None) -> list[BadRow]:
        """The rows of a precinct that are left out, or those of no precinct, by number."""
        wanted = -1 if precinct is None else self._codes[precinct]
        rows, faults, precincts, firsts = (np.asarray(column) for column in self._bad)
        (of_it,) = np.nonzero(precincts == wanted)
        return [
            BadRow(int(rows[place]), _FAULTS[faults[place]], int(firsts[place]))
            for place in of_it[np.argsort(rows[of_it], kind="stable")].tolist()
        ]

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self, size: int, told: TellRows) -> None:
        for count, record in enumerate(records(self._file, self._form, 2), start=1):
            if isinstance(record.fields, RecordFault):
                code = None if self.has_precincts else ""
                self._note_bad(record.row, RowFault(record.fields), code)
            else:
                self._note(record.offset, record.row, record.fields)
            if count % _TELL_EVERY == 0:
                told(record.offset, size)
        told(size, size)

    def _note(self, offset: int, row: int, fields: list[str]) -> None:
        try:
            found = self._columns.row(fields, row)
        except RowFaultError as fault:
            code = self._columns.precinct(fields)
            self._note_bad(row, fault.fault, code if code or not self.has_precincts else None)
            return
        self._offsets.append(offset)
        self._rows.append(row)
        self._precincts.append(self._codes.setdefault(found.precinct, len(self._codes)))
        self._numbers.append(found.voter.list_number)
        self._ids.append(hash(found.voter.voter_id))
        self._pins.append(hash(found.voter.pin))

    def _note_bad(self, row: int, fault: RowFault, precinct: str | None, first: int = 0) -> None:
        code = -1 if precinct is None else self._codes.setdefault(precinct, len(self._codes))
        for column, value in zip(self._bad, (row, _FAULTS.index(fault), code, first), strict=True):
            column.append(value)

    def _row_at(self, place: int) -> RegisterRow:
        fields = record_at(self._file, self._offsets[place], self._form)
        try:
            return self._columns.row(fields, self._rows[place])
        except (RowFaultError, IndexError) as fault:
            raise KnownError(
                Code.REGISTER_CHANGED,
                f"The register {self.path} was changed while it was read. Start again.",
            ) from fault

    def _leave_out_duplicates(self) -> None:
        """Of rows with one voter id or PIN, or one list number in a precinct, the first stays.

        Only rows that may be duplicates are read again: those that share a hash.
        """
        self._kept = np.ones(len(self._offsets), np.bool_)
        numbered = np.array(self._precincts, np.int64) << 32 | np.array(self._numbers, np.int64)
        suspects = _twice(np.asarray(self._ids)) | _twice(np.asarray(self._pins)) | _twice(numbered)
        seen: dict[tuple[RowFault, str], int] = {}
        names = self.precincts
        for place in np.flatnonzero(suspects).tolist():
            found = self._row_at(place)
            keys = (
                (RowFault.SAME_VOTER_ID, found.voter.voter_id),
                (RowFault.SAME_PIN, found.voter.pin),
                (RowFault.SAME_LIST_NUMBER, f"{found.precinct} {found.voter.list_number}"),
            )
            twice = next((key for key in keys if key in seen), None)
            if twice is None:
                seen.update(dict.fromkeys(keys, found.row))
            else:
                self._kept[place] = False
                precinct = names[self._precincts[place]]
                self._note_bad(found.row, twice[0], precinct, seen[twice])
        del self._ids, self._pins


def _twice(column: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The rows whose value occurs more than once."""
    order = np.argsort(column, kind="stable")
    same = column[order][1:] == column[order][:-1]
    found = np.zeros(len(column), np.bool_)
    found[order[1:][same]] = True
    found[order[:-1][same]] = True
    return found


def _form_of(
    path: Path, file: BinaryIO, encoding: CsvEncoding, ballots: Sequence[str]
) -> tuple[CsvForm, RegisterColumns]:
    """The file's format, by its header and its letters; `file` is positioned after the header."""
    line = header_line(file)
    if line.startswith(_UTF16):
        raise _encoding(path, "It is UTF-16. Save it as CSV in UTF-8.")
    start = file.tell()
    _refuse_other_letters(path, file, encoding)
    file.seek(start)
    heading = line.decode(encoding, errors="replace")
    found: list[tuple[CsvForm, RegisterColumns]] = []
    for delimiter in _DELIMITERS:
        names = [name.strip('"') for name in heading.split(delimiter)]
        found.append((CsvForm(encoding, delimiter, len(names)), RegisterColumns.of(names, ballots)))
    form, columns = max(found, key=lambda one: len(one[1].places))
    if not columns.is_complete:
        raise KnownError(Code.REGISTER_COLUMNS, _said_of(path, columns))
    return form, columns


def _said_of(path: Path, columns: RegisterColumns) -> str:
    if not columns.places:
        return (
            f"The first row of {path} does not name its columns. It has to name these, between "
            f"commas, semicolons or tabs: {', '.join(REQUIRED)}."
        )
    faults = []
    if columns.missing:
        faults.append(f"lacks {', '.join(columns.missing)}")
    if columns.doubled:
        faults.append(f"has {', '.join(columns.doubled)} more than once")
    return f"The first row of {path} {' and '.join(faults)}. Correct the headings."


def _refuse_other_letters(path: Path, file: BinaryIO, encoding: CsvEncoding) -> None:
    """Hold the first thousands of rows that are not ASCII against the encoding.

    A single broken row is that row's fault; when most are, it is another encoding.
    """
    sound = broken = 0
    for line in _beginnings(file):
        if not line.isascii():
            try:
                line.decode(CsvEncoding.UTF8)
                sound += 1
            except UnicodeDecodeError:
                broken += 1
    if encoding is CsvEncoding.UTF8 and broken > sound:
        raise _encoding(
            path, "Its letters are not UTF-8. If they are Windows-1251, say --encoding cp1251."
        )
    if encoding is CsvEncoding.CP1251 and sound > broken:
        raise _encoding(path, "Its letters are UTF-8. Leave --encoding cp1251 out.")


def _beginnings(file: BinaryIO) -> Iterator[bytes]:
    """The whole lines of the next 4 MB."""
    data = file.read(1 << 22)
    return iter(data[: data.rfind(b"\n") + 1].split(b"\n") if b"\n" in data else [data])


def _encoding(path: Path, why: str) -> KnownError:
    return KnownError(Code.REGISTER_ENCODING, f"The register {path} cannot be read. {why}")
