"""The tables of a voter list file (format 1, described in voter_snapshots/README.md)."""

from typing import Final

from station_app.domain.gallery import GalleryChunk
from station_app.vault import FileKind

_SCHEMA: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE voter (row INTEGER PRIMARY KEY, voter_id TEXT NOT NULL UNIQUE,"
    " list_number INTEGER NOT NULL UNIQUE, pin TEXT NOT NULL UNIQUE, surname TEXT NOT NULL,"
    " given_names TEXT NOT NULL, sex TEXT NOT NULL, born TEXT NOT NULL, address TEXT NOT NULL,"
    " page INTEGER NOT NULL, line INTEGER NOT NULL, portrait BLOB NOT NULL) STRICT",
    "CREATE TABLE finger (row INTEGER NOT NULL, position INTEGER NOT NULL,"
    " cylinders INTEGER NOT NULL, quality INTEGER NOT NULL, minutiae BLOB NOT NULL,"
    " PRIMARY KEY (row, position)) STRICT, WITHOUT ROWID",
    "CREATE TABLE gallery_chunk (number INTEGER PRIMARY KEY, rows BLOB NOT NULL,"
    " positions BLOB NOT NULL, counts BLOB NOT NULL, encodings BLOB NOT NULL) STRICT",
)
LIST: Final = FileKind(
    application_id=0x53414C31,  # "SAL1"
    version=1,
    code="list",
    noun="voter list",
    remedy="Copy it again from the commission's medium.",
    schema=_SCHEMA,
)
VOTER_COLUMNS: Final = (
    "voter_id, list_number, pin, surname, given_names, sex, born, address, page, line, portrait"
)
_CYLINDER_BYTES: Final = 64


def is_well_formed(chunk: GalleryChunk) -> bool:
    """Whether the four arrays speak of the same number of fingers and cylinders."""
    fingers = len(chunk.positions)
    return (
        len(chunk.rows) == 4 * fingers
        and len(chunk.counts) == fingers
        and len(chunk.encodings) == _CYLINDER_BYTES * sum(chunk.counts)
    )
