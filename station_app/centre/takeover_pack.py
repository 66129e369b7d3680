"""The commission makes a takeover pack: the same list, sealed to a spare."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person
from station_app.journal.checkpoints import read_note
from station_app.journal.mirror import load_header
from station_app.snapshots import (
    Manifest,
    ManifestFields,
    verify_container,
    write_container,
)
from station_app.snapshots.container import list_blocks, opened_snapshot, read_head
from station_app.snapshots.takeover_pack import (
    OriginalStation,
    TakeoverPack,
    seal_mirror_keys,
    write_pack,
)
from station_app.vault import AgeIdentity, PublicIdentity, Secret, Signer, unseal

_OWN_COUNTS = ("voters", "fingers")


@dataclass(frozen=True, slots=True)
class PackOrder:
    """The sources of a pack.

    `original` and `spare` are public identities of stations, `snapshot` is the original's. `people`
    may unlock the spare. `notes` are signed heads of the original's journal; `mirrors` its
    mirrors, or their headers alone. `opener` is the commission's key that lists and mirrors are
    sealed to, None where nothing has to be opened. `issuer` is the signer's public identity.
    """

    original: PublicIdentity
    spare: PublicIdentity
    snapshot: Path
    people: tuple[Person, ...]
    notes: Sequence[str]
    mirrors: Sequence[Path]
    opener: AgeIdentity | None
    issuer: PublicIdentity
    signer: Signer


@dataclass(frozen=True, slots=True)
class MadePack:
    """A finished pack: its file, what it says, the manifest of its list."""

    path: Path
    pack: TakeoverPack
    manifest: Manifest


def make_pack(order: PackOrder, out: Path, now: datetime) -> MadePack:
    """Write the pack into the folder `out`.

    A snapshot that names the spare already is taken as it is; another one has to be sealed to
    the commission too, whose key seals the list to the spare. Raises `KnownError` as
    `verify_container`, `load_header`, `write_container` and `write_pack` do, and
    `takeover_same_station`, `takeover_needs_key`, `takeover_list_sealed`,
    `takeover_other_mirror`, `takeover_head_foreign`, `seal_not_for_us`.
    """
    if order.original.fingerprint() == order.spare.fingerprint():
        raise KnownError(
            Code.TAKEOVER_SAME_STATION,
            "The spare is the station itself. Give the public identity of the spare.",
        )
    manifest = verify_container(order.snapshot, (order.issuer,))
    original = _original(order.original, manifest)
    heads = tuple(_own_note(note, original) for note in order.notes)
    keys = dict(_mirror_key(path, original, order.opener) for path in order.mirrors)
    with _for_spare(order, manifest) as snapshot:
        with opened_snapshot(snapshot) as file:
            head = read_head(file, snapshot)
        pack = TakeoverPack(
            made=now.astimezone(UTC).replace(microsecond=0),
            issuer=order.issuer.name,
            issuer_key=order.signer.public_key,
            original=original,
            spare=order.spare.name,
            spare_fingerprint=order.spare.fingerprint(),
            people=order.people,
            heads=heads,
            sealed_keys=seal_mirror_keys(keys, order.spare),
            snapshot_head=bytes.fromhex(head.digest),
            snapshot_size=snapshot.stat().st_size,
        )
        return MadePack(write_pack(pack, snapshot, order.signer, out), pack, manifest)


def _original(identity: PublicIdentity, manifest: Manifest) -> OriginalStation:
    assert identity.signing_key is not None, "a station signs"
    origin = f"station-app/{manifest.kind}/{identity.name}"
    return OriginalStation(identity.name, origin, identity.signing_key, manifest.precinct)


def _own_note(note: str, original: OriginalStation) -> str:
    try:
        if read_note(note, original.public_key).origin == original.origin:
            return note
    except ValueError:
        pass
    raise KnownError(
        Code.TAKEOVER_HEAD_FOREIGN,
        f"A head that was given is not signed by {original.station}. Leave it out, or find out "
        "whose it is.",
    )


def _mirror_key(
    path: Path, original: OriginalStation, opener: AgeIdentity | None
) -> tuple[bytes, Secret]:
    header = load_header(path).header
    if (header.origin, header.public_key) != (original.origin, original.public_key):
        raise KnownError(
            Code.TAKEOVER_OTHER_MIRROR,
            f"{path} is the mirror of {header.station}, and not {original.station}'s journal. Find "
            "the right medium.",
        )
    return header.salt, Secret(unseal(header.sealed_key, _needed(opener)))


@contextmanager
def _for_spare(order: PackOrder, manifest: Manifest) -> Iterator[Path]:
    """The snapshot, sealed to the spare."""
    if manifest.recipient(order.spare.fingerprint()) is not None:
        yield order.snapshot
        return
    key = _list_key(manifest, _needed(order.opener))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain, out = folder / "list.vlist", folder / manifest.file_name
        with opened_snapshot(order.snapshot) as source, plain.open("wb") as file:
            read_head(source, order.snapshot)
            for block in list_blocks(source, manifest, order.snapshot):
                file.write(block)
        fields = ManifestFields(
            list_key=key,
            recipients=(order.spare,),
            issuer=order.issuer.name,
            valid_from=manifest.valid_from,
            valid_to=manifest.valid_to,
            counts={k: n for k, n in manifest.counts.items() if k not in _OWN_COUNTS},
        )
        write_container(plain, fields, order.signer, out)
        yield out


def _list_key(manifest: Manifest, opener: AgeIdentity) -> Secret:
    try:
        return Secret(unseal(manifest.sealed_key, opener))
    except KnownError as fault:
        raise KnownError(
            Code.TAKEOVER_LIST_SEALED,
            f"The list of {manifest.file_name} was sealed to its stations only. Build a snapshot "
            "of the same number with the spare's public identity among the recipients.",
        ) from fault


def _needed(opener: AgeIdentity | None) -> AgeIdentity:
    if opener is None:
        raise KnownError(
            Code.TAKEOVER_NEEDS_KEY,
            "The list or the mirror has to be opened for the spare. Name the commission's "
            "recipient key with --open.",
        )
    return opener
