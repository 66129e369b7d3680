"""Ed25519 signatures (RFC 8032), and texts that have one as their last line.

They are made with `cryptography` and checked with libsodium: that takes half the time, which
matters for long journals, and lets other threads run meanwhile.

The signed bytes of a text are `station-app/<what>/1`, a line feed, the last line without its
signature, a line feed, and everything above that line. Two persons agree to each text; which
text is the newest is sealed with the station's secrets (`marks`).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from station_app.vault.keys import Secret

_KEY_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64


@final
class Signer:
    """Signs with the Ed25519 key whose 32-byte seed is `seed`."""

    __slots__ = ("_key", "public_key")

    def __init__(self, seed: Secret) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed.reveal())
        self.public_key: bytes = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of `message`."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return f"Signer(public_key={self.public_key.hex()})"


def is_signed_by(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) of `message` was made with `public_key` (32 bytes).

    Anything malformed is simply not a signature.
    """
    # libsodium looks at neither length.
    if len(public_key) != _KEY_BYTES or len(signature) != _SIGNATURE_BYTES:
        return False
    try:
        crypto_sign_open(signature + message, public_key)
    except BadSignatureError:
        return False
    return True


_LAST_LINE: Final = re.compile(
    rb"# (revision ([1-9][0-9]{0,8}), agreed by ([a-z0-9 -]{0,200}), signed by the station): "
    rb"([0-9a-f]{128})\n"
)
SET_UP: Final = "set-up"
"""Stands in for the ids when a station is set up: nobody can unlock it yet."""


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text, its revision, the ids of those who agreed, and the file's hex SHA-256."""

    text: str
    revision: int
    by: str
    sha256: str


def sign_text(what: str, text: str, revision: int, by: Sequence[str], signer: Signer) -> bytes:
    """The bytes of the file: `text`, which ends with a line feed, and the line that signs it."""
    if not text.endswith("\n"):
        raise ValueError("a signed text ends with a line feed")
    line = f"revision {revision}, agreed by {' '.join(by)}, signed by the station"
    signature = signer.sign(_message(what, line.encode(), text.encode()))
    data = f"{text}# {line}: {signature.hex()}\n".encode()
    if _LAST_LINE.fullmatch(data[len(text.encode()) :]) is None:
        raise ValueError("its number or its ids cannot be written")
    return data


def is_signed(data: bytes) -> bool:
    """Whether the file ends with a line that signs it, genuine or not."""
    return _LAST_LINE.fullmatch(_split(data)[1]) is not None


def read_signed_text(what: str, data: bytes, key: bytes) -> SignedText | None:
    """The text of a file that the Ed25519 key (32 bytes) has signed as `what`; else None."""
    text, last = _split(data)
    found = _LAST_LINE.fullmatch(last)
    if found is None:
        return None
    line, revision, by, signature = found.groups()
    if not is_signed_by(key, _message(what, line, text), bytes.fromhex(signature.decode())):
        return None
    digest = hashlib.sha256(data).hexdigest()
    return SignedText(text.decode(), int(revision), by.decode(), digest)


def _split(data: bytes) -> tuple[bytes, bytes]:
    start = data.rfind(b"\n", 0, max(0, len(data) - 1)) + 1
    return data[:start], data[start:]


def _message(what: str, line: bytes, text: bytes) -> bytes:
    """The signed bytes. A checkpoint has a number in its second line, so it never equals these."""
    return f"station-app/{what}/1\n".encode() + line + b"\n" + text
