"""Sticks and cards on Linux: where they are mounted, what they are called, what fits on them."""

import glob
import os
import re
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

_PARENTS: Final = ("/media/*", "/media/*/*", "/run/media/*/*", "/mnt", "/mnt/*")
"""Where desktops (udisks2) and people mount sticks."""
_MOST_NAMES: Final = 10_000
_MOST_FOLDERS: Final = 1_000

_MOUNTS: Final = Path("/proc/self/mountinfo")
_LABELS: Final = Path("/dev/disk/by-label")
_BLOCKS: Final = Path("/sys/class/block")
_ESCAPED: Final = re.compile(r"\\(x[0-9a-fA-F]{2}|[0-7]{3})")
_FILE_SYSTEMS: Final = {"vfat": "FAT32", "msdos": "FAT", "exfat": "exFAT", "fuseblk": "NTFS"}
_NO_NAME: Final = re.compile(r"[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}|[0-9a-fA-F-]{16,36}|disk|usb\d*|mnt")
"""Folder names that mean nothing to a person."""


@dataclass(frozen=True, slots=True)
class Medium:
    """A mounted stick or card.

    `name` is its label, else its maker's and model's name, else the folder's. `size` and
    `free` count bytes, 0 where unknown; `free` does not count when media are compared.
    `file_system` as people know it (FAT32).
    """

    folder: Path
    name: str
    size: int
    free: int = field(compare=False)
    file_system: str
    is_writable: bool


def mounted_media(
    patterns: Iterable[str] = _PARENTS,
    mounts: Path = _MOUNTS,
    labels: Path = _LABELS,
    blocks: Path = _BLOCKS,
) -> list[Medium]:
    """The sticks and cards there are, by folder; those that do not respond are left out."""
    known = _mount_table(mounts)
    by_device = _labels(labels)
    found = []
    for folder in sorted(_mount_points(patterns)):
        source, file_system = known.get(str(folder), ("", ""))
        try:
            room = os.statvfs(folder)
        except OSError:
            continue
        found.append(
            Medium(
                folder=folder,
                name=by_device.get(source) or _folder_name(folder, _model(source, blocks)),
                size=room.f_blocks * room.f_frsize,
                free=room.f_bavail * room.f_frsize,
                file_system=_FILE_SYSTEMS.get(file_system, file_system),
                is_writable=not room.f_flag & os.ST_RDONLY and os.access(folder, os.W_OK),
            )
        )
    return found


def files_on(folders: Iterable[Path], suffix: str) -> list[Path]:
    """The plain files with this ending in the folders and in theirs, newest first; no links.

    Unreadable ones are left out: a stick may be pulled at any moment. Of a folder with very many
    names the first ones are looked at.
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


def _mount_points(patterns: Iterable[str]) -> set[Path]:
    found = set()
    for pattern in patterns:
        # `Path.glob` would end at the first stick that was pulled out and is still mounted.
        for path in glob.glob(pattern):  # noqa: PTH207
            try:
                if os.path.ismount(path):
                    found.add(Path(path))
            except OSError:
                continue
    return found


def _mount_table(mounts: Path) -> dict[str, tuple[str, str]]:
    """Device and file system by mount point (proc(5), /proc/pid/mountinfo)."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    table = {}
    for line in lines:
        before, _, after = line.partition(" - ")
        head, tail = before.split(), after.split()
        if len(head) > 4 and len(tail) > 1:
            table[_unescaped(head[4])] = (_unescaped(tail[1]), tail[0])
    return table


def _labels(folder: Path) -> dict[str, str]:
    """Labels by the device's file."""
    try:
        return {str(one.resolve()): _unescaped(one.name) for one in folder.iterdir()}
    except OSError:
        return {}


def _model(source: str, blocks: Path) -> str:
    """Maker and model of the disk that this partition is on, empty where it does not say."""
    if not source.startswith("/dev/"):
        return ""
    try:
        block = (blocks / Path(source).name).resolve()
        disk = block if (block / "device").exists() else block.parent
        words = [(disk / "device" / name).read_text().strip() for name in ("vendor", "model")]
    except (OSError, ValueError):
        return ""
    return " ".join(word for word in words if word)


def _folder_name(folder: Path, model: str) -> str:
    name = folder.name or str(folder)
    return model if model and _NO_NAME.fullmatch(name) else name


def _unescaped(text: str) -> str:
    r"""Decodes `\x20` of udev and `\040` of the kernel."""
    raw = _ESCAPED.sub(
        lambda found: chr(int(found[1][1:], 16) if found[1][0] == "x" else int(found[1], 8)), text
    )
    try:
        return raw.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return raw
