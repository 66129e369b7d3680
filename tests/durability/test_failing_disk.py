"""A disk that turns read-only or fails under a journal at work, and a damaged page in it.

Nothing is acknowledged that is not on the disk, every fault has a code, and once the disk is
mended the same entry is written.
"""

import errno
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from station_app.journal import Journal, verify_journal
from tests.durability.durable_station import KEY, ORIGIN, SIGNER, identified, now, write_sessions
from tests.durability.recording import compile_library, compiler
from tests.private_mounts import run_with_mounts

ROOT = Path(__file__).parents[2]
FAULTS = Path(__file__).with_name("file_faults.c")
WRITER = "tests.durability.failing_writer"
READER = "tests.durability.read_only_reader"
PAGE = 16384


@pytest.mark.skipif(compiler() is None, reason="no C compiler here")
@pytest.mark.parametrize(
    ("number", "append", "new_file"),
    [
        (errno.EROFS, "disk_fault", "no_write_permission"),
        (errno.EIO, "disk_fault", "disk_fault"),
        (errno.ENOSPC, "disk_full", "disk_full"),
    ],
    ids=["read-only", "broken", "full"],
)
def test_a_disk_that_fails_under_a_journal_at_work(
    tmp_path: Path, number: int, append: str, new_file: str
) -> None:
    folder, switch = tmp_path / "disk", tmp_path / "switch"
    folder.mkdir()
    compile_library(FAULTS, tmp_path / "faults.so")
    run = subprocess.run(
        [sys.executable, "-m", WRITER, str(folder), str(switch), str(number)],
        cwd=ROOT,
        env=os.environ
        | {
            "LD_PRELOAD": str(tmp_path / "faults.so"),
            "FILE_FAULTS_FOLDER": str(folder),
            "FILE_FAULTS_SWITCH": str(switch),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "append": append,
        "again": append,
        "size": 0,
        "new_journal": new_file,
        "new_key": new_file,
        "mended": "done",
        "start": "no_write_permission",
        "left": ["journal.db", "journal.db.head"],
    }
    report = verify_journal(folder / "journal.db", KEY, SIGNER.public_key)
    assert (report.sound, report.entries, report.identified) == (True, 3, 1)


def test_a_start_on_a_read_only_disk(tmp_path: Path) -> None:
    assert run_with_mounts(READER, tmp_path) == {
        "start": "no_write_permission",
        "new_key": "no_write_permission",
        "entries": 5,
    }


def test_a_page_that_is_damaged_under_a_journal_at_work(tmp_path: Path) -> None:
    """Entries go on or are refused with a code; the damage is found once the file is closed.

    A page that the journal has in memory and writes again is whole again. One that a start
    does not need (an index) refuses the first entry that does.
    """
    found = 0
    for page in range(4):
        path = tmp_path / str(page) / "journal.db"
        write_sessions(path, sessions=12)
        with closing(Journal.open(path, KEY, SIGNER, ORIGIN, now)) as journal:
            _damage(path, page * PAGE + 5000)
            refused = _write_until_refused(journal)
        report = verify_journal(path, KEY, SIGNER.public_key)
        if report.sound:
            assert (refused, report.entries) == ("", journal.size)
        else:
            found += 1
            assert f"page {page + 1}" in report.reason
            assert refused == _start_until_refused(path) == "journal_damaged"
    assert found


def _damage(path: Path, place: int) -> None:
    """By another program: this process's own handles would give up the journal's lock."""
    command = ["dd", "if=/dev/zero", f"of={path}", "bs=1", "count=64", f"seek={place}"]
    subprocess.run([*command, "conv=notrunc"], check=True, capture_output=True)


def _start_until_refused(path: Path) -> str:
    try:
        with closing(Journal.open(path, KEY, SIGNER, ORIGIN, now)) as journal:
            journal.close_interrupted_sessions()
            return _write_until_refused(journal)
    except KnownError as error:
        return error.code


def _write_until_refused(journal: Journal) -> str:
    """The code of the refusal, "" where three sessions were written."""
    try:
        first = journal.last_session() + 1
        for session in range(first, first + 3):
            journal.append(SessionStarted(session))
            journal.append(identified(session))
    except KnownError as error:
        return error.code
    return ""
