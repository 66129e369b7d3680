"""The station's key and its two halves: one for the operators, one for the members.

The key is the exclusive or of the halves (Shamir's 2-of-2, as a one-time pad): either half
alone is random bytes that say nothing about it.
"""

from secrets import token_bytes
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from station_app.vault.keys import SECRET_BYTES, Secret

SEALED_SECRETS: Final = b"station-app/station.sealed/1"
PEOPLE: Final = b"station-app/people/1"


def new_share() -> Secret:
    """A fresh half from the operating system's random source."""
    return Secret(token_bytes(SECRET_BYTES))


def joined(one: Secret, other: Secret) -> Secret:
    """The key of two halves."""
    pairs = zip(one.reveal(), other.reveal(), strict=True)
    return Secret(bytes(left ^ right for left, right in pairs))


def key_for(purpose: bytes, key: Secret) -> Secret:
    """The key's subkey for one purpose (HKDF-Expand with SHA-256, RFC 5869)."""
    return Secret(HKDFExpand(SHA256(), SECRET_BYTES, purpose).derive(key.reveal()))


def mac(key: Secret, data: bytes) -> bytes:
    """The HMAC-SHA256 of `data`, 32 bytes."""
    authenticator = HMAC(key.reveal(), SHA256())
    authenticator.update(data)
    return authenticator.finalize()
