"""Opening a journal that is already there."""

from dataclasses import dataclass
from datetime import datetime

from station_app.domain.entries import JournalOpened
from station_app.journal.audit import Audit, first_entry
from station_app.journal.heads import foreign_journal, read_head
from station_app.journal.records import JOURNAL, read_acceptances, read_records
from station_app.journal.replay import Replay
from station_app.journal.tree import Frontier
from station_app.vault import Database


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sound journal holds: its first entry, tree, sum of entries, signed head.

    `last_at` is the time of its last entry.
    """

    opened: JournalOpened
    frontier: Frontier
    replay: Replay
    note: str
    last_at: datetime


def read_journal(database: Database, public_key: bytes, origin: str) -> Reading:
    """Read the whole journal of the station `origin` that signs with `public_key`.

    Checks the tree, every root, the rules of the entries, the acceptances, the last
    signature and the head outside the file. Raises `KnownError`: `foreign_journal`,
    `journal_damaged`, `journal_rolled_back`, `journal_head_missing`,
    `journal_head_damaged`, `no_read_permission`.
    """
    try:
        opened = first_entry(read_records(database))
        if (opened.origin, opened.public_key) != (origin, public_key.hex()):
            raise foreign_journal(database.path)
        head = read_head(database.path, public_key, origin)
        audit = Audit(origin, public_key, head, each_signature=False)
        audit.take_all(read_records(database))
        audit.check_acceptances(read_acceptances(database))
        note = audit.note()
    except ValueError as error:
        raise JOURNAL.damaged(database.path) from error
    return Reading(opened, audit.frontier, audit.replay, note, audit.last_at)
