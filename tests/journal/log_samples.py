"""Logs to read: of a small day, and of any number of made-up entries."""

from collections.abc import Sequence

from station_app.journal.checkpoints import Checkpoint
from station_app.journal.records import JOURNAL, read_records
from station_app.journal.tlog_tiles import log_files
from station_app.journal.tree import Frontier
from station_app.vault import Database, Secret, Signer
from tests.journal.journal_samples import ORIGIN, Station

SIGNER = Signer(Secret(b"s" * 32))
KEY = SIGNER.public_key


def signed_note(leaves: Sequence[bytes], signer: Signer = SIGNER, origin: str = ORIGIN) -> str:
    """The note over leaves, signed; whatever they say."""
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.with_leaf(leaf)
    checkpoint = Checkpoint(origin, frontier.size, frontier.root())
    return checkpoint.note(signer.public_key, checkpoint.sign(signer))


def log_of(leaves: Sequence[bytes], origin: str = ORIGIN) -> dict[str, bytes]:
    """A sound log of these leaves, contents by name."""
    return dict(log_files(signed_note(leaves, origin=origin), leaves))


def made_up(size: int) -> list[bytes]:
    """Leaves of different lengths; the first names the key."""
    first = b'{"public_key":"%s"}' % KEY.hex().encode()
    return [first, *(f"entry {number}".encode() * (number % 7) for number in range(1, size))][:size]


def leaves_of(station: Station) -> list[bytes]:
    """The leaves of a station's closed journal."""
    database = Database.open_to_read(station.path, JOURNAL, station.key)
    try:
        return [record.leaf for record in read_records(database)]
    finally:
        database.close()
