"""A station's secrets, in one file under the key that two persons have together."""

from dataclasses import dataclass, replace
from secrets import token_bytes
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from station_app.vault.identity import StationIdentity
from station_app.vault.keys import SEALED_SECRETS, SECRET_BYTES, Secret, derived_key
from station_app.vault.marks import NO_MARKS, Marks
from station_app.vault.seals import AgeIdentity
from station_app.vault.strict_json import bytes_of, canonical, read_object, text_of
from station_app.vault.untrusted_files import SmallFile
from station_app.vault.wrapping import NONCE_BYTES, TAG_BYTES

FILE: Final = SmallFile(
    "secrets",
    "file of this station's secrets",
    "Put it back from the same copy as the file of people, or set the station up again.",
    limit=65536,
)
_MAGIC: Final = b"SASEAL2\n"
_MEMBERS: Final = ("age_identity", "journal_key", "marks", "signing_seed")
_FIRST_MAGIC: Final = b"SASEAL1\n"
_FIRST_MEMBERS: Final = ("age_identity", "journal_key", "signing_seed")
"""Of the first version, which had no marks; still read, written no more."""


@dataclass(frozen=True, slots=True)
class StationSecrets:
    """The station's identity, the key of its journal, and its marks."""

    identity: StationIdentity
    journal_key: Secret
    marks: Marks = NO_MARKS

    @classmethod
    def generate(cls) -> "StationSecrets":
        """Fresh secrets from the operating system's random source."""
        return cls(StationIdentity.generate(), Secret(token_bytes(SECRET_BYTES)))

    def marked(self, marks: Marks) -> "StationSecrets":
        """The same secrets with other marks."""
        return replace(self, marks=marks)

    def seal(self, key: Secret, station: str) -> bytes:
        """The file's bytes under the station's key, for the station of that name."""
        nonce = token_bytes(NONCE_BYTES)
        plain = canonical(
            {
                "age_identity": self.identity.age.reveal().decode(),
                "journal_key": self.journal_key.reveal().hex(),
                "marks": self.marks.to_record(),
                "signing_seed": self.identity.signing_seed.reveal().hex(),
            }
        )
        return _MAGIC + nonce + _cipher(key).encrypt(nonce, plain, _context(_MAGIC, station))

    @classmethod
    def open(cls, data: bytes, key: Secret, station: str) -> "StationSecrets":
        """The inverse of `seal`. Raises `ValueError` where key, station or bytes are others."""
        magic = data[: len(_MAGIC)]
        nonce = data[len(_MAGIC) : len(_MAGIC) + NONCE_BYTES]
        sealed = data[len(_MAGIC) + NONCE_BYTES :]
        if magic not in (_MAGIC, _FIRST_MAGIC) or len(sealed) < TAG_BYTES:
            raise ValueError("it is not a file of a station's secrets")
        try:
            return _read(
                _cipher(key).decrypt(nonce, sealed, _context(magic, station)),
                has_marks=magic == _MAGIC,
            )
        except InvalidTag:
            raise ValueError("its key is another, or it was changed") from None


def _read(plain: bytes, *, has_marks: bool) -> StationSecrets:
    record = read_object(plain, _MEMBERS if has_marks else _FIRST_MEMBERS)
    return StationSecrets(
        StationIdentity(
            Secret(bytes_of(record["signing_seed"], SECRET_BYTES)),
            AgeIdentity(text_of(record["age_identity"])),
        ),
        Secret(bytes_of(record["journal_key"], SECRET_BYTES)),
        Marks.from_record(record["marks"]) if has_marks else NO_MARKS,
    )


def _cipher(key: Secret) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(derived_key(SEALED_SECRETS, key).reveal())


def _context(magic: bytes, station: str) -> bytes:
    return magic + station.encode()
