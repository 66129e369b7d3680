"""A spare continues for a station that has died, with its list and the entries found of its
journal (ADR 0018).

The spare's journal appears with everything that was taken over in it, or not at all. A takeover
that is interrupted before that starts again with the same pack.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from station_app.domain.entries import Carried, TakenOver
from station_app.domain.entry_codes import TakeoverSource
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person, Role
from station_app.flow.opening import open_unlocked
from station_app.flow.recorder import Recorder
from station_app.flow.signed_settings import apply_settings, known_settings
from station_app.flow.station_journal import Clock, new_journal, open_journal
from station_app.flow.takeover_evidence import TakeoverEvidence
from station_app.journal.checkpoints import Checkpoint
from station_app.journal.mirror import MirroredJournal
from station_app.journal.records import head_file
from station_app.snapshots import (
    LoadingStation,
    LoadProgress,
    Manifest,
    Refusal,
    load_snapshot,
    read_manifest,
)
from station_app.snapshots.pending_events import note_person
from station_app.snapshots.takeover_pack import OpenedPack, extract_snapshot, open_pack
from station_app.vault import (
    Passphrase,
    People,
    Proof,
    PublicIdentity,
    StationFolder,
    Unlocked,
    refuse_changed_pins,
    require,
    sync_folder,
    write_fault,
)

Tell = Callable[[LoadProgress], None]

_SNAPSHOT: Final = "list.vsnap"


@dataclass(frozen=True, slots=True)
class PeopleDifference:
    """Who has to be added to a spare's people, and who has to go."""

    to_add: tuple[Person, ...]
    to_remove: tuple[Person, ...]


def people_difference(persons: Iterable[Person], named: Iterable[Person]) -> PeopleDifference:
    """How the spare's `persons` become those the pack names.

    Raises `KnownError` `takeover_other_person` where an id is somebody else's on the spare.
    """
    wanted = {one.id: one for one in named}
    there = {one.id: one for one in persons}
    for id_, one in wanted.items():
        if there.get(id_, one) != one:
            raise KnownError(
                Code.TAKEOVER_OTHER_PERSON,
                f"The pack calls {id_} {one.name} ({one.role}), and this machine knows "
                f"{there[id_].name} ({there[id_].role}) by that id. Ask the commission which "
                "one is right.",
            )
    return PeopleDifference(
        to_add=tuple(one for id_, one in wanted.items() if id_ not in there),
        to_remove=tuple(one for id_, one in there.items() if id_ not in wanted),
    )


def add_person(
    folder: StationFolder,
    people: People,
    unlocked: Unlocked,
    person: Person,
    passphrase: Passphrase,
    now: datetime,
    *,
    from_file: bool,
) -> None:
    """Add a person the pack names, with the passphrase they have chosen.

    Those who unlocked the spare agree. Raises `KnownError` as `People.add` does.
    """
    people.add(unlocked, unlocked.proofs, person, passphrase, from_file=from_file)
    note_person(folder, "person_added", person, unlocked.proofs, now, from_file=from_file)


def remove_strangers(
    folder: StationFolder,
    people: People,
    unlocked: Unlocked,
    proofs: Iterable[Proof],
    strangers: Iterable[Person],
    now: datetime,
) -> None:
    """Remove those that the pack does not name; they may be the ones who unlocked.

    `proofs` are all there are. The persons whose proofs are needed for it go last. Raises
    `KnownError` as `People.remove` does.
    """
    all_proofs = tuple(proofs)
    have_proved = {one.person_id for one in all_proofs}
    for person in sorted(strangers, key=lambda one: (one.id in have_proved, one.role.kind)):
        by = _agreeing(all_proofs, person)
        people.remove(unlocked, by, person.id)
        note_person(folder, "person_removed", person, by, now)
        all_proofs = tuple(one for one in all_proofs if one.person_id != person.id)


