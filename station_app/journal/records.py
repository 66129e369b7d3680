"""The journal's database: its tables, and reading and writing their rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.vault import Database, FileKind

_SCHEMA: Final = (
    "CREATE TABLE entry (number INTEGER PRIMARY KEY, leaf BLOB NOT NULL, root BLOB NOT NULL,"
    " signature BLOB NOT NULL, ended_session INTEGER) STRICT",
    "CREATE UNIQUE INDEX one_outcome_a_session ON entry (ended_session)"
    " WHERE ended_session IS NOT NULL",
    "CREATE TABLE active_acceptance (voter_id TEXT PRIMARY KEY, entry INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID",
    "CREATE TRIGGER entries_stay BEFORE DELETE ON entry"
    " BEGIN SELECT RAISE(ABORT, 'entries stay'); END",
    "CREATE TRIGGER entries_do_not_change BEFORE UPDATE ON entry"
    " BEGIN SELECT RAISE(ABORT, 'entries do not change'); END",
)
JOURNAL: Final = FileKind(
    application_id=0x53414A31,  # "SAJ1"
    version=1,
    code="journal",
    noun="journal",
    remedy="Do not use it: keep the file as it is and call the commission's technician.",
    schema=_SCHEMA,
)


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the leaf, the checkpoint of the tree it completes (root of 32 bytes,
    signature of 64), and the session an outcome ends, None for other kinds."""

    number: int
    leaf: bytes
    root: bytes
    signature: bytes
    ended_session: int | None


def insert_record(database: Database, record: Record) -> None:
    """Write one row, inside the caller's transaction."""
    database.execute(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?)",
        (record.number, record.leaf, record.root, record.signature, record.ended_session),
    )


def read_records(database: Database) -> Iterator[Record]:
    """All rows by number."""
    for row in database.rows(
        "SELECT number, leaf, root, signature, ended_session FROM entry ORDER BY number"
    ):
        yield Record(*row)


def read_some(database: Database, first: int, count: int) -> tuple[Record, ...]:
    """At most `count` rows from number `first` on."""
    rows = database.rows(
        "SELECT number, leaf, root, signature, ended_session FROM entry"
        " WHERE number >= ? ORDER BY number LIMIT ?",
        (first, count),
    )
    return tuple(Record(*row) for row in rows)


def insert_acceptance(database: Database, voter_id: str, number: int) -> None:
    """Name the entry that settles the voter, inside the caller's transaction."""
    database.execute("INSERT INTO active_acceptance VALUES (?, ?)", (voter_id, number))


def drop_acceptance(database: Database, voter_id: str) -> None:
    """Free a voter whose entry is void or undone, inside the caller's transaction."""
    database.execute("DELETE FROM active_acceptance WHERE voter_id = ?", (voter_id,))


def drop_acceptances(database: Database) -> None:
    """Free everybody: another day of training begins, inside the caller's transaction."""
    database.execute("DELETE FROM active_acceptance")


def find_acceptance(database: Database, voter_id: str) -> tuple[int, bytes] | None:
    """Number and leaf of the entry that has settled the voter, or None."""
    row = database.row(
        "SELECT entry.number, entry.leaf FROM active_acceptance"
        " JOIN entry ON entry.number = active_acceptance.entry WHERE voter_id = ?",
        (voter_id,),
    )
    return None if row is None else (row[0], row[1])


def read_acceptances(database: Database) -> dict[str, int]:
    """Entry numbers by voter."""
    return dict(database.rows("SELECT voter_id, entry FROM active_acceptance"))


def head_file(journal: Path) -> Path:
    """The path of the latest signed head, outside the database."""
    return journal.with_name(journal.name + ".head")
