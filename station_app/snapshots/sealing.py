"""Making a snapshot file of a finished list: manifest, signature, list."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from station_app.snapshots.container import Head, Told, list_blocks, opened, untold
from station_app.snapshots.integrity import list_hash
from station_app.snapshots.manifest import Manifest, Recipient
from station_app.snapshots.reader import VoterList
from station_app.vault import (
    OTHERS_MAY_LOOK,
    READABLE,
    PublicIdentity,
    Secret,
    Signer,
    make_folder,
    new_file,
    seal,
    write_fault,
)


@dataclass(frozen=True, slots=True)
class ManifestFields:
    """What the centre knows about a snapshot beside its list.

    `list_key` opens the list and is sealed to `recipients`, each a station or another
    holder of an age identity. `issuer` is the signer's name. `counts` are those that the
    list does not hold itself: at least `portraits` and `bad_rows`. Times are aware.
    """

    list_key: Secret
    recipients: tuple[PublicIdentity, ...]
    issuer: str
    valid_from: datetime
    valid_to: datetime
    counts: Mapping[str, int]


def write_container(
    list_path: Path, fields: ManifestFields, signer: Signer, out: Path, told: Told = untold
) -> Manifest:
    """Write the snapshot of the list at `list_path` to `out`; whole or not at all.

    Everything that a list's header says, and the counts of voters and fingers, are read
    from the list itself. An older file at `out` is replaced. Raises `KnownError` as
    `VoterList.open` and `write_fault` do, and `ValueError` for fields that no manifest
    can have.
    """
    manifest = _manifest(list_path, fields, signer)
    data = manifest.to_bytes()
    head = Head(data, b"")
    head = Head(data, signer.sign(head.signed))
    try:
        make_folder(out.parent, OTHERS_MAY_LOOK)
        with opened(list_path) as source, new_file(out, READABLE) as file:
            file.write(head.to_bytes())
            for block in list_blocks(source, manifest, list_path, told):
                file.write(block)
    except OSError as error:
        raise write_fault(error, out) from error
    return manifest


def _manifest(list_path: Path, fields: ManifestFields, signer: Signer) -> Manifest:
    with closing(VoterList.open(list_path, fields.list_key)) as voters:
        header = voters.header
        counts = {"voters": voters.voters, "fingers": voters.fingers} | dict(fields.counts)
    return Manifest(
        kind=header.kind,
        election=header.election,
        precinct=header.precinct,
        place=header.place,
        sequence=header.sequence,
        created=header.created,
        valid_from=fields.valid_from,
        valid_to=fields.valid_to,
        engines=header.engines,
        counts=counts,
        policy=header.policy,
        list_size=list_path.stat().st_size,
        list_sha256=list_hash(list_path),
        issuer=fields.issuer,
        issuer_key=signer.public_key,
        recipients=tuple(_recipient(one) for one in fields.recipients),
        sealed_key=seal(
            fields.list_key.reveal(), [one.recipient or "" for one in fields.recipients]
        ),
        election_day=header.election_day,
        ballots=header.ballots,
        kits=header.kits,
    )


def _recipient(identity: PublicIdentity) -> Recipient:
    if identity.recipient is None:
        raise ValueError(f"nothing can be sealed to {identity.name}")
    return Recipient(identity.name, identity.recipient, identity.fingerprint().hex())
