"""Secrets and messages under ChaCha20-Poly1305 (RFC 8439).

`wrap` puts one secret under a passphrase (Argon2id). `FrameCipher` takes many messages under one
key, each with a random nonce: up to 2^32 of them leave the chance of a nonce used twice below
2^-32.
"""

from dataclasses import dataclass
from secrets import token_bytes
from typing import Any, Final, Protocol, final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from station_app.vault.keys import Secret
from station_app.vault.passphrases import Passphrase
from station_app.vault.stretching import SALT_BYTES, Cost, stretch
from station_app.vault.strict_json import bytes_of, check_members

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16

_MEMBERS: Final = ("cost", "nonce", "salt", "sealed")


class WrongPassphraseError(Exception):
    """The passphrase does not open it, or it was changed, or it belongs elsewhere."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A secret under a passphrase: all that is needed to open it besides the passphrase."""

    cost: Cost
    salt: bytes
    nonce: bytes
    sealed: bytes

    def to_record(self) -> dict[str, Any]:
        """Its JSON object."""
        return {
            "cost": self.cost.to_record(),
            "nonce": self.nonce.hex(),
            "salt": self.salt.hex(),
            "sealed": self.sealed.hex(),
        }

    @classmethod
    def from_record(cls, record: object, size: int) -> "Wrapped":
        """The inverse of `to_record`, for a secret of `size` bytes. Raises `ValueError`."""
        members = check_members(record, _MEMBERS)
        return cls(
            Cost.from_record(members["cost"]),
            bytes_of(members["salt"], SALT_BYTES),
            bytes_of(members["nonce"], NONCE_BYTES),
            bytes_of(members["sealed"], size + TAG_BYTES),
        )


class Hidden(Protocol):
    """A secret that is never shown: a `Secret`, an `AgeIdentity`."""

    def reveal(self) -> bytes:
        """Its bytes."""
        ...


def wrap(secret: Hidden, passphrase: Passphrase, cost: Cost, context: bytes) -> Wrapped:
    """`secret` under the passphrase, to be opened only with the same `context`.

    Raises `KnownError` as `stretch` does.
    """
    salt, nonce = token_bytes(SALT_BYTES), token_bytes(NONCE_BYTES)
    key = stretch(passphrase, salt, cost)
    sealed = ChaCha20Poly1305(key.reveal()).encrypt(nonce, secret.reveal(), context)
    return Wrapped(cost, salt, nonce, sealed)


def unwrap(wrapped: Wrapped, passphrase: Passphrase, context: bytes) -> bytes:
    """The secret. Raises `WrongPassphraseError`, and `KnownError` as `stretch` does."""
    key = stretch(passphrase, wrapped.salt, wrapped.cost)
    try:
        return ChaCha20Poly1305(key.reveal()).decrypt(wrapped.nonce, wrapped.sealed, context)
    except InvalidTag:
        raise WrongPassphraseError from None


@final
class FrameCipher:
    """Seals and opens messages with the key; it shows nowhere."""

    __slots__ = ("_cipher",)

    def __init__(self, key: Secret) -> None:
        self._cipher = ChaCha20Poly1305(key.reveal())

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Nonce, encrypted message and tag; to be opened only with the same `context`."""
        nonce = token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The message. Raises `ValueError` where key, context or bytes are others."""
        if len(sealed) < NONCE_BYTES + TAG_BYTES:
            raise ValueError("it is too short to be a sealed message")
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except InvalidTag:
            raise ValueError("its key is another, or it was changed") from None
