"""Encrypted SQLite files (SQLCipher 4): opened with a raw key, faults as `KnownError`.

A raw 256-bit key skips the key derivation at every open; pages have 16384 bytes, set on
every open because the file does not record it. SQLCipher authenticates each page with
HMAC-SHA512, so a changed byte makes its page unreadable. It does not notice an old copy
put back, nor that a zero-length file is no database: hence the size and the
`application_id` are checked here, and the journal keeps its signed head outside the file.
SQLite's result codes: https://www.sqlite.org/rescode.html.
"""

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any, Final

from sqlcipher3 import dbapi2

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault.disk import write_fault
from station_app.vault.keys import Secret

_PRIMARY: Final = 0xFF
_PERM, _BUSY, _LOCKED, _READONLY, _IOERR = 3, 5, 6, 8, 10
_CORRUPT, _FULL, _CANTOPEN, _PROTOCOL, _NOTADB = 11, 13, 14, 15, 26


_BUSY_FILE: Final = (
    Code.ALREADY_RUNNING,
    "Another program has the {noun} {path} open. Close that program, then try again.",
)
_FORBIDDEN: Final = (
    Code.NO_WRITE_PERMISSION,
    "The {noun} {path} may not be written. Give this user write permission for {folder}, "
    "or choose another folder.",
)
_SENTENCES: Final[dict[int, tuple[str, str]]] = {
    # SQLCipher cannot tell a wrong key from a first page whose bytes have changed.
    _NOTADB: (
        Code.WRONG_KEY,
        "The key does not open the {noun} {path}, or the beginning of the file is damaged. "
        "Check that key and file belong together, or copy the file again.",
    ),
    _FULL: (
        Code.DISK_FULL,
        "The disk is full: the {noun} {path} was not written. Free some space and try again.",
    ),
    _PERM: _FORBIDDEN,
    _READONLY: _FORBIDDEN,
    _CANTOPEN: _FORBIDDEN,
    _BUSY: _BUSY_FILE,
    _LOCKED: _BUSY_FILE,
    _PROTOCOL: _BUSY_FILE,
    _IOERR: (
        Code.DISK_FAULT,
        "The {noun} {path} was not read or written. "
        "Check the disk and its free space, then try again.",
    ),
}


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of encrypted file: how it is recognised and what it is called in errors.

    `application_id` and `version` are in the file's header. `code` is part of the codes of
    its errors (`<code>_missing`, `<code>_damaged`, `<code>_version`, `not_a_<code>`),
    `noun` names it in sentences, `remedy` says what to do when it is damaged. `schema` are
    the statements that make its tables; a file with any other is refused. `older` are the
    versions that can still be read, each with its statements.
    """

    application_id: int
    version: int
    code: str
    noun: str
    remedy: str
    schema: tuple[str, ...]
    older: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def missing(self, path: Path) -> KnownError:
        """There is no such file."""
        return KnownError(
            f"{self.code}_missing", f"There is no {self.noun} {path}. Check the path."
        )

    def unreadable(self, path: Path) -> KnownError:
        """This user may not read it, or it is a folder."""
        return KnownError(
            Code.NO_READ_PERMISSION,
            f"The {self.noun} {path} cannot be read. "
            "Check that it is a file and that this user may read it.",
        )

    def foreign(self, path: Path) -> KnownError:
        """It is some other file."""
        return KnownError(
            f"not_a_{self.code}", f"{path} is not a {self.noun}. Choose the right file."
        )

    def other_version(self, path: Path) -> KnownError:
        """Another version of the program has written it."""
        return KnownError(
            f"{self.code}_version",
            f"The {self.noun} {path} was written by another version of this program. "
            "Open it with that version.",
        )

    def damaged(self, path: Path) -> KnownError:
        """It is cut short or bytes of it have changed."""
        return KnownError(
            f"{self.code}_damaged", f"The {self.noun} {path} is damaged. {self.remedy}"
        )


def database_fault(code: int, path: Path, kind: FileKind) -> KnownError | None:
    """The `KnownError` of an SQLite result code, None where the code means a bug.

    `wrong_key`, `<code>_damaged`, `disk_full`, `no_write_permission`, `already_running`,
    `disk_fault`.
    """
    primary = code & _PRIMARY
    if primary == _CORRUPT:
        return kind.damaged(path)
    if primary not in _SENTENCES:
        return None
    name, sentence = _SENTENCES[primary]
    return KnownError(name, sentence.format(noun=kind.noun, path=path, folder=path.parent))


PAGE_BYTES: Final = 16384
_PLAIN_HEADER: Final = b"SQLite format 3\x00"
# 4 MB of write-ahead log before it is folded into the file (SQLite's default is 1000 pages).
_CHECKPOINT_PAGES: Final = 256

Row = tuple[Any, ...]
Value = int | str | bytes | None


@dataclass(frozen=True, slots=True)
class _How:
    """One way of opening: the URI's query and the pragmas that follow the key."""

    query: str
    pragmas: tuple[str, ...]


