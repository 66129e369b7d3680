"""A watched folder as a fingerprint reader, for evaluators: a new image in it is a finger."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.devices.finger_scanner import DecodeFinger, ScannerInfo, StopToken, Tell
from station_app.domain.errors import DeviceLostError, KnownError
from station_app.domain.samples import CaptureResult, Retry, RetryReason, Stopped
from station_app.vault import read_regular

_POLL_S: Final = 0.05
_MOST_NAMES: Final = 10_000
_LARGEST: Final = 16 * 1024 * 1024
_RESOLUTION: Final = re.compile(r"(.*\S)\s+(\d{3,4})ppi")
_PPI: Final = 500


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was last looked at."""

    path: str
    size: int
    changed_ns: int
    inode: int


class FolderScanner:
    """Takes each image that is put into a folder once, in the order of their times.

    `port` is the folder, and the resolution of its images where that is not 500 ppi:
    `/srv/fingers 569ppi`. What lies in the folder at the start does not count. A file that is no
    image of a finger costs one try.
    """

    is_simulated = True

    def __init__(self, port: str, decode: DecodeFinger) -> None:
        said = _RESOLUTION.fullmatch(port.strip())
        self._folder, self._ppi = (said[1], int(said[2])) if said else (port.strip(), _PPI)
        self._decode = decode
        self._taken: set[_Seen] = set()

    def find(self) -> bool:
        """Whether the folder is there."""
        try:
            return Path(self._folder).is_dir()
        except (OSError, ValueError):
            return False

    def open(self) -> ScannerInfo:
        """Look at what lies there already."""
        self._taken = set(self._look())
        return ScannerInfo("Folder of images", self._ppi, 0, 0)

    def capture(self, stop: StopToken, tell: Tell) -> CaptureResult:
        """The oldest new image, once its file has stopped growing."""
        before: set[_Seen] = set()
        while not stop.stopped:
            now = self._look()
            whole = [one for one in now if one in before and one not in self._taken and one.size]
            if whole:
                return self._read(min(whole, key=lambda one: (one.changed_ns, one.path)))
            before = set(now)
            self._taken &= before
            stop.wait(_POLL_S)
        return Stopped()

    def close(self) -> None:
        """Nothing is held."""

    def _read(self, file: _Seen) -> CaptureResult:
        self._taken.add(file)
        path = Path(file.path)
        try:
            return self._decode(read_regular(path, _LARGEST), path.name, self._ppi)
        except (KnownError, OSError):
            return Retry(RetryReason.NOT_A_FINGER)

    def _look(self) -> list[_Seen]:
        found = []
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    about = _about(entry)
                    if about is not None and stat.S_ISREG(about.st_mode):
                        found.append(
                            _Seen(entry.path, about.st_size, about.st_mtime_ns, about.st_ino)
                        )
                    if len(found) >= _MOST_NAMES:
                        break
        except (OSError, ValueError) as error:
            raise DeviceLostError(
                "The folder of images is not there. Make it, or give its path."
            ) from error
        return found


def _about(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError:  # taken away meanwhile
        return None
