"""Loading a snapshot into a station, by somebody who can read no voter.

Every check is made before anything changes; the old list stays loaded until the last
step, and beside the new one until that is proven (`loaded.prove`).
"""

import contextlib
import errno
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final

from station_app.domain.errors import KnownError
from station_app.snapshots.container import (
    SnapshotHead,
    TellBytes,
    check_head,
    list_blocks,
    opened_snapshot,
    read_head,
)
from station_app.snapshots.header import ListKind, refuse_invented_on_live
from station_app.snapshots.loaded import (
    DRAFT,
    changing,
    clear,
    list_file,
    put_in_place,
    seen_manifests,
)
from station_app.snapshots.manifest import Manifest
from station_app.snapshots.pending_events import add_pending
from station_app.snapshots.refusals import Refusal
from station_app.vault import PublicIdentity, StationFolder, sync_folder, write_fault
from station_app.vault.database import PAGE_BYTES

_PLAIN: Final = b"SQLite format 3\x00"
_NAMED: Final = 3  # stations that a sentence names


class LoadStep(StrEnum):
    """The seven steps of a load, in their order."""

    FOUND = "found"
    SIGNED = "signed"
    FOR_US = "for_us"
    NEWER = "newer"
    COPIED = "copied"
    STORED = "stored"
    IN_PLACE = "in_place"


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """Where a load is: `done` of `of` in this step (bytes where the list is read or
    written, else 1 of 1: done); the manifest once its signature is checked.
    """

    step: LoadStep
    done: int
    of: int
    manifest: Manifest | None


Tell = Callable[[LoadProgress], None]
"""Is told of progress on the loading thread. What it raises stops the load."""


@dataclass(frozen=True, slots=True)
class LoadingStation:
    """Who loads: its public identity, the issuers it trusts, the engines this program has,
    the precinct and the kind of lists it was set up for (empty and None: those of its first
    list).
    """

    identity: PublicIdentity
    trusted: Sequence[PublicIdentity]
    engines: Collection[str]
    precinct: str = ""
    kind: ListKind | None = None


@dataclass(frozen=True, slots=True)
class LoadedSnapshot:
    """A loaded list: its signed manifest, its file, the list that was loaded before."""

    manifest: Manifest
    path: Path
    before: Manifest | None


def load_snapshot(
    container: Path,
    folder: StationFolder,
    station: LoadingStation,
    now: datetime,
    tell: Tell = lambda _: None,
    by: str = "",
) -> LoadedSnapshot:
    """Load the snapshot at `container`; the station's list is the old or the new one.

    `now` is the station's clock, `by` the id (never a name)
    of the person who loads. The load and a
    refusal are written to the pending events. Loading the loaded snapshot again repairs
    its file.

    Raises `KnownError` with the codes of `Refusal`, and `disk_full`, `disk_fault`,
    `no_write_permission`.
    """
    with changing(folder):
        try:
            clear(folder)
            return _load(container, folder, station, now, tell, by)
        except KnownError as refusal:
            if refusal.code != Refusal.MISSING:
                _tell_of_refusal(folder, refusal, now, by)
            raise
        finally:
            with contextlib.suppress(OSError):
                clear(folder)


def refuse_outside_validity(manifest: Manifest, now: datetime) -> None:
    """Raises `KnownError` `vsnap_expired`, `vsnap_not_yet_valid`."""
    shown = f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if now < manifest.valid_from:
        since = f"{manifest.valid_from:%Y-%m-%d %H:%M} UTC"
        raise Refusal.NOT_YET_VALID.error(since=since, now=shown)
    if now > manifest.valid_to:
        until = f"{manifest.valid_to:%Y-%m-%d %H:%M} UTC"
        raise Refusal.EXPIRED.error(until=until, now=shown)


def _load(
    container: Path,
    folder: StationFolder,
    station: LoadingStation,
    now: datetime,
    tell: Tell,
    by: str,
) -> LoadedSnapshot:
    seen = seen_manifests(folder, station.trusted)
    with opened_snapshot(container) as file:
        head = read_head(file, container)
        tell(LoadProgress(LoadStep.FOUND, 1, 1, None))
        manifest = check_head(head, station.trusted, container)

        def say(step: LoadStep, done: int = 1, of: int = 1) -> None:
            tell(LoadProgress(step, done, of, manifest))

        say(LoadStep.SIGNED)
        _refuse_other_use(manifest, station, seen)
        say(LoadStep.FOR_US)
        refuse_outside_validity(manifest, now)
        _refuse_older(manifest, seen)
        say(LoadStep.NEWER)
        blocks = list_blocks(file, manifest, container, partial(say, LoadStep.COPIED))
        _write_draft(folder.lists / DRAFT, blocks, manifest.list_size)
    _read_back(folder.lists / DRAFT, manifest, container, partial(say, LoadStep.STORED))
    _put_in_place(folder, station, head, manifest, now, by)
    say(LoadStep.IN_PLACE)
    return LoadedSnapshot(manifest, list_file(folder, manifest), seen[0] if seen else None)


def _refuse_other_use(
    manifest: Manifest, station: LoadingStation, seen: Sequence[Manifest]
) -> None:
    """Other kind, election, precinct, station or engine than this station's."""
    if station.kind is not None and manifest.kind is not station.kind:
        own_kind = f"{station.kind} lists only"
        raise Refusal.OTHER_PURPOSE.error(offered=_purpose(manifest), own=own_kind)
    for own in seen[:1]:
        _refuse_other_election(manifest, own)
    own_precinct = station.precinct or next((own.precinct for own in seen), manifest.precinct)
    if manifest.precinct != own_precinct:
        raise Refusal.OTHER_PRECINCT.error(offered=manifest.precinct, own=own_precinct)
    if manifest.recipient(station.identity.fingerprint()) is None:
        stations = ", ".join(one.station for one in manifest.recipients[:_NAMED])
        raise Refusal.NOT_FOR_THIS_STATION.error(stations=stations, own=station.identity.name)
    refuse_invented_on_live(manifest.kind, manifest.engines)
    if not set(manifest.engines) & set(station.engines):
        raise Refusal.OTHER_ENGINE.error(
            offered=", ".join(manifest.engines), own=", ".join(sorted(station.engines))
        )


def _refuse_other_election(manifest: Manifest, own: Manifest) -> None:
    """Another kind or election day than the list before; where that had none, another name.

    A list without an election day never follows one that has it.
    """
    if manifest.kind is not own.kind:
        raise Refusal.OTHER_PURPOSE.error(offered=_purpose(manifest), own=_purpose(own))
    if own.election_day is None:
        if manifest.election != own.election:
            raise Refusal.OTHER_PURPOSE.error(offered=_purpose(manifest), own=_purpose(own))
    elif manifest.election_day != own.election_day:
        raise Refusal.OTHER_ELECTION.error(offered=_day(manifest), own=_day(own))


def _day(manifest: Manifest) -> str:
    day = manifest.election_day
    return "no election day" if day is None else f"{day.election_id} on {day.date.isoformat()}"


def _purpose(manifest: Manifest) -> str:
    return f'"{manifest.election}" ({manifest.kind})'


def _refuse_older(manifest: Manifest, seen: Sequence[Manifest]) -> None:
    for own in seen:
        if manifest.sequence < own.sequence:
            raise Refusal.ROLLBACK.error(offered=manifest.sequence, own=own.sequence)
        if manifest.sequence == own.sequence and manifest.list_sha256 != own.list_sha256:
            raise Refusal.SAME_SEQUENCE_OTHER_HASH.error(offered=manifest.sequence)


def _write_draft(draft: Path, blocks: Iterator[bytes], size: int) -> None:
    """Write the blocks; a fault of their source is not one of this disk."""
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            os.posix_fallocate(handle, 0, size)  # a full disk fails here
            for block in blocks:
                file.write(block)
            file.flush()
            os.fsync(handle)
    except OSError as error:
        raise write_fault(error, draft) from error


def _read_back(draft: Path, manifest: Manifest, container: Path, told: TellBytes) -> None:
    """Raise unless the stored bytes are those that were read, in the form of an encrypted list."""
    try:
        with draft.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            start = file.read(len(_PLAIN))
            file.seek(0)
            for _ in list_blocks(file, manifest, draft, told):
                pass
    except (OSError, KnownError) as error:
        raise write_fault(OSError(errno.EIO, os.strerror(errno.EIO)), draft) from error
    if start == _PLAIN or manifest.list_size % PAGE_BYTES:
        raise Refusal.LIST_FORM.error(path=container)


def _put_in_place(
    folder: StationFolder,
    station: LoadingStation,
    head: SnapshotHead,
    manifest: Manifest,
    now: datetime,
    by: str,
) -> None:
    (folder.lists / DRAFT).replace(list_file(folder, manifest))
    sync_folder(folder.lists)
    # Before the change: no list is ever in place that nobody has written down.
    facts: dict[str, str | int] = {
        "precinct": manifest.precinct,
        "sequence": manifest.sequence,
        "list_sha256": manifest.list_sha256,
        "head_sha256": head.digest,
        "issuer_key": manifest.issuer_key.hex(),
        "by": by,
    }
    add_pending(folder.pending_events, "list_loaded", facts, now)
    put_in_place(folder, head, station.trusted)


def _tell_of_refusal(folder: StationFolder, refusal: KnownError, now: datetime, by: str) -> None:
    facts = {"code": refusal.code, "by": by}
    with contextlib.suppress(KnownError):  # the refusal itself is the news
        add_pending(folder.pending_events, "list_refused", facts, now, may_be_left_out=True)
