"""The journals of earlier elections: their folders and contents (ADR 0023).

```
journals/<origin>-<size>-<first 12 digits of the root>/         one that was put aside
    journal.db, journal.db.head                                 as the station had it
    loaded.head and the others                                  the heads of its lists
journals/<...>.moving/                                          one that is being put aside
```
The origin's slashes are hyphens. Each journal's first entry names the one before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.domain.entries import JournalOpened
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.audit import read_journal
from station_app.journal.records import JOURNAL, read_records
from station_app.vault import Database, Secret, Signer

MOVING: Final = ".moving"
JOURNAL_FILE: Final = "journal.db"
_ROOT_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class PastJournal:
    """A journal that was put aside: its folder, first entry, size, root, election day.

    `mark` is the hex root of its first entry alone, by which the station's sealed marks name it.
    """

    folder: Path
    opened: JournalOpened
    size: int
    root: bytes
    election: tuple[str, str] | None
    mark: str


def folder_name(origin: str, size: int, root: bytes) -> str:
    """The folder name of a journal that was put aside."""
    return f"{origin.replace('/', '-')}-{size}-{root.hex()[:_ROOT_DIGITS]}"


def unfinished(journals: Path) -> Path | None:
    """The folder with a journal that is being put aside, None where there is none.

    A folder without a journal is ignored: anybody can make one.
    """
    found = sorted(journals.glob(f"*{MOVING}/{JOURNAL_FILE}"))
    return found[0].parent if found else None


def mark_in(folder: Path, db_key: Secret, signer: Signer, origin: str) -> str:
    """The `mark` of the journal in `folder`, read whole and checked; it has ended.

    Raises `KnownError` as `read_journal` does, and `journal_gone` where it has not ended.
    """
    return _read(folder / JOURNAL_FILE, db_key, signer, origin).mark


def past_journals(
    journals: Path, db_key: Secret, signer: Signer, origin: str, ended: str
) -> tuple[PastJournal, ...]:
    """Every journal that was put aside, oldest first; each is read whole and checked.

    A copy of one changes nothing. Raises `KnownError` as `read_journal` does,
    `past_journal_missing` where one is named by the next and is not there, and `journal_gone`
    where one has not ended, so that two persons cannot have put it there.
    """
    files = sorted(journals.glob(f"*/{JOURNAL_FILE}"))
    found = {(one := _read(file, db_key, signer, origin)).root: one for file in files}
    ordered = _in_order(list(found.values()), journals)
    if ended and (not ordered or ordered[-1].mark != ended):
        raise _missing(journals)
    return ordered


def _read(file: Path, db_key: Secret, signer: Signer, origin: str) -> PastJournal:
    database = Database.open_to_read(file, JOURNAL, db_key)
    try:
        audit = read_journal(database, signer.public_key, origin)
        mark = next(iter(read_records(database))).root.hex()
    finally:
        database.close()
    if not audit.replay.is_ended:
        raise KnownError(
            Code.JOURNAL_GONE,
            f"{file} is this station's journal, and it has not ended. Put it back in its place "
            "with its .head file, or call the commission.",
        )
    opened, frontier = audit.replay.opened, audit.frontier
    assert opened is not None, "a journal begins with its opening"
    return PastJournal(
        file.parent, opened, frontier.size, frontier.root(), audit.replay.election, mark
    )


def _in_order(found: Sequence[PastJournal], journals: Path) -> tuple[PastJournal, ...]:
    by_previous = {one.opened.previous_root or "": one for one in found}
    ordered: list[PastJournal] = []
    root = ""
    while root in by_previous and len(ordered) < len(found):
        ordered.append(by_previous[root])
        root = ordered[-1].root.hex()
    if len(ordered) != len(found):
        raise _missing(journals)
    return tuple(ordered)


def _missing(journals: Path) -> KnownError:
    return KnownError(
        Code.PAST_JOURNAL_MISSING,
        f"A journal of an earlier election is gone from {journals}. Put its folder back, or call "
        "the commission's technician.",
    )
