"""Files that anybody may have written: opened without following links, waiting or guessing.

A stick can hold a link to `/dev/zero`, a pipe nobody writes to, or a sparse file of terabytes.
Every file of a medium is opened here, so none of them hangs the program or fills its memory.
"""

import errno
import os
import shlex
import stat
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
"""No link is followed, and a pipe or a port answers at once."""
_NO_FILE: Final = frozenset({errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.EISDIR})
"""A link, a socket, a device without a driver, a folder."""
_GONE: Final = frozenset(
    {
        errno.EIO,
        errno.ENODEV,
        errno.ENXIO,
        errno.ENOMEDIUM,
        errno.ESHUTDOWN,
        errno.ENOTCONN,
        errno.ESTALE,
    }
)
"""How a mounted medium answers once it was pulled out."""
_DISKS: Final = Path("/sys/dev/block")


def is_pulled(path: Path) -> bool:
    """Whether the medium of `path` was pulled out although it is still mounted.

    The files of a pulled vfat stick are "not found" and its folder lists as empty; `statvfs`
    answers EIO only if nobody had asked it before. So whoever finds nothing on a medium asks
    here, where the disk itself is looked up in sysfs. Nothing is read from the medium.
    """
    for place in (path, *path.parents):
        try:
            device = place.stat().st_dev
            os.statvfs(place)
        except OSError as error:
            if error.errno in _GONE:
                return True
        except ValueError:  # no name of a file
            return False
        else:
            return _lacks_disk(device)
    return False


def _lacks_disk(device: int) -> bool:
    """A pulled disk has left sysfs, an empty card reader has size 0."""
    # A file system without a disk of its own; no sysfs, or none for this program.
    if os.major(device) == 0 or not os.path.isdir(_DISKS):  # noqa: PTH112  (raises for none)
        return False
    try:
        size = (_DISKS / f"{os.major(device)}:{os.minor(device)}" / "size").read_text()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return size.strip() == "0"


def open_regular(path: Path, limit: int) -> BufferedReader:
    """The regular file at `path`, of at most `limit` bytes, for reading.

    Raises `KnownError`: `not_a_regular_file` (a link, a pipe, a device, a folder),
    `file_too_large`; and `OSError` as `Path.open` does, for the caller to name. Of a medium that
    was pulled out that is EIO, never `FileNotFoundError`.
    """
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        if error.errno in (*_NO_FILE, errno.ENOENT, errno.ENOTDIR) and is_pulled(path):
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path)) from error
        if error.errno in _NO_FILE:
            raise _not_regular(path) from error
        raise
    try:
        _look_at(handle, path, limit)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: Path, limit: int) -> bytes:
    """The content of the regular file at `path`; raises as `open_regular` does.

    A file that grows while it is read is refused too: no more than `limit` + 1 bytes are read.
    """
    with open_regular(path, limit) as file:
        size = os.fstat(file.fileno()).st_size
        content = file.read(size + 1)
        if len(content) > size:
            content += file.read(limit + 1 - len(content))
    if len(content) > limit:
        raise _too_large(path, limit)
    return content


def medium_lost(place: Path) -> KnownError:
    """The medium was pulled out, or has failed."""
    return KnownError(
        Code.MEDIUM_LOST,
        f"The medium of {place} does not answer. Put it in again, or take another one.",
    )


def _look_at(handle: int, path: Path, limit: int) -> None:
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        raise _not_regular(path)
    if found.st_size > limit:
        raise _too_large(path, limit)


def _not_regular(path: Path) -> KnownError:
    return KnownError(
        Code.NOT_A_REGULAR_FILE,
        f"{path} is not a plain file: it is a link, a folder or a device. Give the file itself.",
    )


def _too_large(path: Path, limit: int) -> KnownError:
    return KnownError(
        Code.FILE_TOO_LARGE,
        f"{path} is larger than {limit:,} bytes, which no file of this kind is. Take it off the "
        "medium, or copy it again from where it was made.",
    )


_NO_SMALL_FILE: Final = (Code.NOT_A_REGULAR_FILE, Code.FILE_TOO_LARGE)


@dataclass(frozen=True, slots=True)
class SmallFile:
    """A kind of small file.

    `code` begins the codes of its errors, `noun` names it in sentences, `remedy` says what
    to do where it is missing or damaged. It has at most `limit` bytes; a `private` one is
    refused where other users of the computer can read or write it.
    """

    code: str
    noun: str
    remedy: str
    limit: int
    private: bool = False

    def read(self, path: Path) -> bytes:
        """The bytes of the file at `path`.

        Raises `KnownError`: `<code>_missing` (no such file), `<code>_unreadable` (this user
        may not read it), `<code>_file_exposed` (others may read or write it),
        `<code>_damaged` (too long, or no plain file: a link, a pipe, a folder); `medium_lost`
        where its medium was pulled out.
        """
        try:
            with open_regular(path, self.limit) as file:
                if self.private and os.fstat(file.fileno()).st_mode & 0o077:
                    raise self._exposed(path)
                data = file.read(self.limit + 1)
        except KnownError as error:
            raise self.damaged(path) if error.code in _NO_SMALL_FILE else error from error
        except (FileNotFoundError, NotADirectoryError) as error:
            raise KnownError(
                f"{self.code}_missing", f"There is no {self.noun} {path}. {self.remedy}"
            ) from error
        except OSError as error:
            if error.errno in _GONE and is_pulled(path):
                raise medium_lost(path) from error
            raise self.unreadable(path) from error
        if len(data) > self.limit:
            raise self.damaged(path)
        return data

    def unreadable(self, path: Path) -> KnownError:
        """This user may not read it."""
        return KnownError(
            f"{self.code}_unreadable",
            f"The {self.noun} {path} cannot be read. Start the program as the user it belongs to.",
        )

    def damaged(self, path: Path) -> KnownError:
        """The file is not what it should be."""
        return KnownError(f"{self.code}_damaged", f"{path} is not a {self.noun}. {self.remedy}")

    def _exposed(self, path: Path) -> KnownError:
        return KnownError(
            f"{self.code}_file_exposed",
            f"Other users of this computer can get at the {self.noun}. "
            f"Type: chmod 600 {shlex.quote(str(path))} (on a stick that changes nothing: copy "
            "the file to this computer's disk first).",
        )