def _agreeing(proofs: tuple[Proof, ...], leaving: Person) -> tuple[Proof, ...]:
    """An operator's and a member's proof, that of the one who leaves only if there is no other."""
    found = []
    for kind in (Role.OPERATOR, Role.MEMBER):
        of_kind = [one for one in proofs if one.role.kind is kind]
        found += sorted(of_kind, key=lambda one: one.person_id == leaving.id)[:1]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class TakenOverStation:
    """A finished takeover: the list, how many voters are on it, what was seen of the journal."""

    manifest: Manifest
    voters: int
    evidence: TakeoverEvidence


def refuse_unfit(folder: StationFolder, found: OpenedPack) -> None:
    """Whether the pack is for this machine, which has no journal of its own yet.

    Raises `KnownError`: `takeover_not_for_us`, `takeover_station_at_work`, and as
    `PublicIdentity.load` does.
    """
    own = PublicIdentity.load(folder.public_identity)
    if own.fingerprint() != found.pack.spare_fingerprint:
        raise KnownError(
            Code.TAKEOVER_NOT_FOR_US,
            f"This pack is for the spare {found.pack.spare}, not for {own.name} with its present "
            "keys. Ask the commission for one that names it.",
        )
    if folder.journal.exists() or (
        head_file(folder.journal).exists() and not folder.takeover_draft.exists()
    ):
        raise _at_work(folder)


def _at_work(folder: StationFolder) -> KnownError:
    return KnownError(
        Code.TAKEOVER_STATION_AT_WORK,
        f"{folder.root} has worked with a journal of its own, which takes in no other one "
        "afterwards; nothing was changed. If it took over without a mirror that was found since, "
        "go on with the paper list and give both to the commission. Only a spare without a "
        "journal takes over: set one up, and ask for a pack that names it.",
    )


def take_over(
    folder: StationFolder,
    unlocked: Unlocked,
    proofs: Iterable[Proof],
    found: OpenedPack,
    evidence: TakeoverEvidence,
    engines: tuple[str, ...],
    now: Clock,
    *,
    accept_missing: bool = False,
    tell: Tell = lambda _: None,
) -> TakenOverStation:
    """Load the pack's list and make the journal, with what `evidence` has seen in it.

    `proofs` are the chair's and a member's; `accept_missing` says that they have accepted what
    `TakeoverEvidence.refuse_gaps` refuses otherwise. The pack is opened once more, by the issuers
    that the unlocked key says are trusted. Raises `KnownError`: `not_allowed`, `approval_expired`,
    `takeover_exchanged` (it is another pack now), `takeover_history_refused`, what `refuse_unfit`
    and `refuse_gaps` say, and as `refuse_changed_pins`, `open_pack`, `extract_snapshot`,
    `load_snapshot` and `open_unlocked` do.
    """
    agreed = tuple(proofs)
    chair, member = require(agreed, Operation.TAKE_OVER)
    trusted = refuse_changed_pins(folder, unlocked.identity.public(unlocked.station))
    if open_pack(found.path, trusted) != found:
        raise KnownError(
            Code.TAKEOVER_EXCHANGED,
            f"{found.path} is another pack than at the beginning. Nothing was changed; give the "
            "command again.",
        )
    refuse_unfit(folder, found)
    if unlocked.marks.has_worked:
        raise _at_work(folder)
    if not accept_missing:
        evidence.refuse_gaps(found.pack.original.station)
    _begin(folder)
    snapshot = folder.takeover_draft / _SNAPSHOT
    extract_snapshot(found, snapshot)
    manifest = read_manifest(snapshot)
    _become_of_precinct(folder, unlocked, agreed, found.pack.original.precinct, manifest, now())
    station = LoadingStation(
        identity=PublicIdentity.load(folder.public_identity),
        trusted=trusted,
        engines=engines,
        precinct=manifest.precinct,
        kind=manifest.kind,
    )
    load_snapshot(snapshot, folder, station, now(), tell, by=chair.person_id)
    taken = TakenOver(
        origin=found.pack.original.origin,
        public_key=found.pack.original.public_key.hex(),
        size=evidence.size,
        root=_root(evidence.mirror),
        note=_note(evidence.mirror),
        pack_sha256=found.sha256,
        source=TakeoverSource.MIRROR if evidence.size else TakeoverSource.NOTHING,
        missing=evidence.missing,
        chair=chair.person_id,
        member=member.person_id,
        known_size=evidence.known_size,
        known_at=_stamp(evidence.known_at),
        blind=int(evidence.is_blind),
    )

    def begin(loaded: Manifest) -> Recorder:
        return _new_journal(folder, unlocked, loaded, taken, evidence.mirror, now)

    with closing(open_unlocked(folder, unlocked, now, begin, agreed)) as opened:
        return TakenOverStation(manifest, opened.voters.voters, evidence)


