"""The first unlocking after a load finishes it: trial, journal, waiting events (DECISIONS 5).

Everything here can be cut off at any moment and is done again at the next unlocking: what
the journal has already is not written twice, and the list before stays until the trial is
passed and written down.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import Final

from station_app import __version__
from station_app.biometrics.fingerprint.engine import ENGINE, STATION_THREADS, FingerEngine
from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.trial import finds_its_own
from station_app.domain.entries import JournalOpened, ListProven, SettingsSigned
from station_app.domain.errors import KnownError
from station_app.flow.imported_events import import_events
from station_app.flow.mirror_medium import mirror_opener, refuse_rolled_back
from station_app.flow.signed_settings import known_settings
from station_app.journal import Journal
from station_app.settings import Machine
from station_app.snapshots import (
    CheckedFile,
    LoadedList,
    Manifest,
    Refusal,
    VoterList,
    add_pending,
    drop_pending,
    loaded_list,
    open_unchanged,
    prove,
    put_back,
    read_pending,
    refuse_changed,
)
from station_app.vault import (
    PublicIdentity,
    StationFolder,
    StationIdentity,
    Unlocked,
    mark_journal,
    mark_told,
    refuse_other_journal,
)

_TRIAL_FAILED: Final = "trial_search_failed"
_FAULTS_OF_THE_LIST: Final = frozenset(
    {
        Refusal.KEY,
        Refusal.LIST_DISAGREES,
        _TRIAL_FAILED,
        "gallery_damaged",
        "gallery_engine",
        "list_damaged",
        "list_version",
        "minutiae_damaged",
        "not_a_list",
        "wrong_key",
    }
)
"""What a list can have that was signed so: its bytes have been checked before."""

Clock = Callable[[], datetime]


def finish_load(
    folder: StationFolder,
    unlocked: Unlocked,
    trusted: Sequence[PublicIdentity],
    now: Clock,
    begin: Callable[[Manifest], Journal] | None = None,
) -> int:
    """Open the loaded list, try it if it is new, write down what has waited.

    Answers how many voters are on it. The journal lies under the station's sealed key and is
    signed with its log key. A list that fails its trial is taken away: `list_withdrawn` says
    that the one before it is loaded again, `list_withdrawn_last` that none is. Raises
    `KnownError` with these, with `list_rolled_back` and `vsnap_same_sequence_other_hash`
    (the journal knows a newer or another list), `journal_gone`, `journal_not_ours`,
    `takeover_unfinished`, `journal_rolled_back` (its mirror knows a longer or another history),
    and as `known_settings`, `loaded_list`, `mirror_opener`, `refuse_changed`,
    `open_unchanged`, `Journal.open`, `Journal.create`, `read_pending`, `prove`, `put_back` do.
    """
    machine = known_settings(folder, unlocked)
    loaded = loaded_list(folder, trusted)
    _refuse_other_use(loaded.manifest, machine)
    make = begin or partial(_first_journal, folder, unlocked, now)
    with ExitStack() as opened:
        journal = _known_journal(folder, unlocked, loaded, now)
        if journal is not None:
            opened.callback(journal.close)
            _hold_against_mirror(folder, unlocked, machine, journal)
            _refuse_older(loaded.manifest, journal)
        checked = refuse_changed(loaded)
        if loaded.is_proven and journal is not None and _is_in_use(loaded.manifest, journal):
            voters = _count(loaded, unlocked.identity, checked)
        else:
            voters = _tried(folder, loaded, checked, unlocked.identity, trusted, now)
        if journal is None:
            journal = make(loaded.manifest)
            opened.callback(journal.close)
        mark_journal(folder, unlocked, journal_mark(journal))
        _tell_settings(folder, unlocked, journal)
        _write_down(folder, journal, loaded.manifest)
        if not loaded.is_proven:
            prove(folder)
    return voters


def _known_journal(
    folder: StationFolder, unlocked: Unlocked, loaded: LoadedList, now: Clock
) -> Journal | None:
    """The station's journal, None before its first list has passed its trial.

    That the station has worked is sealed: no deleted file makes it younger.
    """
    if not folder.journal.exists():
        if loaded.is_proven or unlocked.marks.has_journal:
            raise KnownError(
                "journal_gone",
                f"This station has worked with its list, and its journal {folder.journal} is "
                "gone. Put the journal and its .head file back, or call the commission.",
            )
        return None
    return open_journal(folder, unlocked, loaded.manifest, now)


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


def _first_journal(
    folder: StationFolder, unlocked: Unlocked, now: Clock, manifest: Manifest
) -> Journal:
    if folder.takeover_draft.exists():
        raise KnownError(
            "takeover_unfinished",
            "A takeover was begun on this machine and was cut off. Give `station-app takeover "
            "start` the same pack again; nobody is identified before.",
        )
    return new_journal(folder, unlocked, manifest, now)


def new_journal(
    folder: StationFolder, unlocked: Unlocked, manifest: Manifest, now: Clock
) -> Journal:
    """Make the station's journal, with its first entry. Raises as `Journal.create` does."""
    signer = unlocked.identity.signer()
    opening = JournalOpened(
        origin=_origin(unlocked, manifest),
        list_hash=manifest.list_sha256,
        list_sequence=manifest.sequence,
        list_kind=manifest.kind.value,
        policy=manifest.policy.digest(),
        public_key=signer.public_key.hex(),
        app_version=__version__,
    )
    return Journal.create(folder.journal, unlocked.journal_key, signer, opening, now)


