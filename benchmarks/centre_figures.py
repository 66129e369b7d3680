"""How fast the centre collects a country's journals, and how fast it answers.

`python -m benchmarks.centre_figures` seals invented journals of 2,500 precincts with 3 stations
each (3.5 million entries), collects them into a PostgreSQL that it starts itself, collects them
again, and asks for the voters identified twice and for the whole report. `--precincts`,
`--stations`, `--entries` and `--jobs` set the sizes; `--json` prints for a machine.
"""

import argparse
import dataclasses
import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg

from station_app.centre.collecting import alarms
from station_app.centre.collecting.collect import Collected, Collection, collect
from station_app.centre.collecting.counting import Counted
from station_app.centre.collecting.loading import Meant, load
from station_app.centre.collecting.log_rows import LogRows
from station_app.centre.collecting.report import report
from station_app.centre.collecting.schema import look_up, prepare
from station_app.centre.collecting.server import connected
from station_app.domain.entries import SlipPrinted
from station_app.domain.entry_codes import PrintedTo
from station_app.evaluation.timing import Machine, this_machine
from station_app.journal.bundle import read_sealed, unseal_bundle
from station_app.journal.leaves import read_leaf
from station_app.journal.tlog_tiles import read_log
from station_app.vault import AgeIdentity

# The server, and the journals made of leaves alone, are those of the tests.
from tests.centre.made_logs import MadeLog
from tests.centre.postgres_server import create_database, running_server

SERVER = ("shared_buffers=1GB", "max_wal_size=8GB", "maintenance_work_mem=256MB")
"""As a technician would set it on such a machine; every commit reaches the disk."""
DAY = date(2026, 10, 4)
OFFSET = timedelta(hours=6)
TWICE = 25  # voters identified at two stations, planted
ALONE = 200  # journals for the figures of one step

Figures = dict[str, float | int | str]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--precincts", type=int, default=2500)
    parser.add_argument("--stations", type=int, default=3)
    parser.add_argument("--entries", type=int, default=467, help="in each journal")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    about = this_machine()
    with tempfile.TemporaryDirectory() as name, running_server(*SERVER) as server:
        figures = measure(Path(name), server, asked)
    if asked.json:
        print(json.dumps({"machine": dataclasses.asdict(about), "figures": figures}))
    else:
        print_table(about, figures)


def measure(folder: Path, server: Path, asked: argparse.Namespace) -> Figures:
    """The whole way, then its steps alone."""
    recipient = AgeIdentity.generate()
    stations = [
        (number, f"{1000 + number}-{kit}")
        for number in range(asked.precincts)
        for kit in range(1, asked.stations + 1)
    ]
    making, _ = timed(lambda: seal_all(folder, recipient, stations, asked.entries, asked.jobs))
    database = create_database(server, "country")
    order = Collection(database, (folder,), recipient, jobs=asked.jobs)
    first, collected = timed(lambda: collect(order, lambda *_: None))
    assert isinstance(collected, Collected)
    assert not collected.refused
    again, once_more = timed(lambda: collect(order, lambda *_: None))
    assert once_more.known == len(stations)
    entries = sum(one.loaded.added for one in collected.arrived if one.loaded)
    with connected(database) as tables:
        look_up(tables)
        counted = Counted(tables)
        twice, found = timed(lambda: list(alarms._identified_twice(tables, counted, DAY)))
        assert len(found) == 2 * TWICE, found
        size = tables.execute("SELECT pg_total_relation_size('entry')").fetchone()
        identified = tables.execute("SELECT count(voter) FROM entry").fetchone()
        assert size is not None
        assert identified is not None
    reporting, made = timed(lambda: report(database, None, None, 5))
    assert made.figures.identified == identified[0]
    assert {one.code for one in made.alarms} == {"identified_twice"}
    megabytes = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    return {
        "PostgreSQL": f"{psycopg_server(database)}, {', '.join(SERVER)}",
        "journals": len(stations),
        "entries": entries,
        "identified": identified[0],
        "sealed bundles (MB)": round(megabytes),
        "table of entries with its indexes (MB)": round(size[0] / 1e6),
        "making and sealing them (s)": round(making, 1),
        f"collecting, {asked.jobs} processes (s)": round(first, 1),
        "journals a second": round(len(stations) / first, 1),
        "entries a second, end to end": round(entries / first),
        "collecting the same again (s)": round(again, 1),
        "who was identified twice (s)": round(twice, 2),
        "the whole report (s)": round(reporting, 2),
    } | steps(folder, server, recipient)


