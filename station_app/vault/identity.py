"""Identities of stations and commissions: keys, public files, words to compare aloud.

Words and digits encode the first 66 bits of a hash: to find another key with the same words
takes 2**66 tries. Machines compare the whole hash.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from secrets import token_bytes
from typing import Any, Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault.disk import READABLE, replace_file
from station_app.vault.keys import SECRET_BYTES, Secret
from station_app.vault.seals import AgeIdentity, is_recipient
from station_app.vault.signatures import Signer
from station_app.vault.strict_json import bytes_of, canonical, read_record, text_of, write_record
from station_app.vault.untrusted_files import SmallFile

_WORDS: Final = 6
_BITS_A_WORD: Final = 11  # 2048 words
_GROUPS: Final = 4
_DIGITS_A_GROUP: Final = 5  # 10**20 is 66.4 bits


def spoken_words(digest: bytes) -> str:
    """Six English words of the BIP-39 list for a digest of 16 bytes or more."""
    bits = int.from_bytes(digest[:16], "big") >> (128 - _WORDS * _BITS_A_WORD)
    places = range((_WORDS - 1) * _BITS_A_WORD, -1, -_BITS_A_WORD)
    return " ".join(_list()[bits >> place & (1 << _BITS_A_WORD) - 1] for place in places)


def spoken_digits(digest: bytes) -> str:
    """Four groups of five digits, for any language, for a digest of 16 bytes or more."""
    size = _GROUPS * _DIGITS_A_GROUP
    digits = f"{int.from_bytes(digest[:16], 'big') * 10**size >> 128:0{size}d}"
    return " ".join(
        digits[start : start + _DIGITS_A_GROUP] for start in range(0, size, _DIGITS_A_GROUP)
    )


@cache
def _list() -> tuple[str, ...]:
    file = resources.files("station_app") / "content" / "words" / "english.txt"
    return tuple(file.read_text(encoding="ascii").split())


_FORMAT: Final = "station-app/public-identity/1"
IDENTITY_MEMBERS: Final = ("kind", "name", "recipient", "signing_key")
_FILE: Final = SmallFile(
    "identity",
    "public identity",
    "Copy it again from the station or the commission it belongs to.",
    limit=4096,
)
# Letters and digits of any script, so that a name is a file's name and a line on a screen.
_NAME: Final = re.compile(r"\w[\w.-]*(?: [\w.-]+)*")
_LONGEST_NAME: Final = 64


class IdentityKind(StrEnum):
    """The use of a public identity."""

    STATION = "station"
    ISSUER = "issuer"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class PublicIdentity:
    """The public part of an identity: a file that people hand on and compare aloud.

    `signing_key` is an Ed25519 key (32 bytes), `recipient` an age recipient (`age1...`). A station
    has both, an issuer signs, a recipient opens what is sealed to it. `name` has at most 64
    letters and digits of any script, `.`, `-`, `_` and, except for stations, single spaces between
    them. Raises `ValueError` otherwise.
    """

    kind: IdentityKind
    name: str
    signing_key: bytes | None
    recipient: str | None

    def __post_init__(self) -> None:
        check_name(self.name, spaces=self.kind is not IdentityKind.STATION)
        if (self.signing_key is None) is not (self.kind is IdentityKind.RECIPIENT):
            raise ValueError("a station or an issuer has a signing key, a recipient has none")
        if (self.recipient is None) is not (self.kind is IdentityKind.ISSUER):
            raise ValueError("a station or a recipient has a recipient, an issuer has none")
        if self.signing_key is not None and len(self.signing_key) != SECRET_BYTES:
            raise ValueError(f"a signing key has {SECRET_BYTES} bytes")
        if self.recipient is not None and not is_recipient(self.recipient):
            raise ValueError("the recipient is not an age recipient")

    @property
    def file_name(self) -> str:
        """Its file name: `<name>.<kind>.json`."""
        return f"{self.name}.{self.kind}.json"

    def fingerprint(self) -> bytes:
        """The SHA-256 (32 bytes) of the identity's canonical form."""
        return hashlib.sha256(canonical(self.to_record())).digest()

    def words(self) -> str:
        """Six English words to compare aloud; 66 bits of the fingerprint."""
        return spoken_words(self.fingerprint())

    def digits(self) -> str:
        """Four groups of five digits to compare aloud; 66 bits of the fingerprint."""
        return spoken_digits(self.fingerprint())

    def save(self, folder: Path) -> Path:
        """Write the file into `folder`, readable by all, and return its path.

        Raises `KnownError` `identity_exists` where another identity has the file, and what
        `vault.disk.write_fault` says.
        """
        path = folder / self.file_name
        self.write(path)
        return path

    def write(self, path: Path) -> None:
        """Write the file at `path`; raises as `save` does."""
        if path.exists() and PublicIdentity.load(path) != self:
            raise KnownError(
                Code.IDENTITY_EXISTS,
                f"{path} is another identity of the same name. Compare both aloud; "
                "remove the file if its keys are no longer in use.",
            )
        replace_file(path, self.to_bytes(), READABLE)

    @classmethod
    def load(cls, path: Path) -> "PublicIdentity":
        """Read the file at `path`; its name does not matter.

        Raises `KnownError`: `identity_missing`, `identity_unreadable`, `identity_damaged`
        (it is no public identity, or not a whole one).
        """
        data = _FILE.read(path)
        try:
            return cls.from_bytes(data)
        except ValueError as error:
            raise _FILE.damaged(path) from error

    @classmethod
    def load_all(cls, folder: Path, kind: IdentityKind) -> "tuple[PublicIdentity, ...]":
        """The identities of a kind in the files of `folder`, by file name.

        Raises `KnownError` as `load` does, for the first bad file.
        """
        return tuple(cls.load(path) for path in sorted(folder.glob(f"*.{kind}.json")))

    def to_bytes(self) -> bytes:
        """The content of the identity's file."""
        return write_record(self.to_record())

    @classmethod
    def from_bytes(cls, data: bytes) -> "PublicIdentity":
        """The identity whose file has this content. Raises `ValueError`."""
        return cls.from_record(read_record(data, _FORMAT, IDENTITY_MEMBERS))

    def to_record(self) -> dict[str, Any]:
        """The identity as a JSON object."""
        return {
            "format": _FORMAT,
            "kind": self.kind.value,
            "name": self.name,
            "recipient": self.recipient,
            "signing_key": None if self.signing_key is None else self.signing_key.hex(),
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "PublicIdentity":
        """The identity of an object with `IDENTITY_MEMBERS`. Raises `ValueError`."""
        signing_key, recipient = record["signing_key"], record["recipient"]
        return cls(
            IdentityKind(record["kind"]),
            text_of(record["name"]),
            None if signing_key is None else bytes_of(signing_key, SECRET_BYTES),
            None if recipient is None else text_of(recipient),
        )


@dataclass(frozen=True, slots=True)
class StationIdentity:
    """A station's own keys: the seed it signs with, and the key that opens files sealed to it."""

    signing_seed: Secret
    age: AgeIdentity

    @classmethod
    def generate(cls) -> "StationIdentity":
        """Fresh keys from the operating system's random source."""
        return cls(Secret(token_bytes(SECRET_BYTES)), AgeIdentity.generate())

    def signer(self) -> Signer:
        """Signs with the station's key."""
        return Signer(self.signing_seed)

    def public(self, name: str) -> PublicIdentity:
        """The public part, under the station's name. Raises `ValueError` for a bad name."""
        return PublicIdentity(
            IdentityKind.STATION, name, self.signer().public_key, self.age.recipient
        )


def check_name(name: str, *, spaces: bool = True) -> None:
    """Raises `ValueError` for a name no identity can have (see `PublicIdentity`)."""
    good = (
        len(name) <= _LONGEST_NAME
        and unicodedata.is_normalized("NFC", name)
        and _NAME.fullmatch(name)
        and (spaces or " " not in name)
    )
    if not good:
        raise ValueError(
            f"a name has 1 to {_LONGEST_NAME} letters and digits; between them . - _"
            + (" and single spaces" if spaces else "")
        )
