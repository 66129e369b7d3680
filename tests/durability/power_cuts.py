"""Records programs and judges every disk that a power cut could have left of their files."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.durability.disk_states import Files, History, State
from tests.durability.journal_after_cut import NAME, Written
from tests.durability.recording import RECORDER, Recorder, compile_library

WRITER = "tests.durability.recorded_writer"
MEMORY_DISK = Path("/dev/shm")  # nothing here has to outlive the test, so nothing is synced

Judge = Callable[[Path, str], str]
"""What is wrong on the disk in a folder after a program has said this, "" for nothing."""


@dataclass(frozen=True, slots=True)
class Start:
    """One start of the program: its last arguments, and the fsync before which it is killed."""

    arguments: tuple[str, ...]
    killed_before_sync: int | None = None


FULL_RUN = (
    Start(("3",)),
    *(Start(("0",), sync) for sync in (1, 2, 4, 5, 6, 7, 8, 9, 10)),
    Start(("2",)),
)
"""A journal's first day, starts killed at each kind of fsync, one that goes on after them."""

SHORT_RUN = (Start(("1",)), Start(("0",), 8), Start(("0",)))


@dataclass(frozen=True, slots=True)
class Run:
    """A recorded run, to be cut anywhere."""

    history: History
    judge: Judge
    scratch: Path

    def disks(self, *, every_sector: bool = False) -> Iterator[tuple[State, str]]:
        """Every disk, and what is wrong with it."""
        for number, state in enumerate(self.history.states(every_sector=every_sector)):
            folder = self.scratch / f"disk-{number}"
            folder.mkdir()
            state.write_to(folder)
            yield state, self.judge(folder, state.said)
            shutil.rmtree(folder)


@contextmanager
def laboratory() -> Iterator[Path]:
    """A folder for a recording and its disks, with the compiled recorder in it."""
    place = MEMORY_DISK if os.access(MEMORY_DISK, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place) as name:
        compile_library(RECORDER, Path(name) / "recorder.so")
        yield Path(name)


def record(work: Path, program: str, starts: Sequence[Start]) -> History:
    """Start the program on a folder `disk`, again and again, and make its history.

    Checks that the record explains every byte of the files that are there at the end.
    """
    disk = work / "disk"
    disk.mkdir()
    recorder = Recorder(work / "recorder.so", disk, work / "log")
    for start in starts:
        command = [sys.executable, "-m", program, str(disk), *start.arguments]
        code = recorder.run(command, start.killed_before_sync)
        assert code == (0 if start.killed_before_sync is None else -9)
    history = History(recorder.operations())
    assert history.at_the_end() == _real_files(disk)
    return history


def killed_at_birth(sync: int) -> tuple[Start, Start]:
    """A first start that is killed before one of its fsyncs, and one that goes on after it."""
    return Start(("0",), sync), Start(("0",))


def record_journal(work: Path, starts: Sequence[Start], *options: str) -> Run:
    """A run of the journal's writer, with the options of `recorded_writer.py`."""
    given = [Start((*one.arguments, *options), one.killed_before_sync) for one in starts]
    history = record(work, WRITER, given)
    written = Written.by_run(work / "disk" / NAME, history.said)
    return Run(history, written.judge, work)


def _real_files(folder: Path) -> Files:
    return {
        str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }
