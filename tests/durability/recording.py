"""A program's file operations in their order, written down by `file_recorder.c`.

The recorder is compiled on the spot and loaded into the program (LD_PRELOAD): no root, no
ptrace. What a program prints is part of the order, so that it is known which operations had
been done when it said a thing. A call that the recorder does not see would make a false
record: compare `DiskStates.at_the_end` with the real files.
"""

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECORDER = Path(__file__).with_name("file_recorder.c")
FLAGS = ("-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared")


class Kind(StrEnum):
    CREATE = "create"
    WRITE = "write"
    TRUNCATE = "truncate"
    SYNC = "sync"
    RENAME = "rename"
    LINK = "link"
    UNLINK = "unlink"
    MKDIR = "mkdir"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation that succeeded.

    `path` is relative to the recorded folder ("." is the folder itself), `inode` that of an
    open file or folder (0 elsewhere). `offset` is where a WRITE begins or what a TRUNCATE
    leaves; `data` what was written or said; `target` the other path of a RENAME or LINK.
    """

    kind: Kind
    path: str = ""
    inode: int = 0
    offset: int = 0
    data: bytes = b""
    target: str = ""


def compiler() -> list[str] | None:
    """The C compiler's command, None where there is none."""
    command = shlex.split(os.environ.get("CC") or "cc")
    return command if shutil.which(command[0]) else None


def compile_library(source: Path, library: Path) -> None:
    """Compile a file of C to a shared library."""
    command = compiler()
    assert command is not None, "there is no C compiler"
    subprocess.run([*command, *FLAGS, "-o", str(library), str(source)], check=True)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Runs programs one after the other and records them as one history of `folder`."""

    library: Path
    folder: Path
    log: Path

    def run(self, command: Sequence[str], kill_before_sync: int | None = None) -> int:
        """Run a program to its end, or until before its n-th fsync; its exit code.

        Killed, the program leaves in the page cache what it has written, as kill -9 does.
        """
        environment = os.environ | {
            "LD_PRELOAD": str(self.library),
            "FILE_RECORDER_FOLDER": str(self.folder.resolve()),
            "FILE_RECORDER_LOG": str(self.log),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        if kill_before_sync is not None:
            environment["FILE_RECORDER_KILL"] = str(kill_before_sync)
        return subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False
        ).returncode

    def operations(self) -> list[Operation]:
        """Everything that has been recorded so far."""
        record, place, found = self.log.read_bytes(), 0, []
        while place < len(record):
            end = record.index(b"\n", place)
            kind, offset, length, inode, path = record[place:end].decode().split(" ", 4)
            place = end + 1 + int(length)
            data = record[end + 1 : place]
            if kind in (Kind.RENAME, Kind.LINK):
                found.append(Operation(Kind(kind), self._inside(path), target=self._inside(data)))
            elif kind == Kind.SAID:
                found.append(Operation(Kind.SAID, data=data))
            else:
                found.append(
                    Operation(Kind(kind), self._inside(path), int(inode), int(offset), data)
                )
        return found

    def _inside(self, path: str | bytes) -> str:
        text = path.decode() if isinstance(path, bytes) else path
        return str(Path(text.removesuffix(" (deleted)")).relative_to(self.folder.resolve()))
