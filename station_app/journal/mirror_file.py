"""The file of a mirror: a header, then frames, each synced before the next; and its faults.

The header says whose mirror it is and has its key, sealed to the commission; the station's
signature covers everything before it:

    SAMIRR1 LF | length, 4 bytes little-endian | canonical JSON (RFC 8785) | Ed25519 signature

A frame holds some entries, sealed:

    mark, 8 bytes | length, 4 bytes little-endian | nonce, 12 | encrypted entries | tag, 16

The context of the encryption is the SHA-256 of the mirror's header. An entry inside is its
number (8 bytes), root (32), signature (64), the length of its leaf (4) and the leaf; numbers
are little-endian.

Because a frame is synced before the next one is begun, only the last can be torn: a frame
that does not open is a torn end if no whole frame follows it, else it was changed.
"""

import base64
import errno
import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

import rfc8785

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault import FrameCipher, Secret, Signer, derived_key, is_signed_by

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def mirror_missing(folder: Path) -> KnownError:
    """The medium is not in, or does not respond."""
    return KnownError(
        Code.MIRROR_MISSING,
        f"There is no mirror in {folder}. Put its medium in, and check the name of the folder.",
    )


def mirror_fault(error: OSError, path: Path) -> KnownError:
    """A medium that could not be read or written: `mirror_full`, `mirror_unwritable`,
    `mirror_missing` (it was pulled out, or is broken).
    """
    if error.errno in _FULL:
        return KnownError(
            Code.MIRROR_FULL,
            f"The mirror's medium is full: {path} cannot grow. Put in an empty one.",
        )
    if error.errno in _FORBIDDEN:
        return KnownError(
            Code.MIRROR_UNWRITABLE,
            f"{path} may not be written. Unlock the medium's switch, or give this user "
            "write permission there.",
        )
    return mirror_missing(path.parent)


def mirror_damaged(path: Path) -> KnownError:
    """It is no mirror, or bytes in the middle of it have changed."""
    return KnownError(
        Code.MIRROR_DAMAGED,
        f"The mirror {path} was changed or is damaged. Keep it for the commission, and put in "
        "an empty medium.",
    )


def mirror_foreign(path: Path) -> KnownError:
    """Another station's mirror is on the medium; it is never written to."""
    return KnownError(
        Code.MIRROR_FOREIGN,
        f"{path} is the mirror of another station. Give that medium back to its station, and "
        "put in this station's own.",
    )


def mirror_same_disk(folder: Path) -> KnownError:
    """The folder for the second medium is on the journal's own disk."""
    return KnownError(
        Code.MIRROR_SAME_DISK,
        f"{folder} lies on the same disk as the journal. Name a folder on a second medium in "
        "the settings, and check that the medium is mounted.",
    )


def mirror_without_recipient() -> KnownError:
    """Nobody could open the mirror but the station itself."""
    return KnownError(
        Code.MIRROR_WITHOUT_RECIPIENT,
        "No recipient of the commission is pinned, so nobody could open the mirror of a station "
        "that has died. Set the station up anew with a recipient.",
    )


def differs_from_mirror(path: Path, number: int) -> KnownError:
    """The mirror has a different or a longer history than the journal."""
    return KnownError(
        Code.JOURNAL_ROLLED_BACK,
        f"The journal is not the one whose mirror is {path} (entry {number}): an old or changed "
        "copy lies in its place. Do not use it; call the commission's technician.",
    )


MAGIC: Final = b"SAMIRR1\n"
SALT_BYTES: Final = 16
MARK_BYTES: Final = 8
_LONGEST: Final = 1 << 16
_LONGEST_NAME: Final = 200
_SIGNATURE_BYTES: Final = 64
_PUBLIC_KEY_BYTES: Final = 32
_PURPOSE: Final = b"station-app/journal-mirror/1\n"


@dataclass(frozen=True, slots=True)
class MirrorHeader:
    """Whose mirror it is.

    `origin` and `public_key` (32 bytes) are those of the journal; `salt` (16 random bytes) is
    this mirror's own; `sealed_key` is an age file with its 32-byte key. Raises `ValueError`
    for values that no header has.
    """

    station: str
    origin: str
    public_key: bytes
    salt: bytes
    sealed_key: bytes

    def __post_init__(self) -> None:
        if len(self.public_key) != _PUBLIC_KEY_BYTES or len(self.salt) != SALT_BYTES:
            raise ValueError("a key or a salt has another length")

    def to_bytes(self, signer: Signer) -> bytes:
        """The beginning of the file, signed."""
        text = rfc8785.dumps(
            {
                "origin": self.origin,
                "public_key": self.public_key.hex(),
                "salt": self.salt.hex(),
                "sealed_key": base64.b64encode(self.sealed_key).decode(),
                "station": self.station,
            }
        )
        signed = MAGIC + _LENGTH.pack(len(text)) + text
        return signed + signer.sign(signed)


@dataclass(frozen=True, slots=True)
class ReadHeader:
    """A header as it was read: `digest` names its bytes, `end` is where the frames begin."""

    header: MirrorHeader
    digest: bytes
    end: int

    @property
    def mark(self) -> bytes:
        """The 8 bytes each frame of this mirror begins with."""
        return self.digest[:MARK_BYTES]


def read_header(file: BinaryIO) -> ReadHeader:
    """Read from the beginning of `file` up to the frames.

    Raises `ValueError` for anything that `MirrorHeader.to_bytes` would not have written with
    the key that it names.
    """
    start = file.read(len(MAGIC) + _LENGTH.size)
    if not start.startswith(MAGIC) or len(start) < len(MAGIC) + _LENGTH.size:
        raise ValueError("it is not a mirror")
    (length,) = _LENGTH.unpack(start[len(MAGIC) :])
    if length > _LONGEST:
        raise ValueError("it is not a mirror's header")
    text, signature = file.read(length), file.read(_SIGNATURE_BYTES)
    header = _parse(text)
    if not is_signed_by(header.public_key, start + text, signature):
        raise ValueError("its header is not signed by its station")
    whole = start + text + signature
    return ReadHeader(header, sha256(whole).digest(), len(whole))


