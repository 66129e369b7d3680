"""A journal's file as a signed log, for showing, proving and exporting its entries."""

from collections.abc import Iterator
from pathlib import Path

from station_app.journal.audit import first_entry
from station_app.journal.checkpoints import Checkpoint
from station_app.journal.records import JOURNAL, Record, read_records
from station_app.journal.tlog_tiles import SignedLog
from station_app.journal.tree import Frontier
from station_app.vault import Database, Secret


def stored_leaves(path: Path, db_key: Secret) -> Iterator[bytes]:
    """The leaves in the file, first to last, unchecked.

    Raises `KnownError` as `verify_journal` does where the file cannot be read.
    """
    database = Database.open_to_read(path, JOURNAL, db_key)
    try:
        for record in read_records(database):
            yield record.leaf
    finally:
        database.close()


def stored_origin(path: Path, db_key: Secret) -> str:
    """The origin that the file names. Raises as `stored_log` does."""
    database = Database.open_to_read(path, JOURNAL, db_key)
    try:
        return first_entry(read_records(database)).origin
    except ValueError as error:
        raise JOURNAL.damaged(path) from error
    finally:
        database.close()


def stored_log(path: Path, db_key: Secret, public_key: bytes | None) -> SignedLog:
    """The log in the file, its last checkpoint held against its leaves and its key.

    `public_key` (32 bytes) is the station's; without it the key that the first entry names
    is used. Neither the rules of the entries nor the head file are checked; `verify_journal`
    does that. Raises `KnownError` `journal_damaged`, and as `stored_leaves` does.
    """
    database = Database.open_to_read(path, JOURNAL, db_key)
    try:
        return _read(database, public_key)
    except ValueError as error:
        raise JOURNAL.damaged(path) from error
    finally:
        database.close()


def _read(database: Database, given_key: bytes | None) -> SignedLog:
    opened = first_entry(read_records(database))
    key = given_key or bytes.fromhex(opened.public_key)
    frontier, leaves, last = Frontier(), list[bytes](), Record(0, b"", b"", b"", None)
    for last in read_records(database):
        frontier = frontier.with_leaf(last.leaf)
        leaves.append(last.leaf)
    checkpoint = Checkpoint(opened.origin, frontier.size, frontier.root())
    if (checkpoint.size, checkpoint.root) != (last.number, last.root):
        raise ValueError("its last checkpoint does not fit the tree")
    if not checkpoint.is_signed(key, last.signature):
        raise ValueError("its last checkpoint is not signed by this station")
    return SignedLog(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        public_key=key,
        key_is_given=given_key is not None,
        note=checkpoint.note(key, last.signature),
        leaves=tuple(leaves),
    )
