"""`verify_journal` and `verify_log`: the whole check, of a journal's file or its exported log."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station_app.domain.entries import JournalOpened
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal.audit import Audit, first_entry
from station_app.journal.checkpoints import Checkpoint, read_head
from station_app.journal.leaves import read_leaf
from station_app.journal.records import JOURNAL, read_acceptances, read_records
from station_app.journal.replay import Replay
from station_app.journal.signature_checks import SignatureChecks
from station_app.journal.tlog_tiles import SignedLog, read_log
from station_app.vault import Database, Secret

# Faults that are a finding about the journal, not a reason why it could not be examined.
_FINDINGS: Final = frozenset(
    {
        Code.JOURNAL_DAMAGED,
        Code.JOURNAL_ROLLED_BACK,
        Code.JOURNAL_HEAD_MISSING,
        Code.JOURNAL_HEAD_DAMAGED,
        Code.FOREIGN_JOURNAL,
    }
)


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The result of a check.

    `entries` counts the entries that are good from the first on; `root` is the hex root
    of their tree, `sessions` and `identified` count what they say. When the journal is
    not sound, `reason` is one sentence and `first_bad` the number of the first bad entry,
    None when no single entry is at fault. `key_is_given` is False when the signatures
    were only held against the key that the journal itself names (`public_key`, hex).
    """

    sound: bool
    entries: int
    first_bad: int | None
    reason: str
    origin: str
    root: str
    public_key: str
    key_is_given: bool
    sessions: int
    identified: int


def verify_journal(path: Path, db_key: Secret, public_key: bytes | None = None) -> VerifyReport:
    """Read the journal at `path` and check everything that can be checked offline.

    Every byte of the file (`cipher_integrity_check`), every leaf (canonical, allowed
    in its place, one outcome a session), the tree, every checkpoint and its signature,
    the acceptances against the entries, and the head file. `public_key` is
    the station's; without it the key that the first entry names is used, which finds any
    change except by somebody who signed everything again.

    A journal that is not sound is a report, not an error. Raises `KnownError` when it cannot be
    examined at all: `journal_missing`, `wrong_key` (also for damage at the very beginning),
    `not_a_journal`, `journal_version`, `already_running`, `no_read_permission`, `disk_fault`, and
    `journal_damaged` for a file cut off near its beginning.
    """
    database = Database.open_to_read(path, JOURNAL, db_key)
    try:
        return _examine(database, public_key)
    finally:
        database.close()


def _examine(database: Database, given_key: bytes | None) -> VerifyReport:
    pages = database.faults()
    opened: JournalOpened | None = None
    audit: Audit | None = None
    number: int | None = None
    reason = ""
    try:
        opened = first_entry(read_records(database))
        key = given_key or bytes.fromhex(opened.public_key)
        head = read_head(database.path, key, opened.origin)
        audit = None if pages else _read_at_once(database, opened.origin, key, head)
        if audit is None:
            audit = Audit(opened.origin, key, head, each_signature=not pages)
            audit.take_all(read_records(database))
        audit.check_acceptances(read_acceptances(database))
    except (ValueError, KnownError) as error:
        reason = _finding(error)
        number = _first_bad(error, opened, audit)
    if pages:
        reason = f"The file has been changed or is damaged: {pages[0]}."
    return _report(number, reason, given_key, opened, audit)


def _read_at_once(
    database: Database, origin: str, key: bytes, head: Checkpoint | None
) -> Audit | None:
    """Read the whole journal with signatures checked in parallel; None where anything is wrong.

    A second reading finds the fault and its entry.
    """
    with SignatureChecks(key) as apart, contextlib.suppress(ValueError, KnownError):
        audit = Audit(origin, key, head, each_signature=True, apart=apart)
        audit.take_all(read_records(database))
        if apart.all_good():
            return audit
    return None


def _finding(error: ValueError | KnownError) -> str:
    if isinstance(error, KnownError):
        if error.code not in _FINDINGS:
            raise error
        return error.message
    return f"The journal does not hold together: {error}."


def _first_bad(
    error: ValueError | KnownError, opened: JournalOpened | None, audit: Audit | None
) -> int | None:
    """The number of the entry at which reading stopped, None when it was read to its end."""
    if isinstance(error, KnownError) and error.code != Code.JOURNAL_DAMAGED:
        return None
    if opened is None:
        return 1
    if audit is None or audit.is_complete:
        return None
    return audit.frontier.size + 1


def _report(
    number: int | None,
    reason: str,
    given_key: bytes | None,
    opened: JournalOpened | None,
    audit: Audit | None,
) -> VerifyReport:
    named_key = opened.public_key if opened else ""
    return VerifyReport(
        sound=not reason,
        entries=audit.frontier.size if audit else 0,
        first_bad=number,
        reason=reason,
        origin=opened.origin if opened else "",
        root=audit.frontier.root().hex() if audit else "",
        public_key=given_key.hex() if given_key else named_key,
        key_is_given=given_key is not None,
        sessions=audit.replay.last_session if audit else 0,
        identified=audit.replay.identified if audit else 0,
    )


def verify_log(files: Mapping[str, bytes], public_key: bytes | None) -> VerifyReport:
    """Check a tlog-tiles log, contents by name: as `read_log`, then the rules of the entries.

    A log that is not sound is a report, not an error.
    `public_key` is the station's (32 bytes); without it the key that the first entry names is
    used.
    """
    try:
        log = read_log(files, public_key)
    except KnownError as damaged:
        return _log_report(None, Replay(), public_key, damaged.message)
    replay = Replay()
    try:
        _replay(log.leaves, log.origin, log.public_key, replay)
    except ValueError as fault:
        return _log_report(log, replay, public_key, f"The journal does not hold together: {fault}.")
    return _log_report(log, replay, public_key, "")


def _replay(leaves: Iterable[bytes], origin: str, key: bytes, replay: Replay) -> None:
    for leaf in leaves:
        entry, at = read_leaf(leaf)
        replay.check(entry)
        if replay.is_repeated(entry):
            raise ValueError("it identifies a voter who was identified before")
        replay.apply(entry, at)
        if replay.size == 1:
            _refuse_other(origin, key, replay)
    if replay.opened is None:
        raise ValueError("it has no entry")


def _refuse_other(origin: str, key: bytes, replay: Replay) -> None:
    opened = replay.opened
    if opened is None or (opened.origin, opened.public_key) != (origin, key.hex()):
        replay.size = 0
        raise ValueError("its first entry opens another journal")


def _log_report(
    log: SignedLog | None, replay: Replay, given_key: bytes | None, reason: str
) -> VerifyReport:
    key = log.public_key if log else given_key
    return VerifyReport(
        sound=not reason,
        entries=replay.size,
        first_bad=replay.size + 1 if log and reason else None,
        reason=reason,
        origin=log.origin if log else "",
        root=log.root.hex() if log else "",
        public_key=key.hex() if key else "",
        key_is_given=given_key is not None,
        sessions=replay.last_session,
        identified=replay.identified,
    )
