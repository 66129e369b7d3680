"""Wrong passphrases are counted, and after five in a row there is a wait.

This slows a person at the keyboard. Who has the disk is slowed by Argon2id alone.
"""

from pathlib import Path
from typing import Any, Final

from station_app.domain.errors import KnownError
from station_app.domain.roles import Role
from station_app.vault.boot_clock import Clock, boot_seconds
from station_app.vault.disk import replace_file
from station_app.vault.records import check_members, read_record, write_record
from station_app.vault.small_files import SmallFile

TRIES: Final = 5
WAIT_SECONDS: Final = 60

_FORMAT: Final = "station-app/attempts/1"
_KINDS: Final = (Role.OPERATOR, Role.MEMBER, Role.TECHNICIAN)
_FILE: Final = SmallFile("attempts", "file of attempts", "Remove it; it is made again.", limit=4096)


class Attempts:
    """The counts of one station, one a kind of person (`Role.kind`), in the file at `path`.

    A try is counted before the passphrase is looked at, so that a program stopped in
    between spares nobody a count. Only counts are kept: with a count that is full, a new
    process waits the full time again, and no clock that a person can set plays a part.
    Methods raise `KnownError` as `SmallFile.read` and `write_fault` do.
    """

    def __init__(self, path: Path, clock: Clock = boot_seconds) -> None:
        self._path = path
        self._clock = clock
        self._waits: dict[Role, float] = {}
        for kind in _KINDS:
            self.wait_seconds(kind)

    def wait_seconds(self, kind: Role) -> float:
        """How long no passphrase of this kind is looked at; 0 when it is."""
        counts = self._read()
        if counts[kind] < TRIES:
            # Another program, or another object, has ended the wait that this one knew.
            self._waits.pop(kind, None)
            return 0.0
        now = self._clock()
        end = self._waits.setdefault(kind, now + WAIT_SECONDS)
        if now < end:
            return end - now
        del self._waits[kind]
        self._write(counts | {kind: 0})
        return 0.0

    def tries_left(self, kind: Role) -> int:
        """How many wrong passphrases of this kind are left before a wait."""
        return max(0, TRIES - self._read()[kind])

    def begin(self, kind: Role) -> None:
        """Count a try before its passphrase is looked at.

        Raises `KnownError` `too_many_tries` during a wait.
        """
        wait = self.wait_seconds(kind)
        if wait > 0:
            raise KnownError(
                "too_many_tries",
                f"There were {TRIES} wrong passphrases. Wait {wait:.0f} seconds, then try again.",
            )
        counts = self._read()
        self._write(counts | {kind: counts[kind] + 1})

    def succeed(self, kind: Role) -> None:
        """The try was right: counting begins again."""
        self._write(self._read() | {kind: 0})

    def _read(self) -> dict[Role, int]:
        if not self._path.exists():
            return dict.fromkeys(_KINDS, 0)
        data = _FILE.read(self._path)
        try:
            wrong = check_members(read_record(data, _FORMAT, ["wrong"])["wrong"], _KINDS)
            return {kind: _count(wrong[kind]) for kind in _KINDS}
        except ValueError:
            # Damaged, by accident or not: one wait, then it is made again.
            return dict.fromkeys(_KINDS, TRIES)

    def _write(self, counts: dict[Role, int]) -> None:
        wrong = {kind.value: count for kind, count in counts.items()}
        replace_file(self._path, write_record({"format": _FORMAT, "wrong": wrong}))


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("it is not a count")
    return value
