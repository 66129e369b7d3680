"""Checkpoints: the signed heads of the tree, in the head file and, shortened, on paper.

The text is a C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint), the note around it
a C2SP signed-note (https://c2sp.org/signed-note) with one Ed25519 signature whose key
name is the origin.

SQLCipher does not notice an old copy of the database put back. The head file beside it does: it
holds the latest signed head, and is written after each commit, so a crash can leave it behind
the database, never ahead.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.records import head_file
from station_app.journal.tree import Frontier
from station_app.vault import Signer, is_signed_by, read_regular, replace_file

_ED25519: Final = b"\x01"
_NAME: Final = re.compile(r"[^\s+]+")
_NOTE: Final = re.compile(
    r"(?P<text>(?P<origin>[^\s+]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)"
    r"\n— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree of `size` leaves has the 32-byte `root`; `origin` names the log.

    Raises `ValueError` for an origin that cannot be a key name.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.origin):
            raise ValueError("an origin holds neither spaces nor plus signs")

    def text(self) -> bytes:
        """The bytes that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()

    def sign(self, signer: Signer) -> bytes:
        """The 64-byte signature."""
        return signer.sign(self.text())

    def is_signed(self, public_key: bytes, signature: bytes) -> bool:
        """Whether `signature` is `public_key`'s."""
        return is_signed_by(public_key, self.text(), signature)

    def note(self, public_key: bytes, signature: bytes) -> str:
        """The signed note, ready for a file or for another log's tools."""
        blob = base64.b64encode(_key_hash(self.origin, public_key) + signature).decode()
        return f"{self.text().decode()}\n— {self.origin} {blob}\n"


def read_note(note: str, public_key: bytes) -> Checkpoint:
    """The checkpoint of a signed note.

    Raises `ValueError` when the note is malformed or not signed by `public_key`.
    """
    match = _NOTE.fullmatch(note)
    if match is None:
        raise ValueError("it is not a signed checkpoint")
    root, blob = base64.b64decode(match["root"]), base64.b64decode(match["signature"])
    checkpoint = Checkpoint(match["origin"], int(match["size"]), root)
    if match["name"] != checkpoint.origin or blob[:4] != _key_hash(checkpoint.origin, public_key):
        raise ValueError("it is signed with another key")
    if not checkpoint.is_signed(public_key, blob[4:]):
        raise ValueError("its signature is not valid")
    # base64 leaves spare bits: only the canonical form is the note that was signed.
    if checkpoint.note(public_key, blob[4:]) != note:
        raise ValueError("it is not a signed checkpoint")
    return checkpoint


def verifier_key(origin: str, public_key: bytes) -> str:
    """The key (32 bytes) as tools for signed notes take it: name, key hash, algorithm and key."""
    key = base64.b64encode(_ED25519 + public_key).decode()
    return f"{origin}+{_key_hash(origin, public_key).hex()}+{key}"


def _key_hash(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:4]


_MOST_BYTES: Final = 4096


def write_head(journal: Path, note: str) -> None:
    """Replace the head file by `note`. Raises `KnownError` as `vault.write_fault` says."""
    replace_file(head_file(journal), note.encode())


def read_head(journal: Path, public_key: bytes, origin: str) -> Checkpoint | None:
    """The head in the head file, None when there is no such file.

    Raises `KnownError`: `foreign_journal` (another journal's head), `no_read_permission`,
    `journal_head_damaged` (not what the station has written).
    """
    path = head_file(journal)
    try:
        note = read_regular(path, _MOST_BYTES).decode()
        head = read_note(note, public_key)
    except FileNotFoundError:
        return None
    except KnownError as error:  # a pipe, a link, a long file in its place
        raise _damaged(path) from error
    except OSError as error:
        raise KnownError(
            Code.NO_READ_PERMISSION,
            f"{path} cannot be read. Check that it is a file and that this user may read it.",
        ) from error
    except ValueError as error:
        raise _damaged(path) from error
    if head.origin != origin:
        raise foreign_journal(journal)
    return head


def _damaged(path: Path) -> KnownError:
    return KnownError(
        Code.JOURNAL_HEAD_DAMAGED,
        f"{path} is not this station's signed head. Put the right file back, "
        "or call the commission's technician.",
    )


def head_missing() -> KnownError:
    """There is no head file though the journal has more than its first entry."""
    return KnownError(
        Code.JOURNAL_HEAD_MISSING,
        "The journal's .head file is gone. Put it back beside the journal, "
        "or call the commission's technician.",
    )


def rolled_back(number: int) -> KnownError:
    """The head outside the file has signed another or a longer history."""
    return KnownError(
        Code.JOURNAL_ROLLED_BACK,
        f"The journal is not the one its .head file has signed (entry {number}): an old or "
        "changed copy lies in its place. Do not use it; call the commission's technician.",
    )


def foreign_journal(path: Path) -> KnownError:
    """Another station has written the journal."""
    return KnownError(
        Code.FOREIGN_JOURNAL,
        f"{path} is the journal of another station. Put this station's own journal back, "
        "or choose this station's folder.",
    )


_FORM: Final = re.compile(r"([1-9][0-9]{0,8}) +([0-9a-f]{4}) ?([0-9a-f]{4})")


class HeadCheck(StrEnum):
    """How a head from outside compares with a journal."""

    CONTAINED = "contained"
    SHORTER = "shorter"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ShortHead:
    """A tree's size and the first 8 hex digits of its root: 32 bits.

    Enough to convict a journal that was rewritten or put back after the head was printed
    (one in 4 billion passes by chance); too little against somebody who may choose entries
    until the digits fit, who needs about that many tries.
    """

    size: int
    digits: str

    @classmethod
    def parse(cls, text: str) -> "ShortHead":
        """A head as people type it. Raises `ValueError`."""
        match = _FORM.fullmatch(text.strip().lower())
        if match is None:
            raise ValueError("a head has a number and two groups of four digits: 1204 9f3a 71c4")
        return cls(int(match[1]), match[2] + match[3])

    def is_of(self, size: int, root: bytes) -> bool:
        """Whether it is the head of the tree of this size and root (32 bytes)."""
        return self.size == size and root.hex().startswith(self.digits)

    def held_against(self, leaves: Iterable[bytes]) -> HeadCheck:
        """Whether these leaves, first to last, begin with the tree of this head."""
        frontier = Frontier()
        for leaf in leaves:
            frontier = frontier.with_leaf(leaf)
            if frontier.size == self.size:
                return (
                    HeadCheck.CONTAINED
                    if self.is_of(self.size, frontier.root())
                    else HeadCheck.OTHER
                )
        return HeadCheck.SHORTER

    def __str__(self) -> str:
        return f"{self.size} {self.digits[:4]} {self.digits[4:]}"
