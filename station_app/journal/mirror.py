"""The journal's mirror: the same entries, encrypted, on a second medium (ADR 0018).

A file `<station>.journal-mirror` in a folder of the medium. The station makes the mirror's key
from its journal's key. When the station has died, the commission opens the mirror with its own
key, to which that key is sealed, and every entry is checked.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import BinaryIO, Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.checkpoints import Checkpoint
from station_app.journal.mirror_file import (
    LARGEST_MIRROR,
    SALT_BYTES,
    Frames,
    MirroredEntry,
    MirrorHeader,
    ReadHeader,
    differs_from_mirror,
    is_next,
    mirror_damaged,
    mirror_fault,
    mirror_foreign,
    mirror_key,
    mirror_missing,
    mirror_same_disk,
    mirror_without_recipient,
    read_header,
)
from station_app.journal.records import Record
from station_app.journal.tree import Frontier
from station_app.vault import (
    READABLE,
    Secret,
    Signer,
    is_pulled,
    new_file,
    open_regular,
    seal,
    sync_folder,
)

SUFFIX: Final = ".journal-mirror"
_ROOT_DIGITS: Final = 12
_FLAGS: Final = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class MirrorOwner:
    """The journal that is mirrored: the station's name, the journal's origin, its keys.

    `recipients` are the commission's (`age1...`), who open the mirror of a dead station.
    `previous_root` (hex) is that of the journal before this one, empty for a station's first:
    each journal has a file of its own, and the one before it stays as it is.
    """

    station: str
    origin: str
    signer: Signer
    journal_key: Secret
    recipients: tuple[str, ...]
    previous_root: str = ""

    @property
    def file_name(self) -> str:
        """The mirror's file name on its medium."""
        after = f"-{self.previous_root[:_ROOT_DIGITS]}" if self.previous_root else ""
        return f"{self.station}{after}{SUFFIX}"


class Mirror:
    """One open mirror, used on its own lane. Made by `open`.

    `upto` is the number of the last entry on it (0: none), `root` that entry's tree root.
    """

    def __init__(self, path: Path, handle: int, header: ReadHeader, key: Secret) -> None:
        self.path = path
        self.upto = 0
        self.root = b""
        self._handle = handle
        self._frames = Frames(header, key)
        self._end = header.end

    @classmethod
    def open(cls, folder: Path, owner: MirrorOwner, apart_from: Path | None = None) -> "Mirror":
        """Open the owner's mirror in `folder`, or begin one where there is none.

        The folder is never made: without it the medium is not in. `apart_from` is a file on
        the disk that the medium must not be. A torn end is cut off. Raises `KnownError`:
        `mirror_missing`, `mirror_same_disk`, `mirror_foreign`, `mirror_damaged`,
        `mirror_full`, `mirror_unwritable`, `mirror_without_recipient`.
        """
        path = folder / owner.file_name
        try:
            if not folder.is_dir() or is_pulled(folder):
                raise mirror_missing(folder)
            if apart_from is not None and folder.stat().st_dev == apart_from.stat().st_dev:
                raise mirror_same_disk(folder)
            _refuse_others(folder, path, owner)
            if not os.path.lexists(path):
                _begin(path, owner)
            return cls._opened(path, owner)
        except OSError as error:
            raise mirror_fault(error, path) from error

    def append(self, records: Sequence[Record]) -> int:
        """Write the records that follow `upto` as one frame; returns the new `upto`.

        They are on the medium when this returns. Raises `KnownError` as `refuse_gone` does,
        `mirror_full`, `mirror_unwritable`; and `ValueError` for records that do not follow.
        """
        numbers = [one.number for one in records]
        if numbers != list(range(self.upto + 1, self.upto + 1 + len(numbers))):
            raise ValueError("the records do not follow the mirror's last entry")
        self.refuse_gone()
        frame = self._frames.seal(
            MirroredEntry(one.number, one.leaf, one.root, one.signature) for one in records
        )
        try:
            self._write(frame)
        except OSError as error:
            with contextlib.suppress(OSError):  # otherwise the next opening cuts it off
                os.ftruncate(self._handle, self._end)
            raise mirror_fault(error, self.path) from error
        self._end += len(frame)
        if records:
            self.upto, self.root = records[-1].number, records[-1].root
        return self.upto

    def refuse_gone(self) -> None:
        """Raise `KnownError` `mirror_missing` where the file is no longer at its place."""
        try:
            is_same = os.path.samestat(self.path.stat(), os.fstat(self._handle))
        except OSError as error:
            raise mirror_fault(error, self.path) from error
        if not is_same:
            raise mirror_missing(self.path.parent)

    def close(self) -> None:
        """Close the file."""
        with contextlib.suppress(OSError):  # of a medium that was pulled out
            os.close(self._handle)

    @classmethod
    def _opened(cls, path: Path, owner: MirrorOwner) -> "Mirror":
        with ExitStack() as opened:
            handle = _handle(path)
            opened.callback(os.close, handle)
            file = opened.enter_context(os.fdopen(handle, "rb", closefd=False))
            try:
                header = read_header(file)
            except ValueError as error:
                raise mirror_damaged(path) from error
            whose = (header.header.origin, header.header.public_key)
            if whose != (owner.origin, owner.signer.public_key):
                raise mirror_foreign(path)
            key = mirror_key(owner.journal_key, header.header.salt)
            mirror = cls(path, handle, header, key)
            try:
                for end, entries in mirror._frames.read(file):
                    mirror._count(entries, end)
            except ValueError as error:
                raise mirror_damaged(path) from error
            os.ftruncate(handle, mirror._end)
            # Bytes and names that a killed program left are durable from here on.
            os.fdatasync(handle)
            sync_folder(path.parent)
            opened.pop_all()
        return mirror

    def _count(self, entries: Sequence[MirroredEntry], end: int) -> None:
        self._end = end
        if not is_next(entries, self.upto):
            raise ValueError("an entry before it is missing, or comes again")
        for one in entries:
            self.upto, self.root = one.number, one.root

    def _write(self, frame: bytes) -> None:
        if os.pwrite(self._handle, frame, self._end) < len(frame):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fdatasync(self._handle)


