"""The recorded program of `test_cut_small_files.py`: a key, a replaced file, waiting events.

    recorded_small_files.py DISK

Makes the key or reads it, replaces a file, lets events wait and drops them. Says what is
durable: "key HEX", "file N", "event N", "dropped N" (all up to event N); before it drops
them, "dropping N".
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from station_app.snapshots import add_pending, drop_pending, read_pending
from station_app.snapshots.pending_events import PendingEvents
from station_app.vault import load_or_create_key, replace_file
from tests.durability.small_files_after_cut import EVENTS, FILE, KEY, event_numbers, file_content

AT = datetime(2026, 10, 3, 9, 30, tzinfo=UTC)
ROUNDS = 3


def say(*words: object) -> None:
    """In one write, which is one operation of the record."""
    print(" ".join(map(str, words)) + "\n", end="")


def drop(disk: Path, pending: PendingEvents, last: int) -> None:
    say("dropping", last)
    drop_pending(disk / EVENTS, pending)
    say("dropped", last)


def main(disk: Path) -> None:
    say("key", load_or_create_key(disk / KEY).reveal().hex())
    first = int(disk.joinpath("started").exists()) * 100
    (disk / "started").touch()
    for number in range(first + 1, first + 1 + ROUNDS):
        replace_file(disk / FILE, file_content(number))
        say("file", number)
        for event in (10 * number, 10 * number + 1):
            add_pending(disk / EVENTS, "list_loaded", {"number": event}, AT)
            say("event", event)
    pending = read_pending(disk / EVENTS)
    last = event_numbers(pending)[-1]
    add_pending(disk / EVENTS, "list_loaded", {"number": last + 1}, AT)
    say("event", last + 1)
    drop(disk, pending, last)
    drop(disk, read_pending(disk / EVENTS), last + 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
