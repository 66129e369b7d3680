"""Builds of several precincts: cut off, started again, and given other data."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from station_app.centre import precinct_build
from station_app.domain.errors import KnownError
from station_app.snapshots import verify_container
from tests.centre.commission import POSITIONS, Table, people, row_of

PRECINCTS = ("9042", "9043", "9044")


@pytest.fixture
def table(tmp_path: Path) -> Table:
    made = Table(tmp_path)
    made.write(*(row_of(number, PRECINCTS[number % 3]) for number in range(4)))
    for precinct in PRECINCTS[:2]:
        made.station(f"{precinct}-1")
    own = made.stations / "9044"
    own.mkdir()
    made.station("laptop").save(own)
    (made.stations / "laptop.station.json").unlink()
    return made


def built(table: Table, *words: str) -> tuple[list[str], list[str], list[str]]:
    """Precincts built, finished before and refused (with the reason)."""
    code, out, _ = table.build("--by", "precinct", "--json", *words)
    report = json.loads(out)
    assert code == (1 if report["refused"] else 0)
    return (
        [one["precinct"] for one in report["built"]],
        [one["precinct"] for one in report["kept"]],
        [f"{precinct} {why}" for precinct, why, _ in report["refused"]],
    )


def head(table: Table, precinct: str) -> tuple[int, bytes]:
    path = table.out / f"{precinct}-1.vsnap"
    return path.stat().st_ino, path.read_bytes()


def test_every_precinct_gets_its_own(table: Table) -> None:
    table.finger(0, POSITIONS[0])
    (table.fingers / "9043").mkdir()
    table.finger(1, POSITIONS[1], f"9043/{people().voters[1].voter_id}_7.png")
    assert built(table) == (list(PRECINCTS), [], [])
    for precinct, voters, fingers, station in zip(
        PRECINCTS, (2, 1, 1), (1, 1, 0), ("9042-1", "9043-1", "laptop"), strict=True
    ):
        manifest = verify_container(table.out / f"{precinct}-1.vsnap", table.trusted)
        assert manifest.precinct == precinct
        assert (manifest.counts["voters"], manifest.counts["fingers"]) == (voters, fingers)
        assert [one.station for one in manifest.recipients] == [station]


def test_what_is_finished_is_not_made_again(table: Table) -> None:
    assert built(table) == (list(PRECINCTS), [], [])
    before = [head(table, precinct) for precinct in PRECINCTS]
    assert built(table) == ([], list(PRECINCTS), [])
    assert [head(table, precinct) for precinct in PRECINCTS] == before


@pytest.mark.parametrize("where", ["_enrolled", "_written", "write_container"])
def test_an_interrupted_build_goes_on(
    table: Table, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    real: Callable[..., object] = getattr(precinct_build, where)
    calls: list[object] = []

    def interrupted(*values: object, **named: object) -> object:
        calls.append(values)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*values, **named)

    with monkeypatch.context() as patch:
        patch.setattr(precinct_build, where, interrupted)
        code, out, err = table.build("--by", "precinct")
    assert (code, out) == (130, "")
    assert "What is finished" in err
    before = head(table, "9042")
    assert not (table.out / "9043-1.vsnap").exists()
    assert built(table) == (["9043", "9044"], ["9042"], [])
    assert head(table, "9042") == before


def test_a_snapshot_that_has_not_got_its_name_gets_it(table: Table) -> None:
    built(table)
    before = head(table, "9043")
    (table.out / "9043-1.vsnap").rename(table.out / "unfinished" / "9043-1.vsnap")
    assert built(table) == ([], list(PRECINCTS), [])
    assert head(table, "9043") == before


def test_other_data_needs_another_number(table: Table) -> None:
    built(table)
    before = head(table, "9042")
    table.finger(0, POSITIONS[0])
    assert built(table) == ([], ["9043", "9044"], ["9042 sequence_used"])
    assert head(table, "9042") == before
    assert built(table, "--sequence", "2")[0] == list(PRECINCTS)
    manifest = verify_container(table.out / "9042-2.vsnap", table.trusted)
    assert (manifest.sequence, manifest.counts["fingers"]) == (2, 1)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda out: (out / "9042-1.vsnap").unlink(), "sequence_used"),
        (lambda out: (out / "9042-1.vsnap").write_bytes(b"VSNAP1"), "sequence_used"),
        (lambda out: (out / "9042-1.build.json").unlink(), "snapshot_exists"),
        (lambda out: (out / "9042-1.build.json").write_text("{}"), "build_state_damaged"),
        (lambda out: (out / "9042-1.build.json").write_text("["), "build_state_damaged"),
    ],
)
def test_changed_finished_ones(table: Table, damage: Callable[[Path], object], why: str) -> None:
    built(table)
    damage(table.out)
    assert built(table) == ([], ["9043", "9044"], [f"9042 {why}"])


def test_one_precinct_refused_does_not_stop_the_others(table: Table) -> None:
    (table.stations / "9043-1.station.json").unlink()
    (table.stations / "9044" / "broken.station.json").write_text("{}")
    table.write(row_of(0, "9042"), row_of(1, "9043"), row_of(2, "9044"), row_of(3, "9045", sex=""))
    assert built(table) == (
        ["9042"],
        [],
        ["9043 recipients_none", "9044 identity_damaged", "9045 precinct_empty"],
    )
    code, out, _ = table.build("--by", "precinct")
    assert code == 1
    assert "Precinct 9045: refused (precinct_empty)" in out
    assert "0 built, 1 finished before, 3 refused." in out


def test_two_stations_of_one_name(table: Table) -> None:
    own = table.stations / "9042"
    own.mkdir()
    other = table.station("9042-1b").name
    assert other
    (table.stations / "9042-1b.station.json").unlink()
    table.identities["9042-1b"].public("9042-1").save(own)
    assert built(table)[2] == ["9042 recipients_same"]


def test_a_fault_that_all_would_meet_stops(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise KnownError("disk_full", "The disk is full.")

    monkeypatch.setattr(precinct_build, "write_list", full)
    code, out, _ = table.build("--by", "precinct", "--json")
    assert (code, json.loads(out)["code"]) == (1, "disk_full")


def test_a_killed_build_leaves_nothing_behind_that_hinders(table: Table) -> None:
    for row in range(3):
        table.finger(row, POSITIONS[0])
    # Voters 0 and 3 are of one precinct: the processes have something to find.
    table.finger(0, POSITIONS[0], f"{people().voters[3].voter_id}_7.png", number=2)
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    words = [*table.words("--by", "precinct", "--jobs", "2"), "--json"]
    running = subprocess.Popen(
        [sys.executable, "-m", "station_app", "snapshot", *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait((table.out / "9042-1.vsnap").exists)
    finally:
        running.kill()
        running.wait()
    _wait(lambda: not _alive_in(running.pid))
    _, out, _ = table.build("--by", "precinct", "--json")
    report = json.loads(out)
    first = report["kept"][0]
    assert (first["precinct"], first["fingers"]) == ("9042", 2)
    assert first["shared_fingers"][0][:4] == [1, 2, 4, 7]
    made = [one["precinct"] for one in report["built"] + report["kept"]]
    assert (sorted(made), report["refused"]) == (list(PRECINCTS), [])


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


def _alive_in(session: int) -> bool:
    """Whether a process of the session still runs: a worker that lost its parent."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = stat.read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if int(its_session) == session and state != "Z":
            return True
    return False


def test_the_register_has_to_say_its_precincts(table: Table) -> None:
    columns = [name for name in row_of(0) if name not in ("precinct", "place")]
    rows = [row_of(number) for number in range(3)]
    table.register.write_text(
        "\n".join(",".join(f'"{row[name]}"' for name in columns) for row in
                  [dict(zip(columns, columns, strict=True)), *rows])
    )  # fmt: skip
    code, out, _ = table.build("--by", "precinct", "--json")
    assert (code, json.loads(out)["code"]) == (1, "register_precincts")
    code, out, _ = table.build("--precinct", "9042", "--json")
    assert code == 0
    (one,) = json.loads(out)["built"]
    assert (one["precinct"], one["place"], one["voters"]) == ("9042", "9042", 3)


def test_ctrl_c_stops_every_process(table: Table) -> None:
    for row in range(4):
        table.finger(row, POSITIONS[0])
    words = [*table.words("--by", "precinct", "--jobs", "2"), "--json"]
    running = subprocess.Popen(
        [sys.executable, "-m", "station_app", "snapshot", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True,
    )  # fmt: skip
    _wait((table.out / "unfinished" / "lock").exists)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert "start again to go on" in err
    _wait(lambda: not _alive_in(running.pid))
