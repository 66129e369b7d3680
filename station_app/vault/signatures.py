"""Ed25519 signatures (RFC 8032).

They are made with `cryptography` and checked with libsodium: that takes half the time, which
long journals are made of, and other threads go on meanwhile.
"""

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
