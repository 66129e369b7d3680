"""A voter list file: its tables, its hash, what reads it and what checks every byte of it."""

import hashlib
import json
import re
import struct
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.fingers import EVERY_FINGER, FingerPosition
from station_app.domain.gallery import FACE_POSITION, GalleryChunk, other_engine
from station_app.domain.voters import Voter, short_name
from station_app.snapshots.header import ListHeader
from station_app.vault import Database, FileKind, Row, Secret, open_regular

_META: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID"
)
_PERSON: Final = (
    "row INTEGER PRIMARY KEY, voter_id TEXT NOT NULL UNIQUE,"
    " list_number INTEGER NOT NULL UNIQUE, pin TEXT NOT NULL UNIQUE, surname TEXT NOT NULL,"
    " given_names TEXT NOT NULL, sex TEXT NOT NULL, born TEXT NOT NULL, address TEXT NOT NULL,"
    " page INTEGER NOT NULL, line INTEGER NOT NULL,"
)
_FORMAT_1: Final = (
    _META,
    f"CREATE TABLE voter ({_PERSON} portrait BLOB NOT NULL) STRICT",
    "CREATE TABLE finger (row INTEGER NOT NULL, position INTEGER NOT NULL,"
    " cylinders INTEGER NOT NULL, quality INTEGER NOT NULL, minutiae BLOB NOT NULL,"
    " PRIMARY KEY (row, position)) STRICT, WITHOUT ROWID",
    "CREATE TABLE gallery_chunk (number INTEGER PRIMARY KEY, rows BLOB NOT NULL,"
    " positions BLOB NOT NULL, counts BLOB NOT NULL, encodings BLOB NOT NULL) STRICT",
)
_FORMAT_2: Final = (
    _META,
    f"CREATE TABLE voter ({_PERSON} ballots TEXT NOT NULL, finger_exempt INTEGER NOT NULL,"
    " portrait BLOB NOT NULL) STRICT",
    "CREATE TABLE template (row INTEGER NOT NULL, engine TEXT NOT NULL, position INTEGER NOT NULL,"
    " quality INTEGER NOT NULL, content BLOB NOT NULL,"
    " PRIMARY KEY (row, engine, position)) STRICT, WITHOUT ROWID",
    "CREATE TABLE gallery_chunk (number INTEGER PRIMARY KEY, engine TEXT NOT NULL,"
    " rows BLOB NOT NULL, content BLOB NOT NULL) STRICT",
)
LIST: Final = FileKind(
    application_id=0x53414C31,  # "SAL1"
    version=2,
    code="list",
    noun="voter list",
    remedy="Copy it again from the commission's medium.",
    schema=_FORMAT_2,
    older=((1, _FORMAT_1),),
)
"""Formats 1 and 2, described in voter_snapshots/README.md."""

_VOTER_COLUMNS: Final = (
    "voter_id, list_number, pin, surname, given_names, sex, born, address, page, line, portrait, "
)

_ALIKE: Final = str.maketrans("ёүөң", "еуон")
"""Letters that a Russian keyboard lacks, or that people leave out, and their replacements."""

_WORD: Final = re.compile(r"\w+")

_LARGEST: Final = 1 << 40


class NameSearch:
    """The words of a search, in any case; у also finds ү, е finds ё."""

    def __init__(self, text: str) -> None:
        self._words = _words(text)

    def fits(self, name: str) -> bool:
        """Whether every word begins a word of `name`; no words fit nobody."""
        parts = _words(name)
        return bool(self._words) and all(
            any(part.startswith(word) for part in parts) for word in self._words
        )


def _words(text: str) -> list[str]:
    # SQLite's LOWER knows ASCII only; casefold knows every script.
    composed = unicodedata.normalize("NFC", text).casefold()
    return _WORD.findall(composed.translate(_ALIKE))


def list_faults(path: Path, key: Secret) -> list[str]:
    """The faults of the file, every byte of it authenticated; empty when sound.

    Raises `KnownError` as `VoterList.open` does when the file cannot be opened at all.
    """
    database = Database.open_closed(path, LIST, key)
    try:
        return database.faults()
    finally:
        database.close()


def list_hash(path: Path) -> str:
    """Hex SHA-256 of the file. Raises `KnownError` `list_missing`, `no_read_permission`."""
    try:
        with open_regular(path, _LARGEST) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise LIST.missing(path) from error
    except (OSError, KnownError) as error:
        raise LIST.unreadable(path) from error


@dataclass(frozen=True, slots=True)
class _Queries:
    """How the tables of one format are asked for the same things.

    `chunks` gives rows and the parts of the content, in order.
    """

    voter: str
    chunks: str
    template: str
    enrolled: str
    best_fingers: str


