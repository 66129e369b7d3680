"""The first unlocking after a load finishes it: trial, journal, waiting events (DECISIONS 5).

A list that comes while voters count as identified is held against the one before it (ADR 0023).

Everything here can be cut off at any moment and is done again at the next unlocking: what
the journal has already is not written twice, and the list before stays until the trial is
passed and written down.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Final

from station_app.biometrics.engines import usable
from station_app.domain.day import DayState
from station_app.domain.election import entry_texts
from station_app.domain.entries import (
    Entry,
    ListCompared,
    ListProven,
    SettingsSigned,
)
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation
from station_app.flow.imported_events import import_events
from station_app.flow.list_comparison import (
    IDS_CHANGED,
    Comparison,
    ListBefore,
    Told,
    compare_without,
)
from station_app.flow.signed_settings import known_settings
from station_app.flow.station_journal import (
    ELECTION_OVER,
    ELECTION_UNNAMED,
    Clock,
    first_journal,
    hold_against_mirror,
    journal_mark,
    known_journal,
)
from station_app.journal import Journal
from station_app.settings import Machine
from station_app.snapshots import (
    CheckedFile,
    LoadedList,
    Manifest,
    Refusal,
    add_pending,
    drop_pending,
    forget,
    keep_left_out,
    loaded_list,
    open_unchanged,
    prove,
    put_back,
    read_pending,
    refuse_changed,
)
from station_app.vault import (
    Proof,
    PublicIdentity,
    StationFolder,
    StationIdentity,
    Unlocked,
    mark_journal,
    mark_people,
    mark_told,
    refuse_changed_pins,
    require,
)

_TRIAL_FAILED: Final = "trial_search_failed"
_FAULTS_OF_THE_LIST: Final = frozenset(
    {
        Refusal.KEY,
        Refusal.LIST_DISAGREES,
        _TRIAL_FAILED,
        IDS_CHANGED,
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


def finish_load(
    folder: StationFolder,
    unlocked: Unlocked,
    now: Clock,
    begin: Callable[[Manifest], Journal] | None = None,
    agreed: Iterable[Proof] = (),
    told: Told = lambda _done, _of: None,
) -> int:
    """Open the loaded list, try it if it is new, write down what has waited.

    Answers how many voters are on it. The journal lies under the station's sealed key and is
    signed with its log key. A list that fails its trial is taken away: `list_withdrawn` says
    that the one before it is loaded again, `list_withdrawn_last` that none is. Where voters
    count as identified, a new list is held against the one before it (`compare_lists`): it is
    taken away too where it gives them other ids (`list_ids_changed`), and needs the chair's and
    a member's proofs in `agreed` where it lacks some of them (`list_lacks_accepted`). `told`
    hears how far that is. Whose lists count, the unlocked key says: what a caller has read of
    it before could have been somebody else's.

    Raises `KnownError` with these, with `list_rolled_back` and `vsnap_same_sequence_other_hash`
    (the journal knows a newer or another list), `list_other_election_day`, `journal_gone`,
    `journal_not_ours`, `takeover_unfinished`, `journal_rolled_back` (its mirror knows a longer or
    another history), and as `known_settings`, `refuse_changed_pins`, `loaded_list`,
    `mirror_opener`, `refuse_changed`, `open_unchanged`, `Journal.open`, `Journal.create`,
    `read_pending`, `prove`, `put_back`, `require` do.
    """
    machine = known_settings(folder, unlocked)
    trusted = refuse_changed_pins(folder, unlocked.identity.public(unlocked.station))
    loaded = loaded_list(folder, trusted)
    _refuse_other_use(loaded.manifest, machine)
    make = begin or partial(first_journal, folder, unlocked, now)
    with ExitStack() as opened:
        journal = known_journal(folder, unlocked, loaded, now)
        if journal is not None:
            opened.callback(journal.close)
            hold_against_mirror(folder, unlocked, machine, journal)
            _refuse_older(loaded.manifest, journal)
            _refuse_other_day(loaded.manifest, journal)
        checked = refuse_changed(loaded)
        comparison = None
        if loaded.is_proven and journal is not None and _is_in_use(loaded.manifest, journal):
            voters = _count(loaded, unlocked.identity, checked)
        else:
            before = _before(folder, trusted, journal, loaded.manifest)
            trial = _Trial(loaded, checked, unlocked.identity, before, told)
            voters, comparison = _tried(folder, trial, trusted, now)
        if journal is None:
            journal = _begun(folder, loaded, make, now)
            opened.callback(journal.close)
        mark_journal(folder, unlocked, journal_mark(journal))
        mark_people(folder, unlocked)
        _tell_settings(folder, unlocked, journal)
        if comparison is None and journal.look.unheld_list:
            comparison = _not_held(loaded, checked, unlocked.identity, journal)
        compared = () if comparison is None else _entries_of(comparison, agreed)
        _write_down(folder, journal, loaded.manifest, compared)
        if not loaded.is_proven:
            prove(folder)
    return voters


def _begun(
    folder: StationFolder, loaded: LoadedList, make: Callable[[Manifest], Journal], now: Clock
) -> Journal:
    """The station's journal; a list of an election that is over here is taken away."""
    try:
        return make(loaded.manifest)
    except KnownError as fault:
        if fault.code in (ELECTION_OVER, ELECTION_UNNAMED):
            _tell_withdrawn(folder, loaded, fault, now)
            forget(folder)
        raise


