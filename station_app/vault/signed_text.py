"""A text that people read, with the station's signature as its last line.

The signed bytes are `station-app/<what>/1`, a line feed, the last line without its signature,
a line feed, and everything above that line. Two persons agree to each text; which text is the
newest is sealed with the station's secrets (`marks`).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from station_app.vault.signatures import Signer, is_signed_by

_LAST_LINE: Final = re.compile(
    rb"# (revision ([1-9][0-9]{0,8}), agreed by ([a-z0-9 -]{0,200}), signed by the station): "
    rb"([0-9a-f]{128})\n"
)
SET_UP: Final = "set-up"
"""In the place of the ids where a station was set up: nobody could unlock it yet."""


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text, how often it was signed anew, the ids of who agreed, and the file's hex SHA-256."""

    text: str
    revision: int
    by: str
    sha256: str


def sign_text(what: str, text: str, revision: int, by: Sequence[str], signer: Signer) -> bytes:
    """The bytes of the file: `text`, which ends with a line feed, and the line that signs it."""
    if not text.endswith("\n"):
        raise ValueError("a signed text ends with a line feed")
    line = f"revision {revision}, agreed by {' '.join(by)}, signed by the station"
    signature = signer.sign(_message(what, line.encode(), text.encode()))
    data = f"{text}# {line}: {signature.hex()}\n".encode()
    if _LAST_LINE.fullmatch(data[len(text.encode()) :]) is None:
        raise ValueError("its number or its ids cannot be written")
    return data


def is_signed(data: bytes) -> bool:
    """Whether the file ends with a line that signs it, genuine or not."""
    return _LAST_LINE.fullmatch(_split(data)[1]) is not None


def read_signed_text(what: str, data: bytes, key: bytes) -> SignedText | None:
    """The text of a file that the Ed25519 key (32 bytes) has signed as `what`; else None."""
    text, last = _split(data)
    found = _LAST_LINE.fullmatch(last)
    if found is None:
        return None
    line, revision, by, signature = found.groups()
    if not is_signed_by(key, _message(what, line, text), bytes.fromhex(signature.decode())):
        return None
    digest = hashlib.sha256(data).hexdigest()
    return SignedText(text.decode(), int(revision), by.decode(), digest)


def _split(data: bytes) -> tuple[bytes, bytes]:
    start = data.rfind(b"\n", 0, max(0, len(data) - 1)) + 1
    return data[:start], data[start:]


def _message(what: str, line: bytes, text: bytes) -> bytes:
    """What is signed. A checkpoint has a number in its second line, never this."""
    return f"station-app/{what}/1\n".encode() + line + b"\n" + text
