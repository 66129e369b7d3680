"""What a medium gives back of what was written to it, past the computer's own memory.

After a write Linux answers a read from its page cache, so that a stick which stores nothing would
pass. `O_DIRECT` reads around the cache and needs no privilege; vfat, exfat, ext4, btrfs and xfs
have it. Where a file system has not, the cache is asked to let the file go, which is no proof.
Neither reaches a cache inside the stick: only unplugging does.
"""

import errno
import fcntl
import hashlib
import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_BLOCK: Final = 1 << 20
_NOT_AROUND: Final = frozenset({errno.EINVAL, errno.ENOTSUP})
"""How a file system without `O_DIRECT` answers."""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """The hex SHA-256 of a file's bytes; `is_proven` says that they came from the medium and not
    from the computer's memory.
    """

    sha256: str
    is_proven: bool


def read_back(handle: int, told: Callable[[int], None] = lambda _: None) -> ReadBack:
    """Read an open file whole, from its medium where that can be done.

    What was written has to be synced before. `told` hears how many bytes were read so far; what
    it raises stops the reading. Raises `OSError`.
    """
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    try:
        with _around_the_cache(handle):
            return ReadBack(_digest(handle, told), is_proven=True)
    except OSError as error:
        if error.errno not in _NOT_AROUND:
            raise
    return ReadBack(_digest(handle, told), is_proven=False)


@contextmanager
def _around_the_cache(handle: int) -> Iterator[None]:
    flags = fcntl.fcntl(handle, fcntl.F_GETFL)
    fcntl.fcntl(handle, fcntl.F_SETFL, flags | os.O_DIRECT)
    try:
        yield
    finally:
        fcntl.fcntl(handle, fcntl.F_SETFL, flags)


def _digest(handle: int, told: Callable[[int], None]) -> str:
    size, done, digest = os.fstat(handle).st_size, 0, hashlib.sha256()
    with (
        mmap.mmap(-1, _BLOCK) as block,
        memoryview(block) as view,
    ):  # page-aligned, as O_DIRECT asks
        while done < size and (count := os.preadv(handle, [view], done)):
            digest.update(view[:count])
            done += count
            told(done)
    return digest.hexdigest()
