"""The tables of a voter list file (formats 1 and 2, described in voter_snapshots/README.md)."""

from typing import Final

from station_app.vault import FileKind

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
