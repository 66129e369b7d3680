"""The database's faults, and being stopped: nothing is half there, and nothing secret is said."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from station_app.centre.collecting.collect import Collection, Tell, collect
from station_app.centre.collecting.report import report
from station_app.centre.collecting.server import connected
from station_app.domain.errors import KnownError
from tests.centre.made_logs import MadeLog
from tests.centre.postgres_server import OWNER, create_database

SECRET = "түндүк-мукам"


def refused(act: Callable[[], object]) -> KnownError:
    with pytest.raises(KnownError) as caught:
        act()
    assert SECRET not in caught.value.message
    return caught.value


def connect(database: str) -> None:
    with connected(database):
        pass


@pytest.mark.parametrize(
    "database",
    [
        f"postgresql://user:{SECRET}@localhost/name",
        f"postgresql://localhost/name?password={SECRET}",
        f"host=localhost password={SECRET}",
        f"postgresql://localhost/name?sslpassword={SECRET}",
    ],
)
def test_a_password_in_the_address(database: str) -> None:
    assert refused(lambda: connect(database)).code == "database_url_password"


@pytest.mark.parametrize("database", [f"no address, {SECRET}", f"postgresql://h:{SECRET}:/x y%"])
def test_no_address(database: str) -> None:
    fault = refused(lambda: connect(database))
    assert fault.code == "database_url"
    assert fault.__suppress_context__


def test_no_server(tmp_path: Path) -> None:
    fault = refused(lambda: connect(f"postgresql:///name?host={tmp_path}"))
    assert fault.code == "database_unreachable"
    assert "No such file" in fault.message


def test_no_database_or_another_user(database: str) -> None:
    for address in (f"{database}x".replace("?hostx", "?host"), database.replace(OWNER, "nobody")):
        assert refused(lambda address=address: connect(address)).code == "database_unreachable"


def test_the_password_comes_from_the_environment(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    connect(database)


def test_a_database_without_unicode(server: Path, database: str) -> None:
    del database
    name = f"ascii_{time.monotonic_ns()}"
    address = create_database(server, name, encoding="SQL_ASCII")
    assert refused(lambda: connect(address)).code == "database_encoding"


def test_a_user_who_may_only_read(database: str, tmp_path: Path) -> None:
    asked = in_folder(database, tmp_path, 2)
    name = f"reader_{time.monotonic_ns()}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
    reader = replace(asked, database=database.replace(OWNER, name))
    assert refused(lambda: collect(reader, quiet)).code == "database_forbidden"
    collect(asked, quiet)
    assert refused(lambda: report(reader.database, None, None, 5)).code == "database_forbidden"
    with psycopg.connect(database, autocommit=True) as connection:
        for grant in ("USAGE ON SCHEMA station_app", "SELECT ON ALL TABLES IN SCHEMA station_app"):
            connection.execute(f"GRANT {grant} TO {name}".encode())
    assert report(reader.database, None, None, 5).figures.identified == 2
    (tmp_path / "new").mkdir()
    add = replace(in_folder(database, tmp_path / "new", 1, first=500), database=reader.database)
    assert refused(lambda: collect(add, quiet)).code == "database_forbidden"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.errors.DiskFull("full"), "database_full"),
        (psycopg.errors.AdminShutdown("going down"), "database_lost"),
        (psycopg.InterfaceError("closed"), "database_lost"),
    ],
)
def test_faults_of_the_server(database: str, error: psycopg.Error, code: str) -> None:
    def work() -> None:
        with connected(database):
            raise error

    assert refused(work).code == code


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    fault = refused(lambda: connect("postgresql:///name"))
    assert fault.code == "centre_extra_missing"
    lock = Path(__file__).parents[2] / "requirements-centre.lock"
    assert lock.name in fault.message
    assert "psycopg-binary==" in lock.read_text()


def test_tables_of_the_first_version_are_brought_up_to_date(database: str, tmp_path: Path) -> None:
    """What it did not keep about takeovers and voids is worked out of the leaves again."""
    lost = MadeLog("9042-1")
    lost.open_day()
    lost.identify(1)
    void = lost.identify(2)
    lost.void(void, 2)
    successor = MadeLog("9042-2", now=lost.now)
    successor.take_over(lost)
    successor.void(2 + 4, 1)
    successor.identify(3)
    for log in (lost, successor):
        log.save(tmp_path)
    asked = Collection(database, (tmp_path,), None, jobs=1)
    collect(asked, quiet)
    before = report(database, None, None, 5)
    assert (before.figures.identified, before.figures.voided) == (1, 2)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(AS_VERSION_1)
    fault = refused(lambda: report(database, None, None, 5))
    assert fault.code == "collection_version"
    assert "`station-app centre collect`" in fault.message
    collect(asked, quiet)
    assert report(database, None, None, 5) == before


AS_VERSION_1 = """
SET search_path = station_app;
DROP VIEW counted, trusted_maker, known_maker, held_takeover, judged_takeover;
DROP TABLE pack, explanation;
ALTER TABLE collection DROP election;
DROP INDEX pin_key, entry_list_counted;
ALTER TABLE pin DROP fingerprint;
ALTER TABLE entry DROP election;
ALTER TABLE void DROP by_maker, DROP by_number;
ALTER TABLE takeover DROP made_number, DROP pack_sha256, DROP is_proven;
CREATE VIEW known_maker AS SELECT * FROM maker;
CREATE VIEW counted AS SELECT id FROM known_maker;
UPDATE collection SET version = 1;
"""


def quiet(*_: object) -> None:
    pass


def in_folder(database: str, folder: Path, logs: int, first: int = 0) -> Collection:
    for number in range(first, first + logs):
        log = MadeLog(f"{9000 + number}-1")
        log.open_day()
        log.identify(number)
        log.save(folder)
    return Collection(database=database, folders=(folder,), recipient=None, jobs=1)


def whole(database: str) -> int:
    """How many histories there are, all of them whole."""
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "SELECT history.size, count(entry.number), max(entry.number), (SELECT count(*)"
            " FROM station_app.source WHERE source.history = history.id)"
            " FROM station_app.history LEFT JOIN station_app.entry ON entry.history = history.id"
            " GROUP BY history.id"
        ).fetchall()
    assert all(row == (4, 4, 4, 1) for row in rows), rows
    return len(rows)


def at(done: int, act: Callable[[], object]) -> Tell:
    """Does something when `done` logs are finished."""
    return lambda step, now, of: act() if (step, now) == ("collect", done) else None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_leaves_whole_journals_and_the_next_call_goes_on(
    database: str, tmp_path: Path, jobs: int
) -> None:
    asked = replace(in_folder(database, tmp_path, 30), jobs=jobs)
    with pytest.raises(KeyboardInterrupt):
        collect(asked, at(3, lambda: os.kill(os.getpid(), signal.SIGINT)))
    there = whole(database)
    assert 3 <= there < 30
    rest = collect(asked, quiet)
    assert (rest.known, len(rest.arrived), rest.refused) == (there, 30 - there, ())
    assert whole(database) == 30


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_server_that_goes_away(database: str, tmp_path: Path, jobs: int) -> None:
    asked = replace(in_folder(database, tmp_path, 30), jobs=jobs)

    def cut() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    assert refused(lambda: collect(asked, at(3, cut))).code == "database_lost"
    assert whole(database) < 30
    collect(asked, quiet)
    assert whole(database) == 30


def test_processes_that_can_not_connect(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = replace(in_folder(database, tmp_path, 3), jobs=2)
    connect(database)
    name = f"alone_{time.monotonic_ns()}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN CONNECTION LIMIT 1".encode())
        connection.execute(f"GRANT ALL ON DATABASE {connection.info.dbname} TO {name}".encode())
    alone = replace(asked, database=database.replace(OWNER, name))
    assert refused(lambda: collect(alone, quiet)).code == "database_unreachable"


def test_the_command_is_stopped_in_the_middle_of_a_journal(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    asked = in_folder(database, folder, 3)
    collect(replace(asked, folders=()), quiet)
    words = ["centre", "collect", folder, "--database", database, "--jobs", "1"]
    with psycopg.connect(database) as holder:
        holder.execute("LOCK TABLE station_app.source IN EXCLUSIVE MODE")
        process = subprocess.Popen(
            [sys.executable, "-m", "station_app", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        with psycopg.connect(database, autocommit=True) as other:
            while other.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (
                0,
            ):
                assert process.poll() is None
                time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
        assert process.poll() is None
        holder.rollback()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "start again" in errors
    assert whole(database) == 1
    assert len(collect(asked, quiet).arrived) == 2