def _origin(unlocked: Unlocked, manifest: Manifest) -> str:
    return f"station-app/{manifest.kind}/{unlocked.station}"


def _hold_against_mirror(
    folder: StationFolder, unlocked: Unlocked, machine: Machine, journal: Journal
) -> None:
    """Before anything is written: what waited must not go into an old copy put back."""
    open_mirror = mirror_opener(folder, unlocked, machine, journal.opened.origin)
    if open_mirror is not None:
        refuse_rolled_back(open_mirror, journal.size, partial(_root_at, journal))


def _tell_settings(folder: StationFolder, unlocked: Unlocked, journal: Journal) -> None:
    """Settings signed since the last unlocking; the marks keep them until the journal has them."""
    untold = unlocked.marks.untold
    for one in untold:
        if not journal.has_imported(one.id):
            journal.append(SettingsSigned(one.id, one.at, one.old, one.new, one.by))
    mark_told(folder, unlocked, untold)


def _root_at(journal: Journal, size: int) -> bytes:
    (record,) = journal.look.records(size, 1)
    return record.root


def _refuse_older(manifest: Manifest, journal: Journal) -> None:
    newest = journal.proven
    if manifest.sequence < newest.list_sequence:
        raise KnownError(
            "list_rolled_back",
            f"The loaded list is number {manifest.sequence}, and this station has worked with "
            f"number {newest.list_sequence} already. Load the newest snapshot, "
            "and tell the commission.",
        )
    if manifest.sequence == newest.list_sequence and not _is_in_use(manifest, journal):
        raise Refusal.SAME_SEQUENCE_OTHER_HASH.error(offered=manifest.sequence)


def _refuse_other_use(manifest: Manifest, machine: Machine) -> None:
    """Which list may be used here, the signed settings say; a technician's load went by plain
    ones.
    """
    if manifest.kind.value != machine.kind.value:
        raise Refusal.OTHER_PURPOSE.error(offered=manifest.kind.value, own=machine.kind.value)
    if manifest.precinct != machine.precinct:
        raise Refusal.OTHER_PRECINCT.error(offered=manifest.precinct, own=machine.precinct)


def _is_in_use(manifest: Manifest, journal: Journal) -> bool:
    return manifest.list_sha256 == journal.proven.list_hash


def _count(loaded: LoadedList, identity: StationIdentity, checked: CheckedFile) -> int:
    voters = open_unchanged(loaded, identity, checked)
    voters.close()
    return voters.voters


def _tried(
    folder: StationFolder,
    loaded: LoadedList,
    checked: CheckedFile,
    identity: StationIdentity,
    trusted: Sequence[PublicIdentity],
    now: Clock,
) -> int:
    """How many voters there are; a list that fails its trial is taken away."""
    engine = FingerEngine(STATION_THREADS)  # what fails here is not the list's fault
    try:
        return _try(loaded, checked, identity, engine)
    except KnownError as fault:
        if fault.code not in _FAULTS_OF_THE_LIST:
            raise
        if refuse_changed(loaded) != checked:
            raise  # the file was changed since it was checked: not the issuer's fault
        raise _withdrawn(folder, loaded, trusted, fault, now) from fault


def _try(
    loaded: LoadedList, checked: CheckedFile, identity: StationIdentity, engine: FingerEngine
) -> int:
    voters = open_unchanged(loaded, identity, checked)
    try:
        gallery = Gallery(voters.chunks(ENGINE), ENGINE)
        if not finds_its_own(engine, gallery, lambda keys: _minutiae(voters, keys)):
            raise KnownError(_TRIAL_FAILED, "Fingers of the list do not find themselves in it.")
        return voters.voters
    finally:
        voters.close()


def _minutiae(voters: VoterList, keys: Sequence[tuple[int, int]]) -> list[bytes]:
    try:
        return voters.templates(ENGINE, keys)
    except KeyError as error:
        raise KnownError("gallery_damaged", "The list lacks a finger that it names.") from error


def _withdrawn(
    folder: StationFolder,
    loaded: LoadedList,
    trusted: Sequence[PublicIdentity],
    fault: KnownError,
    now: Clock,
) -> KnownError:
    manifest = loaded.manifest
    facts: dict[str, str | int] = {
        "sequence": manifest.sequence,
        "list_sha256": manifest.list_sha256,
        "head_sha256": loaded.head_sha256,
        "code": fault.code,
    }
    # Before the change: no list goes that nobody has written down.
    add_pending(folder.pending_events, "list_withdrawn", facts, now())
    said = f"List number {manifest.sequence} has failed its trial ({fault.code})"
    if put_back(folder, trusted):
        return KnownError(
            "list_withdrawn",
            f"{said}. The list before it is loaded again: unlock once more to work with it, "
            "and ask the commission for a new snapshot.",
        )
    return KnownError(
        "list_withdrawn_last",
        f"{said}, and there is none before it. Ask the commission for a new snapshot.",
    )


def _write_down(folder: StationFolder, journal: Journal, manifest: Manifest) -> None:
    pending = read_pending(folder.pending_events)
    import_events(journal, pending)
    if not _is_in_use(manifest, journal):
        # They belong to the list that was in use.
        journal.close_interrupted_sessions()
        journal.append(
            ListProven(
                list_hash=manifest.list_sha256,
                list_sequence=manifest.sequence,
                policy=manifest.policy.digest(),
            )
        )
    if pending.size:
        drop_pending(folder.pending_events, pending)
