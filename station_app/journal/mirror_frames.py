"""The frames of a mirror: each holds some entries, sealed, and was synced before the next.

    mark, 8 bytes | length, 4 bytes little-endian | nonce, 12 | encrypted entries | tag, 16

The context of the encryption is the SHA-256 of the mirror's header. An entry inside is its
number (8 bytes), root (32), signature (64), the length of its leaf (4) and the leaf; numbers
are little-endian.

Because a frame is synced before the next one is begun, only the last can be torn: a frame
that does not open is a torn end if no whole frame follows it, else it was changed.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from station_app.journal.mirror_header import MARK_BYTES, ReadHeader
from station_app.vault import FrameCipher, Secret

_LENGTH: Final = struct.Struct("<I")
_ENTRY: Final = struct.Struct("<Q32s64sI")
_START: Final = MARK_BYTES + _LENGTH.size
LARGEST_FRAME: Final = 1 << 24
"""Bytes; a length beyond is damage, not a reason to read on."""
LARGEST_MIRROR: Final = 1 << 30
"""Bytes of a whole mirror, some two million entries."""
_MOST_MARKS: Final = 16
"""Marks after a frame that does not open. A torn frame is followed by none but by chance."""


@dataclass(frozen=True, slots=True)
class MirroredEntry:
    """One entry: its number, its leaf, the root (32 bytes) of the tree it completes, and the
    station's signature (64) of that checkpoint.
    """

    number: int
    leaf: bytes
    root: bytes
    signature: bytes


class Frames:
    """Seals and opens the frames of the mirror with this header and key."""

    def __init__(self, header: ReadHeader, key: Secret) -> None:
        self._header = header
        self._cipher = FrameCipher(key)

    def seal(self, entries: Iterable[MirroredEntry]) -> bytes:
        """The bytes of one frame. Raises `ValueError` for more than a frame can hold."""
        plain = b"".join(
            _ENTRY.pack(one.number, one.root, one.signature, len(one.leaf)) + one.leaf
            for one in entries
        )
        sealed = self._cipher.seal(plain, self._header.digest)
        if len(sealed) > LARGEST_FRAME:
            raise ValueError("these entries are too many for one frame")
        return self._header.mark + _LENGTH.pack(len(sealed)) + sealed

    def read(self, file: BinaryIO) -> Iterator[tuple[int, tuple[MirroredEntry, ...]]]:
        """Each frame's entries, with the offset where the frame ends; `file` is at its start.

        Ends where the file does or is torn. Raises `ValueError` where it was changed.
        """
        end = self._header.end
        file.seek(end)
        while start := file.read(_START):
            entries = self._opened(start, file)
            if entries is None:
                self._refuse_followed(file, end)
                return
            end = file.tell()
            yield end, entries

    def _opened(self, start: bytes, file: BinaryIO) -> tuple[MirroredEntry, ...] | None:
        """The entries of the frame that begins with `start`; None where it does not open."""
        if len(start) < _START or not start.startswith(self._header.mark):
            return None
        (length,) = _LENGTH.unpack(start[MARK_BYTES:])
        if length > LARGEST_FRAME:
            return None
        sealed = file.read(length)
        if len(sealed) < length:
            return None
        try:
            return _entries(self._cipher.open(sealed, self._header.digest))
        except ValueError:
            return None

    def _refuse_followed(self, file: BinaryIO, bad: int) -> None:
        """Raise `ValueError` if more than one torn frame, or a whole one, follows from `bad`.

        Each mark may be a frame's beginning; opening it costs up to a frame's length. Somebody
        who repeats the mark would have every one opened, so a few are, and more are damage.
        """
        file.seek(bad)
        rest = file.read(_START + LARGEST_FRAME + 1)
        if len(rest) > _START + LARGEST_FRAME:
            raise ValueError("it goes on beyond any frame")
        at, tried = rest.find(self._header.mark, 1), 0
        while at >= 0:
            tried += 1
            if tried > _MOST_MARKS:
                raise ValueError("more frames begin in it than any writer left")
            file.seek(bad + at)
            if self._opened(file.read(_START), file) is not None:
                raise ValueError("bytes in the midst of it have changed")
            at = rest.find(self._header.mark, at + 1)


def is_next(entries: Sequence[MirroredEntry], upto: int) -> bool:
    """Whether the entries of a frame follow number `upto`: no frame is missing or came again."""
    return [one.number for one in entries] == list(range(upto + 1, upto + 1 + len(entries)))


def _entries(plain: bytes) -> tuple[MirroredEntry, ...]:
    """Raises `ValueError` for what `Frames.seal` has not sealed."""
    found, at = [], 0
    while at < len(plain):
        if at + _ENTRY.size > len(plain):
            raise ValueError("an entry is cut short")
        number, root, signature, length = _ENTRY.unpack_from(plain, at)
        at += _ENTRY.size
        leaf = plain[at : at + length]
        if len(leaf) < length:
            raise ValueError("an entry is cut short")
        found.append(MirroredEntry(number, leaf, root, signature))
        at += length
    return tuple(found)
