"""The file of a takeover pack, `*.takeover`.

    STAKEOVER1 LF | length, 4 bytes little-endian | canonical JSON | Ed25519 signature | a *.vsnap

The issuer's signature covers everything before it, and by the digest of its head the snapshot
too. Anybody may read it; the keys in it are sealed to the spare (docs/formats.md).
"""

import base64
import hashlib
import json
import re
import shutil
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import rfc8785

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.snapshots.container import BLOCK, opened_snapshot, read_head
from station_app.snapshots.refusals import Refusal
from station_app.vault import (
    OTHERS_MAY_LOOK,
    READABLE,
    AgeIdentity,
    IdentityKind,
    PublicIdentity,
    Secret,
    Signer,
    is_signed_by,
    make_folder,
    new_file,
    seal,
    unseal,
    write_fault,
)

SUFFIX: Final = ".takeover"
MAGIC: Final = b"STAKEOVER1\n"
_LENGTH: Final = struct.Struct("<I")
_LONGEST: Final = 1 << 20
_SIGNATURE_BYTES: Final = 64
_STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"
_KEY: Final = re.compile(r"[0-9a-f]{64}")

MirrorKeys = Mapping[bytes, Secret]
"""The keys of mirrors, by the salts in their headers."""


@dataclass(frozen=True, slots=True)
class OriginalStation:
    """The station that has died: its name, its journal's origin and public key (32 bytes), its
    precinct.
    """

    station: str
    origin: str
    public_key: bytes
    precinct: str


