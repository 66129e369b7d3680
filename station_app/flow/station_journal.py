"""The station's journal: which one it is, where the next one begins, how one ends.

A station works with one journal at a time, which its sealed marks name (ADR 0025); those of
elections before lie aside and are named by the next (ADR 0023). Two persons put one aside
(`renew`). Cut off at any moment, that is finished by giving the command again; until then nobody
is identified: the journal has ended, and without it no other one is begun.
"""

import errno
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from station_app import __version__
from station_app.domain.day import DayState
from station_app.domain.election import entry_texts
from station_app.domain.entries import (
    ClockChanged,
    DeviceLost,
    DeviceReturned,
    Entry,
    JournalEnded,
    JournalExported,
    JournalOpened,
    MirrorLost,
    MirrorReturned,
    NoticeKept,
    StationLocked,
    StationUnlocked,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.flow.mirroring import mirror_opener, refuse_rolled_back
from station_app.flow.recorder import Recorder
from station_app.journal import Journal, JournalReader, verify_journal
from station_app.journal.leaves import read_leaf
from station_app.journal.past_journals import (
    JOURNAL_FILE,
    MOVING,
    PastJournal,
    folder_name,
    mark_in,
    past_journals,
    unfinished,
)
from station_app.journal.records import head_file
from station_app.journal.stored_log import stored_origin
from station_app.settings import Machine
from station_app.snapshots import (
    ListHeader,
    ListKind,
    LoadedList,
    Manifest,
    archived_manifest,
    unload_list,
)
from station_app.vault import (
    Proof,
    Signer,
    StationFolder,
    Unlocked,
    make_folder,
    mark_ended,
    refuse_other_journal,
    require,
    sync_folder,
    write_fault,
)

ELECTION_OVER: Final = Code.ELECTION_OVER
ELECTION_UNNAMED: Final = Code.ELECTION_UNNAMED

_OF_NO_WEIGHT: Final[tuple[type[Entry], ...]] = (
    ClockChanged,
    DeviceLost,
    DeviceReturned,
    JournalExported,
    MirrorLost,
    MirrorReturned,
    NoticeKept,
    StationLocked,
    StationUnlocked,
)
"""Kinds that may follow the last export: they say nothing about a voter or the day."""

Clock = Callable[[], datetime]


def known_journal(
    folder: StationFolder, unlocked: Unlocked, loaded: LoadedList, now: Clock
) -> Recorder | None:
    """The station's journal, None before its first list has passed its trial.

    A sealed mark says that the station has worked: no deleted file makes it younger.
    """
    if not folder.journal.exists():
        refuse_unfinished(folder)
        if loaded.is_proven or unlocked.marks.has_journal:
            raise journal_gone(folder)
        return None
    recorder = open_journal(folder, unlocked, loaded.manifest, now)
    if recorder.journal.look.is_ended:
        recorder.close()
        raise _renewal_unfinished()
    return recorder


def open_journal(
    folder: StationFolder, unlocked: Unlocked, manifest: Manifest, now: Clock
) -> Recorder:
    """The journal that the station has, under its sealed keys and its own name.

    Raises `KnownError` as `Journal.open` does, and `journal_not_ours`.
    """
    signer, origin = unlocked.identity.signer(), _origin(unlocked, manifest)
    recorder = Recorder(Journal.open(folder.journal, unlocked.journal_key, signer, origin, now))
    with ExitStack() as opened:
        opened.callback(recorder.close)
        refuse_other_journal(unlocked, journal_mark(recorder.journal))
        opened.pop_all()
    return recorder


def journal_mark(journal: JournalReader) -> str:
    """The hex root of the first entry alone, which tells this journal from any other."""
    return _root_at(journal, 1).hex()


def hold_against_mirror(
    folder: StationFolder, unlocked: Unlocked, machine: Machine, journal: JournalReader
) -> None:
    """Before anything is written: what waited must not go into an old copy put back."""
    open_mirror = mirror_opener(folder, unlocked, machine, journal.opened)
    if open_mirror is not None:
        refuse_rolled_back(open_mirror, journal.size, partial(_root_at, journal))


def first_journal(
    folder: StationFolder, unlocked: Unlocked, now: Clock, manifest: Manifest
) -> Recorder:
    if folder.takeover_draft.exists():
        raise KnownError(
            Code.TAKEOVER_UNFINISHED,
            "A takeover was begun on this machine and was cut off. Give `station-app takeover "
            "start` the same pack again; nobody is identified before.",
        )
    return new_journal(folder, folder.journal, unlocked, manifest, now)


def new_journal(
    folder: StationFolder, path: Path, unlocked: Unlocked, manifest: Manifest, now: Clock
) -> Recorder:
    """Make the station's journal at `path`, with its first entry, which names the one before it.

    The only place where a journal begins. Raises `KnownError` `renewal_unfinished`,
    `election_over` (the station has worked for that election day), and as `past_journals` and
    `Journal.create` do.
    """
    refuse_unfinished(folder)
    signer, origin = unlocked.identity.signer(), _origin(unlocked, manifest)
    marks = unlocked.marks
    past = past_journals(folder.journals, unlocked.journal_key, signer, origin, marks.ended)
    _refuse_over(manifest, past)
    opening = first_entry(origin, signer, manifest, manifest.list_sha256, past[-1:])
    return Recorder(Journal.create(path, unlocked.journal_key, signer, opening, now))


def first_entry(
    origin: str,
    signer: Signer,
    said: Manifest | ListHeader,
    list_hash: str,
    before: Sequence[PastJournal] = (),
) -> JournalOpened:
    """The first entry of a journal, for the list with that hash; `before` is the one it follows."""
    election_id, election_date = entry_texts(said.election_day)
    return JournalOpened(
        origin=origin,
        list_hash=list_hash,
        list_sequence=said.sequence,
        list_kind=said.kind.value,
        policy=said.policy.digest(),
        public_key=signer.public_key.hex(),
        app_version=__version__,
        election_id=election_id,
        election_date=election_date,
        previous_origin=before[0].opened.origin if before else "",
        previous_size=before[0].size if before else 0,
        previous_root=before[0].root.hex() if before else "",
    )


def _refuse_over(manifest: Manifest, past: Sequence[PastJournal]) -> None:
    """A renewed live station does not go back to an election: who was identified is put aside."""
    if manifest.kind is not ListKind.LIVE:
        return  # each day of training is one of its own
    offered = entry_texts(manifest.election_day)
    if past and not offered[0]:
        raise KnownError(
            ELECTION_UNNAMED,
            "This station has worked for another election before, and the list does not say for "
            "which day it is. Ask the commission for one of the present format.",
        )
    # A journal of an older version names no election; its list says the election's name.
    heads = [archived_manifest(one.folder) for one in past if one.election is None]
    names = [head.election for head in heads if head is not None]
    # KG-2026 and kg-2026 of one day are a slip of the pen, never two elections.
    over = [tuple(map(str.casefold, one.election)) for one in past if one.election is not None]
    if tuple(map(str.casefold, offered)) in over or manifest.election in names:
        raise KnownError(
            ELECTION_OVER,
            f"The list is for {offered[0]} of {offered[1]}. This station has worked for it, and "
            "its journal was put aside. Load the list of another election day.",
        )


def journal_gone(folder: StationFolder) -> KnownError:
    """The station has worked, and what it has written is not there."""
    return KnownError(
        Code.JOURNAL_GONE,
        f"This station has worked with its list, and its journal {folder.journal} is gone. Put "
        "the journal and its .head file back, or call the commission.",
    )


def refuse_unfinished(folder: StationFolder) -> None:
    """Raise `KnownError` `renewal_unfinished` while a journal is being put aside."""
    if unfinished(folder.journals) is not None:
        raise _renewal_unfinished()


def _renewal_unfinished() -> KnownError:
    return KnownError(
        Code.RENEWAL_UNFINISHED,
        "This station is being made ready for another election, and that was cut off. Give "
        "`station-app renew` again; nobody is identified before.",
    )


def _origin(unlocked: Unlocked, manifest: Manifest) -> str:
    return f"station-app/{manifest.kind}/{unlocked.station}"


def _root_at(journal: JournalReader, size: int) -> bytes:
    (record,) = journal.look.records(size, 1)
    return record.root


def renew(folder: StationFolder, unlocked: Unlocked, proofs: Iterable[Proof], now: Clock) -> Path:
    """End the journal, put it aside with the heads of its lists, and unload the list.

    Gives the folder where it lies now. `proofs` are the chair's and a member's. The station's
    keys, people and mirror stay; the next list that is loaded begins a journal which names this
    one. Raises `KnownError` `renew_day_open`, `renew_not_exported`, `renew_nothing`,
    `journal_damaged`, `journal_gone`, `journal_not_ours` (another one lies where this one is put
    aside), `not_allowed`, `approval_expired`, and as `Journal.open`, `Journal.append`,
    `mark_ended` and `write_fault` do.
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
            Code.RENEW_NOTHING,
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
    return final


def _end(folder: StationFolder, unlocked: Unlocked, ended: JournalEnded, now: Clock) -> str:
    """Write the journal's last entry where it lacks it; the name of its folder."""
    key, signer = unlocked.journal_key, unlocked.identity.signer()
    if not verify_journal(folder.journal, key, signer.public_key).sound:
        raise KnownError(
            Code.JOURNAL_DAMAGED,
            f"The journal {folder.journal} was changed or is damaged, and is not put aside. Keep "
            "everything as it is and call the commission's technician.",
        )
    origin = stored_origin(folder.journal, key)
    recorder = Recorder(Journal.open(folder.journal, key, signer, origin, now))
    journal = recorder.journal
    try:
        if unlocked.marks.has_journal:
            refuse_other_journal(unlocked, journal_mark(journal))
        if not journal.look.is_ended:
            _refuse_unfit(journal)
            recorder.append(ended)
        head = journal.head
    finally:
        recorder.close()
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


def _refuse_unfit(journal: JournalReader) -> None:
    look = journal.look
    if look.day.state in (DayState.OPEN, DayState.PAUSED):
        raise KnownError(
            Code.RENEW_DAY_OPEN,
            "The day is open or paused. Close it, export the journal, and then renew the station.",
        )
    later = look.records(look.exported + 1, journal.size)
    if not look.exported or any(
        not isinstance(read_leaf(one.leaf)[0], _OF_NO_WEIGHT) for one in later
    ):
        raise KnownError(
            Code.RENEW_NOT_EXPORTED,
            "The journal has entries that were not exported. Export it to a medium of the "
            "commission, and then renew the station.",
        )


def _put_aside(folder: StationFolder, moving: Path) -> None:
    """The list first: without a list nothing is opened, and the journal has ended."""
    make_folder(moving)
    unload_list(folder, moving)
    # The head last: a head without its journal lets no other journal begin.
    for source in (folder.journal, head_file(folder.journal)):
        if source.exists():
            source.rename(moving / source.name)
            sync_folder(moving)
            sync_folder(folder.root)