def steps(folder: Path, server: Path, recipient: AgeIdentity) -> Figures:
    """Entries a second of each step in one process."""
    paths = sorted(folder.iterdir())[:ALONE]
    opening, bundles = timed(
        lambda: [unseal_bundle(read_sealed(path), path, recipient) for path in paths]
    )
    verifying, logs = timed(lambda: [read_log(bundle.log, None) for bundle in bundles])
    reading, rows = timed(lambda: [LogRows(log, OFFSET) for log in logs])
    entries = sum(len(one.rows) for one in rows)
    with connected(create_database(server, "alone")) as tables:
        prepare(tables, "live", 360)
        look_up(tables)
        loading, _ = timed(
            lambda: [
                load(tables, log, bytes([number]) * 32, "", Meant("live", OFFSET))
                for number, log in enumerate(logs)
            ]
        )
        copying = copied(tables, [row for one in rows for row in one.rows])
    return {
        "one process, entries a second: opening bundles": round(entries / opening),
        "verifying signature and tree": round(entries / verifying),
        "reading entries": round(entries / reading),
        "reading and loading, a transaction a journal": round(entries / loading),
        "COPY of their rows at once": round(entries / copying),
    }


def copied(
    tables: "psycopg.Connection[tuple[object, ...]]", rows: list[tuple[object, ...]]
) -> float:
    """Seconds for a COPY of the rows into a table with the same keys and indexes."""
    tables.execute("CREATE TABLE alone (LIKE entry INCLUDING ALL)")
    plain = [(history, *row) for history, row in enumerate(rows)]
    plain = [(row[0], row[1], 1, *row[3:]) for row in plain]
    start = time.perf_counter()
    with tables.cursor() as cursor, cursor.copy("COPY alone FROM STDIN") as copy:
        for row in plain:
            copy.write_row(row)
    return time.perf_counter() - start


def seal_all(
    folder: Path, recipient: AgeIdentity, stations: list[tuple[int, str]], entries: int, jobs: int
) -> None:
    """A bundle for each station; the first voters of the first precinct went to the second too."""
    seal_one_of = partial(seal_one, folder, recipient.reveal().decode(), entries)
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        for _ in pool.map(seal_one_of, stations, chunksize=20):
            pass


def seal_one(folder: Path, recipient: str, entries: int, station: tuple[int, str]) -> None:
    """The journal of one station, four entries a voter."""
    precinct, name = station
    log = MadeLog(name)
    log.open_day()
    kit = int(name.rpartition("-")[2])
    voters = [precinct * 10_000 + kit * 2_000 + number for number in range(entries // 4)]
    if (precinct, kit) == (1, 1):
        voters[:TWICE] = [2_000 + number for number in range(TWICE)]
    for session, voter in enumerate(voters, 1):
        if log.size + 5 > entries:
            break
        log.leaves += leaves_of(log.size, session, voter)
    while log.size < entries - 1:
        log.add(SlipPrinted(entry=5, copies=2, to=PrintedTo.PRINTER))
    log.now += timedelta(hours=13)
    log.close_day()
    log.seal(folder, AgeIdentity(recipient))


def leaves_of(before: int, session: int, voter: int) -> list[bytes]:
    """A voter comes, is identified at the first try, and gets a slip."""
    seconds = 3600 + session * 40
    at = f"2026-10-04T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{{:03}}Z"
    policy = "cd" * 32
    made = [
        {"kind": "session_started", "session": session},
        {"kind": "finger_try", "session": session, "number": 1, "asked": 2, "quality": 71,
         "hint": None, "best_evidence_milli": 11250, "fingers_compared": 2800, "adequate": True},
        {"kind": "outcome", "session": session, "outcome": "identified", "reason": "",
         "method": "finger", "voter_id": f"V-{voter:016X}", "list_number": voter % 2000 + 1,
         "first_entry": None, "evidence_milli": 11250, "threshold_milli": 6451,
         "fingers_compared": 2800, "tries": 1, "engine": "leader-mcc/1", "policy": policy},
        {"kind": "slip_printed", "entry": before + 3, "copies": 1, "to": "printer"},
    ]  # fmt: skip
    # Sorted, without spaces, whole numbers and ASCII alone: that is RFC 8785.
    leaves = [
        json.dumps(
            values | {"at": at.format(number)}, sort_keys=True, separators=(",", ":")
        ).encode()
        for number, values in enumerate(made)
    ]
    if session == 1:
        for leaf in leaves:
            read_leaf(leaf)
    return leaves


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def psycopg_server(database: str) -> str:
    """Which version the server has."""
    with psycopg.connect(database) as connection:
        return str(connection.info.parameter_status("server_version"))


def print_table(about: Machine, figures: Figures) -> None:
    """As it stands in the documents."""
    print(f"{about.cpu}, {about.cores} cores, load {about.load}, Python {about.python}\n")
    print("| | |\n|---|---|")
    for name, figure in figures.items():
        print(f"| {name} | {figure} |")


if __name__ == "__main__":
    main()
