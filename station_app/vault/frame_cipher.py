"""Many messages under one key: ChaCha20-Poly1305 (RFC 8439), each with a random nonce.

2^32 messages a key leave the chance of a nonce used twice below 2^-32.
"""

from secrets import token_bytes
from typing import final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from station_app.vault.keys import Secret
from station_app.vault.shares import key_for
from station_app.vault.wrapping import NONCE_BYTES, TAG_BYTES


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


def derived_key(purpose: bytes, secret: Secret) -> Secret:
    """A key for one purpose, made of a random secret: whoever has it does not have the secret."""
    return key_for(purpose, secret)