_QUERIES: Final = {
    1: _Queries(
        voter=f"SELECT {_VOTER_COLUMNS} '', 0 FROM voter",  # noqa: S608  (constants)
        chunks="SELECT rows, positions, counts, encodings FROM gallery_chunk"
        " WHERE ? != '' ORDER BY number",
        template="SELECT minutiae FROM finger WHERE row = ? AND ? != '' AND position = ?",
        enrolled="SELECT voter_id, list_number, finger.row, position, minutiae FROM finger"
        " JOIN voter ON voter.row = finger.row WHERE ? != '' ORDER BY finger.row, position",
        best_fingers="SELECT position FROM finger WHERE row = ? AND ? != ''"
        " ORDER BY quality DESC, position",
    ),
    2: _Queries(
        voter=f"SELECT {_VOTER_COLUMNS} ballots, finger_exempt FROM voter",  # noqa: S608  (constants)
        chunks="SELECT rows, content FROM gallery_chunk WHERE engine = ? ORDER BY number",
        template="SELECT content FROM template WHERE row = ? AND engine = ? AND position = ?",
        enrolled="SELECT voter_id, list_number, template.row, position, content FROM template"
        " JOIN voter ON voter.row = template.row WHERE engine = ? ORDER BY template.row, position",
        best_fingers="SELECT position FROM template WHERE row = ? AND engine = ?"
        " ORDER BY quality DESC, position",
    ),
}


@dataclass(frozen=True, slots=True)
class VoterPlace:
    """Where a voter is on a list: row and list number, and the PIN they are looked up by."""

    row: int
    list_number: int
    pin: str


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """An enrolled sample: whose it is, where it is stored, what the engine made of it."""

    voter_id: str
    list_number: int
    row: int
    position: int
    content: bytes


