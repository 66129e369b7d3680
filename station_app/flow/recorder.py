"""The only writer of an open journal: in order, and nothing past a fault (ADR 0032)."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, TypeVar

from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.entries import (
    DeviceLost,
    DeviceReturned,
    Entry,
    MirrorLost,
    MirrorReturned,
    SlipFailed,
)
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal import Journal, JournalReader
from station_app.journal.records import Record

_PATIENCE_S: Final = 1.0
"""`stop` waits no longer for a write under way: a disk that hangs must not hold up a screen."""

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

Notice = MirrorLost | MirrorReturned | DeviceLost | DeviceReturned | SlipFailed
"""What nobody waits for; `kept_notices` knows what of each waits for the next unlocking."""


class Recorder:
    """Everything that writes calls it, and listeners hear every entry. Used on the journal's lane.

    After a fault every write is refused until a person tries again (`resume`).
    `fault`, `last_entry` and `stop` may be used on any thread.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._late: list[tuple[datetime, Notice]] = []
        self._fault: KnownError | None = None
        self._end: KnownError | None = None
        self._writing = threading.Lock()
        self._watchers: list[Callable[[], None]] = []

    @property
    def journal(self) -> JournalReader:
        """The journal, to be read."""
        return self._journal

    @property
    def fault(self) -> KnownError | None:
        """Why nothing is written now; None while all is well."""
        return self._end or self._fault

    @property
    def last_entry(self) -> int:
        """The number of the last durable entry."""
        return self._journal.size

    def listen(self, heard: Callable[[Sequence[Record]], object]) -> None:
        """Tell `heard` of all records from now on once they are durable, on the journal's lane.

        It may not write in that call: the lane is still writing.
        """
        self._journal.listen(heard)

    def watch(self, failed: Callable[[], None]) -> None:
        """Call `failed` whenever a fault is met, on the journal's lane."""
        self._watchers.append(failed)

    def append(self, entry: Entry) -> Appended | AlreadyAccepted:
        """See `Journal.append`; raises the unresolved fault, if there is one."""
        # A neighbour that may refuse a claim of a voter is asked here, before the journal.
        return self._write(lambda: self._journal.append(entry))

    def append_all(self, entries: Sequence[Entry]) -> tuple[Appended, ...]:
        """See `Journal.append_all`; raises as `append` does."""
        return self._write(lambda: self._journal.append_all(entries))

    @property
    def late(self) -> Sequence[tuple[datetime, Notice]]:
        """What nobody waited for and is not written, each with its time; once all is closed."""
        return tuple(self._late)

    def append_late(self, *entries: Notice) -> None:
        """Write entries that nobody waits for.

        After a fault they are kept, and written before the first entry after `resume`.
        """
        at = self._journal.now()
        self._late += [(at, one) for one in entries]
        try:
            self._write(lambda: None)
        except KnownError as fault:
            _log.warning("entries_wait", extra={"code": fault.code})

    def close_interrupted_sessions(self) -> int:
        """See `Journal.close_interrupted_sessions`; raises as `append` does."""
        return self._write(self._journal.close_interrupted_sessions)

    def resume(self) -> None:
        """A person has removed the cause of the fault and tries again."""
        self._fault = None
        if self._late:
            self.append_late()

    def stop(self) -> int:
        """Write nothing any more, for good; the number of the last entry."""
        self._end = _stopped()
        if self._writing.acquire(timeout=_PATIENCE_S):
            self._writing.release()
        return self.last_entry

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    def _write(self, write: Callable[[], Answer]) -> Answer:
        """Write the kept entries, then the requested ones."""
        with self._writing:
            if (known := self.fault) is not None:
                raise known.with_traceback(None)  # it is raised for hours: each adds its frames
            try:
                if self._late:
                    self._journal.append_all([one for _, one in self._late])
                    self._late.clear()
                return write()
            except KnownError as fault:
                self._fault = fault
                for failed in self._watchers:
                    failed()
                raise
            except BaseException:
                self._end = _stopped()  # what is asked for already does not come after a bug
                raise


def _stopped() -> KnownError:
    return KnownError(Code.DESK_STOPPED, "A bug has stopped the desk. Start it again.")
