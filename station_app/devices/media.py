"""Where removable media are mounted on Linux."""

import glob
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_PARENTS: Final = ("/media/*", "/media/*/*", "/run/media/*/*", "/mnt", "/mnt/*")
"""Where desktops (udisks2) and people mount sticks."""


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
    """The files with this ending in the folders and in theirs, newest first.

    What can not be read is left out: a stick may be pulled at any moment.
    """
    found: dict[Path, float] = {}
    for folder in folders:
        for pattern in (f"*{suffix}", f"*/*{suffix}"):
            try:
                for path in folder.glob(pattern):
                    if path.is_file() and not path.name.startswith("."):
                        found[path] = path.stat().st_mtime
            except OSError:
                continue
    return sorted(found, key=lambda path: (-found[path], path))
