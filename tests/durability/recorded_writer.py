"""The recorded program of `test_power_cuts.py`: one start of a station's journal.

    recorded_writer.py DISK SESSIONS [--fold PAGES] [--weak WAY]

Says "start", opens or makes the journal, ends what a crash has cut off, writes sessions with
tries, a repeated identification and two entries at once, and closes it. Says "appended N"
once entry N is acknowledged, "together M N" once M to N are. `--fold` folds the log after so
many pages (else as the product does); `--weak` leaves out what makes it durable.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from station_app.domain.appends import AlreadyAccepted
from station_app.domain.entries import Entry, FingerTry, SessionStarted
from station_app.domain.fingers import FingerPosition
from station_app.journal import Journal
from station_app.vault import database, disk
from tests.durability.durable_station import identified, open_or_create
from tests.durability.journal_after_cut import NAME


def change_log(old: str, new: str) -> None:
    """Open logs with another pragma than the product does, in this process alone."""
    pragmas = tuple(new if one.startswith(old) else one for one in database._LOG.pragmas)
    assert new in pragmas
    setattr(database, "_LOG", replace(database._LOG, pragmas=pragmas))  # noqa: B010


@contextmanager
def unsynced_file(path: Path, _mode: int) -> Iterator[BinaryIO]:
    """As `disk.new_file`, but for the sync of what is written."""
    draft = path.with_name(f"{path.name}.new")
    with draft.open("wb") as file:
        yield file
    draft.replace(path)
    disk.sync_folder(path.parent)


def weaken(way: str) -> None:
    """Leave out one of the things that the harness has to miss."""
    match way:
        case "NORMAL" | "OFF":
            change_log("synchronous=", f"synchronous={way}")
        case "head":
            setattr(disk, "new_file", unsynced_file)  # noqa: B010
        case "folder":
            disk.sync_folder.__code__ = (lambda folder: None).__code__


def append(journal: Journal, entry: Entry) -> None:
    journal.append(entry)
    say("appended", journal.size)


def append_together(journal: Journal, entries: Sequence[Entry]) -> None:
    numbers = [one.number for one in journal.append_all(entries)]
    say("together", numbers[0], numbers[-1])


def say(*words: object) -> None:
    """In one write, which is one operation of the record."""
    print(" ".join(map(str, words)) + "\n", end="")


def finger_try(session: int, number: int) -> FingerTry:
    return FingerTry(
        session=session,
        number=number,
        asked=FingerPosition.RIGHT_INDEX,
        quality=61,
        hint=None,
        best_evidence_milli=2100 * number,
        fingers_compared=600,
        adequate=True,
    )


def write(journal: Journal, sessions: int) -> None:
    first = journal.last_session() + 1
    for session in range(first, first + sessions):
        append(journal, SessionStarted(session))
        for number in range(1, 1 + session % 3):
            append(journal, finger_try(session, number))
        append(journal, identified(session))
    session = first + sessions
    append(journal, SessionStarted(session))
    if sessions:
        again = journal.append(replace(identified(first), session=session))
        assert isinstance(again, AlreadyAccepted)
    append(journal, identified(session))
    append_together(journal, [SessionStarted(session + 1), identified(session + 1)])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("disk", type=Path)
    parser.add_argument("sessions", type=int)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--weak", choices=["NORMAL", "OFF", "head", "folder"])
    given = parser.parse_args()
    if given.fold:
        change_log("wal_autocheckpoint=", f"wal_autocheckpoint={given.fold}")
    if given.weak:
        weaken(given.weak)
    say("start")
    journal = open_or_create(given.disk / NAME)
    say("appended", journal.size)
    journal.close_interrupted_sessions()
    say("appended", journal.size)
    write(journal, given.sessions)
    journal.close()
    say("closed")


if __name__ == "__main__":
    main()