class VoterList:
    """One open list file, read-only.

    It may be opened on one thread and handed to another, but only one uses it at a time
    (in the station: the matching lane). Rows are 0-based, in list order. Every method
    raises `KnownError` `list_damaged` when the page it needs has changed.
    """

    def __init__(self, database: Database, header: ListHeader, texts: Mapping[str, str]) -> None:
        self._database = database
        self._queries = _QUERIES[database.version]
        self._ballots = {ballot.id for ballot in header.ballots}
        self.header = header
        self.voters = int(texts["voters"])
        self.fingers = int(texts["fingers"])
        self.faces = int(texts.get("faces", 0))  # no list had any before it was counted

    @classmethod
    def open(cls, path: Path, key: Secret) -> "VoterList":
        """Open the list; only its header is read.

        Raises `KnownError`: `list_missing`, `no_read_permission`, `wrong_key`,
        `not_a_list`, `list_version`, `list_damaged`.
        """
        database = Database.open_closed(path, LIST, key)
        try:
            texts: dict[str, str] = dict(database.rows("SELECT name, value FROM meta"))
            header = ListHeader.from_texts(texts)
            if header.format != database.version:
                raise ValueError("a header of another format")  # noqa: TRY301
            return cls(database, header, texts)
        except (ValueError, KeyError) as error:
            database.close()
            raise LIST.damaged(path) from error
        except BaseException:
            database.close()
            raise

    def chunks(self, engine: str) -> Iterator[GalleryChunk]:
        """The packed gallery of one engine, chunk by chunk.

        Raises `KnownError` `gallery_engine` for an engine that made nothing in this list, and
        `list_damaged` for templates of rows that the list does not have.
        """
        if engine not in self.header.engines:
            raise other_engine(self.header.engines, engine)
        for rows, *content in self._database.rows(self._queries.chunks, (engine,)):
            if len(rows) % 4 or not self._has_rows(struct.unpack(f"<{len(rows) // 4}i", rows)):
                raise LIST.damaged(self._database.path)
            yield GalleryChunk(engine, rows, b"".join(content))

    def _has_rows(self, rows: Sequence[int]) -> bool:
        return not rows or 0 <= min(rows) <= max(rows) < self.voters

    def voter(self, row: int) -> Voter:
        """The voter of a row. Raises `KeyError` when there is no such row."""
        found = self._database.row(f"{self._queries.voter} WHERE row = ?", (row,))
        if found is None:
            raise KeyError(row)
        return self._voter(found)

    def voter_of(self, voter_id: str) -> Voter | None:
        """The voter of this id, None where the list has none."""
        found = self._database.row(f"{self._queries.voter} WHERE voter_id = ?", (voter_id,))
        return None if found is None else self._voter(found)

    def short_names(self, voter_ids: Collection[str]) -> dict[str, str]:
        """Surname and initials of these ids; those that are not on the list are left out."""
        rows = self._those("voter_id, surname, given_names", "voter_id", voter_ids)
        return {voter_id: short_name(*parts) for voter_id, *parts in rows}

    def demographics(self, voter_ids: Collection[str]) -> dict[str, tuple[str, date]]:
        """Sex and date of birth of these ids; those that are not on the list are left out."""
        rows = self._those("voter_id, sex, born", "voter_id", voter_ids)
        return {voter_id: (sex, date.fromisoformat(born)) for voter_id, sex, born in rows}

    def places(self, voter_ids: Collection[str]) -> dict[str, VoterPlace]:
        """Where the voters of these ids are; those that are not on the list are left out.

        Raises `KnownError` `list_damaged` for rows beyond the number of voters that the list says:
        nobody counts more of them than there are.
        """
        found = self._those("voter_id, row, list_number, pin", "voter_id", voter_ids)
        places = {voter_id: VoterPlace(*place) for voter_id, *place in found}
        if not self._has_rows([place.row for place in places.values()]):
            raise LIST.damaged(self._database.path)
        return places

    def by_number(self, list_numbers: Collection[int]) -> dict[int, tuple[str, str]]:
        """Voter id, and surname with initials, by list number; those that the list lacks are left
        out.
        """
        wanted = [number for number in list_numbers if 0 <= number < _LARGEST]
        rows = self._those("list_number, voter_id, surname, given_names", "list_number", wanted)
        return {number: (voter_id, short_name(*parts)) for number, voter_id, *parts in rows}

    def ids_of_pins(self, pins: Collection[str]) -> dict[str, str]:
        """The voter ids by these PINs; those that are not on the list are left out."""
        return dict(self._those("pin, voter_id", "pin", pins))

    def enrolled(self, engine: str) -> Iterator[StoredTemplate]:
        """Every template of the engine, in the order of its rows."""
        for voter_id, number, row, position, content in self._database.rows(
            self._queries.enrolled, (engine,)
        ):
            yield StoredTemplate(voter_id, number, row, position, content)

    def search(self, text: str) -> frozenset[str]:
        """Ids of the voters whom `text` may mean: a PIN of 14 digits, or beginnings of names.

        Each word begins a word of the name, in any order (`snapshots.names`). Reads every
        name of the list, so it is not for a list of a whole country.
        """
        text = text.strip()
        if text.isdigit():
            row = self._database.row("SELECT voter_id FROM voter WHERE pin = ?", (text,))
            return frozenset() if row is None else frozenset(row)
        sought = NameSearch(text)
        rows = self._database.rows("SELECT voter_id, surname, given_names FROM voter")
        return frozenset(voter_id for voter_id, *names in rows if sought.fits(" ".join(names)))

    def find_by_pin(self, pin: str) -> int | None:
        """The row of the voter with this PIN, None when nobody on the list has it."""
        found = self._database.row("SELECT row FROM voter WHERE pin = ?", (pin,))
        return None if found is None else int(found[0])

    def fingers_of(self, row: int, engines: Collection[str]) -> tuple[FingerPosition, ...]:
        """The fingers of this row's voter that one of these engines made, the best first.

        A position that is not known counts for none: it cannot be asked for.
        """
        known = {int(one): one for one in EVERY_FINGER}
        found = [
            known[position]
            for engine in engines
            for (position,) in self._database.rows(self._queries.best_fingers, (row, engine))
            if position in known
        ]
        return tuple(dict.fromkeys(found))

    def has_face(self, row: int, engines: Collection[str]) -> bool:
        """Whether this row's voter has a face that one of these engines made."""
        if self._database.version == 1:  # made before there were faces
            return False
        return any(
            self._database.row(self._queries.template, (row, engine, FACE_POSITION)) is not None
            for engine in engines
        )

    def templates(self, engine: str, keys: Sequence[tuple[int, int]]) -> list[bytes]:
        """The engine's stored templates of (row, position) keys, in their order.

        Raises `KnownError` `gallery_damaged` for one that is not enrolled.
        """
        contents: list[bytes] = []
        for row, position in keys:
            found = self._database.row(self._queries.template, (row, engine, int(position)))
            if found is None:
                raise KnownError(Code.GALLERY_DAMAGED, "The list lacks a template that it names.")
            contents.append(found[0])
        return contents

    def close(self) -> None:
        """Close the file; a second close does nothing."""
        self._database.close()

    def _those(self, columns: str, by: str, values: Collection[str | int]) -> Iterator[Row]:
        """Columns of the voters with these values; both names are this module's."""
        query = f"SELECT {columns} FROM voter WHERE {by} IN (SELECT value FROM json_each(?))"  # noqa: S608
        return self._database.rows(query, (json.dumps(list(values)),))

    def _voter(self, row: Row) -> Voter:
        (
            voter_id, number, pin, surname, given, sex, born, address, page, line, portrait,
            ballots, exempt,
        ) = row  # fmt: skip
        due = tuple(ballots.split())
        if not self._ballots.issuperset(due):
            raise LIST.damaged(self._database.path)
        return Voter(
            voter_id=voter_id,
            list_number=number,
            pin=pin,
            surname=surname,
            given_names=given,
            sex=sex,
            born=date.fromisoformat(born),
            address=address,
            page=page,
            line=line,
            portrait=portrait,
            ballots=due,
            finger_exempt=bool(exempt),
        )
