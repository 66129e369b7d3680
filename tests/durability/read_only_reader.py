"""Runs as root of a namespace of its own: a station's folder on a disk set read-only.

Prints what happened as one line of JSON for `test_failing_disk.py`.
"""

import json
import subprocess
import sys
from pathlib import Path

from station_app.journal import Journal, verify_journal
from station_app.vault import load_or_create_key
from tests.durability.durable_station import KEY, ORIGIN, SIGNER, now, write_sessions
from tests.durability.failing_writer import code


def main(disk: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)], check=True)
    path = disk / "journal.db"
    write_sessions(path, sessions=2)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    told = {
        "start": code(lambda: Journal.open(path, KEY, SIGNER, ORIGIN, now)),
        "new_key": code(lambda: load_or_create_key(disk / "a.key")),
        "entries": verify_journal(path, KEY, SIGNER.public_key).entries,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
