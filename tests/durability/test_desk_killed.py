"""kill -9 at any moment: what the screen said is in the journal, and the journal is sound.

`STATION_KILLS` asks for more kills than a run of all tests has time for.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.entry_codes import OutcomeKind
from station_app.flow.bridge import QueueBridge
from station_app.flow.open_station import open_station, utc_now
from station_app.journal import Journal, verify_journal
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY
from station_app.synthetic.precinct import invent_precinct
from station_app.training.lists import build_precinct_list
from station_app.vault import Signer, StationFolder, load_key
from tests.durability.desk_until_killed import FINGERS, SEED, VOTERS, draw

KILLS = int(os.environ.get("STATION_KILLS", "8"))
LONGEST_RUN_S = 0.8
ROOT = Path(__file__).parents[2]
SCRIPT = "tests.durability.desk_until_killed"


def run_and_kill(folder: Path, list_path: Path, images: Path, seconds: float) -> list[list[str]]:
    """What the desk's screen said before it was killed, `seconds` after it was ready."""
    command = [sys.executable, "-m", SCRIPT, *map(str, (folder, list_path, images))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout is not None
        assert desk.stdout.readline() == "ready\n"
        time.sleep(seconds)
        desk.send_signal(signal.SIGKILL)
        said = desk.stdout.read().splitlines(keepends=True)
    return [line.split() for line in said if line.endswith("\n")]


def reopen(folder: Path, list_path: Path) -> None:
    """A restart: interrupted sessions get their entry."""
    station = open_station(
        StationFolder(folder),
        list_path,
        PUBLIC_DEMO_LIST_KEY,
        SimulatedFingerScanner(),
        QueueBridge(),
    )
    station.close()


def test_killed_again_and_again(tmp_path: Path) -> None:
    folder, list_path = tmp_path / "station", tmp_path / "list.vlist"
    precinct = invent_precinct(VOTERS, SEED, FINGERS)
    build_precinct_list(list_path, precinct)
    draw(precinct, images := tmp_path / "images")
    moments = random.Random(20)
    said: dict[int, list[str]] = {}
    for kill in range(KILLS):
        moment = (kill + moments.random()) / KILLS * LONGEST_RUN_S
        for entry, *what in run_and_kill(folder, list_path, images, moment):
            assert int(entry) not in said, "an entry number was given twice"
            said[int(entry)] = what
        reopen(folder, list_path)
        report = verify_journal(
            StationFolder(folder).journal,
            load_key(StationFolder(folder).journal_key),
            Signer(load_key(StationFolder(folder).signing_key)).public_key,
        )
        assert report.sound, report.reason
    assert said, "the desk never got to say anything: the test proves nothing"
    outcomes = logged(folder)
    for entry, what in said.items():
        assert outcomes[entry] == tuple(what)
    interrupted = sum(outcome == OutcomeKind.INTERRUPTED for outcome, _ in outcomes.values())
    assert interrupted, "no kill met a session: the moments are badly chosen"
    identified = [v for outcome, v in outcomes.values() if outcome == OutcomeKind.IDENTIFIED]
    assert len(identified) == len(set(identified))


def logged(folder: Path) -> dict[int, tuple[str, str]]:
    """Every outcome of the journal by entry number."""
    station = StationFolder(folder)
    signer = Signer(load_key(station.signing_key))
    journal = Journal.open(
        station.journal, load_key(station.journal_key), signer, "station-app/demo/demo", utc_now
    )
    try:
        return {
            one.number: (str(one.outcome), str(one.list_number))
            for one in journal.look.day_outcomes()
        }
    finally:
        journal.close()
