"""Sticks and cards on Linux: where they are mounted, what they are called, what fits on them."""

import errno
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

from station_app.devices.usb import usb_device_of
from station_app.vault import is_pulled

_PARENTS: Final = ("/media/*", "/media/*/*", "/run/media/*/*", "/mnt", "/mnt/*")
"""Where desktops (udisks2) and people mount sticks."""
_MOST_NAMES: Final = 10_000
_MOST_FOLDERS: Final = 1_000

_MOUNTS: Final = Path("/proc/self/mountinfo")
_LABELS: Final = Path("/dev/disk/by-label")
_UUIDS: Final = Path("/dev/disk/by-uuid")
_BLOCKS: Final = Path("/sys/class/block")
_NUMBER: Final = re.compile(r"[0-9]{1,18}|[^0-9]+|[0-9]+")
_MOMENT_S: Final = 2
_ESCAPED: Final = re.compile(r"\\(x[0-9a-fA-F]{2}|[0-7]{3})")
_FILE_SYSTEMS: Final = {"vfat": "FAT32", "msdos": "FAT", "exfat": "exFAT", "fuseblk": "NTFS"}
_NO_NAME: Final = re.compile(r"[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}|[0-9a-fA-F-]{16,36}|disk|usb\d*|mnt")
"""Folder names that mean nothing to a person."""


@dataclass(frozen=True, slots=True)
class Medium:
    """A mounted stick or card.

    `name` is its label, else its maker's and model's name, else the folder's. `size` and
    `free` count bytes, 0 where unknown; `free` does not count when media are compared.
    `file_system` as people know it (FAT32). `identity` tells it from another one that was put
    into its place: the file system's UUID and the USB device; two copies byte for byte on sticks
    without a serial number are one.
    """

    folder: Path
    name: str
    size: int
    free: int = field(compare=False)
    file_system: str
    is_writable: bool
    identity: str = ""

    def is_same(self, other: "Medium") -> bool:
        """Whether `other` is this stick, at the same place."""
        mine, others = (self.identity, self.size), (other.identity, other.size)
        return self.folder == other.folder and mine == others


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A plain file of a medium; `written` in seconds since 1970, on vfat an even number."""

    path: Path
    size: int
    written: float


def mounted_media(
    patterns: Iterable[str] = _PARENTS,
    mounts: Path = _MOUNTS,
    labels: Path = _LABELS,
    blocks: Path = _BLOCKS,
    uuids: Path = _UUIDS,
) -> list[Medium]:
    """The sticks and cards there are, by folder; those that do not respond are left out."""
    known = _mount_table(mounts)
    by_device, uuid_of = _links(labels), _links(uuids)
    found = []
    for folder in sorted(_mount_points(patterns)):
        source, file_system = known.get(str(folder), ("", ""))
        try:
            room, device = os.statvfs(folder), folder.stat().st_dev
        except OSError:
            continue
        if is_pulled(folder):
            continue
        found.append(
            Medium(
                folder=folder,
                name=by_device.get(source) or _folder_name(folder, _model(source, blocks)),
                size=room.f_blocks * room.f_frsize,
                free=room.f_bavail * room.f_frsize,
                file_system=_FILE_SYSTEMS.get(file_system, file_system),
                is_writable=not room.f_flag & os.ST_RDONLY and os.access(folder, os.W_OK),
                identity=_identity(uuid_of.get(source, ""), device, source, blocks),
            )
        )
    return found


def mount_source(folder: Path, mounts: Path = _MOUNTS) -> str:
    """The device that is mounted at a folder (`/dev/sdb1`), empty where nothing is."""
    return _mount_table(mounts).get(str(folder), ("", ""))[0]


def mounted_at(source: str, mounts: Path = _MOUNTS) -> Path | None:
    """The folder at which a device is mounted, None where it is not."""
    table = _mount_table(mounts)
    return next((Path(folder) for folder, (one, _) in table.items() if one == source), None)


def files_on(folder: Path, suffix: str) -> list[FoundFile]:
    """The plain files with this ending in the folder of a medium and in its folders; no links.

    Of a folder with very many names the first ones are looked at. Raises `OSError` where the
    medium does not respond: nothing found on a pulled stick says nothing of what is on it.
    """
    found, folders = [], [folder]
    for entry in _entries(folder):
        with suppress(OSError):
            if entry.is_dir(follow_symlinks=False) and len(folders) <= _MOST_FOLDERS:
                folders.append(Path(entry.path))
    for here in folders:
        with suppress(OSError):  # a damaged folder hides no other one
            found += [one for entry in _entries(here) if (one := _plain_file(entry, suffix))]
    if is_pulled(folder):
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))
    return found


def newest_first(files: Iterable[FoundFile]) -> list[FoundFile]:
    """The files as people look for them. Of those written in the same two seconds, which is one
    moment on vfat, the one with the higher number in its name comes first.
    """
    by_name = sorted(files, key=lambda one: _numbered(one.path), reverse=True)
    return sorted(by_name, key=lambda one: -(one.written // _MOMENT_S))


def _numbered(path: Path) -> tuple[list[tuple[int, str]], str]:
    """`9042-10` after `9042-9`."""
    parts = _NUMBER.findall(path.name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], str(path)


def _plain_file(entry: os.DirEntry[str], suffix: str) -> FoundFile | None:
    if entry.name.startswith(".") or not entry.name.endswith(suffix):
        return None
    try:
        about = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    if not stat.S_ISREG(about.st_mode):
        return None
    return FoundFile(Path(entry.path), about.st_size, about.st_mtime)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(islice(entries, _MOST_NAMES))


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


def _links(folder: Path) -> dict[str, str]:
    """What udev calls disks here, by the device's file."""
    try:
        return {str(one.resolve()): _unescaped(one.name) for one in folder.iterdir()}
    except OSError:
        return {}


def _identity(uuid: str, device: int, source: str, blocks: Path) -> str:
    """The file system's UUID, without one its device number, and the USB device it is on."""
    usb = usb_device_of(blocks / Path(source).name) if source.startswith("/dev/") else None
    number = f"{os.major(device)}:{os.minor(device)}"
    return " ".join([uuid or number, *([usb.identity] if usb is not None else [])])


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
