"""Sealing to people and stations who are not here: age files (https://age-encryption.org/v1).

A sealed file does not name its recipients; each of them opens it alone. It does not say who
sealed it: contents that must be trusted are signed as well.
"""

from collections.abc import Sequence
from typing import Final, NoReturn, final

import pyrage
from pyrage import x25519

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

AGE_IDENTITY_BYTES: Final = 74
"""The length of an identity's text."""

_NOT_FOR_US: Final = "No matching keys found"  # pyrage says it in words only


@final
class AgeIdentity:
    """The X25519 key that opens what is sealed to `recipient`; it shows nowhere.

    `text` is its `AGE-SECRET-KEY-1...` form. Raises `ValueError` for anything else.
    """

    __slots__ = ("_key", "recipient")

    def __init__(self, text: str) -> None:
        try:
            self._key = x25519.Identity.from_str(text)
        except pyrage.IdentityError:
            raise ValueError("it is not an age identity") from None
        self.recipient: str = str(self._key.to_public())

    @classmethod
    def generate(cls) -> "AgeIdentity":
        """A fresh key from the operating system's random source."""
        return cls(str(x25519.Identity.generate()))

    def reveal(self) -> bytes:
        """The `AGE-SECRET-KEY-1...` form, for the one call that writes it encrypted."""
        return str(self._key).encode()

    def __repr__(self) -> str:
        return f"AgeIdentity({self.recipient})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied out of the process")


def is_recipient(text: str) -> bool:
    """Whether `text` is an X25519 recipient (`age1...`) in its one usual spelling."""
    try:
        return str(x25519.Recipient.from_str(text)) == text
    except pyrage.RecipientError:
        return False


def seal(data: bytes, recipients: Sequence[str]) -> bytes:
    """An age file (binary) that each of `recipients` (`age1...`) can open.

    Raises `ValueError` without recipients or for a text that is none.
    """
    if not recipients or not all(map(is_recipient, recipients)):
        raise ValueError("recipients are age1... texts, at least one")
    return bytes(pyrage.encrypt(data, [x25519.Recipient.from_str(text) for text in recipients]))


def unseal(sealed: bytes, identity: AgeIdentity) -> bytes:
    """The contents sealed to `identity`, authenticated as a whole.

    Raises `KnownError`: `seal_not_for_us` (sealed to others), `seal_damaged` (not an age
    file, cut short or changed).
    """
    try:
        return bytes(pyrage.decrypt(sealed, [identity._key]))
    except pyrage.DecryptError as error:
        if str(error) == _NOT_FOR_US:
            raise KnownError(
                Code.SEAL_NOT_FOR_US,
                "This was sealed for others: none of its keys is ours. "
                "Have it sealed again with this station's public identity.",
            ) from None
        raise KnownError(
            Code.SEAL_DAMAGED,
            "What was sealed is damaged or is no age file. Copy it again from its source.",
        ) from None
