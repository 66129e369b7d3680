"""The file of a takeover pack, `*.takeover`.

    STAKEOVER1 LF | length, 4 bytes little-endian | canonical JSON | Ed25519 signature | a *.vsnap

The issuer's signature covers everything before it, and by the digest of its head the snapshot
too. Anybody may read it; the keys in it are sealed to the spare (docs/formats.md).
"""

import hashlib
import shutil
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from station_app.domain.errors import KnownError
from station_app.snapshots.container import BLOCK, opened, read_head
from station_app.snapshots.refusals import Refusal
from station_app.snapshots.takeover_pack import SUFFIX, TakeoverPack
from station_app.vault import (
    OTHERS_MAY_LOOK,
    READABLE,
    IdentityKind,
    PublicIdentity,
    Signer,
    is_signed_by,
    make_folder,
    new_file,
    write_fault,
)

MAGIC: Final = b"STAKEOVER1\n"
_LENGTH: Final = struct.Struct("<I")
_LONGEST: Final = 1 << 20
_SIGNATURE_BYTES: Final = 64


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

    Raises `KnownError` as `opened` and `write_fault` do.
    """
    text = pack.to_bytes()
    signed = MAGIC + _LENGTH.pack(len(text)) + text
    path = out / pack.file_name
    try:
        make_folder(out, OTHERS_MAY_LOOK)
        with opened(snapshot) as source, new_file(path, READABLE) as file:
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
            "takeover_signature",
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
    with opened(out) as file:
        try:
            digest = read_head(file, out).digest
        except KnownError:
            digest = ""
    if digest != found.pack.snapshot_head.hex():
        raise KnownError(
            "takeover_other_snapshot",
            f"The list in {found.path} is not the one that was signed. Copy the pack again.",
        )


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with opened(path) as file:
            yield file
    except KnownError as fault:
        if fault.code == Refusal.MISSING:
            raise KnownError(
                "takeover_missing",
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
        "takeover_medium",
        f"The pack {path} could not be read to its end. Put the medium back in and try again.",
    )


def _not_a_pack(path: Path) -> KnownError:
    return KnownError(
        "takeover_not_a_pack",
        f"{path} is not a takeover pack that this program reads. Choose the *{SUFFIX} file, or "
        "update this program.",
    )


def _truncated(path: Path) -> KnownError:
    return KnownError(
        "takeover_truncated", f"The pack {path} is cut short. Copy it again from the commission."
    )
