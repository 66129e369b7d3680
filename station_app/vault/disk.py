"""Files that are there whole or not at all, also after the power is cut.

Everything the program writes, on its own disk and on sticks, goes through a draft beside its
place. A draft's name cannot be guessed and it is created, never opened, so that whatever lies
on a stick beforehand (a link, a named pipe, an older draft) is neither followed nor written to.
"""

import errno
import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom
from itertools import islice
from pathlib import Path
from typing import Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError

DRAFT_SUFFIX: Final = ".new"
READABLE: Final = 0o644
"""The mode of files without secrets that are handed on."""
OTHERS_MAY_LOOK: Final = 0o777
"""The mode of folders for files that are handed on; less the user's umask."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})
_CANNOT_SYNC_FOLDERS = frozenset({errno.EINVAL, errno.ENOTSUP})
"""Errors that some file systems of sticks return for a sync of a folder."""

_DRAFT: Final = re.compile(r"(?P<name>.+)\.[0-9a-f]{16}" + re.escape(DRAFT_SUFFIX))
_MOST_NAMES: Final = 10_000
"""Names of a folder that are looked through for old drafts."""


def write_fault(error: OSError, path: Path) -> KnownError:
    """The `KnownError` of a failed write: disk_full, no_write_permission or disk_fault."""
    if error.errno == errno.EFBIG:
        return KnownError(
            Code.DISK_FULL,
            f"{path} is larger than this file system takes: a FAT32 stick holds no file of 4 GB. "
            "Take a stick formatted as exFAT, and try again.",
        )
    if error.errno in _FULL:
        return KnownError(
            Code.DISK_FULL,
            f"The disk is full: {path} was not written. Free some space and try again.",
        )
    if error.errno in _FORBIDDEN:
        return KnownError(
            Code.NO_WRITE_PERMISSION,
            f"{path} may not be written. Give this user write permission for {path.parent}, "
            "or choose another folder.",
        )
    return KnownError(
        Code.DISK_FAULT,
        f"{path} was not written ({os.strerror(error.errno or errno.EIO)}). "
        "Check the disk, then try again.",
    )


def access_fault(error: PermissionError) -> KnownError:
    """The `KnownError` `no_permission` for something that this user may not access."""
    return KnownError(
        Code.NO_PERMISSION,
        f"{error.filename} is not open to this user. Start the program as the user it belongs "
        "to, or choose another place.",
    )


def replace_file(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Put `data` in the place of `path`: readers find the old or the new content, never a part.

    The new file and its folder entry are on the disk when this returns.
    Raises `KnownError` as `write_fault` says; the old file is then untouched.
    """
    try:
        with new_file(path, mode) as file:
            file.write(data)
    except OSError as error:
        raise write_fault(error, path) from error


@contextmanager
def new_file(path: Path, mode: int = 0o600) -> Iterator[BufferedRandom]:
    """A file to write (and read back) that takes the place of `path` at the block's end.

    Its content and its name are on the disk then. When the block raises, `path` is as it was.
    A link or anything else at `path` is replaced, never followed. Raises `OSError`.
    """
    with _draft_of(path) as draft:
        with _created(draft, mode) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            draft.replace(path)  # within, so that no sweep takes the draft of a living process
        sync_folder(path.parent)


@contextmanager
def draft_path(path: Path) -> Iterator[Path]:
    """A path beside `path` that nobody can guess, for a writer that opens its files itself.

    At the end of the block the file that it has written and synced replaces `path`, and the
    name is on the disk; when the block raises, it is removed. Raises `OSError`.
    """
    with _draft_of(path) as draft:
        yield draft
        draft.replace(path)
        sync_folder(path.parent)


def sweep_drafts(folder: Path, start: str, end: str = "") -> None:
    """Remove the drafts that cut-off writes have left of files `start`...`end` in the folder.

    `start` is the whole name where `end` is empty. The draft of a process that is writing it is
    left alone, and so is what this user may not remove.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in islice(entries, _MOST_NAMES):
            found = _DRAFT.fullmatch(entry.name)
            name = found["name"] if found else ""
            wanted = name == start if not end else name.startswith(start) and name.endswith(end)
            if wanted and not _is_being_written(entry):
                with suppress(OSError):
                    Path(entry.path).unlink()


def refuse_other_spelling(path: Path) -> None:
    """Raises `KnownError` `medium_name_taken` where the file at `path` is there in other letters.

    vfat and exfat take `AB-1.txt` and `ab-1.txt` for one file, so that writing one replaces the
    other, which may be another station's.
    """
    if not os.path.lexists(path):
        return
    with suppress(OSError), os.scandir(path.parent) as entries:
        names = [entry.name for entry in islice(entries, _MOST_NAMES)]
        other = next((one for one in names if one.casefold() == path.name.casefold()), path.name)
        if path.name not in names:
            raise KnownError(
                Code.MEDIUM_NAME_TAKEN,
                f"{path.parent} holds {other}, and for this stick {path.name} is the same name. "
                "Move that file away, or take another stick.",
            )


def make_folder(folder: Path, mode: int = 0o700) -> None:
    """Make the folder and those above it where they are missing.

    Their names are on the disk when this returns, also where a process was cut off while it
    made them. Raises `OSError`.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    there = missing[-1].parent if missing else folder
    with suppress(PermissionError):  # then it is not one that this user has just made
        sync_folder(there.parent)
    for one in reversed(missing):
        one.mkdir(mode=mode, exist_ok=True)
        sync_folder(one.parent)
    folder.mkdir(mode=mode, exist_ok=True)  # where a file is in its place, this raises


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable (a rename is not, until its folder is synced).

    Some file systems of sticks cannot do this and say so; that is no fault.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC_FOLDERS:
            raise
    finally:
        os.close(handle)


@contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    """A random name for a draft of `path`; what is left there at the end is removed."""
    sweep_drafts(path.parent, path.name)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}{DRAFT_SUFFIX}")
    try:
        yield draft
    except BaseException:
        with suppress(OSError):  # of a medium that was pulled out
            draft.unlink(missing_ok=True)
        raise


@contextmanager
def _created(draft: Path, mode: int) -> Iterator[BufferedRandom]:
    """The draft, new and empty, marked as being written for as long as this lasts."""
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with os.fdopen(handle, "w+b") as file:
        with suppress(OSError):  # a file system without locks has no sweeping neighbour either
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file


def _is_being_written(entry: os.DirEntry[str]) -> bool:
    """Whether a living process holds the draft, or it is nothing that a draft can be."""
    if entry.is_symlink():
        return False
    if not entry.is_file(follow_symlinks=False):
        return True
    try:
        handle = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
