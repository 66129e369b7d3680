"""Reading the mirror of a station that has died: with its key, checking every entry."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from station_app.domain.errors import KnownError
from station_app.journal.checkpoints import Checkpoint
from station_app.journal.mirror import SUFFIX
from station_app.journal.mirror_file import (
    LARGEST_MIRROR,
    Frames,
    MirroredEntry,
    MirrorHeader,
    ReadHeader,
    is_next,
    mirror_damaged,
    mirror_fault,
    mirror_missing,
    read_header,
)
from station_app.journal.tree import Frontier
from station_app.vault import Secret, open_regular


@dataclass(frozen=True, slots=True)
class MirroredJournal:
    """A mirror's contents: entries 1 to n of its station's journal, each in the tree, the last
    one's checkpoint signed by the station. `is_damaged` says that bytes after them were changed,
    so that there may have been more.
    """

    header: MirrorHeader
    entries: tuple[MirroredEntry, ...]
    is_damaged: bool

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self.entries)

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` entries, from 1 to all."""
        return self.entries[size - 1].root


def find_mirror(folder: Path) -> Path:
    """The one mirror in a folder, or the file itself.

    Raises `KnownError` `mirror_missing`, `mirror_several`.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        return folder
    found = sorted(folder.glob(f"*{SUFFIX}"))
    if not found:
        raise mirror_missing(folder)
    if len(found) > 1:
        raise KnownError(
            "mirror_several",
            f"There are several mirrors in {folder}: {', '.join(one.name for one in found[:5])}. "
            "Name the file of the station that has died; of one station's several, the newest.",
        )
    return found[0]


def load_header(path: Path) -> ReadHeader:
    """Whose mirror it is; no key is needed, and the header alone in a file is enough.

    Raises `KnownError` `mirror_missing`, `mirror_unwritable`, `mirror_damaged`,
    `not_a_regular_file`, `file_too_large`.
    """
    with _opened(path) as file:
        return _header(file, path)


def read_mirror(path: Path, key: Secret) -> MirroredJournal:
    """The mirror at `path`, opened with its key. The file is not changed.

    Raises `KnownError` as `load_header` does; `mirror_damaged` also where its entries
    are not a history that its station has signed.
    """
    entries: list[MirroredEntry] = []
    is_damaged = False
    with _opened(path) as file:
        header = _header(file, path)
        try:
            for _, some in Frames(header, key).read(file):
                if not is_next(some, len(entries)):
                    raise mirror_damaged(path)
                entries += some
        except ValueError:
            is_damaged = True
    if not _is_history(header.header, entries):
        raise mirror_damaged(path)
    return MirroredJournal(header.header, tuple(entries), is_damaged)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with open_regular(path, LARGEST_MIRROR) as file:
            yield file
    except OSError as error:
        raise mirror_fault(error, path) from error


def _header(file: BinaryIO, path: Path) -> ReadHeader:
    try:
        return read_header(file)
    except ValueError as error:
        raise mirror_damaged(path) from error


def _is_history(header: MirrorHeader, entries: list[MirroredEntry]) -> bool:
    frontier = Frontier()
    for number, one in enumerate(entries, start=1):
        frontier = frontier.with_leaf(one.leaf)
        if one.number != number or frontier.root() != one.root:
            return False
    if not entries:
        return True
    checkpoint = Checkpoint(header.origin, frontier.size, frontier.root())
    return checkpoint.is_signed(header.public_key, entries[-1].signature)
