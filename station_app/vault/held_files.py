"""Whether another program has a database open."""

import fcntl
import os
import struct
from pathlib import Path
from typing import Final

_FLOCK: Final = "hhqqi4x"
"""`struct flock` of 64-bit Linux: type, whence, start, length, pid (fcntl(2))."""
_TO_ITS_END: Final = 0


def is_held_elsewhere(path: Path) -> bool:
    """Whether another process has a lock on the file, as SQLite has on a journal that is open.

    Nothing is locked for the question. False for a file that is not there or cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, _TO_ITS_END, 0)
        answer: bytes = fcntl.fcntl(handle, fcntl.F_GETLK, asked)
    except OSError:
        return False
    finally:
        os.close(handle)  # locks of this process on the file would go too: it has none
    return bool(struct.unpack(_FLOCK, answer)[0] != fcntl.F_UNLCK)