def mirror_key(journal_key: Secret, salt: bytes) -> Secret:
    """The mirror's key, which the station makes again from its journal's key (HKDF)."""
    return derived_key(_PURPOSE + salt, journal_key)


def _parse(text: bytes) -> MirrorHeader:
    try:
        values = json.loads(text)
        return MirrorHeader(
            station=_text(values["station"]),
            origin=_text(values["origin"]),
            public_key=bytes.fromhex(values["public_key"]),
            salt=bytes.fromhex(values["salt"]),
            sealed_key=base64.b64decode(values["sealed_key"], validate=True),
        )
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("it is not a mirror's header") from error


def _text(value: object) -> str:
    """A name that is safe to show: a foreign header is signed by whoever wrote it."""
    if not isinstance(value, str) or not value.isprintable() or len(value) > _LONGEST_NAME:
        raise ValueError("it is not a name")
    return value


_LENGTH: Final = struct.Struct("<I")
_ENTRY: Final = struct.Struct("<Q32s64sI")
_START: Final = MARK_BYTES + _LENGTH.size
LARGEST_FRAME: Final = 1 << 24
"""Bytes; a larger length is damage, and nothing more is read."""
LARGEST_MIRROR: Final = 1 << 30
"""Bytes of a whole mirror, some two million entries."""
_MOST_MARKS: Final = 16
"""Marks after a frame that does not open. Only by chance does one follow a torn frame."""


@dataclass(frozen=True, slots=True)
class MirroredEntry:
    """One entry: its number, its leaf, the root (32 bytes) of the tree it completes, and the
    station's signature (64) of that checkpoint.
    """

    number: int
    leaf: bytes
    root: bytes
    signature: bytes


class Frames:
    """Seals and opens the frames of the mirror with this header and key."""

    def __init__(self, header: ReadHeader, key: Secret) -> None:
        self._header = header
        self._cipher = FrameCipher(key)

    def seal(self, entries: Iterable[MirroredEntry]) -> bytes:
        """The bytes of one frame. Raises `ValueError` for more than a frame can hold."""
        plain = b"".join(
            _ENTRY.pack(one.number, one.root, one.signature, len(one.leaf)) + one.leaf
            for one in entries
        )
        sealed = self._cipher.seal(plain, self._header.digest)
        if len(sealed) > LARGEST_FRAME:
            raise ValueError("these entries are too many for one frame")
        return self._header.mark + _LENGTH.pack(len(sealed)) + sealed

    def read(self, file: BinaryIO) -> Iterator[tuple[int, tuple[MirroredEntry, ...]]]:
        """Each frame's entries, with the offset where the frame ends; `file` is at its start.

        Ends where the file does or is torn. Raises `ValueError` where it was changed.
        """
        end = self._header.end
        file.seek(end)
        while start := file.read(_START):
            entries = self._opened(start, file)
            if entries is None:
                self._refuse_followed(file, end)
                return
            end = file.tell()
            yield end, entries

    def _opened(self, start: bytes, file: BinaryIO) -> tuple[MirroredEntry, ...] | None:
        """The entries of the frame that begins with `start`; None where it does not open."""
        if len(start) < _START or not start.startswith(self._header.mark):
            return None
        (length,) = _LENGTH.unpack(start[MARK_BYTES:])
        if length > LARGEST_FRAME:
            return None
        sealed = file.read(length)
        if len(sealed) < length:
            return None
        try:
            return _entries(self._cipher.open(sealed, self._header.digest))
        except ValueError:
            return None

    def _refuse_followed(self, file: BinaryIO, bad: int) -> None:
        """Raise `ValueError` if more than one torn frame, or a whole one, follows from `bad`.

        Each mark may be a frame's beginning; opening it costs up to a frame's length. Somebody
        who repeats the mark would have every one opened, so a few are, and more are damage.
        """
        file.seek(bad)
        rest = file.read(_START + LARGEST_FRAME + 1)
        if len(rest) > _START + LARGEST_FRAME:
            raise ValueError("it goes on beyond any frame")
        at, tried = rest.find(self._header.mark, 1), 0
        while at >= 0:
            tried += 1
            if tried > _MOST_MARKS:
                raise ValueError("more frames begin in it than any writer left")
            file.seek(bad + at)
            if self._opened(file.read(_START), file) is not None:
                raise ValueError("bytes in the middle of it have changed")
            at = rest.find(self._header.mark, at + 1)


def is_next(entries: Sequence[MirroredEntry], upto: int) -> bool:
    """Whether the entries of a frame follow number `upto`: no frame is missing or repeated."""
    return [one.number for one in entries] == list(range(upto + 1, upto + 1 + len(entries)))


def _entries(plain: bytes) -> tuple[MirroredEntry, ...]:
    """Raises `ValueError` for what `Frames.seal` has not sealed."""
    found, at = [], 0
    while at < len(plain):
        if at + _ENTRY.size > len(plain):
            raise ValueError("an entry is cut short")
        number, root, signature, length = _ENTRY.unpack_from(plain, at)
        at += _ENTRY.size
        leaf = plain[at : at + length]
        if len(leaf) < length:
            raise ValueError("an entry is cut short")
        found.append(MirroredEntry(number, leaf, root, signature))
        at += length
    return tuple(found)
