"""What a station keeps secret, in one file under the key that two persons have together."""

from dataclasses import dataclass
from secrets import token_bytes
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from station_app.vault.identity import StationIdentity
from station_app.vault.keys import SECRET_BYTES, Secret
from station_app.vault.records import bytes_of, canonical, read_object, text_of
from station_app.vault.seals import AgeIdentity
from station_app.vault.shares import SEALED_SECRETS, key_for
from station_app.vault.small_files import SmallFile
from station_app.vault.wrapping import NONCE_BYTES, TAG_BYTES

FILE: Final = SmallFile(
    "secrets",
    "file of this station's secrets",
    "Put it back from the same copy as the file of people, or set the station up again.",
    limit=4096,
)
_MAGIC: Final = b"SASEAL1\n"
_MEMBERS: Final = ("age_identity", "journal_key", "signing_seed")


@dataclass(frozen=True, slots=True)
class StationSecrets:
    """The station's identity and the key of its journal."""

    identity: StationIdentity
    journal_key: Secret

    @classmethod
    def generate(cls) -> "StationSecrets":
        """Fresh secrets from the operating system's random source."""
        return cls(StationIdentity.generate(), Secret(token_bytes(SECRET_BYTES)))

    def seal(self, key: Secret, station: str) -> bytes:
        """The file's bytes under the station's key, for the station of that name."""
        nonce = token_bytes(NONCE_BYTES)
        plain = canonical(
            {
                "age_identity": self.identity.age.reveal().decode(),
                "journal_key": self.journal_key.reveal().hex(),
                "signing_seed": self.identity.signing_seed.reveal().hex(),
            }
        )
        return _MAGIC + nonce + _cipher(key).encrypt(nonce, plain, _context(station))

    @classmethod
    def open(cls, data: bytes, key: Secret, station: str) -> "StationSecrets":
        """The inverse of `seal`. Raises `ValueError` where key, station or bytes are others."""
        nonce = data[len(_MAGIC) : len(_MAGIC) + NONCE_BYTES]
        sealed = data[len(_MAGIC) + NONCE_BYTES :]
        if not data.startswith(_MAGIC) or len(sealed) < TAG_BYTES:
            raise ValueError("it is not a file of a station's secrets")
        try:
            return _read(_cipher(key).decrypt(nonce, sealed, _context(station)))
        except InvalidTag:
            raise ValueError("its key is another, or it was changed") from None


def _read(plain: bytes) -> StationSecrets:
    record = read_object(plain, _MEMBERS)
    return StationSecrets(
        StationIdentity(
            Secret(bytes_of(record["signing_seed"], SECRET_BYTES)),
            AgeIdentity(text_of(record["age_identity"])),
        ),
        Secret(bytes_of(record["journal_key"], SECRET_BYTES)),
    )


def _cipher(key: Secret) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(key_for(SEALED_SECRETS, key).reveal())


def _context(station: str) -> bytes:
    return _MAGIC + station.encode()
