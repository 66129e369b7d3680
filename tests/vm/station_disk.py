"""The disk of a station in the virtual machine."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.vm.gadget import load_modules

PLACE: Final = Path("/run/disk")
_MEMORY: Final = Path("/dev/shm/station.disk")


@contextmanager
def station_disk() -> Iterator[None]:
    """A disk of its own at `PLACE`: ext4, 8 GB, as large as it needs to be in memory."""
    with _MEMORY.open("wb") as made:
        made.truncate(8 << 30)
    load_modules("loop", "ext4")
    PLACE.mkdir()
    _run("mkfs.ext4", "-q", "-J", "size=4", _MEMORY)
    _run("mount", "-o", "loop", _MEMORY, PLACE)
    yield
    _run("umount", PLACE)
    PLACE.rmdir()
    _MEMORY.unlink()


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True, capture_output=True)
