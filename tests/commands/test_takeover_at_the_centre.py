"""A real takeover reaches the centre: the spare counts with the very pack it was started with."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from station_app.domain.entries import SessionStarted
from station_app.journal.tlog_tiles import log_files
from tests.centre.postgres_server import create_database, running_server
from tests.commands.takeovers import ENTRIES, Drill, identified, opened
from tests.commands.typed_words import answer, run

VOTERS_OF_THE_ORIGINAL = (ENTRIES - 1) // 2


@pytest.fixture
def drill(tmp_path: Path) -> Drill:
    drill = Drill(tmp_path)
    drill.work()
    drill.provision_spare()
    return drill


@pytest.fixture
def database() -> Iterator[str]:
    with running_server("fsync=off", "max_connections=10", "shared_buffers=16MB") as data:
        yield create_database(data, "centre")


def test_a_spare_counts_with_its_pack(drill: Drill, database: str, tmp_path: Path) -> None:
    drill.die()
    pack = drill.pack()
    drill.start(pack, "--mirror", drill.stick)
    log = tmp_path / "log"
    with opened(drill.spare) as (_, recorder):
        journal = recorder.journal
        session = journal.last_session() + 1
        recorder.close_interrupted_sessions()
        recorder.append(SessionStarted(session))
        recorder.append(identified(session, 900, journal.proven.policy))
        leaves = [one.leaf for one in journal.look.records(1, 10**6)]
        for name, content in log_files(journal.head.note, leaves):
            (log / name).parent.mkdir(parents=True, exist_ok=True)
            (log / name).write_bytes(content)
    keys, spares = tmp_path / "keys", tmp_path / "spares"
    for folder, identity in (
        (keys, tmp_path / "9042-1.station.json"),
        (spares, drill.spare_identity),
    ):
        folder.mkdir()
        shutil.copy(identity, folder)
    given: list[Any] = [log, "--kind", "training", "--database", database, "--keys", keys]
    answer("centre", "collect", *given, "--spares", spares, "--jobs", "1")
    assert (
        "its pack was not given" in run("centre", "report", "--database", database, code=3).stdout
    )
    issuer = tmp_path / "БШК.issuer.json"
    answer("centre", "collect", *given, "--packs", pack.parent, "--issuer", issuer)
    report = json.loads(run("centre", "report", "--database", database, "--json", code=3).stdout)
    assert [(one["code"], one["station"]) for one in report["alarms"]] == [("takeover", "9042-S1")]
    (precinct,) = report["precincts"]
    counted = {one["station"]: one["identified"] for one in precinct["stations"]}
    assert counted == {"9042-1": VOTERS_OF_THE_ORIGINAL, "9042-S1": 1}
