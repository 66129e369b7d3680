"""The full check of the open journal, while people are identified.

Records are read in parts on the journal's lane, between its appends, and audited on a lane
of their own: tree, rules, every checkpoint's signature, the table of identified voters, and
the head that the station has signed last. What the database keeps in memory is not read from
the disk again; `station-app journal verify` reads a closed file byte by byte.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from station_app.domain.day_log import Integrity
from station_app.domain.day_report import Head
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.flow.lane import Lane
from station_app.journal import JournalReader
from station_app.journal.audit import Audit
from station_app.journal.checkpoints import read_note
from station_app.journal.records import Record

AGE: Final = timedelta(minutes=10)
"""A check that is older is repeated when somebody looks."""

_PART: Final = 500
_DAMAGED: Final = Code.JOURNAL_DAMAGED


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """How many entries have been checked, and of how many."""

    checked: int
    entries: int


@dataclass(frozen=True, slots=True)
class _Start:
    """The journal as it stood when the check began."""

    origin: str
    public_key: bytes
    head: Head
    acceptances: dict[str, int]


class IntegrityCheck:
    """Runs one check at a time; made and used on the main thread.

    `last` is what the last finished check has found, None before the first; `progress` is
    None while none runs; `fault` is the code of why the last one could not be finished.
    """

    def __init__(
        self,
        journal: JournalReader,
        journal_lane: Lane,
        audit_lane: Lane,
        now: Callable[[], datetime],
    ) -> None:
        self._journal, self._now = journal, now
        self._observers: list[Callable[[], None]] = []
        self._journal_lane, self._audit_lane = journal_lane, audit_lane
        self._closed = False
        self.last: Integrity | None = None
        self.progress: CheckProgress | None = None
        self.fault = ""

    def observe(self, changed: Callable[[], None]) -> None:
        """Call `changed` after each change of `last`, `progress` or `fault`."""
        self._observers.append(changed)

    def check_if_old(self, seen: int = 0) -> None:
        """Check unless that was done within `AGE`, for at least half of the `seen` entries."""
        last = self.last
        if last is None or last.entries * 2 < seen or self._now() - last.checked_at >= AGE:
            self.check()

    def check(self) -> None:
        """Check the entries there are now; nothing while a check runs."""
        if self.progress is not None or self._closed:
            return
        self.progress, self.fault = CheckProgress(0, 0), ""
        self._changed()
        self._journal_lane.run(self._start, self._begin, self._not_read)

    def close(self) -> None:
        """Read nothing any more: the journal is about to be closed."""
        self._closed = True

    def _changed(self) -> None:
        for changed in self._observers:
            changed()

    def _start(self) -> _Start:
        opened, head = self._journal.opened, self._journal.head
        key = bytes.fromhex(opened.public_key)
        return _Start(opened.origin, key, head, self._journal.look.acceptances())

    def _begin(self, start: _Start) -> None:
        signed = read_note(start.head.note, start.public_key)
        audit = Audit(start.origin, start.public_key, signed, each_signature=True)
        self._read_on(start, audit)

    def _read_on(self, start: _Start, audit: Audit) -> None:
        if self._closed:
            return
        done = audit.frontier.size
        self.progress = CheckProgress(done, start.head.size)
        self._changed()
        count = min(_PART, start.head.size - done)
        self._journal_lane.run(
            lambda: self._journal.look.records(done + 1, count),
            lambda part: self._audit(start, audit, part),
            lambda fault: self._not_read(fault, start.head, done + 1),
        )

    def _audit(self, start: _Start, audit: Audit, part: tuple[Record, ...]) -> None:
        def judged(first_bad: int | None) -> None:
            if first_bad is not None or audit.is_complete:
                self._found(start.head, first_bad)
            else:
                self._read_on(start, audit)

        if not self._closed:
            self._audit_lane.run(lambda: _first_bad(start, audit, part), judged, self._not_read)

    def _found(self, head: Head | None, first_bad: int | None) -> None:
        """The check is over; `first_bad` is 0 where the fault lies in no single entry."""
        entries = head.size if head else 0
        short = head.short.partition(" ")[2] if head else ""
        self.last = Integrity(first_bad is None, entries, short, self._now(), first_bad or 0)
        self.progress = None
        self._changed()

    def _not_read(self, fault: KnownError, head: Head | None = None, number: int = 0) -> None:
        """Entry `number` could not be read; what has been changed on the disk is a finding."""
        if fault.code == _DAMAGED:
            self._found(head, number)
            return
        self.progress, self.fault = None, fault.code
        self._changed()


def _first_bad(start: _Start, audit: Audit, part: tuple[Record, ...]) -> int | None:
    """Audit a part: None while all is well, the bad entry, or 0 where none can be named."""
    before = audit.frontier.size
    try:
        audit.take(part)
        if audit.frontier.size == before:
            return before + 1  # the head counts an entry that is not there
        if audit.frontier.size < start.head.size:
            return None
        audit.finish()
    except ValueError:
        return audit.frontier.size + 1
    except KnownError:
        return 0
    try:
        audit.check_acceptances(start.acceptances)
    except ValueError:
        return 0
    return None
