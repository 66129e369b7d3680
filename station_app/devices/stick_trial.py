"""A stick is tried: so many bytes written, read back from it, and how fast that was.

What was read back comes from the medium after a remount (udisks, which the user of a desktop may
ask), else around the computer's cache with `O_DIRECT`. A trial says which; a stick whose file
system can do neither is not proven.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from station_app.devices.media import mount_source, mounted_at
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault import is_pulled, medium_lost, read_back, write_fault

TRIAL_BYTES: Final = 100_000_000
_BLOCK: Final = 1 << 20
_NAME: Final = "station-trial-"
_UDISKS: Final = "udisksctl"
_UDISKS_S: Final = 60.0


class TrialStep(StrEnum):
    """The steps of a trial, in their order."""

    WRITING = "writing"
    REMOUNTING = "remounting"
    READING = "reading"


class Proof(StrEnum):
    """Where the bytes that were read back came from."""

    REMOUNTED = "remounted"
    MEDIUM = "medium"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class StickTrial:
    """A stick gave back every byte; `proof` says how far that counts."""

    bytes: int
    write_s: float
    proof: Proof

    @property
    def write_mb_s(self) -> float:
        """Megabytes a second, the sync included."""
        return self.bytes / 1e6 / max(self.write_s, 1e-6)


Tell = Callable[[TrialStep, int, int], None]
"""Is told of a step how many bytes are done, of how many."""


class _StoppedError(Exception):
    """Somebody asked the trial to end."""


def try_stick(
    folder: Path,
    tell: Tell,
    is_stopped: Callable[[], bool],
    size: int = TRIAL_BYTES,
    remount: Callable[[Path], Path | None] | None = None,
) -> StickTrial | None:
    """Write `size` random bytes to the medium at `folder`, read them back, remove them.

    None where it was stopped. `remount` mounts the medium anew and says where it is then, None
    where this user cannot (`remount_by_udisks`). Raises `KnownError`: `medium_lost`,
    `medium_worn` (other bytes came back), and as `write_fault` does, which
    `StickFinder.writing` says of the stick.
    """
    sweep_trials(folder)
    path = None
    try:
        handle, name = tempfile.mkstemp(prefix=_NAME, dir=folder)
        path = Path(name)
        try:
            sha256, write_s = _write(handle, size, tell, is_stopped)
        finally:
            os.close(handle)
        return _read(path, size, sha256, write_s, tell, is_stopped, remount)
    except _StoppedError:
        return None
    except OSError as error:
        if is_pulled(folder):
            raise medium_lost(folder) from error
        raise write_fault(error, path or folder) from error
    finally:
        sweep_trials(folder)


def sweep_trials(folder: Path) -> None:
    """Remove the files of trials that were cut off."""
    with suppress(OSError):
        for path in folder.glob(f"{_NAME}*"):
            if path.is_file() and not path.is_symlink():
                path.unlink()


def _write(handle: int, size: int, tell: Tell, is_stopped: Callable[[], bool]) -> tuple[str, float]:
    """Random bytes, which no stick packs smaller; synced every 8 MB, so that the progress is the
    stick's and not the cache's."""
    digest, done, spent = hashlib.sha256(), 0, 0.0
    tell(TrialStep.WRITING, 0, size)
    while done < size:
        _stop(is_stopped)
        block = os.urandom(min(_BLOCK, size - done))
        digest.update(block)
        start = time.perf_counter()
        view = memoryview(block)
        while view:
            view = view[os.write(handle, view) :]
        done += len(block)
        if done % (8 * _BLOCK) == 0 or done == size:
            os.fsync(handle)
        spent += time.perf_counter() - start
        tell(TrialStep.WRITING, done, size)
    return digest.hexdigest(), spent


def _read(
    path: Path,
    size: int,
    sha256: str,
    write_s: float,
    tell: Tell,
    is_stopped: Callable[[], bool],
    remount: Callable[[Path], Path | None] | None,
) -> StickTrial:
    here = None
    if remount is not None:
        tell(TrialStep.REMOUNTING, 0, 1)
        here = remount(path.parent)
        tell(TrialStep.REMOUNTING, 1, 1)
    file = path if here is None else here / path.name

    def told(done: int) -> None:
        _stop(is_stopped)
        tell(TrialStep.READING, done, size)

    tell(TrialStep.READING, 0, size)
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        found = read_back(handle, told)
    finally:
        os.close(handle)
        if here is not None and here != path.parent:
            sweep_trials(here)
    if found.sha256 != sha256:
        raise KnownError(
            Code.MEDIUM_WORN,
            f"{path.parent} does not give back what was written to it. Use this stick for nothing "
            "more, and take another one.",
        )
    proof = Proof.MEDIUM if found.is_proven else Proof.NONE
    return StickTrial(size, write_s, Proof.REMOUNTED if here is not None else proof)


def _stop(is_stopped: Callable[[], bool]) -> None:
    if is_stopped():
        raise _StoppedError


def remount_by_udisks(folder: Path) -> Path | None:
    """Unmount the medium at `folder` and mount it again; where it is then.

    None where there is no udisks, or this user may not: it is still mounted then. Raises
    `KnownError` `medium_lost` where it does not come back.
    """
    source, program = mount_source(folder), shutil.which(_UDISKS)
    if program is None or not source.startswith("/dev/"):
        return None
    if not _udisks(program, "unmount", source):
        return None
    if not _udisks(program, "mount", source):
        raise medium_lost(folder)
    found = mounted_at(source)
    if found is None:
        raise medium_lost(folder)
    return found


def _udisks(program: str, what: str, source: str) -> bool:
    command = [program, what, "--no-user-interaction", "--block-device", source]
    try:
        done = subprocess.run(  # noqa: S603  (a device of the mount table, no option)
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_UDISKS_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
