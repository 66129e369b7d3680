"""Logs where they lie: in a folder, or in a tar as in an opened bundle."""

import tarfile
from pathlib import Path
from typing import Final

from station_app.domain.errors import KnownError
from station_app.journal.bundle import SUFFIX
from station_app.journal.bundle_contents import read_tar
from station_app.journal.tiles import CHECKPOINT, LARGEST_TILE, TILES
from station_app.vault import open_regular, read_regular

LARGEST_LOG: Final = 1 << 30
"""Bytes of a whole log in a tar."""


def is_log(path: Path) -> bool:
    """Whether it is a folder or a tar; what is in it is another question."""
    try:
        return path.is_dir() or (path.is_file() and tarfile.is_tarfile(path))
    except OSError:
        return False


def is_bundle(path: Path) -> bool:
    """Whether it is a sealed bundle, by its name: it shows nothing else."""
    return path.name.endswith(SUFFIX)


def log_at(path: Path) -> dict[str, bytes]:
    """The files of the tlog-tiles log in the folder or tar at `path`, contents by name.

    Raises `KnownError` `log_missing` (no checkpoint there), `log_unreadable`.
    """
    try:
        if path.is_dir():
            files = _files_in(path)
        else:
            with open_regular(path, LARGEST_LOG) as file:
                files = read_tar(file)
    except (OSError, ValueError) as error:
        raise KnownError(
            "log_unreadable",
            f"{path} can not be read as a folder or a tar of plain files. Copy it again, or "
            "check that this user may read it.",
        ) from error
    if CHECKPOINT not in files:
        raise KnownError(
            "log_missing",
            f"There is no log in {path}: it has no file `checkpoint`. Name the folder or the tar "
            "that has it, or a journal's file.",
        )
    return files


def _files_in(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = LARGEST_LOG
    for name in _names(folder):
        files[name] = read_regular(folder / name, min(left, LARGEST_TILE))
        left -= len(files[name])
    return files


def _names(folder: Path) -> list[str]:
    found = (path for path in (folder / TILES).rglob("*") if path.is_file())
    tiles = [path.relative_to(folder).as_posix() for path in found]
    return [CHECKPOINT, *tiles] if (folder / CHECKPOINT).is_file() else tiles