def check_against_journal(mirror: Mirror, size: int, root_at: Callable[[int], bytes]) -> None:
    """Check that the mirror's entries are the first ones of the journal.

    `size` is the journal's number of entries, `root_at` gives the root it had at a size. An old
    copy of the journal, put back together with its head, is noticed here. Raises `KnownError`
    `journal_rolled_back`.
    """
    if mirror.upto > size or (mirror.upto and root_at(mirror.upto) != mirror.root):
        raise differs_from_mirror(mirror.path, min(mirror.upto, size))


def _handle(path: Path) -> int:
    """The mirror, opened to read and write; anything but a plain file of a possible size is
    damage."""
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):  # a link, a socket
            raise mirror_damaged(path) from error
        raise
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST_MIRROR:
        os.close(handle)
        raise mirror_damaged(path)
    return handle


def _refuse_others(folder: Path, own: Path, owner: MirrorOwner) -> None:
    """Two stations' media are easily mistaken for each other: one medium, one station.

    A station has one mirror for each of its elections' journals, side by side.
    """
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if path.name != own.name and not _is_of(path, owner):
            raise mirror_foreign(path)


def _is_of(path: Path, owner: MirrorOwner) -> bool:
    """Whether the station has signed the file's header, for this journal or another of its own."""
    try:
        with open_regular(path, LARGEST_MIRROR) as file:
            header = read_header(file).header
    except (KnownError, ValueError):
        return False
    return (header.station, header.public_key) == (owner.station, owner.signer.public_key)


def _begin(path: Path, owner: MirrorOwner) -> None:
    """Create the file with its whole header, or not at all."""
    if not owner.recipients:
        raise mirror_without_recipient()
    salt = token_bytes(SALT_BYTES)
    header = MirrorHeader(
        station=owner.station,
        origin=owner.origin,
        public_key=owner.signer.public_key,
        salt=salt,
        sealed_key=seal(mirror_key(owner.journal_key, salt).reveal(), owner.recipients),
    )
    with new_file(path, READABLE) as file:
        file.write(header.to_bytes(owner.signer))


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
        """The number of entries."""
        return len(self.entries)

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` entries, from 1 to all."""
        return self.entries[size - 1].root


def find_mirror(folder: Path) -> Path:
    """The one mirror in a folder, or the file itself.

    Raises `KnownError` `mirror_missing`, `mirror_several`.
    """
    if is_pulled(folder):
        raise mirror_missing(folder)
    if os.path.lexists(folder) and not folder.is_dir():
        return folder
    found = sorted(folder.glob(f"*{SUFFIX}"))
    if not found:
        raise mirror_missing(folder)
    if len(found) > 1:
        raise KnownError(
            Code.MIRROR_SEVERAL,
            f"There are several mirrors in {folder}: {', '.join(one.name for one in found[:5])}. "
            "Name the file of the station that has died; of one station's several, the newest.",
        )
    return found[0]


def load_header(path: Path) -> ReadHeader:
    """The mirror's header, which names its station; no key is needed, and a file with nothing else
    is enough.

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
