"""Reading a journal from its first entry on, with every check of an opening and of `verify`."""

from collections.abc import Iterable
from datetime import UTC, datetime

from station_app.domain.entries import Entry, JournalOpened, Outcome
from station_app.journal.checkpoints import (
    Checkpoint,
    foreign_journal,
    head_missing,
    read_head,
    rolled_back,
)
from station_app.journal.leaves import read_leaf
from station_app.journal.records import JOURNAL, Record, read_acceptances, read_records
from station_app.journal.replay import Replay
from station_app.journal.signature_checks import SignatureChecks
from station_app.journal.tree import Frontier
from station_app.vault import Database


class Audit:
    """The tree and the sum of the records read so far, each checked against the ones before.

    `is_complete` says that the last record has been read, `last_at` is that record's time.
    `origin` and `public_key` are those of the station that must have written it, `head` is the
    signed head from outside the file (None where there is none). `each_signature` checks every
    checkpoint's signature; otherwise only `note` checks one, the last. With `apart` they are
    checked in another process, whose answer comes at the end.
    """

    def __init__(
        self,
        origin: str,
        public_key: bytes,
        head: Checkpoint | None,
        each_signature: bool,
        apart: SignatureChecks | None = None,
    ) -> None:
        self.frontier = Frontier()
        self.replay = Replay()
        self.is_complete = False
        self.last_at = datetime.min.replace(tzinfo=UTC)
        self._origin = origin
        self._public_key = public_key
        self._head = head
        self._each_signature = each_signature
        self._apart = apart
        self._signature = b""

    def take_all(self, records: Iterable[Record]) -> None:
        """Read to the last record, then check the whole against the head.

        Raises `ValueError` for the first record that cannot follow the ones before it
        (`frontier.size` tells how many are good). Raises `KnownError`: `journal_rolled_back` when
        the head has signed another or a longer history, `journal_head_missing` when there is none
        beside more than one entry: a crash can leave only a first entry without a head.
        """
        self.take(records)
        self.finish()

    def take(self, records: Iterable[Record]) -> None:
        """Read on; there may be more records after these. Raises as `take_all` does."""
        for record in records:
            self._take(record)

    def finish(self) -> None:
        """Check the whole against the head, after the last record. Raises as `take_all`."""
        self.is_complete = True
        if self._head is None and self.frontier.size > 1:
            raise head_missing()
        if self._head is not None and self._head.size > self.frontier.size:
            raise rolled_back(self.frontier.size)

    def note(self) -> str:
        """The signed note of the last checkpoint. Raises `ValueError` for a bad signature."""
        checkpoint = self._checkpoint()
        self._check_signature(checkpoint)
        return checkpoint.note(self._public_key, self._signature)

    def check_acceptances(self, acceptances: dict[str, int]) -> None:
        """Raise `ValueError` when the table of acceptances is not what the entries give."""
        if acceptances != self.replay.acceptances:
            raise ValueError("the table of identified voters does not follow from the entries")

    def _take(self, record: Record) -> None:
        if record.number != self.frontier.size + 1:
            raise ValueError("an entry before it is missing")
        frontier = self.frontier.with_leaf(record.leaf)
        if frontier.root() != record.root:
            raise ValueError("its checkpoint does not fit the tree")
        entry, at = read_leaf(record.leaf)
        self.replay.check(entry)
        if self.replay.is_repeated(entry):
            raise ValueError("it identifies a voter who was identified before")
        if record.ended_session != ended_session(self.replay.happening(entry)):
            raise ValueError("its row names another session than the entry")
        if self._each_signature:
            self._check_each(record)
        if self._head and self._head.size == record.number and self._head.root != record.root:
            raise rolled_back(record.number)
        self.replay.apply(entry, at)
        self.last_at = at
        self.frontier, self._signature = frontier, record.signature

    def _check_each(self, record: Record) -> None:
        checkpoint = Checkpoint(self._origin, record.number, record.root)
        self._signature = record.signature
        if self._apart is None:
            self._check_signature(checkpoint)
        else:
            self._apart.take(checkpoint.text(), record.signature)

    def _checkpoint(self) -> Checkpoint:
        return Checkpoint(self._origin, self.frontier.size, self.frontier.root())

    def _check_signature(self, checkpoint: Checkpoint) -> None:
        if not checkpoint.is_signed(self._public_key, self._signature):
            raise ValueError("its checkpoint is not signed by this station")


def ended_session(entry: Entry) -> int | None:
    """The session that the entry ends, None when it ends none."""
    return entry.session if isinstance(entry, Outcome) else None


def first_entry(records: Iterable[Record]) -> JournalOpened:
    """The entry that opens the journal. Raises `ValueError` where the first is another."""
    for record in records:
        entry, _ = read_leaf(record.leaf)
        if isinstance(entry, JournalOpened):
            return entry
        break
    raise ValueError("the journal does not begin with its opening")


def read_journal(database: Database, public_key: bytes, origin: str) -> Audit:
    """Read the whole journal of the station `origin` that signs with `public_key`.

    Checks the tree, every root, the rules of the entries, the acceptances, the last
    signature and the head outside the file. Raises `KnownError`: `foreign_journal`,
    `journal_damaged`, `journal_rolled_back`, `journal_head_missing`,
    `journal_head_damaged`, `no_read_permission`.
    """
    try:
        opened = first_entry(read_records(database))
        if (opened.origin, opened.public_key) != (origin, public_key.hex()):
            raise foreign_journal(database.path)
        head = read_head(database.path, public_key, origin)
        audit = Audit(origin, public_key, head, each_signature=False)
        audit.take_all(read_records(database))
        audit.check_acceptances(read_acceptances(database))
        audit.note()
    except ValueError as error:
        raise JOURNAL.damaged(database.path) from error
    return audit
