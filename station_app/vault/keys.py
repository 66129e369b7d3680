"""Secrets of 32 bytes: their files (mode 0600), halves, subkeys and authentication codes.

A station's key is the exclusive or of two halves, one for the operators and one for the members
(Shamir's 2-of-2, as a one-time pad): either half alone is random bytes that say nothing about it.
"""

import contextlib
import hmac
import os
import secrets
from pathlib import Path
from secrets import token_bytes
from typing import Final, NoReturn, final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from station_app.vault.disk import make_folder, sync_folder, write_fault
from station_app.vault.untrusted_files import SmallFile

SECRET_BYTES: Final = 32
KEY_FILE: Final = SmallFile(
    "key",
    "key file of 32 bytes",
    "Put the station's key back, or name the right file with --key-file.",
    limit=SECRET_BYTES,
    private=True,
)


@final
class Secret:
    """32 secret bytes; they show neither in a repr nor in a pickle.

    Raises `ValueError` on any other length.
    """

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        if len(value) != SECRET_BYTES:
            raise ValueError(f"a secret has {SECRET_BYTES} bytes")
        self._value = bytes(value)

    def reveal(self) -> bytes:
        """The bytes themselves, for the one call that needs them."""
        return self._value

    def is_same(self, other: "Secret") -> bool:
        """Whether the bytes are the same, compared in constant time."""
        return hmac.compare_digest(self._value, other._value)

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied out of the process")


def load_key(path: Path) -> Secret:
    """Read the key file at `path`.

    Raises `KnownError`: `key_missing` (no such file), `key_unreadable` (this user may not
    read it), `key_file_exposed` (others may read or write it), `key_damaged` (not 32 bytes).
    """
    value = KEY_FILE.read(path)
    if len(value) != SECRET_BYTES:
        raise KEY_FILE.damaged(path)
    return Secret(value)


def load_or_create_key(path: Path) -> Secret:
    """Read the key file at `path`; make it with fresh random bytes where there is none.

    The file appears whole, with mode 0600, or not at all; of two processes that make it at
    once, both end with the same key. Missing folders are made with mode 0700.
    Raises `KnownError` as `load_key` and `write_fault` say.
    """
    if not path.exists():
        try:
            make_folder(path.parent)
            _place_new_key(path)
        except OSError as error:
            raise write_fault(error, path) from error
    return load_key(path)


def _place_new_key(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(handle)
        # A link, unlike a rename, leaves a key that another process has put there meanwhile.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


SEALED_SECRETS: Final = b"station-app/station.sealed/1"
PEOPLE: Final = b"station-app/people/1"


def new_share() -> Secret:
    """A fresh half from the operating system's random source."""
    return Secret(token_bytes(SECRET_BYTES))


def joined(one: Secret, other: Secret) -> Secret:
    """The key of two halves."""
    pairs = zip(one.reveal(), other.reveal(), strict=True)
    return Secret(bytes(left ^ right for left, right in pairs))


def derived_key(purpose: bytes, key: Secret) -> Secret:
    """The key's subkey for one purpose (HKDF-Expand with SHA-256, RFC 5869)."""
    return Secret(HKDFExpand(SHA256(), SECRET_BYTES, purpose).derive(key.reveal()))


def mac(key: Secret, data: bytes) -> bytes:
    """The HMAC-SHA256 of `data`, 32 bytes."""
    authenticator = HMAC(key.reveal(), SHA256())
    authenticator.update(data)
    return authenticator.finalize()
