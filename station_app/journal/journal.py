"""The station's journal: append-only, durable before `append` returns."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from station_app.domain.appends import AlreadyAccepted, Appended
from station_app.domain.day_acts import accepted_by
from station_app.domain.day_report import Head
from station_app.domain.entries import (
    ActUndone,
    ClockChanged,
    DayOpened,
    Entry,
    IssuedElsewhere,
    JournalOpened,
    ListProven,
    Outcome,
    OutcomeVoided,
    StruckOff,
)
from station_app.domain.entry_codes import Method, OutcomeKind
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.audit import Audit, ended_session, read_journal
from station_app.journal.carrying import happening
from station_app.journal.checkpoints import Checkpoint, write_head
from station_app.journal.journal_view import JournalView
from station_app.journal.leaves import utc_milliseconds, write_leaf
from station_app.journal.records import (
    JOURNAL,
    Record,
    drop_acceptance,
    drop_acceptances,
    find_acceptance,
    head_file,
    insert_acceptance,
    insert_record,
)
from station_app.journal.tree import Frontier
from station_app.vault import Database, Secret, Signer, draft_path, make_folder, write_fault

Clock = Callable[[], datetime]

_CLOCK_MOVED: Final = timedelta(seconds=1)
"""Smaller steps back come from keeping the clock right."""

_log = logging.getLogger(__name__)


class JournalReader:
    """One open journal, read-only; all methods are called on one thread, the journal's lane."""

    def __init__(self, database: Database, signer: Signer, audit: Audit) -> None:
        self._database = database
        self._signer = signer
        self._frontier = audit.frontier
        self._replay = audit.replay
        self._note = audit.note()
        self._last_at = audit.last_at

    @property
    def opened(self) -> JournalOpened:
        """The first entry: which list and which policy the journal began with."""
        assert self._replay.opened is not None, "a journal begins with its opening"
        return self._replay.opened

    @property
    def proven(self) -> JournalOpened | ListProven:
        """The entry that names the list in use, the newest there was."""
        assert self._replay.proven is not None, "a journal begins with its opening"
        return self._replay.proven

    @property
    def election(self) -> tuple[str, str] | None:
        """Id and date of the election day that the entries name first, None before that."""
        return self._replay.election

    def has_imported(self, event_id: str) -> bool:
        """Whether the event that waited under this id is an entry already."""
        return event_id in self._replay.imported

    @property
    def size(self) -> int:
        """The number of entries."""
        return self._frontier.size

    @property
    def look(self) -> JournalView:
        """A view of the entries so far; valid until the next append, on the journal's thread."""
        return JournalView(self._database, self._replay)

    @property
    def head(self) -> Head:
        """The newest signed head."""
        return Head(self._frontier.size, self._frontier.root(), self._note)

    @property
    def last_at(self) -> datetime:
        """The time of the last entry (UTC)."""
        return self._last_at

    def last_session(self) -> int:
        """The highest session number used, 0 before the first session."""
        return self._replay.last_session

    @property
    def is_one_file(self) -> bool:
        """Whether a closed journal is its file alone: on a full disk its log stays beside it."""
        return self._database.is_closed_file


