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


def open_regular(path: Path, limit: int) -> BufferedReader:
    """The regular file at `path`, of at most `limit` bytes, for reading.

    Raises `KnownError`: `not_a_regular_file` (a link, a pipe, a device, a folder),
    `file_too_large`; and `OSError` as `Path.open` does, for the caller to name.
    """
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
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
        `<code>_damaged` (too long, or no plain file: a link, a pipe, a folder).
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
            f"Type: chmod 600 {shlex.quote(str(path))}",
        )