def _begin(folder: StationFolder) -> None:
    """The draft's folder, empty; while it is there, nobody begins the day in another way."""
    try:
        if folder.takeover_draft.exists():
            # Its journal never got to its place; at most the journal's head did.
            shutil.rmtree(folder.takeover_draft)
            head_file(folder.journal).unlink(missing_ok=True)
        folder.takeover_draft.mkdir(mode=0o700)
        sync_folder(folder.root)
    except OSError as error:
        raise write_fault(error, folder.takeover_draft) from error


def _become_of_precinct(
    folder: StationFolder,
    unlocked: Unlocked,
    proofs: tuple[Proof, ...],
    precinct: str,
    manifest: Manifest,
    now: datetime,
) -> None:
    """A spare is set up for no precinct or another one; its kind has to be right.

    The chair and the member who take over sign the settings of the other precinct.
    """
    machine = known_settings(folder, unlocked)
    if machine.kind.value != manifest.kind.value:
        raise Refusal.OTHER_PURPOSE.error(offered=manifest.kind.value, own=machine.kind.value)
    if machine.precinct != precinct:
        moved = replace(machine, precinct=precinct)
        apply_settings(folder, unlocked, proofs, moved, now, Operation.TAKE_OVER)


def _new_journal(
    folder: StationFolder,
    unlocked: Unlocked,
    manifest: Manifest,
    taken: TakenOver,
    mirror: MirroredJournal | None,
    now: Clock,
) -> Recorder:
    draft = StationFolder(folder.takeover_draft)
    recorder = new_journal(folder, draft.journal, unlocked, manifest, now)
    try:
        entries = () if mirror is None else mirror.entries
        carried = (Carried(one.number, one.leaf.decode()) for one in entries)
        recorder.append_all([taken, *carried])
    except ValueError as error:
        raise KnownError(
            Code.TAKEOVER_HISTORY_REFUSED,
            "The entries in the mirror cannot have followed each other, though the station has "
            "signed them. Keep everything, and call the commission.",
        ) from error
    finally:
        recorder.close()
    if not recorder.journal.is_one_file:
        # Moved without its log it would lack entries, and be refused for ever.
        raise write_fault(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), draft.journal)
    _put_in_place(draft.journal, folder.journal)
    shutil.rmtree(draft.root, ignore_errors=True)
    return open_journal(folder, unlocked, manifest, now)


def _put_in_place(draft: Path, journal: Path) -> None:
    """The head first: a journal without it would be a rewritten one."""
    try:
        for source, target in ((head_file(draft), head_file(journal)), (draft, journal)):
            source.rename(target)
            sync_folder(target.parent)
    except OSError as error:
        raise write_fault(error, journal) from error


def _stamp(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _root(mirror: MirroredJournal | None) -> str:
    return mirror.root_at(mirror.size).hex() if mirror and mirror.size else ""


def _note(mirror: MirroredJournal | None) -> str:
    """The original's signed head over what was seen of it."""
    if mirror is None or not mirror.size:
        return ""
    header, last = mirror.header, mirror.entries[-1]
    checkpoint = Checkpoint(header.origin, last.number, last.root)
    return checkpoint.note(header.public_key, last.signature)
