"""Checkpoints: the signed heads of the tree.

The text is a C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint), the note around it
a C2SP signed-note (https://c2sp.org/signed-note) with one Ed25519 signature whose key
name is the origin.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from station_app.vault import Signer, is_signed_by

_ED25519: Final = b"\x01"
_NAME: Final = re.compile(r"[^\s+]+")
_NOTE: Final = re.compile(
    r"(?P<text>(?P<origin>[^\s+]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)"
    r"\n— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree of `size` leaves has the 32-byte `root`; `origin` names the log.

    Raises `ValueError` for an origin that cannot be a key name.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.origin):
            raise ValueError("an origin holds neither spaces nor plus signs")

    def text(self) -> bytes:
        """The bytes that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()

    def sign(self, signer: Signer) -> bytes:
        """The 64-byte signature."""
        return signer.sign(self.text())

    def is_signed(self, public_key: bytes, signature: bytes) -> bool:
        """Whether `signature` is `public_key`'s."""
        return is_signed_by(public_key, self.text(), signature)

    def note(self, public_key: bytes, signature: bytes) -> str:
        """The signed note, ready for a file or for another log's tools."""
        blob = base64.b64encode(_key_hash(self.origin, public_key) + signature).decode()
        return f"{self.text().decode()}\n— {self.origin} {blob}\n"


def read_note(note: str, public_key: bytes) -> Checkpoint:
    """The checkpoint of a signed note.

    Raises `ValueError` when the note is malformed or not signed by `public_key`.
    """
    match = _NOTE.fullmatch(note)
    if match is None:
        raise ValueError("it is not a signed checkpoint")
    root, blob = base64.b64decode(match["root"]), base64.b64decode(match["signature"])
    checkpoint = Checkpoint(match["origin"], int(match["size"]), root)
    if match["name"] != checkpoint.origin or blob[:4] != _key_hash(checkpoint.origin, public_key):
        raise ValueError("it is signed with another key")
    if not checkpoint.is_signed(public_key, blob[4:]):
        raise ValueError("its signature is not valid")
    # base64 leaves spare bits: only the canonical form is the note that was signed.
    if checkpoint.note(public_key, blob[4:]) != note:
        raise ValueError("it is not a signed checkpoint")
    return checkpoint


def verifier_key(origin: str, public_key: bytes) -> str:
    """The key (32 bytes) as tools for signed notes take it: name, key hash, algorithm and key."""
    key = base64.b64encode(_ED25519 + public_key).decode()
    return f"{origin}+{_key_hash(origin, public_key).hex()}+{key}"


def _key_hash(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:4]
