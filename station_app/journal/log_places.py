"""Logs in a folder, or in a tar as in an opened bundle.

Folders and tars come from media that anybody may have written: only plain files are read, and
no more than any log has.
"""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.bundle import LARGEST_BUNDLE, SUFFIX, read_tar
from station_app.journal.tlog_tiles import CHECKPOINT, TILES
from station_app.vault import open_regular, read_regular

LARGEST_LOG: Final = LARGEST_BUNDLE
"""Bytes of all files of a log: what a bundle holds, and no more."""
_MOST_FILES: Final = 10_000
"""More than a log of `MOST_ENTRIES` has."""


def is_log(path: Path) -> bool:
    """Whether it is a folder or a tar; the contents are not examined."""
    try:
        if path.is_dir():
            return True
        with open_regular(path, LARGEST_LOG) as file:
            return tarfile.is_tarfile(file)
    except (OSError, KnownError):
        return False


def is_bundle(path: Path) -> bool:
    """Whether it is a sealed bundle, by its name; the contents are encrypted."""
    return path.name.endswith(SUFFIX)


def log_at(path: Path) -> dict[str, bytes]:
    """The files of the tlog-tiles log in the folder or tar at `path`, contents by name.

    Raises `KnownError`: `log_missing` (no checkpoint there), `log_unreadable`, and as
    `open_regular` does.
    """
    try:
        if path.is_dir():
            files = read_folder(path)
        else:
            with open_regular(path, LARGEST_LOG) as file:
                files = read_tar(file)
    except (OSError, ValueError) as error:
        raise KnownError(
            Code.LOG_UNREADABLE,
            f"{path} cannot be read as a folder or a tar of plain files. Copy it again, or "
            "check that this user may read it.",
        ) from error
    if CHECKPOINT not in files:
        raise KnownError(
            Code.LOG_MISSING,
            f"There is no log in {path}: it has no file `checkpoint`. Name the folder or the tar "
            "that has it, or a journal's file.",
        )
    return files


def read_folder(folder: Path) -> dict[str, bytes]:
    """The checkpoint, if there is one, and all tiles in a folder, contents by name.

    Raises `OSError`, and `KnownError` `not_a_regular_file` or `file_too_large`: for one file,
    for all of them together, or for more files than a log has.
    """
    files: dict[str, bytes] = {}
    left = LARGEST_LOG
    for name in _names(folder):
        if len(files) == _MOST_FILES:
            raise KnownError(
                Code.FILE_TOO_LARGE,
                f"{folder} has more files than the log of any station. Take it off the medium.",
            )
        files[name] = read_regular(folder / name, left)
        left -= len(files[name])
    return files


def _names(folder: Path) -> Iterator[str]:
    if os.path.lexists(folder / CHECKPOINT):
        yield CHECKPOINT
    if not os.path.lexists(folder / TILES):
        return
    for place, folders, names in os.walk(folder / TILES, onerror=_raise):
        folders.sort()
        here = Path(place).relative_to(folder)
        yield from ((here / name).as_posix() for name in sorted(names))


def _raise(fault: OSError) -> NoReturn:
    raise fault
