"""Encrypted files: what is opened, and what is refused with which code."""

import sqlite3
import stat
import traceback
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from station_app.domain.errors import KnownError
from station_app.vault import Database, FileKind, Secret
from station_app.vault.database import database_fault

PAGE = 16384
KEY = Secret(bytes(range(1, 33)))
OTHER_KEY = Secret(bytes(range(2, 34)))
INDEX = "CREATE UNIQUE INDEX i ON t (a) WHERE a > 38"
SCHEMA = ("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB NOT NULL) STRICT", INDEX)
KIND = FileKind(0x54455354, 3, "thing", "thing", "Copy it again.", SCHEMA)
PLAINTEXT = b"Asanova Ayperi"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed file of a few pages."""
    path = tmp_path / "a thing?#%.db"
    with closing(Database.build(path, KIND, KEY)) as database, database.transaction():
        database.execute_many(
            "INSERT INTO t VALUES (?, ?)", ((n, PLAINTEXT * 100) for n in range(40))
        )
    return path


def _read(path: Path, key: Secret = KEY, kind: FileKind = KIND) -> list[int]:
    with closing(Database.open_to_read(path, kind, key)) as database:
        return [row[0] for row in database.rows("SELECT a, b FROM t ORDER BY a")]


def _refusal(path: Path, key: Secret = KEY, kind: FileKind = KIND) -> KnownError:
    with pytest.raises(KnownError) as caught:
        _read(path, key, kind)
    return caught.value


@pytest.fixture
def log(path: Path) -> Iterator[Database]:
    with closing(Database.open_log(path, KIND, KEY)) as database:
        yield database


def test_reads_what_was_written(path: Path) -> None:
    assert _read(path) == list(range(40))
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_file_is_private_and_encrypted(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert PLAINTEXT not in content
    assert b"SQLite" not in content
    assert len(content) % PAGE == 0


def test_settings_of_a_log(log: Database) -> None:
    assert log.row("PRAGMA journal_mode") == ("wal",)
    assert log.row("PRAGMA synchronous") == (2,)
    assert log.row("PRAGMA locking_mode") == ("exclusive",)
    assert log.row("PRAGMA cipher_page_size") == (str(PAGE),)
    assert log.row("PRAGMA cipher_log_level") in (("NONE",), ("0",), (0,))
    assert not log.is_closed_file
    assert not log.path.with_name(log.path.name + "-shm").exists()


def test_a_log_folds_into_its_file(path: Path) -> None:
    database = Database.open_log(path, KIND, KEY)
    database.execute("INSERT INTO t VALUES (?, ?)", (100, b"new"))
    database.close()
    database.close()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert _read(path)[-1] == 100


def test_a_log_left_open_is_read_too(path: Path, log: Database) -> None:
    """As a writer that was cut off leaves it: the pages lie in the log beside the file."""
    log.execute("INSERT INTO t VALUES (?, ?)", (100, b"new"))
    copy = path.with_name("copy.db")
    for suffix in ("", "-wal"):
        source = path.with_name(path.name + suffix)
        copy.with_name(copy.name + suffix).write_bytes(source.read_bytes())
    assert _read(copy)[-1] == 100
    with closing(Database.open_to_read(copy, KIND, KEY)) as reader:
        assert not reader.is_closed_file
        assert reader.faults() == []


def test_a_second_writer_is_refused(path: Path, log: Database) -> None:
    with pytest.raises(KnownError) as caught:
        Database.open_log(path, KIND, KEY)
    assert caught.value.code == "already_running"
    assert _refusal(path).code == "already_running"


def test_a_transaction_is_all_or_nothing(log: Database) -> None:
    def broken_off() -> None:
        with log.transaction():
            log.execute("DELETE FROM t")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        broken_off()
    assert log.row("SELECT count(*) FROM t") == (40,)
    with log.transaction():
        log.execute("DELETE FROM t")
    assert log.row("SELECT count(*) FROM t") == (0,)
    assert log.row("SELECT a FROM t") is None


def test_a_transaction_that_sqlite_has_undone_itself(log: Database) -> None:
    with pytest.raises(dbapi2.IntegrityError), log.transaction():
        log.execute("INSERT OR ROLLBACK INTO t VALUES (1, x'00')")
    assert log.row("SELECT count(*) FROM t") == (40,)


def test_a_full_disk_undoes_the_transaction(log: Database) -> None:
    (pages,) = log.row("PRAGMA page_count") or (0,)
    log.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(KnownError) as caught, log.transaction():
        log.execute("INSERT INTO t VALUES (100, zeroblob(100000))")
    assert caught.value.code == "disk_full"
    assert log.row("SELECT count(*) FROM t") == (40,)
    log.execute("INSERT INTO t VALUES (100, x'00')")


def test_mistakes_of_the_program_stay_what_they_are(log: Database) -> None:
    with pytest.raises(dbapi2.IntegrityError), log.transaction():
        log.execute("INSERT INTO t VALUES (1, x'00')")
    with pytest.raises(dbapi2.OperationalError, match="no such table"):
        log.execute("DELETE FROM nowhere")
    log.close()
    with pytest.raises(dbapi2.ProgrammingError, match="closed"):
        log.row("SELECT 1")


def test_a_closed_reader_can_not_write(path: Path) -> None:
    with (
        closing(Database.open_to_read(path, KIND, KEY)) as database,
        pytest.raises(KnownError) as caught,
    ):
        database.execute("DELETE FROM t")
    assert caught.value.code == "no_write_permission"


def test_wrong_key(path: Path) -> None:
    assert _refusal(path, OTHER_KEY).code == "wrong_key"


def test_the_key_shows_in_no_fault(path: Path) -> None:
    try:
        _read(path, OTHER_KEY)
    except KnownError as error:
        text = "".join(traceback.format_exception(error))
    assert OTHER_KEY.reveal().hex() not in text.lower()
    assert KEY.reveal().hex() not in text.lower()


def test_an_empty_file_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert _refusal(path).code == "thing_damaged"
    with pytest.raises(KnownError):
        Database.open_log(path, KIND, KEY)
    assert path.stat().st_size == 0


@pytest.mark.parametrize("blob", [10, 3 * PAGE], ids=["small", "large"])
def test_a_plain_database(tmp_path: Path, blob: int) -> None:
    plain = tmp_path / "plain.db"
    with closing(sqlite3.connect(plain)) as connection, connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (?)", (bytes(blob),))
    content = plain.read_bytes()
    assert _refusal(plain).code == "not_a_thing"
    with pytest.raises(KnownError) as caught:
        Database.open_log(plain, KIND, KEY)
    assert caught.value.code == "not_a_thing"
    assert plain.read_bytes() == content


def test_foreign_files(tmp_path: Path, path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("word " * 10_000)
    assert _refusal(text).code == "wrong_key"
    assert _refusal(tmp_path / "missing.db").code == "thing_missing"
    assert _refusal(path / "below.db").code == "thing_missing"
    assert _refusal(tmp_path).code == "no_read_permission"
    assert _refusal(tmp_path / ("long" * 100)).code == "no_read_permission"


def test_other_kinds_and_versions(path: Path) -> None:
    assert _refusal(path, kind=replace(KIND, application_id=1, code="list")).code == "not_a_list"
    assert _refusal(path, kind=replace(KIND, version=4)).code == "thing_version"


def test_an_older_version_is_read_and_not_written(path: Path) -> None:
    newer = replace(KIND, version=4, schema=(SCHEMA[0],), older=((3, SCHEMA),))
    assert _read(path, kind=newer) == list(range(40))
    with closing(Database.open_to_read(path, newer, KEY)) as database:
        assert database.version == 3
    with pytest.raises(KnownError) as refused:
        Database.open_log(path, newer, KEY)
    assert refused.value.code == "thing_version"
    other = replace(newer, older=((3, (SCHEMA[0],)),))
    assert _refusal(path, kind=other).code == "thing_damaged"
    with closing(Database.open_to_read(path, KIND, KEY)) as database:
        assert database.version == 3


def test_truncated_anywhere(path: Path) -> None:
    content = path.read_bytes()
    for size in [*range(0, len(content), PAGE), 1, 100, PAGE + 7, len(content) - 1]:
        path.write_bytes(content[:size])
        assert _verdict(path) in ("faults", "thing_damaged", "wrong_key"), f"cut to {size} bytes"


def _verdict(path: Path) -> str:
    try:
        with closing(Database.open_to_read(path, KIND, KEY)) as database:
            return "faults" if database.faults() else "sound"
    except KnownError as error:
        return error.code


def test_bytes_after_the_end(path: Path) -> None:
    content = path.read_bytes()
    with closing(Database.open_log(path, KIND, KEY)) as log:
        log.execute("INSERT INTO t VALUES (100, zeroblob(20000))")
    authentic_page = path.read_bytes()[len(content) : len(content) + PAGE]
    assert authentic_page
    for extra in (b"\0", b"\0" * PAGE, authentic_page):
        path.write_bytes(content + extra)
        with closing(Database.open_to_read(path, KIND, KEY)) as database:
            assert database.faults()


def test_a_changed_byte_in_any_page(path: Path) -> None:
    content = path.read_bytes()
    for page in range(len(content) // PAGE):
        changed = bytearray(content)
        changed[page * PAGE + 2000] ^= 0x40
        path.write_bytes(changed)
        assert _verdict(path) == ("faults" if page else "wrong_key")


def test_logical_damage_is_a_fault_too(path: Path) -> None:
    """Authentic pages that do not fit together: an index without its row."""
    with closing(Database.open_log(path, KIND, KEY)) as database:
        database.execute("PRAGMA writable_schema=ON")
        database.execute("UPDATE sqlite_master SET sql = replace(sql, '38', '999')")
        # From here on the index is not kept for the row.
        database.execute("PRAGMA writable_schema=RESET")
        database.execute("INSERT INTO t VALUES (500, x'00')")
        database.execute("PRAGMA writable_schema=ON")
        database.execute("UPDATE sqlite_master SET sql = replace(sql, '999', '38')")
    with closing(Database.open_to_read(path, KIND, KEY)) as database:
        assert database.faults()


def test_other_tables_than_its_kind_has(path: Path) -> None:
    with closing(Database.open_log(path, KIND, KEY)) as database:
        database.execute("DROP INDEX i")
    assert _refusal(path).code == "thing_damaged"


def test_nowhere_to_build(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnownError) as caught:
        Database.build(tmp_path / "file" / "a.db", KIND, KEY)
    assert caught.value.code == "no_write_permission"


def test_an_old_draft_is_thrown_away(path: Path) -> None:
    Database.build(path, KIND, KEY).close()
    assert _read(path) == []


def test_a_wrong_schema_leaves_no_open_file(tmp_path: Path) -> None:
    with pytest.raises(dbapi2.OperationalError):
        Database.build(tmp_path / "a.db", replace(KIND, schema=("CREATE NONSENSE",)), KEY)


@pytest.mark.parametrize(
    ("sqlite_code", "code"),
    [
        (dbapi2.SQLITE_CORRUPT, "thing_damaged"),
        (dbapi2.SQLITE_NOTADB, "wrong_key"),
        (dbapi2.SQLITE_FULL, "disk_full"),
        (dbapi2.SQLITE_READONLY, "no_write_permission"),
        (dbapi2.SQLITE_PERM, "no_write_permission"),
        (dbapi2.SQLITE_CANTOPEN, "no_write_permission"),
        (dbapi2.SQLITE_BUSY, "already_running"),
        (dbapi2.SQLITE_LOCKED, "already_running"),
        (dbapi2.SQLITE_PROTOCOL, "already_running"),
        (dbapi2.SQLITE_IOERR, "disk_fault"),
        (dbapi2.SQLITE_IOERR | 3 << 8, "disk_fault"),
    ],
)
def test_each_result_code_has_a_sentence(sqlite_code: int, code: str) -> None:
    fault = database_fault(sqlite_code, Path("/station/a.db"), KIND)
    assert fault is not None
    assert fault.code == code
    assert "/station/a.db" in fault.message
    assert fault.message.endswith(".")


def test_other_result_codes_are_bugs() -> None:
    assert database_fault(dbapi2.SQLITE_CONSTRAINT, Path("a"), KIND) is None
    assert database_fault(0, Path("a"), KIND) is None
