"""The snapshot file `*.vsnap`: a signed manifest and, after it, the encrypted list.

Byte by byte in docs/formats.md. Nothing here needs a secret; a manifest that no
trusted issuer has signed is parsed only to say who signed it.
"""

import hashlib
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from station_app.domain.errors import KnownError
from station_app.snapshots.manifest import Manifest, NewerFormatError, Recipient
from station_app.snapshots.refusals import Refusal
from station_app.snapshots.voter_list import VoterList, list_hash
from station_app.vault import (
    OTHERS_MAY_LOOK,
    READABLE,
    IdentityKind,
    PublicIdentity,
    Secret,
    Signer,
    is_signed_by,
    make_folder,
    new_file,
    open_regular,
    seal,
    write_fault,
)

MAGIC: Final = b"VSNAP1\n"
SIGNATURE_BYTES: Final = 64
LARGEST_SNAPSHOT: Final = 1 << 32
"""Bytes; a stick with the FAT file system holds no larger file."""
LARGEST_MANIFEST: Final = 1 << 20  # about 2,000 recipients
BLOCK: Final = 1 << 20
_LENGTH: Final = struct.Struct("<I")

TellBytes = Callable[[int, int], None]
"""Is told how many bytes are done, of how many. May raise to stop."""


def tell_nobody(done: int, of: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class SnapshotHead:
    """The bytes before the list: the manifest and the issuer's signature."""

    manifest: bytes
    signature: bytes

    @property
    def size(self) -> int:
        """Bytes before the list."""
        return len(self.signed) + SIGNATURE_BYTES

    @property
    def signed(self) -> bytes:
        """The bytes that are signed: the beginning of the file, up to the signature.

        They begin with `MAGIC`, as nothing else that an issuer signs does.
        """
        return MAGIC + _LENGTH.pack(len(self.manifest)) + self.manifest

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the head; it names manifest, list and signature."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """The beginning of the file, up to the list."""
        return self.signed + self.signature


@contextmanager
def opened_snapshot(path: Path) -> Iterator[BinaryIO]:
    """The file at `path`, no link to it.

    Raises `KnownError` `vsnap_missing`, `vsnap_medium`, `vsnap_not_a_snapshot`.
    """
    try:
        file = open_regular(path, LARGEST_SNAPSHOT)
    except KnownError as error:
        raise Refusal.NOT_A_SNAPSHOT.error(path=path) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refusal.MISSING.error(path=path) from error
    except OSError as error:
        raise Refusal.MEDIUM.error(path=path) from error
    with file:
        yield file


def is_container(path: Path) -> bool:
    """Whether the file begins as a snapshot does; one that cannot be read does not."""
    try:
        with open_regular(path, LARGEST_SNAPSHOT) as file:
            return file.read(len(MAGIC)) == MAGIC
    except (OSError, KnownError):
        return False


def read_head(file: BinaryIO, path: Path) -> SnapshotHead:
    """Read from the beginning of `file` up to the list; `path` is for sentences.

    Raises `KnownError` `vsnap_truncated`, `vsnap_not_a_snapshot`, `vsnap_medium`.
    """
    start = _read(file, len(MAGIC), path)
    if start != MAGIC:
        fault = Refusal.TRUNCATED if MAGIC.startswith(start) else Refusal.NOT_A_SNAPSHOT
        raise fault.error(path=path)
    packed = _read(file, _LENGTH.size, path)
    if len(packed) < _LENGTH.size:
        raise Refusal.TRUNCATED.error(path=path)
    (length,) = _LENGTH.unpack(packed)
    if length > LARGEST_MANIFEST:
        raise Refusal.NOT_A_SNAPSHOT.error(path=path)
    manifest = _read(file, length, path)
    signature = _read(file, SIGNATURE_BYTES, path)
    if len(manifest) < length or len(signature) < SIGNATURE_BYTES:
        raise Refusal.TRUNCATED.error(path=path)
    return SnapshotHead(manifest, signature)


def read_manifest(path: Path) -> Manifest:
    """The manifest as the file has it; no signature is checked.

    Raises `KnownError` `vsnap_missing`, `vsnap_medium`, `vsnap_truncated`,
    `vsnap_not_a_snapshot`.
    """
    with opened_snapshot(path) as file:
        head = read_head(file, path)
    return parse_manifest(head, path)


def parse_manifest(head: SnapshotHead, path: Path) -> Manifest:
    """The manifest of a head.

    Raises `KnownError` `vsnap_not_a_snapshot`, `vsnap_newer_format`.
    """
    try:
        return Manifest.from_bytes(head.manifest)
    except NewerFormatError as error:
        needs = f"{error.needs} or later" if error.needs else "that the commission names"
        raise Refusal.NEWER_FORMAT.error(path=path, what=error.what, needs=needs) from error
    except ValueError as error:
        raise Refusal.NOT_A_SNAPSHOT.error(path=path) from error


def check_head(head: SnapshotHead, trusted: Sequence[PublicIdentity], path: Path) -> Manifest:
    """The manifest, signed by one of the trusted issuers.

    Raises `KnownError` `vsnap_signature`, `vsnap_unknown_issuer`, and as `parse_manifest` does
    (signed, but by a newer program).
    """
    for key in (one.signing_key for one in trusted if one.kind is IdentityKind.ISSUER):
        if key is not None and is_signed_by(key, head.signed, head.signature):
            manifest = parse_manifest(head, path)
            if manifest.issuer_key != key:
                raise Refusal.SIGNATURE.error(path=path)
            return manifest
    try:
        stranger = Manifest.from_bytes(head.manifest)
    except ValueError:
        stranger = None
    if stranger and is_signed_by(stranger.issuer_key, head.signed, head.signature):
        raise Refusal.UNKNOWN_ISSUER.error(path=path, issuer=stranger.issuer)
    raise Refusal.SIGNATURE.error(path=path)


def verify_container(
    path: Path, trusted: Sequence[PublicIdentity], told: TellBytes = tell_nobody
) -> Manifest:
    """Check every byte of a snapshot against the signature of a trusted issuer.

    Needs no secret. For whom the snapshot is and whether it may be used now is
    `loading`'s question. Raises `KnownError` as `read_head` and `check_head` do, and
    `vsnap_missing`, `vsnap_medium`, `vsnap_truncated`, `vsnap_hash`.
    """
    with opened_snapshot(path) as file:
        manifest = check_head(read_head(file, path), trusted, path)
        for _ in list_blocks(file, manifest, path, told):
            pass
    return manifest


def list_blocks(
    file: BinaryIO, manifest: Manifest, path: Path, told: TellBytes = tell_nobody
) -> Iterator[bytes]:
    """The list in blocks, from the position of `file` to its end.

    Ends without a fault only if it was the list that the manifest names; `told` hears that all
    is done only then. Raises
    `KnownError` `vsnap_truncated` for a list cut short, `vsnap_hash` for any other, and
    `vsnap_medium`.
    """
    digest, done = hashlib.sha256(), 0
    while block := _read(file, min(BLOCK, manifest.list_size - done), path):
        digest.update(block)
        done += len(block)
        yield block
        if done < manifest.list_size:
            told(done, manifest.list_size)
    if done < manifest.list_size:
        raise Refusal.TRUNCATED.error(path=path)
    if digest.hexdigest() != manifest.list_sha256 or _read(file, 1, path):
        raise Refusal.HASH.error(path=path)
    told(done, manifest.list_size)


def _read(file: BinaryIO, size: int, path: Path) -> bytes:
    """Up to `size` bytes, fewer only at the end of the file."""
    try:
        return file.read(size)
    except OSError as error:
        raise Refusal.MEDIUM.error(path=path) from error


@dataclass(frozen=True, slots=True)
class ManifestFields:
    """The centre's facts about a snapshot, beside its list.

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
    list_path: Path,
    fields: ManifestFields,
    signer: Signer,
    out: Path,
    told: TellBytes = tell_nobody,
) -> Manifest:
    """Write the snapshot of the list at `list_path` to `out`; whole or not at all.

    Everything that a list's header says, and the counts of voters, fingers and faces, are
    read from the list itself. An older file at `out` is replaced. Raises `KnownError` as
    `VoterList.open` and `write_fault` do, and `ValueError` for fields that no manifest
    can have.
    """
    manifest = _manifest(list_path, fields, signer)
    data = manifest.to_bytes()
    head = SnapshotHead(data, b"")
    head = SnapshotHead(data, signer.sign(head.signed))
    try:
        make_folder(out.parent, OTHERS_MAY_LOOK)
        with opened_snapshot(list_path) as source, new_file(out, READABLE) as file:
            file.write(head.to_bytes())
            for block in list_blocks(source, manifest, list_path, told):
                file.write(block)
    except OSError as error:
        raise write_fault(error, out) from error
    return manifest


def _manifest(list_path: Path, fields: ManifestFields, signer: Signer) -> Manifest:
    with closing(VoterList.open(list_path, fields.list_key)) as voters:
        header = voters.header
        counts = {
            "voters": voters.voters,
            "fingers": voters.fingers,
            "faces": voters.faces,
        } | dict(fields.counts)
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
