"""The records of a CSV file one after the other, each with the place it begins at.

RFC 4180 with the liberties that spreadsheets take: a byte order mark, CRLF or LF, commas,
semicolons or tabs. One quote too many spoils its own row and no other: where the rows that
it joins do not make a record, only the first is given up.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import BinaryIO, Final

_LONGEST_LINE: Final = 1 << 14
_MOST_LINES: Final = 20  # of one record, by line breaks inside quotes
_UTF8_MARK: Final = b"\xef\xbb\xbf"


class CsvEncoding(StrEnum):
    """How the register's letters are written."""

    UTF8 = "utf-8"
    CP1251 = "cp1251"


class RecordFault(StrEnum):
    """Why a row cannot be taken apart."""

    QUOTES = "quotes"
    ENCODING = "encoding"
    COLUMNS = "columns"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """One row: where its first byte is, its number as a spreadsheet shows it, and its fields.

    The header is row 1; empty rows are counted, though never given. Of a row that cannot
    be taken apart, `fields` is the reason.
    """

    offset: int
    row: int
    fields: list[str] | RecordFault


@dataclass(frozen=True, slots=True)
class CsvForm:
    """The format of a file's rows: `columns` is the number of fields of each."""

    encoding: CsvEncoding
    delimiter: str
    columns: int


def header_line(file: BinaryIO) -> bytes:
    """The first line without byte order mark and line end; `file` is positioned after it.

    Empty when the line is longer than any header.
    """
    line = file.readline(_LONGEST_LINE).removeprefix(_UTF8_MARK)
    return line.rstrip(b"\r\n") if line.endswith(b"\n") or len(line) < _LONGEST_LINE else b""


def records(file: BinaryIO, form: CsvForm, row: int) -> Iterator[CsvRecord]:
    """The records from the position of `file` to its end; the first is number `row`."""
    lines = _Lines(file)
    while line := lines.take():
        offset = lines.place - len(line)
        if line.strip(b"\r\n"):
            yield CsvRecord(offset, row, _fields(line, lines, form))
        row += 1


def record_at(file: BinaryIO, offset: int, form: CsvForm) -> list[str]:
    """The fields of the record that begins at `offset`, which had fields when it was listed."""
    file.seek(offset)
    for record in islice(records(file, form, 0), 1):
        if isinstance(record.fields, list):
            return record.fields
    return []


class _Lines:
    """The lines of a file, with the choice of giving some back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._waiting: list[bytes] = []
        self.place = file.tell()

    def take(self) -> bytes:
        """The next line with its end, empty at the end of the file."""
        line = self._waiting.pop() if self._waiting else self._read()
        self.place += len(line)
        return line

    def give_back(self, lines: list[bytes]) -> None:
        """Take these lines again, in their order."""
        self._waiting += reversed(lines)
        self.place -= sum(map(len, lines))

    def skip_line(self) -> None:
        """Go on after the end of the line that the last `take` did not come to."""
        while (part := self.take()) and not part.endswith(b"\n"):
            pass

    def _read(self) -> bytes:
        return self._file.readline(_LONGEST_LINE)


def _fields(line: bytes, lines: _Lines, form: CsvForm) -> list[str] | RecordFault:
    if len(line) >= _LONGEST_LINE and not line.endswith(b"\n"):
        lines.skip_line()
        return RecordFault.LONG
    if line.count(b'"') % 2 == 0:
        return _parsed(line, form)
    more: list[bytes] = []
    while len(more) < _MOST_LINES and (another := lines.take()):
        more.append(another)
        if another.count(b'"') % 2:
            fields = _parsed(line + b"".join(more), form)
            if isinstance(fields, list):
                return fields
            break
    lines.give_back(more)
    return RecordFault.QUOTES


def _parsed(data: bytes, form: CsvForm) -> list[str] | RecordFault:
    """One record's bytes. Line breaks inside quotes stay what they are."""
    try:
        text = data.rstrip(b"\r\n").decode(form.encoding)
    except UnicodeDecodeError:
        return RecordFault.ENCODING
    if '"' not in text:
        fields = text.split(form.delimiter)
    else:
        try:
            fields = next(csv.reader([text], delimiter=form.delimiter, strict=True))
        except csv.Error:
            return RecordFault.QUOTES
    return fields if len(fields) == form.columns else RecordFault.COLUMNS
