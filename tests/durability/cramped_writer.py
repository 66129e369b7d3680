"""Runs as root of a namespace of its own, on a disk of 1 MB: writes until it is full.

Prints what happened as one line of JSON for `test_full_disk.py`.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from station_app.journal import Journal, verify_journal
from station_app.vault import load_or_create_key
from tests.durability.durable_station import KEY, SIGNER, identified, open_or_create


def _code(action: Callable[[], object]) -> str:
    try:
        action()
    except KnownError as error:
        return error.code
    return "done"


def _fill(disk: Path) -> None:
    with (disk / "rest").open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 512):
                pass
        except OSError:
            pass


def _write_until_full(journal: Journal) -> str:
    def write() -> None:
        while True:
            session = journal.last_session() + 1
            journal.append(SessionStarted(session))
            journal.append(identified(session))

    return _code(write)


def main(disk: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)], check=True)
    spare = disk / "spare"
    spare.write_bytes(b"\0" * 300_000)
    path = disk / "journal.db"
    journal = open_or_create(path)
    first_code = _write_until_full(journal)
    acknowledged = journal.size

    _fill(disk)
    new_journal = _code(lambda: open_or_create(disk / "other.db"))
    new_key = _code(lambda: load_or_create_key(disk / "a.key"))
    again = _code(lambda: journal.append(SessionStarted(journal.last_session() + 1)))
    left = sorted(file.name for file in disk.iterdir())

    for file in (spare, disk / "rest"):
        file.unlink()
    journal.close_interrupted_sessions()
    journal.append(SessionStarted(journal.last_session() + 1))
    size = journal.size
    journal.close()
    report = verify_journal(path, KEY, SIGNER.public_key)
    print(
        json.dumps(
            {
                "first_code": first_code,
                "again": again,
                "new_journal": new_journal,
                "new_key": new_key,
                "left": left,
                "acknowledged": acknowledged,
                "size": size,
                "entries": report.entries,
                "reason": report.reason,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
