"""Where removable media are mounted on Linux."""

import glob
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

_PARENTS: Final = ("/media/*", "/media/*/*", "/run/media/*/*", "/mnt", "/mnt/*")
"""Where desktops (udisks2) and people mount sticks."""
_MOST_NAMES: Final = 10_000
_MOST_FOLDERS: Final = 1_000


def mounted_media(patterns: Iterable[str] = _PARENTS) -> list[Path]:
    """The mount points of sticks and cards, by name; those that can not be asked are left out."""
    found = set()
    for pattern in patterns:
        # `Path.glob` would end at the first stick that was pulled out and is still mounted.
        for path in glob.glob(pattern):  # noqa: PTH207
            try:
                if os.path.ismount(path):
                    found.add(Path(path))
            except OSError:
                continue
    return sorted(found)


def files_on(folders: Iterable[Path], suffix: str) -> list[Path]:
    """The plain files with this ending in the folders and in theirs, newest first; no links.

    What can not be read is left out: a stick may be pulled at any moment. Of a folder with very
    many names the first ones are looked at.
    """
    found: dict[Path, float] = {}
    for folder in folders:
        for here in (folder, *_folders_in(folder)):
            for entry in _entries(here):
                if entry.name.startswith(".") or not entry.name.endswith(suffix):
                    continue
                with suppress(OSError):
                    about = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(about.st_mode):
                        found[Path(entry.path)] = about.st_mtime
    return sorted(found, key=lambda path: (-found[path], path))


def _folders_in(folder: Path) -> list[Path]:
    found = []
    for entry in _entries(folder):
        with suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                found.append(Path(entry.path))
    return found[:_MOST_FOLDERS]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(islice(entries, _MOST_NAMES))
    except OSError:
        return []
