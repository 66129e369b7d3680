"""How a mirror begins: whose it is, and its key, sealed to the commission and signed.

    SAMIRR1 LF | length, 4 bytes little-endian | canonical JSON (RFC 8785) | Ed25519 signature

The signature, the station's, covers everything before it.
"""

import base64
import json
import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final

import rfc8785

from station_app.vault import Secret, Signer, derived_key, is_signed_by

MAGIC: Final = b"SAMIRR1\n"
SALT_BYTES: Final = 16
MARK_BYTES: Final = 8
_LENGTH: Final = struct.Struct("<I")
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
    """A name that may be shown: the header of a stranger is signed by the stranger."""
    if not isinstance(value, str) or not value.isprintable() or len(value) > _LONGEST_NAME:
        raise ValueError("it is not a name")
    return value
