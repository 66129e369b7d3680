"""The child process of `test_failing_disk.py`: its disk fails while it writes, and is mended.

    failing_writer.py FOLDER SWITCH ERRNO

Prints what happened as one line of JSON.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from station_app.domain.entries import SessionStarted
from station_app.domain.errors import KnownError
from station_app.journal import Journal
from station_app.vault import load_or_create_key
from tests.durability.durable_station import KEY, ORIGIN, SIGNER, identified, now, open_or_create


def code(action: Callable[[], object]) -> str:
    try:
        action()
    except KnownError as error:
        return error.code
    return "done"


def main(folder: Path, switch: Path, number: str) -> None:
    path = folder / "journal.db"
    journal = open_or_create(path)
    journal.append(SessionStarted(1))
    acknowledged = journal.size
    switch.write_text(number)
    told = {
        "append": code(lambda: journal.append(identified(1))),
        "again": code(lambda: journal.append(identified(1))),
        "size": journal.size - acknowledged,
        "new_journal": code(lambda: open_or_create(folder / "other.db")),
        "new_key": code(lambda: load_or_create_key(folder / "a.key")),
    }
    switch.unlink()
    told["mended"] = code(lambda: journal.append(identified(1)))
    journal.close()
    switch.write_text(number)
    told["start"] = code(lambda: Journal.open(path, KEY, SIGNER, ORIGIN, now))
    switch.unlink()
    told["left"] = sorted(file.name for file in folder.iterdir())
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
