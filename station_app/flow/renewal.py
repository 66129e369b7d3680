"""A station takes another election: its journal is put aside, the list goes (ADR 0023).

Cut off at any moment, it is finished by giving the command again. Until it is finished nobody
is identified: the journal has ended, and without it no other one is begun.
"""

import errno
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from station_app.domain.day import DayState
from station_app.domain.entries import (
    ClockChanged,
    DeviceLost,
    DeviceReturned,
    Entry,
    JournalEnded,
    JournalExported,
    MirrorLost,
    MirrorReturned,
    StationLocked,
    StationUnlocked,
)
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.flow.station_journal import journal_gone, journal_mark
from station_app.journal import Journal, verify_journal
from station_app.journal.leaves import read_leaf
from station_app.journal.past_journals import JOURNAL_FILE, MOVING, folder_name, mark_in, unfinished
from station_app.journal.records import head_file
from station_app.journal.stored_log import stored_origin
from station_app.snapshots import unload
from station_app.vault import (
    Proof,
    StationFolder,
    Unlocked,
    make_folder,
    mark_ended,
    refuse_other_journal,
    require,
    sync_folder,
    write_fault,
)

_OF_NO_WEIGHT: Final[tuple[type[Entry], ...]] = (
    ClockChanged,
    DeviceLost,
    DeviceReturned,
    JournalExported,
    MirrorLost,
    MirrorReturned,
    StationLocked,
    StationUnlocked,
)
"""Kinds that may follow the last export: they say nothing about a voter or the day."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Renewed:
    """Where the journal of the election before lies now."""

    folder: Path


def renew(
    folder: StationFolder, unlocked: Unlocked, proofs: Iterable[Proof], now: Clock
) -> Renewed:
    """End the journal, put it aside with the heads of its lists, and unload the list.

    `proofs` are the chair's and a member's. The station's keys, people and mirror stay; the
    next list that is loaded begins a journal which names this one. Raises `KnownError`
    `renew_day_open`, `renew_not_exported`, `renew_nothing`, `journal_damaged`, `journal_gone`,
    `journal_not_ours` (another one lies where this one is put aside), `not_allowed`,
    `approval_expired`, and as `Journal.open`, `Journal.append`, `mark_ended` and `write_fault` do.
    """
    agreed = tuple(proofs)
    chair, member = require(agreed, Operation.RENEW)
    moving = unfinished(folder.journals)
    if folder.journal.exists():
        ended = JournalEnded(chair=chair.person_id, member=member.person_id)
        moving = folder.journals / (_end(folder, unlocked, ended, now) + MOVING)
    if moving is None and unlocked.marks.has_journal:
        raise journal_gone(folder)
    if moving is None:
        raise KnownError(
            "renew_nothing",
            f"{folder.root} has no journal: it has not worked yet, or was renewed already. Load "
            "the list of the next election.",
        )
    try:
        _put_aside(folder, moving)
        _refuse_other(unlocked, moving)
        # Between the two names: a crash on either side is finished by giving the command again.
        mark_ended(folder, unlocked, agreed)
        final = moving.with_name(moving.name.removesuffix(MOVING))
        moving.rename(final)
        sync_folder(folder.journals)
    except OSError as error:
        raise write_fault(error, moving) from error
    return Renewed(final)


def _end(folder: StationFolder, unlocked: Unlocked, ended: JournalEnded, now: Clock) -> str:
    """Write the journal's last entry where it lacks it; the name of its folder."""
    key, signer = unlocked.journal_key, unlocked.identity.signer()
    if not verify_journal(folder.journal, key, signer.public_key).sound:
        raise KnownError(
            "journal_damaged",
            f"The journal {folder.journal} was changed or is damaged, and is not put aside. Keep "
            "everything as it is and call the commission's technician.",
        )
    origin = stored_origin(folder.journal, key)
    journal = Journal.open(folder.journal, key, signer, origin, now)
    try:
        if unlocked.marks.has_journal:
            refuse_other_journal(unlocked, journal_mark(journal))
        if not journal.look.is_ended:
            _refuse_unfit(journal)
            journal.append(ended)
        head = journal.head
    finally:
        journal.close()
    if not journal.is_one_file:
        # Moved without its log it would lack entries.
        raise write_fault(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), folder.journal)
    return folder_name(origin, head.size, head.root)


def _refuse_other(unlocked: Unlocked, moving: Path) -> None:
    """What two persons end is the station's journal, not something in its place."""
    key, signer = unlocked.journal_key, unlocked.identity.signer()
    mark = mark_in(moving, key, signer, stored_origin(moving / JOURNAL_FILE, key))
    if unlocked.marks.has_journal:
        refuse_other_journal(unlocked, mark)


def _refuse_unfit(journal: Journal) -> None:
    look = journal.look
    if look.day.state in (DayState.OPEN, DayState.PAUSED):
        raise KnownError(
            "renew_day_open",
            "The day is open or paused. Close it, export the journal, and then renew the station.",
        )
    later = look.records(look.exported + 1, journal.size)
    if not look.exported or any(
        not isinstance(read_leaf(one.leaf)[0], _OF_NO_WEIGHT) for one in later
    ):
        raise KnownError(
            "renew_not_exported",
            "The journal has entries that were not exported. Export it to a medium of the "
            "commission, and then renew the station.",
        )


def _put_aside(folder: StationFolder, moving: Path) -> None:
    """The list first: without a list nothing is opened, and the journal has ended."""
    make_folder(moving)
    unload(folder, moving)
    # The head last: a head without its journal lets no other journal begin.
    for source in (folder.journal, head_file(folder.journal)):
        if source.exists():
            source.rename(moving / source.name)
            sync_folder(moving)
            sync_folder(folder.root)
