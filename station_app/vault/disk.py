"""Files that are there whole or not at all, also after the power is cut."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from station_app.domain.errors import KnownError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})


def write_fault(error: OSError, path: Path) -> KnownError:
    """The `KnownError` of a failed write: disk_full, no_write_permission or disk_fault."""
    if error.errno in _FULL:
        return KnownError(
            "disk_full",
            f"The disk is full: {path} was not written. Free some space and try again.",
        )
    if error.errno in _FORBIDDEN:
        return KnownError(
            "no_write_permission",
            f"{path} may not be written. Give this user write permission for {path.parent}, "
            "or choose another folder.",
        )
    return KnownError(
        "disk_fault",
        f"{path} was not written ({os.strerror(error.errno or errno.EIO)}). "
        "Check the disk, then try again.",
    )


def access_fault(error: PermissionError) -> KnownError:
    """The `KnownError` `no_permission` of something that this user may not get at."""
    return KnownError(
        "no_permission",
        f"{error.filename} is not open to this user. Start the program as the user it belongs "
        "to, or choose another place.",
    )


def replace_file(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Put `data` in the place of `path`: old or new content is found there, never a part.

    The new file and its folder entry are on the disk when this returns.
    Raises `KnownError` as `write_fault` says; the old file is then untouched.
    """
    draft = path.with_name(path.name + ".new")
    try:
        try:
            _write_synced(draft, data, mode)
            draft.replace(path)
            sync_folder(path.parent)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise write_fault(error, path) from error


def make_folder(folder: Path) -> None:
    """Make the folder and those above it where they are missing, with mode 0700.

    Their names are on the disk when this returns, also where a process was cut off while it
    made them. Raises `OSError`.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    there = missing[-1].parent if missing else folder
    with suppress(PermissionError):  # then it is not one that this user has just made
        sync_folder(there.parent)
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
        sync_folder(one.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable (a rename is not, until its folder is synced)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_synced(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)
