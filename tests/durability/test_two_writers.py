"""One process writes a journal, and nothing done inside that process lets a second one in.

POSIX holds a lock for the process: closing any other handle of the file gives it up.
"""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from station_app.journal import Journal, verify_journal
from tests.durability.durable_station import KEY, ORIGIN, SIGNER, now, open_or_create

ROOT = Path(__file__).parents[2]
WRITER = "tests.durability.journal_writer"


def _second_process(journal: Path) -> str:
    """What another process that wants to write says first."""
    with subprocess.Popen(
        [sys.executable, "-m", WRITER, str(journal)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline().strip()
        writer.kill()
    return first


def test_the_lock_outlives_what_is_refused_inside(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with closing(open_or_create(path)) as journal:
        assert _second_process(path) == "error already_running"
        with pytest.raises(KnownError) as caught:
            verify_journal(path, KEY)
        assert caught.value.code == "already_running"
        with pytest.raises(KnownError) as caught:
            Journal.open(path, KEY, SIGNER, ORIGIN, now)
        assert caught.value.code == "already_running"
        assert _second_process(path) == "error already_running"
        journal.append(SessionStarted(1))
    assert verify_journal(path, KEY).entries == 2
    assert _second_process(path) == "open"
