"""The station's journal: which one it is, where the next one begins, what holds it back.

A station works with one journal at a time, which its sealed marks name (ADR 0025); those of
elections before lie aside and are named by the next (ADR 0023).
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from station_app import __version__
from station_app.domain.election import entry_texts
from station_app.domain.entries import JournalOpened
from station_app.domain.errors import KnownError
from station_app.flow.mirror_medium import mirror_opener, refuse_rolled_back
from station_app.journal import Journal
from station_app.journal.past_journals import PastJournal, past_journals, unfinished
from station_app.settings import Machine
from station_app.snapshots import ListKind, LoadedList, Manifest, archived_manifest
from station_app.vault import StationFolder, Unlocked, refuse_other_journal

ELECTION_OVER: Final = "election_over"
ELECTION_UNNAMED: Final = "election_unnamed"

Clock = Callable[[], datetime]


def known_journal(
    folder: StationFolder, unlocked: Unlocked, loaded: LoadedList, now: Clock
) -> Journal | None:
    """The station's journal, None before its first list has passed its trial.

    That the station has worked is sealed: no deleted file makes it younger.
    """
    if not folder.journal.exists():
        refuse_unfinished(folder)
        if loaded.is_proven or unlocked.marks.has_journal:
            raise journal_gone(folder)
        return None
    journal = open_journal(folder, unlocked, loaded.manifest, now)
    if journal.look.is_ended:
        journal.close()
        raise _renewal_unfinished()
    return journal


def open_journal(
    folder: StationFolder, unlocked: Unlocked, manifest: Manifest, now: Clock
) -> Journal:
    """The journal that the station has, under its sealed keys and its own name.

    Raises `KnownError` as `Journal.open` does, and `journal_not_ours`.
    """
    signer, origin = unlocked.identity.signer(), _origin(unlocked, manifest)
    journal = Journal.open(folder.journal, unlocked.journal_key, signer, origin, now)
    with ExitStack() as opened:
        opened.callback(journal.close)
        refuse_other_journal(unlocked, journal_mark(journal))
        opened.pop_all()
    return journal


def journal_mark(journal: Journal) -> str:
    """What tells this journal from any other: the hex root of its first entry alone."""
    return _root_at(journal, 1).hex()


def hold_against_mirror(
    folder: StationFolder, unlocked: Unlocked, machine: Machine, journal: Journal
) -> None:
    """Before anything is written: what waited must not go into an old copy put back."""
    open_mirror = mirror_opener(folder, unlocked, machine, journal.opened)
    if open_mirror is not None:
        refuse_rolled_back(open_mirror, journal.size, partial(_root_at, journal))


def first_journal(
    folder: StationFolder, unlocked: Unlocked, now: Clock, manifest: Manifest
) -> Journal:
    if folder.takeover_draft.exists():
        raise KnownError(
            "takeover_unfinished",
            "A takeover was begun on this machine and was cut off. Give `station-app takeover "
            "start` the same pack again; nobody is identified before.",
        )
    return new_journal(folder, folder.journal, unlocked, manifest, now)


def new_journal(
    folder: StationFolder, path: Path, unlocked: Unlocked, manifest: Manifest, now: Clock
) -> Journal:
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
    election_id, election_date = entry_texts(manifest.election_day)
    opening = JournalOpened(
        origin=origin,
        list_hash=manifest.list_sha256,
        list_sequence=manifest.sequence,
        list_kind=manifest.kind.value,
        policy=manifest.policy.digest(),
        public_key=signer.public_key.hex(),
        app_version=__version__,
        election_id=election_id,
        election_date=election_date,
        previous_origin=past[-1].opened.origin if past else "",
        previous_size=past[-1].size if past else 0,
        previous_root=past[-1].root.hex() if past else "",
    )
    return Journal.create(path, unlocked.journal_key, signer, opening, now)


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
        "journal_gone",
        f"This station has worked with its list, and its journal {folder.journal} is gone. Put "
        "the journal and its .head file back, or call the commission.",
    )


def refuse_unfinished(folder: StationFolder) -> None:
    """Raise `KnownError` `renewal_unfinished` while a journal is being put aside."""
    if unfinished(folder.journals) is not None:
        raise _renewal_unfinished()


def _renewal_unfinished() -> KnownError:
    return KnownError(
        "renewal_unfinished",
        "This station is being made ready for another election, and that was cut off. Give "
        "`station-app renew` again; nobody is identified before.",
    )


def _origin(unlocked: Unlocked, manifest: Manifest) -> str:
    return f"station-app/{manifest.kind}/{unlocked.station}"


def _root_at(journal: Journal, size: int) -> bytes:
    (record,) = journal.look.records(size, 1)
    return record.root