@dataclass(frozen=True, slots=True)
class TakeoverPack:
    """The commission's order: which station has died, which spare continues, who may unlock it.

    `made` is in UTC to the second. `spare_fingerprint` is that of the spare's public identity
    (32 bytes). `heads` are signed notes of the original's journal that have been seen.
    `sealed_keys` is an age file with the keys of its mirrors, empty for none. `snapshot_head`
    (32 bytes) is the digest of the snapshot's head, `snapshot_size` its bytes.
    """

    made: datetime
    issuer: str
    issuer_key: bytes
    original: OriginalStation
    spare: str
    spare_fingerprint: bytes
    people: tuple[Person, ...]
    heads: tuple[str, ...]
    sealed_keys: bytes
    snapshot_head: bytes
    snapshot_size: int

    @property
    def file_name(self) -> str:
        """The file's name, `<original>-by-<spare>.takeover`."""
        return f"{self.original.station}-by-{self.spare}{SUFFIX}"

    def mirror_keys(self, identity: AgeIdentity) -> MirrorKeys:
        """The keys in it, opened by the spare. Raises `KnownError` as `unseal` does."""
        if not self.sealed_keys:
            return {}
        found = json.loads(unseal(self.sealed_keys, identity))
        return {bytes.fromhex(salt): Secret(bytes.fromhex(key)) for salt, key in found.items()}

    def to_bytes(self) -> bytes:
        """The canonical JSON."""
        return rfc8785.dumps(
            {
                "original": {
                    "origin": self.original.origin,
                    "precinct": self.original.precinct,
                    "public_key": self.original.public_key.hex(),
                    "station": self.original.station,
                },
                "heads": list(self.heads),
                "issuer": {"name": self.issuer, "public_key": self.issuer_key.hex()},
                "made": self.made.strftime(_STAMP),
                "people": [
                    {"id": one.id, "name": one.name, "role": one.role.value} for one in self.people
                ],
                "sealed_keys": base64.b64encode(self.sealed_keys).decode(),
                "snapshot": {"head": self.snapshot_head.hex(), "size": self.snapshot_size},
                "spare": {"fingerprint": self.spare_fingerprint.hex(), "station": self.spare},
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "TakeoverPack":
        """The inverse of `to_bytes`. Raises `ValueError` for what it would not write."""
        try:
            pack = _read(json.loads(data))
            written = pack.to_bytes()
        except (
            KeyError,
            TypeError,
            AttributeError,
            RecursionError,
            rfc8785.CanonicalizationError,
        ) as error:
            raise ValueError("it is not a takeover pack") from error
        if written != data:
            raise ValueError("it is not in canonical form")
        return pack


def seal_mirror_keys(keys: MirrorKeys, spare: PublicIdentity) -> bytes:
    """The keys as an age file that the spare alone opens; nothing for none."""
    if not keys:
        return b""
    assert spare.recipient is not None, "a station has a recipient"
    plain = rfc8785.dumps({salt.hex(): key.reveal().hex() for salt, key in keys.items()})
    return seal(plain, [spare.recipient])


def _read(values: dict[str, Any]) -> TakeoverPack:
    original, spare, snapshot = values["original"], values["spare"], values["snapshot"]
    return TakeoverPack(
        made=datetime.strptime(values["made"], _STAMP).replace(tzinfo=UTC),
        issuer=_text(values["issuer"]["name"]),
        issuer_key=_key(values["issuer"]["public_key"]),
        original=OriginalStation(
            _text(original["station"]),
            _text(original["origin"]),
            _key(original["public_key"]),
            _text(original["precinct"]),
        ),
        spare=_text(spare["station"]),
        spare_fingerprint=_key(spare["fingerprint"]),
        people=tuple(Person(one["id"], one["name"], Role(one["role"])) for one in values["people"]),
        heads=tuple(map(_text, values["heads"])),
        sealed_keys=base64.b64decode(values["sealed_keys"], validate=True),
        snapshot_head=_key(snapshot["head"]),
        snapshot_size=_size(snapshot["size"]),
    )


def _size(value: object) -> int:
    if type(value) is not int or not 0 < value < 2**53:
        raise ValueError("it is not a size")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("it is not a text")  # noqa: TRY004  (what was read, not what was passed)
    return value


def _key(text: str) -> bytes:
    if not _KEY.fullmatch(text):
        raise ValueError("it is not 32 bytes in hex")
    return bytes.fromhex(text)


@dataclass(frozen=True, slots=True)
class OpenedPack:
    """A pack that a trusted issuer has signed: its file, where in it the snapshot begins, and
    the hex SHA-256 of what stands before that, which names the whole.
    """

    pack: TakeoverPack
    path: Path
    snapshot_at: int
    sha256: str


def write_pack(pack: TakeoverPack, snapshot: Path, signer: Signer, out: Path) -> Path:
    """Sign the pack and write it with its snapshot into the folder `out`, whole or not at all.

    Raises `KnownError` as `opened_snapshot` and `write_fault` do.
    """
    text = pack.to_bytes()
    signed = MAGIC + _LENGTH.pack(len(text)) + text
    path = out / pack.file_name
    try:
        make_folder(out, OTHERS_MAY_LOOK)
        with opened_snapshot(snapshot) as source, new_file(path, READABLE) as file:
            file.write(signed + signer.sign(signed))
            shutil.copyfileobj(source, file, BLOCK)
    except OSError as error:
        raise write_fault(error, path) from error
    return path


def open_pack(path: Path, trusted: Sequence[PublicIdentity]) -> OpenedPack:
    """The pack at `path`, signed by one of the trusted issuers.

    Nothing unsigned is parsed. Raises `KnownError`: `takeover_missing`, `takeover_medium`,
    `takeover_not_a_pack`, `takeover_truncated`, `takeover_signature`.
    """
    with _opened(path) as file:
        start = file.read(len(MAGIC) + _LENGTH.size)
        if not start.startswith(MAGIC) or len(start) < len(MAGIC) + _LENGTH.size:
            raise _not_a_pack(path)
        (length,) = _LENGTH.unpack(start[len(MAGIC) :])
        if length > _LONGEST:
            raise _not_a_pack(path)
        text, signature = file.read(length), file.read(_SIGNATURE_BYTES)
        if len(text) + len(signature) < length + _SIGNATURE_BYTES:
            raise _truncated(path)
        signed, end = start + text, file.tell()
    keys = [one.signing_key for one in trusted if one.kind is IdentityKind.ISSUER]
    key = next((key for key in keys if key and is_signed_by(key, signed, signature)), None)
    if key is None:
        raise KnownError(
            Code.TAKEOVER_SIGNATURE,
            f"{path} is not signed by an issuer that this station trusts, or was changed. Do not "
            "use it; ask the commission for another copy.",
        )
    try:
        pack = TakeoverPack.from_bytes(text)
    except ValueError as error:
        raise _not_a_pack(path) from error
    return OpenedPack(pack, path, end, hashlib.sha256(signed + signature).hexdigest())


def extract_snapshot(found: OpenedPack, out: Path) -> None:
    """Write the snapshot to the file `out`; loading it checks its list.

    Raises `KnownError` as `open_pack` does for reading, `takeover_truncated`,
    `takeover_other_snapshot` (it is not the signed one), and as `write_fault` says.
    """
    with _opened(found.path) as source:
        source.seek(found.snapshot_at)
        try:
            with new_file(out) as file:
                for block in _blocks(source, found):
                    file.write(block)
        except OSError as error:
            raise write_fault(error, out) from error
    with opened_snapshot(out) as file:
        try:
            digest = read_head(file, out).digest
        except KnownError:
            digest = ""
    if digest != found.pack.snapshot_head.hex():
        raise KnownError(
            Code.TAKEOVER_OTHER_SNAPSHOT,
            f"The list in {found.path} is not the one that was signed. Copy the pack again.",
        )


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with opened_snapshot(path) as file:
            yield file
    except KnownError as fault:
        if fault.code == Refusal.MISSING:
            raise KnownError(
                Code.TAKEOVER_MISSING,
                f"There is no takeover pack {path}. Check the name, and that the medium is in.",
            ) from fault
        if fault.code == Refusal.MEDIUM:
            raise _unreadable(path) from fault
        if fault.code == Refusal.NOT_A_SNAPSHOT:
            raise _not_a_pack(path) from fault
        raise
    except OSError as error:
        raise _unreadable(path) from error


def _blocks(source: BinaryIO, found: OpenedPack) -> Iterator[bytes]:
    """The snapshot, as long as it should be."""
    left = found.pack.snapshot_size
    while left:
        try:
            block = source.read(min(BLOCK, left))
        except OSError as error:
            raise _unreadable(found.path) from error
        if not block:
            raise _truncated(found.path)
        left -= len(block)
        yield block


def _unreadable(path: Path) -> KnownError:
    return KnownError(
        Code.TAKEOVER_MEDIUM,
        f"The pack {path} could not be read to its end. Put the medium back in and try again.",
    )


def _not_a_pack(path: Path) -> KnownError:
    return KnownError(
        Code.TAKEOVER_NOT_A_PACK,
        f"{path} is not a takeover pack that this program reads. Choose the *{SUFFIX} file, or "
        "update this program.",
    )


def _truncated(path: Path) -> KnownError:
    return KnownError(
        Code.TAKEOVER_TRUNCATED, f"The pack {path} is cut short. Copy it again from the commission."
    )
