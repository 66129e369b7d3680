"""A journal of 10,000 entries: verified in under 3 s, opened in well under a second."""

import time
from contextlib import closing

from station_app.domain.entries import SessionStarted
from station_app.journal import verify_journal
from station_app.journal.audit import ended_session
from station_app.journal.checkpoints import Checkpoint, write_head
from station_app.journal.leaves import utc_milliseconds, write_leaf
from station_app.journal.records import JOURNAL, Record, insert_acceptance, insert_record
from station_app.journal.tree import Frontier
from station_app.vault import Database
from tests.journal.journal_samples import MORNING, ORIGIN, Station, identified

ENTRIES = 10_000


def _write_large(station: Station) -> None:
    """The same rows as `ENTRIES` appends make, in one transaction."""
    station.create().close()
    at = utc_milliseconds(MORNING)
    frontier = Frontier()
    with closing(Database.open_log(station.path, JOURNAL, station.key)) as database:
        _, leaf = database.row("SELECT number, leaf FROM entry") or (0, b"")
        frontier = frontier.with_leaf(leaf)
        with database.transaction():
            for number in range(2, ENTRIES + 1):
                session = number // 2
                entry = SessionStarted(session) if number % 2 == 0 else identified(session, session)
                leaf = write_leaf(entry, at)
                frontier = frontier.with_leaf(leaf)
                checkpoint = Checkpoint(ORIGIN, number, frontier.root())
                signature = checkpoint.sign(station.signer)
                ended = ended_session(entry)
                insert_record(database, Record(number, leaf, checkpoint.root, signature, ended))
                if ended:
                    insert_acceptance(database, f"V-{session:016X}", number)
    write_head(station.path, checkpoint.note(station.signer.public_key, signature))


def test_ten_thousand_entries(station: Station) -> None:
    _write_large(station)
    start = time.process_time()
    report = verify_journal(station.path, station.key, station.signer.public_key)
    verify_s = time.process_time() - start
    assert report.sound, report.reason
    assert report.entries == ENTRIES
    start = time.process_time()
    station.open().close()
    open_s = time.process_time() - start
    print(f"\n{ENTRIES} entries: verify {verify_s:.2f} s CPU, open {open_s:.2f} s CPU")
    assert verify_s < 3.0
    assert open_s < 1.5