def _tell_settings(folder: StationFolder, unlocked: Unlocked, journal: Journal) -> None:
    """Settings signed since the last unlocking; the marks keep them until the journal has them."""
    untold = unlocked.marks.untold
    for one in untold:
        if not journal.has_imported(one.id):
            journal.append(SettingsSigned(one.id, one.at, one.old, one.new, one.by))
    mark_told(folder, unlocked, untold)


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


def _refuse_other_day(manifest: Manifest, journal: Journal) -> None:
    """A live journal belongs to one election day."""
    own, offered = journal.election, entry_texts(manifest.election_day)
    if journal.opened.list_kind == "live" and own is not None and offered != own:
        names = f"{offered[0]} of {offered[1]}" if offered[0] else "no election day"
        raise KnownError(
            "list_other_election_day",
            f"The loaded list is for {names}, and this station's journal is for {own[0]} of "
            f"{own[1]}. Load a list of that day; for another election close the day, export the "
            "journal and give `station-app renew`.",
        )


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


def _before(
    folder: StationFolder,
    trusted: Sequence[PublicIdentity],
    journal: Journal | None,
    manifest: Manifest,
) -> ListBefore | None:
    """None where nobody counts as identified under another list."""
    if journal is None or _is_in_use(manifest, journal) or _begins_anew(journal):
        return None
    accepted = journal.look.acceptances()
    if not accepted:
        return None
    marked = journal.look.marked()
    return ListBefore.find(folder, trusted, journal.proven.list_hash, accepted, marked)


def _not_held(
    loaded: LoadedList, checked: CheckedFile, identity: StationIdentity, journal: Journal
) -> Comparison | None:
    """A spare that took over has another list than the station had, and not that one."""
    before, accepted = journal.look.unheld_list, journal.look.acceptances()
    if not accepted:
        return None
    voters = open_unchanged(loaded, identity, checked)
    try:
        return compare_without(before, voters, accepted)
    finally:
        voters.close()


def _begins_anew(journal: Journal) -> bool:
    """Whether the next day's opening frees everybody: after a day of training."""
    closed = journal.look.day.state is DayState.CLOSED
    return closed and journal.opened.list_kind != "live"


@dataclass(frozen=True, slots=True)
class _Trial:
    """A list to be tried, and the one in use before it, None where nothing is compared."""

    loaded: LoadedList
    checked: CheckedFile
    identity: StationIdentity
    before: ListBefore | None
    told: Told


def _tried(
    folder: StationFolder, trial: _Trial, trusted: Sequence[PublicIdentity], now: Clock
) -> tuple[int, Comparison | None]:
    """How many voters there are, and what came of the comparison with the list before; a list
    that fails is taken away.
    """
    loaded = trial.loaded
    try:
        return _try(trial)
    except KnownError as fault:
        if fault.code not in _FAULTS_OF_THE_LIST:
            raise
        if refuse_changed(loaded) != trial.checked:
            raise  # the file was changed since it was checked: not the issuer's fault
        raise _withdrawn(folder, loaded, trusted, fault, now) from fault


