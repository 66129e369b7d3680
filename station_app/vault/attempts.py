"""Wrong passphrases are counted, and after five in a row there is a wait, by the boot's clock.

This slows a person at the keyboard. Who has the disk is slowed by Argon2id alone.
"""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Role
from station_app.vault.disk import write_fault
from station_app.vault.strict_json import check_members, read_record, write_record
from station_app.vault.untrusted_files import SmallFile

Clock = Callable[[], float]


def boot_seconds() -> float:
    """Seconds since the machine was started, its sleep included.

    Nobody sets this clock, and closing the lid does not stop it.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME)


TRIES: Final = 5
WAIT_SECONDS: Final = 60

FILE_BYTES: Final = 256
"""The file's size, whatever the counts: it is overwritten in place, even on a full disk."""

_FORMAT: Final = "station-app/attempts/1"
_KINDS: Final = (Role.OPERATOR, Role.MEMBER, Role.TECHNICIAN)
_FILE: Final = SmallFile("attempts", "file of attempts", "Remove it; it is made again.", limit=4096)
_MOST: Final = 10**6
_BUSY_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.01
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_SAFELY: Final = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # no link, no pipe that waits

_Counts = dict[Role, int]


class Attempts:
    """The counts of one station, one a kind of person (`Role.kind`), in the file at `path`.

    A try is counted before the passphrase is checked, so that stopping the program in between
    saves nobody a count. Only counts are kept: with a count that is full, a new process waits the
    full time again, and no clock that a person can set plays a part. Programs count one after the
    other. Where a full disk takes no count, this object keeps it. Methods raise `KnownError` as
    `SmallFile.read` and `write_fault` do, and `passphrase_busy` where another program keeps the
    file locked.
    """

    def __init__(self, path: Path, clock: Clock = boot_seconds) -> None:
        self._path = path
        self._clock = clock
        self._waits: dict[Role, float] = {}
        self._unwritten: _Counts | None = None
        for kind in _KINDS:
            self.wait_seconds(kind)

    def make(self) -> None:
        """Make the file where there is none, while there is space for it."""
        self._change(lambda counts: counts, is_made=True)

    def wait_seconds(self, kind: Role) -> float:
        """Seconds until a passphrase of this kind is checked again; 0 for no wait."""
        wait = self._wait(kind, self._read())
        if wait is None:
            self._change(lambda counts: counts | {kind: 0})
        return wait or 0.0

    def tries_left(self, kind: Role) -> int:
        """How many wrong passphrases of this kind are left before a wait."""
        return max(0, TRIES - self._read()[kind])

    def begin(self, kind: Role) -> None:
        """Count a try before its passphrase is checked.

        Raises `KnownError` `too_many_tries` during a wait.
        """

        def counted(counts: _Counts) -> _Counts:
            wait = self._wait(kind, counts)
            if wait:
                raise KnownError(
                    Code.TOO_MANY_TRIES,
                    f"There were {TRIES} wrong passphrases. Wait {wait:.0f} seconds, "
                    "then try again.",
                )
            return counts | {kind: 1 if wait is None else counts[kind] + 1}

        self._change(counted)

    def succeed(self, kind: Role) -> None:
        """The try was right: counting begins again."""
        self._change(lambda counts: counts | {kind: 0})

    def _wait(self, kind: Role, counts: _Counts) -> float | None:
        """Seconds to wait, 0 for none; None when a wait has ended and the count begins anew."""
        if counts[kind] < TRIES:
            # Another program, or another object, has ended the wait that this one knew.
            self._waits.pop(kind, None)
            return 0.0
        now = self._clock()
        end = self._waits.setdefault(kind, now + WAIT_SECONDS)
        if now < end:
            return end - now
        del self._waits[kind]
        return None

    def _read(self) -> _Counts:
        if self._unwritten is not None:
            return self._unwritten
        if not self._path.exists():
            return dict.fromkeys(_KINDS, 0)
        with self._locked(os.O_RDONLY) as handle:
            return _counts(os.pread(handle, _FILE.limit, 0))

    def _change(self, change: Callable[[_Counts], _Counts], *, is_made: bool = False) -> None:
        is_new = not self._path.exists()
        flags = os.O_RDWR | (os.O_CREAT if is_new else 0)
        with self._locked(flags) as handle:
            data = os.pread(handle, _FILE.limit, 0)
            before = dict.fromkeys(_KINDS, 0) if is_new and not data else _counts(data)
            if self._unwritten is not None:
                before = self._unwritten
            after = change(before)
            if after == before and not is_made:
                return
            try:
                _write(handle, after)
                self._unwritten = None
            except OSError as error:
                if error.errno not in _FULL:
                    raise write_fault(error, self._path) from error
                # A full disk keeps nobody out. Filling it on purpose, to restart programs that then
                # forget the count, gains nothing over removing the file.
                self._unwritten = after
                if is_new and not data:
                    self._path.unlink(missing_ok=True)

    @contextmanager
    def _locked(self, flags: int) -> Iterator[int]:
        """The open file, which no other program reads or writes meanwhile."""
        try:
            handle = os.open(self._path, flags | _SAFELY, 0o600)
        except OSError as error:
            if flags & os.O_CREAT:
                raise write_fault(error, self._path) from error
            raise _FILE.unreadable(self._path) from error
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise _FILE.unreadable(self._path)
            self._lock(handle)
            yield handle
        finally:
            os.close(handle)

    def _lock(self, handle: int) -> None:
        end = time.monotonic() + _BUSY_SECONDS
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            if time.monotonic() > end:
                raise KnownError(
                    Code.PASSPHRASE_BUSY,
                    "Other programs are trying passphrases of this station. Close them, or wait "
                    "a minute, then try again.",
                )
            time.sleep(_LOOK_SECONDS)


def _counts(data: bytes) -> _Counts:
    try:
        wrong = check_members(read_record(data, _FORMAT, ["wrong"])["wrong"], _KINDS)
        return {kind: _count(wrong[kind]) for kind in _KINDS}
    except ValueError:
        # Damaged, by accident or not: one wait, then it is made again.
        return dict.fromkeys(_KINDS, TRIES)


def _write(handle: int, counts: _Counts) -> None:
    wrong = {kind.value: count for kind, count in counts.items()}
    data = write_record({"format": _FORMAT, "wrong": wrong}).ljust(FILE_BYTES)
    if os.pwrite(handle, data, 0) < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.ftruncate(handle, len(data))
    os.fsync(handle)


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError("it is not a count")
    return value
