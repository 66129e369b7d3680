"""kill -9 at any moment: what was acknowledged is there, and the journal verifies.

`STATION_KILLS` asks for more kills than a run of all tests has time for.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from station_app.domain.entries import Outcome
from station_app.domain.entry_codes import OutcomeKind
from station_app.journal import Journal, verify_journal
from station_app.journal.leaves import read_leaf
from station_app.journal.records import JOURNAL, read_records
from station_app.vault import Database
from tests.durability.durable_station import KEY, ORIGIN, SIGNER, now

ROOT = Path(__file__).parents[2]
WRITER = "tests.durability.journal_writer"
KILLS = int(os.environ.get("STATION_KILLS", "12"))
LONGEST_RUN_S = 0.25


def _killed_run(path: Path, after: float) -> dict[int, str]:
    """Run the writer, kill it `after` seconds of writing; what it acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-m", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        time.sleep(after)
        writer.kill()
        lines = writer.stdout.read().splitlines(keepends=True)
    whole = [line.split() for line in lines if line.endswith("\n")]
    return {int(number): voter for number, voter in whole}


def _identifications(path: Path) -> dict[int, str]:
    database = Database.open_to_read(path, JOURNAL, KEY)
    try:
        entries = {record.number: read_leaf(record.leaf)[0] for record in read_records(database)}
    finally:
        database.close()
    return {
        number: entry.voter_id
        for number, entry in entries.items()
        if isinstance(entry, Outcome)
        and entry.outcome is OutcomeKind.IDENTIFIED
        and entry.voter_id is not None
    }


def test_kill_at_random_moments(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    moments = random.Random(20261004)
    acknowledged: dict[int, str] = {}
    for kill in range(KILLS):
        moment = (kill + moments.random()) / KILLS * LONGEST_RUN_S
        acknowledged |= _killed_run(path, moment)
        report = verify_journal(path, KEY, SIGNER.public_key)
        assert report.sound, report.reason
        written = _identifications(path)
        assert acknowledged.items() <= written.items()
    assert len(acknowledged) > KILLS
    # At most one identification a kill was written without being acknowledged.
    assert len(written) <= len(acknowledged) + KILLS


def test_the_next_start_ends_what_was_cut(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    _killed_run(path, 0.05)
    journal = Journal.open(path, KEY, SIGNER, ORIGIN, now)
    cut = journal.close_interrupted_sessions()
    assert cut in (0, 1)
    assert journal.look.figures().interrupted == cut
    assert len(journal.look.day_outcomes()) == journal.last_session()
    journal.close()
    assert verify_journal(path, KEY, SIGNER.public_key).sound
    assert not path.with_name("journal.db-wal").exists()