def _try(trial: _Trial) -> tuple[int, Comparison | None]:
    voters = open_unchanged(trial.loaded, trial.identity, trial.checked)
    try:
        matchers = [one.matcher(voters) for one in usable(voters.header.engines).values()]
        if not all(one.finds_its_own() for one in matchers):
            raise KnownError(_TRIAL_FAILED, "Fingers of the list do not find themselves in it.")
        if trial.before is None:
            return voters.voters, None
        return voters.voters, trial.before.compare(trial.identity, voters, matchers, trial.told)
    finally:
        voters.close()


def _withdrawn(
    folder: StationFolder,
    loaded: LoadedList,
    trusted: Sequence[PublicIdentity],
    fault: KnownError,
    now: Clock,
) -> KnownError:
    _tell_withdrawn(folder, loaded, fault, now)
    said = f"List number {loaded.manifest.sequence} has failed its trial ({fault.code})"
    is_put_back = put_back(folder, trusted)
    if fault.code == IDS_CHANGED:
        return fault
    if is_put_back:
        return KnownError(
            "list_withdrawn",
            f"{said}. The list before it is loaded again: unlock once more to work with it, "
            "and ask the commission for a new snapshot.",
        )
    return KnownError(
        "list_withdrawn_last",
        f"{said}, and there is none before it. Ask the commission for a new snapshot.",
    )


def _tell_withdrawn(
    folder: StationFolder, loaded: LoadedList, fault: KnownError, now: Clock
) -> None:
    """Before the change: no list goes that nobody has written down."""
    facts: dict[str, str | int] = {
        "sequence": loaded.manifest.sequence,
        "list_sha256": loaded.manifest.list_sha256,
        "head_sha256": loaded.head_sha256,
        "code": fault.code,
    }
    add_pending(folder.pending_events, "list_withdrawn", facts, now())


def _entries_of(comparison: Comparison, agreed: Iterable[Proof]) -> tuple[Entry, ...]:
    """What is written down of a comparison.

    Raises `KnownError` `list_lacks_accepted` where nobody agreed to a list that lacks voters who
    were identified, and as `require` does.
    """
    proofs, chair, member = tuple(agreed), "", ""
    if comparison.missing and not proofs:
        raise KnownError(
            "list_lacks_accepted",
            f"{comparison.missing} voters who were identified today are not on the new list. The "
            "chair and a member agree to it with `station-app list accept`; they stay "
            "identified. Otherwise ask the commission for another list.",
        )
    if comparison.missing:
        first, second = require(proofs, Operation.ACCEPT_LIST)
        chair, member = first.person_id, second.person_id
    compared = ListCompared(
        before=comparison.before,
        compared=comparison.is_compared,
        accepted=comparison.accepted,
        unseen=comparison.unseen,
        marked=len(comparison.marked),
        missing=comparison.missing,
        chair=chair,
        member=member,
    )
    return (compared, *comparison.marked)


def _write_down(
    folder: StationFolder, journal: Journal, manifest: Manifest, compared: Sequence[Entry]
) -> None:
    pending = read_pending(folder.pending_events)
    path = folder.pending_events
    import_events(journal, pending, keep_left_out(path, pending) if pending.left_out else "")
    if not _is_in_use(manifest, journal):
        # They belong to the list that was in use.
        journal.close_interrupted_sessions()
        election_id, election_date = entry_texts(manifest.election_day)
        proven = ListProven(
            list_hash=manifest.list_sha256,
            list_sequence=manifest.sequence,
            policy=manifest.policy.digest(),
            election_id=election_id,
            election_date=election_date,
        )
        # Together: no list is in use that was not compared, and no voter unmarked.
        compared = (proven, *compared)
    if compared:
        journal.append_all(compared)
    if pending.size:
        drop_pending(folder.pending_events, pending)
