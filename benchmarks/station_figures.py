"""Long measurements of a whole station: start to Ready, capture to verdict, the journal.

The matching core alone is `station-app bench`; here the list is encrypted, the lanes run and
every verdict waits for the journal. `make bench` prints both. `--json` prints the figures
for a machine. Every time is given as it was and as a multiple of one 1024 x 1024 float32
matrix product of the same run, so that different machines can be compared.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import numpy as np
from big_list import write_big_list
from long_journal import append_ms, write_long_journal

from station_app.devices.simulated.simulated_scanner import SimulatedFingerScanner
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.fingers import FingerPosition
from station_app.domain.samples import FingerImage
from station_app.domain.session_states import Matching, State, Verdict
from station_app.evaluation.timing import Machine, this_machine
from station_app.flow.bridge import QueueBridge
from station_app.flow.open_station import open_station
from station_app.flow.runner import DeskObserver
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY
from station_app.synthetic.presets import Preset
from station_app.training.lists import demo_precinct
from station_app.training.player import Player
from station_app.training.script import FingerTouch, QueuePerson, VisitResult
from station_app.vault import StationFolder

VOTERS = 2500
SEARCHES = 100
STARTS = 5
ENTRIES = 10_000
APPENDS = 300
START = Path(__file__).with_name("start_to_ready.py")

ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "QT_QPA_PLATFORM": "offscreen",
    "PYTHONPATH": str(Path(__file__).parents[1]),
}
"""A station's lane has one thread; the numerics read this when they are loaded."""

Figures = dict[str, float]


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        list_path = folder / "big.vlist"
        fingers = write_big_list(list_path, VOTERS)
        about = this_machine()
        groups = {
            "start to Ready (ms)": start_to_ready(folder, list_path),
            "capture to verdict (ms)": capture_to_verdict(folder, list_path),
            "journal": journal(folder),
        }
    if as_json:
        print(json.dumps({"machine": asdict(about), "fingers": fingers, "figures": groups}))
    else:
        print_table(about, fingers, groups)


def start_to_ready(folder: Path, list_path: Path) -> Figures:
    """Medians over several starts of a desk in a process of its own, with a new journal."""
    runs: list[Figures] = []
    for number in range(STARTS):
        command = [sys.executable, str(START), str(time.monotonic()), str(list_path)]
        done = subprocess.run(
            [*command, str(folder / f"start-{number}")],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        runs.append(json.loads(done.stdout))
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


class Watch(DeskObserver):
    """Wall time from an image to its verdict, and who got which."""

    def __init__(self) -> None:
        self.total: list[float] = []
        self.results: list[VisitResult] = []
        self.over = False
        self._captured = 0.0

    def state_changed(self, state: State) -> None:
        """The clock runs from the image to the verdict."""
        if isinstance(state, Matching):
            self._captured = time.perf_counter()
        if isinstance(state, Verdict):
            self.total.append((time.perf_counter() - self._captured) * 1000)

    def broke(self, bug: BaseException, last_entry: int) -> None:
        """A figure of a broken program is none."""
        raise SystemExit(f"a bug: {bug!r}") from bug

    def end(self) -> None:
        """The queue is empty."""
        self.over = True


def capture_to_verdict(folder: Path, list_path: Path) -> Figures:
    """Good impressions of voters through runner, lanes, engine and journal."""
    people = list(queue())
    bridge, scanner, watch = QueueBridge(), SimulatedFingerScanner(2, 0.02), Watch()
    station_folder = StationFolder(folder / "search")
    station = open_station(station_folder, list_path, PUBLIC_DEMO_LIST_KEY, scanner, bridge)
    station.runner.observe(watch)
    player = Player(station.runner, scanner, bridge, people, watch.results.append, watch.end)
    begun = time.process_time()
    with closing(station):
        station.runner.start()
        player.start()
        if not bridge.run(lambda: watch.over, 300):
            raise SystemExit("the queue got stuck")
    spent = (time.process_time() - begun) * 1000
    ends = [result.end for result in watch.results]
    right = sum(result.as_expected for result in watch.results)
    return (
        spread("extract", [one.extract_ms for one in ends])
        | spread("search", [one.search_ms for one in ends])
        | spread("journal", [one.journal_ms for one in ends])
        | spread("image to verdict", watch.total)
        | {"CPU a person": spent / SEARCHES, "identified at once": right}
    )


def queue() -> Iterator[QueuePerson]:
    """Voters of the demo list, each with another impression than the enrolled one."""
    precinct = demo_precinct()
    finger = FingerPosition.RIGHT_INDEX
    for row in range(SEARCHES):
        image = precinct.impression(row, finger, 1, Preset.GOOD)

        def press(image: FingerImage = image) -> FingerImage:
            return image

        voter_id = precinct.voters[row].voter_id
        yield QueuePerson(f"{row}", (FingerTouch(press),), (OutcomeKind.IDENTIFIED,), voter_id, 1)


def journal(folder: Path) -> Figures:
    """Appends on this disk, and what a day's journal takes to open and to verify."""
    appends = append_ms(folder / "appends", APPENDS)
    verify_s, open_s = write_long_journal(folder / "long", ENTRIES)
    return spread("append (ms)", appends) | {
        f"verify {ENTRIES} entries (s)": verify_s,
        f"open {ENTRIES} entries (s)": open_s,
    }


def spread(name: str, values: Sequence[float]) -> Figures:
    """The median and the 95th percentile."""
    return {
        f"{name} p50": float(np.percentile(values, 50)),
        f"{name} p95": float(np.percentile(values, 95)),
    }


def print_table(about: Machine, fingers: int, groups: dict[str, Figures]) -> None:
    """A table for people."""
    baseline = about.product_ms
    print(f"{about.cpu}, {about.cores} cores, Python {about.python}, load {about.load}")
    print(f"A product of two 1024 x 1024 matrices: {baseline:.1f} ms of CPU.")
    print(
        f"A list of {VOTERS} voters and {fingers} fingers: the demo list's 600 in turn; from the\n"
        "second round on their codes are shuffled: they cost the same and resemble nobody.\n"
        f"{SEARCHES} people, new journals. Wall clock, unless it says CPU."
    )
    for group, figures in groups.items():
        print(f"\n| {group:<32} | as it was | in products |\n|{'-' * 34}|{'-' * 10}:|{'-' * 12}:|")
        for name, value in figures.items():
            ms = value * 1000 if name.endswith("(s)") else value
            ratio = "" if "identified" in name else f"{ms / baseline:.2f}"
            print(f"| {name:<32} | {value:>9.2f} | {ratio:>11} |")


if __name__ == "__main__":
    if any(os.environ.get(name) != value for name, value in ENVIRONMENT.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | ENVIRONMENT)
    main()