class Journal(JournalReader):
    """One open journal for reading and writing; made by `create` or `open`.

    `clock` gives an aware datetime. At a station only `flow.recorder.Recorder` writes: all other
    code holds a `JournalReader`.
    """

    def __init__(self, database: Database, signer: Signer, audit: Audit, clock: Clock) -> None:
        super().__init__(database, signer, audit)
        self._clock = clock
        self._listeners: list[Callable[[Sequence[Record]], object]] = []
        self._head_is_behind = True
        self._files = _names_of(database)

    @classmethod
    def create(
        cls, path: Path, db_key: Secret, signer: Signer, opened: JournalOpened, clock: Clock
    ) -> "Journal":
        """Make a journal at `path` whose first entry is `opened`.

        The file appears whole or not at all. Raises `KnownError` `file_exists`,
        `journal_missing` (a .head file says that there was one), `disk_full`,
        `no_write_permission`, `disk_fault`, and `ValueError` when `opened` names another
        key than the signer's.
        """
        if opened.public_key != signer.public_key.hex():
            raise ValueError("the first entry names another signing key")
        _refuse_to_follow(path)
        try:
            make_folder(path.parent)
            with draft_path(path) as draft:
                _write_first(draft, db_key, signer, opened, clock)
        except OSError as error:
            raise write_fault(error, path) from error
        return cls.open(path, db_key, signer, opened.origin, clock)

    @classmethod
    def open(
        cls, path: Path, db_key: Secret, signer: Signer, origin: str, clock: Clock
    ) -> "Journal":
        """Open this station's journal and read it whole: tree, rules, last signature, head.

        A head file that a crash has left behind is repaired. Raises `KnownError`:
        `journal_missing`, `wrong_key`, `not_a_journal`, `journal_version`,
        `journal_damaged`, `foreign_journal`, `journal_rolled_back`, `journal_head_missing`,
        `journal_head_damaged`, `already_running`, `no_read_permission`,
        `no_write_permission`, `disk_full`, `disk_fault`.
        """
        database = Database.open_log(path, JOURNAL, db_key)
        try:
            audit = read_journal(database, signer.public_key, origin)
            journal = cls(database, signer, audit, clock)
            journal._publish_head()
        except BaseException:
            database.close()
            raise
        return journal

    def now(self) -> datetime:
        """The journal's clock."""
        return self._clock()

    def append(self, entry: Entry) -> Appended | AlreadyAccepted:
        """Write one entry; it is on the disk when this returns.

        An `identified` outcome, a ballot taken elsewhere or a striking off of a voter whom another
        entry has settled writes nothing and answers `AlreadyAccepted`. Raises `KnownError`
        (`disk_full`, `disk_fault`, `no_write_permission`, `journal_missing`, `journal_exchanged`):
        nothing is written then, and the same entry may be tried again. Raises `ValueError` for an
        entry that may not come next (`Replay.check`).
        """
        at = self._told_time()
        try:
            return self._write((entry,), at)[0]
        except _RepeatedError as repeated:
            return repeated.first

    def append_all(self, entries: Sequence[Entry]) -> tuple[Appended, ...]:
        """Write entries that belong together: all of them or none; durable on return.

        Raises as `append` does, and `ValueError` where one identifies a voter again.
        """
        at = self._told_time()
        try:
            return self._write(entries, at)
        except _RepeatedError as repeated:
            raise ValueError("one of the entries identifies a voter again") from repeated

    def _refuse_taken_away(self) -> None:
        """Refuse to write into an unlinked file: its bytes would be lost with the process."""
        path = self._database.path
        try:
            is_same = _names_of(self._database) == self._files
        except FileNotFoundError as error:
            raise KnownError(
                Code.JOURNAL_MISSING,
                f"The journal {path} was taken away while it was in use. Nothing more is written "
                "or identified. Do not put another file there; call the commission's technician.",
            ) from error
        except OSError as error:
            raise write_fault(error, path) from error
        if not is_same:
            raise KnownError(
                Code.JOURNAL_EXCHANGED,
                f"Another file lies in the place of the journal {path}, or its -wal is gone. "
                "Nothing more is written or identified; call the commission's technician.",
            )

    def _write(self, entries: Sequence[Entry], at: datetime) -> tuple[Appended, ...]:
        self._refuse_taken_away()
        if self._head_is_behind:
            self._publish_head()
        # Each is checked against those before it; the new state counts once all are written.
        replay = self._replay if len(entries) == 1 else self._replay.copy()
        frontier, records = self._frontier, list[Record]()
        with self._database.transaction():
            for entry in entries:
                replay.check(entry)
                leaf = write_leaf(entry, at)
                frontier = frontier.with_leaf(leaf)
                happened = replay.happening(entry)
                self._keep_acceptances(happened, frontier.size)
                checkpoint = Checkpoint(self.opened.origin, frontier.size, frontier.root())
                signature = checkpoint.sign(self._signer)
                ended = ended_session(happened)
                record = Record(frontier.size, leaf, checkpoint.root, signature, ended)
                insert_record(self._database, record)
                records.append(record)
                if replay is not self._replay:
                    replay.apply(entry, at)
        if replay is self._replay:
            replay.apply(entries[0], at)
        self._frontier, self._replay, self._last_at = frontier, replay, at
        self._note = checkpoint.note(self._signer.public_key, signature)
        self._head_is_behind = True
        self._tell(records)
        return tuple(Appended(record.number, at) for record in records)

    def _tell(self, records: Sequence[Record]) -> None:
        try:
            self._publish_head()
        except KnownError as error:
            # The entries are durable and must be reported so. The next append brings the
            # head up to date first, or fails before it writes anything.
            _log.warning("head_file_behind", extra={"code": error.code})
        for listener in self._listeners:
            listener(records)

    def _told_time(self) -> datetime:
        """The time of the next entry; if it is well before the last one, an entry records that."""
        at = utc_milliseconds(self._clock())
        back = self._last_at - at
        # A takeover is entry 2, and the carried entries follow it directly.
        if back >= _CLOCK_MOVED and self._replay.size > 1:
            self._write((ClockChanged(back // timedelta(milliseconds=1)),), at)
        return at

    def _keep_acceptances(self, entry: Entry, number: int) -> None:
        """Bring the table of acceptances up to `entry`, inside the transaction.

        Raises `_RepeatedError` where it would identify a voter again.
        """
        match entry:
            case (
                Outcome(outcome=OutcomeKind.IDENTIFIED, voter_id=str(voter))
                | IssuedElsewhere(voter_id=voter)
                | StruckOff(voter_id=voter)
            ):
                first = find_acceptance(self._database, voter)
                if first is not None:
                    settled, at = happening(first[1])
                    raise _RepeatedError(accepted_by(settled, first[0], at))
                insert_acceptance(self._database, voter, number)
            case OutcomeVoided(voter_id=voter) | ActUndone(voter_id=str(voter)):
                drop_acceptance(self._database, voter)
            case DayOpened() if self._replay.begins_anew(entry):
                drop_acceptances(self._database)
            case _:
                pass

    def close_interrupted_sessions(self) -> int:
        """End every session that a crash has cut off as `interrupted`; returns their number."""
        sessions = sorted(self._replay.open_tries.items())
        for session, tries in sessions:
            self.append(
                Outcome(
                    session=session,
                    outcome=OutcomeKind.INTERRUPTED,
                    reason="restart",
                    method=Method.NONE,
                    voter_id=None,
                    list_number=None,
                    first_entry=None,
                    evidence_milli=None,
                    threshold_milli=None,
                    fingers_compared=0,
                    tries=tries,
                    engine="",
                    policy=self.proven.policy,
                )
            )
        return len(sessions)

    def listen(self, listener: Callable[[Sequence[Record]], object]) -> None:
        """Call `listener` with records once they are durable, on the journal's thread."""
        self._listeners.append(listener)

    def close(self) -> None:
        """Fold the write-ahead log into the file and close it."""
        self._database.close()

    def _publish_head(self) -> None:
        write_head(self._database.path, self._note)
        self._head_is_behind = False


def _names_of(database: Database) -> tuple[tuple[int, int], ...]:
    """Device and inode of the files at the paths of the journal and its log. Raises `OSError`."""
    return tuple((one.st_dev, one.st_ino) for one in database.stat_files())


class _RepeatedError(Exception):
    """The voter was identified before, by `first`: nothing is written."""

    def __init__(self, first: AlreadyAccepted) -> None:
        super().__init__()
        self.first = first


def _refuse_to_follow(path: Path) -> None:
    if path.exists():
        raise KnownError(
            Code.FILE_EXISTS,
            f"There is a journal {path} already. Open that one, or choose another folder.",
        )
    if head_file(path).exists():
        raise KnownError(
            Code.JOURNAL_MISSING,
            f"The journal {path} is gone, but its .head file is there. "
            "Put the journal back, or choose another folder.",
        )


def _write_first(
    draft: Path, db_key: Secret, signer: Signer, opened: JournalOpened, clock: Clock
) -> None:
    database = Database.build(draft, JOURNAL, db_key)
    try:
        leaf = write_leaf(opened, utc_milliseconds(clock()))
        frontier = Frontier().with_leaf(leaf)
        checkpoint = Checkpoint(opened.origin, frontier.size, frontier.root())
        record = Record(1, leaf, checkpoint.root, checkpoint.sign(signer), None)
        with database.transaction():
            insert_record(database, record)
    finally:
        database.close()