_READ: Final = _How("mode=ro", ())
# A closed file has no log beside it: nothing is locked, created or written while it is read.
_READ_CLOSED: Final = _How("mode=ro&immutable=1", ())
# A draft that is cut off is thrown away, so nothing on the disk needs to undo it.
_BUILD: Final = _How("mode=rw", ("journal_mode=MEMORY", "synchronous=FULL"))
# Exclusive before WAL: no shared memory file, and a second process is refused.
_LOG: Final = _How(
    "mode=rw",
    (
        "locking_mode=EXCLUSIVE",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"wal_autocheckpoint={_CHECKPOINT_PAGES}",
    ),
)


class Database:
    """One open encrypted file; `version` is that of its tables.

    It may be handed from thread to thread, but is used by one at a time. All methods
    raise `KnownError` as `database_fault` says; programming errors are passed on.
    """

    def __init__(self, path: Path, kind: FileKind, key: Secret, how: _How) -> None:
        self.path = path
        self.version = kind.version
        self._kind = kind
        with self._translated():
            self._connection = dbapi2.connect(
                f"{path.absolute().as_uri()}?{how.query}",
                uri=True,
                timeout=0,
                isolation_level=None,
                check_same_thread=False,
            )
        try:
            with self._translated():
                self._unlock(key, how)
        except KnownError:
            self._connection.close()
            raise

    @classmethod
    def build(cls, path: Path, kind: FileKind, key: Secret) -> "Database":
        """Make a draft at `path` (mode 0600) with the tables of `kind`, to fill and close.

        An older draft there is thrown away; the caller renames the finished one into its
        place, so that a file is there whole or not at all.
        """
        try:
            path.unlink(missing_ok=True)
            path.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise write_fault(error, path) from error
        database = cls(path, kind, key, _BUILD)
        try:
            with database.transaction():
                for statement in (
                    f"PRAGMA application_id={kind.application_id}",
                    f"PRAGMA user_version={kind.version}",
                    *kind.schema,
                ):
                    database.execute(statement)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def open_closed(cls, path: Path, kind: FileKind, key: Secret) -> "Database":
        """Open a file that is never written again, for reading: nothing beside it is looked at.

        Whoever can write to its folder could put a log there, and with it other pages than those
        whose bytes were checked. It may be of an older version, one of `kind.older`.
        """
        _refuse_by_look(path, kind)
        return cls._opened(path, kind, key, _READ_CLOSED)

    @classmethod
    def open_to_read(cls, path: Path, kind: FileKind, key: Secret) -> "Database":
        """As `open_closed`, for a file that is written elsewhere.

        Where a log lies beside it (its writer was cut off) that is read too, and a
        shared-memory file is made for it.
        """
        _refuse_by_look(path, kind)
        how = _READ if _log_of(path).exists() else _READ_CLOSED
        return cls._opened(path, kind, key, how)

    @classmethod
    def open_log(cls, path: Path, kind: FileKind, key: Secret) -> "Database":
        """Open an existing file for appending: WAL, `synchronous=FULL`, this process alone.

        A transaction is on the disk when it ends. Raises `KnownError` `already_running`
        when another process has it open.
        """
        _refuse_by_look(path, kind)
        if not os.access(path, os.W_OK, effective_ids=True):
            # SQLite would fail at its lock, and call it a fault of the disk.
            raise write_fault(PermissionError(errno.EACCES, "not writable"), path)
        return cls._opened(path, kind, key, _LOG)

    def stat_files(self) -> tuple[os.stat_result, ...]:
        """The files at the paths of the database and of its log, if there is one.

        Raises `OSError` where the file is gone.
        """
        log = _log_of(self.path)
        return (self.path.stat(), log.stat()) if log.exists() else (self.path.stat(),)

    @property
    def is_closed_file(self) -> bool:
        """Whether there is no log beside the file, so that the file alone is the database."""
        return not _log_of(self.path).exists()

    def execute(self, statement: str, values: Sequence[Value] = ()) -> None:
        """Run one statement."""
        with self._translated():
            self._connection.execute(statement, values)

    def execute_many(self, statement: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for every row of values."""
        with self._translated():
            self._connection.executemany(statement, rows)

    def rows(self, query: str, values: Sequence[Value] = ()) -> Iterator[Row]:
        """The rows of a query, one after the other."""
        with self._translated():
            # Not `yield from`: it would close the cursor when a reader is dropped half-way,
            # which fails once the connection is closed.
            for row in self._connection.execute(query, values):  # noqa: UP028
                yield row

    def row(self, query: str, values: Sequence[Value] = ()) -> Row | None:
        """The first row of a query, or None."""
        return next(self.rows(query, values), None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing of it; committed durably at the block's end."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            # SQLite has already rolled back after some faults (a full disk, for one).
            if self._connection.in_transaction:
                self.execute("ROLLBACK")
            raise

    def faults(self) -> list[str]:
        """The faults of the file, read page by page; empty when there are none.

        A closed file is authenticated byte by byte (`cipher_integrity_check`, file size);
        a file with a log beside it only as far as its pages are in use.
        """
        found: list[str] = []
        if self.is_closed_file:
            found += [str(row[0]) for row in self.rows("PRAGMA cipher_integrity_check")]
            pages = self.row("PRAGMA page_count")
            if not found and pages != (self.path.stat().st_size / PAGE_BYTES,):
                found.append("the file is shorter or longer than it says")
        if not found:
            found = [str(row[0]) for row in self.rows("PRAGMA integrity_check(1)")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Fold the log into the file and close it; a second close does nothing."""
        self._connection.close()

    def _unlock(self, key: Secret, how: _How) -> None:
        for pragma in (
            "cipher_log_level=NONE",
            f"key=\"x'{key.reveal().hex()}'\"",
            f"cipher_page_size={PAGE_BYTES}",
            # Before anything reads the file: see `_LOG`.
            *how.pragmas,
            # The build's default; it would add a page that nothing needs.
            "auto_vacuum=NONE",
            "trusted_schema=OFF",
        ):
            self._connection.execute(f"PRAGMA {pragma}").fetchall()

    @classmethod
    def _opened(cls, path: Path, kind: FileKind, key: Secret, how: _How) -> "Database":
        try:
            return cls._checked(path, kind, key, how)
        except KnownError as error:
            if error.code == Code.WRONG_KEY and _is_plain(path):
                raise kind.foreign(path) from error
            raise

    @classmethod
    def _checked(cls, path: Path, kind: FileKind, key: Secret, how: _How) -> "Database":
        database = cls(path, kind, key, how)
        try:
            identity = database.row("PRAGMA application_id")
            version = database.row("PRAGMA user_version")
            if identity != (kind.application_id,):
                raise kind.foreign(path)
            readable = {kind.version: kind.schema} | (dict(kind.older) if how is not _LOG else {})
            if version is None or version[0] not in readable:
                raise kind.other_version(path)
            database.version = version[0]
            statements = database.rows("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
            if sorted(row[0] for row in statements) != sorted(readable[database.version]):
                raise kind.damaged(path)
            if how is _LOG:
                # The first frame: a log beside the file shows that it is in use.
                database.execute(f"PRAGMA user_version={kind.version}")
        except KnownError:
            database.close()
            raise
        return database

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except dbapi2.DatabaseError as error:
            # Misuse found by the wrapper itself carries no code.
            code: int = getattr(error, "sqlite_errorcode", 0)
            known = database_fault(code, self.path, self._kind)
            if known is None:
                raise
            raise known from error


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _refuse_by_look(path: Path, kind: FileKind) -> None:
    """Refuse files that SQLCipher would misjudge: missing, empty, cut off.

    A file that may be in use in this process is not opened for it: closing it again would
    give up SQLite's locks, which POSIX holds for the process and not for the handle.
    """
    try:
        about = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise kind.missing(path) from error
    except OSError as error:
        raise kind.unreadable(path) from error
    if not S_ISREG(about.st_mode) or not os.access(path, os.R_OK, effective_ids=True):
        raise kind.unreadable(path)
    if about.st_size < PAGE_BYTES:
        try:
            is_plain = _is_plain(path)
        except OSError as error:
            raise kind.unreadable(path) from error
        raise kind.foreign(path) if is_plain else kind.damaged(path)


def _is_plain(path: Path) -> bool:
    """Whether it is an SQLite file that nobody encrypted; only for a file not in use."""
    with path.open("rb") as file:
        return file.read(len(_PLAIN_HEADER)) == _PLAIN_HEADER
