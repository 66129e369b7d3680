"""`station-app simulate-day`: a whole day at a real station, killed three times, then judged."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from station_app.assembly.lists import DEMO_FINGERS, build_precinct_list
from station_app.assembly.simulated_desk import CLOCK, CLOSED, LIST, DayRun
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.domain.day_log import StoryLine
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.flow.day_check import ToldEnd, day_faults
from station_app.flow.day_plan import Fault, Visit, plan_day
from station_app.journal import VerifyReport, verify_journal
from station_app.journal.leaves import read_leaf
from station_app.journal.records import JOURNAL, read_records
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.vault import Database, Secret, Signer, load_key

Progress = Callable[[int, int], None]

_LATEST_KILL_S: Final = 0.4
_CLOSES_WITHIN_S: Final = 60.0
_OWN_FILES: Final = ("station", "printer", CLOCK, f"{CLOCK}.new", LIST)


@dataclass(frozen=True, slots=True)
class DayResult:
    """What came of the day. Times are in seconds, `faults` what was not as planned."""

    visits: int
    ends: tuple[ToldEnd, ...]
    crashes: int
    wall_s: float
    report: VerifyReport
    faults: tuple[str, ...]

    @property
    def voters_an_hour(self) -> float:
        """What the software alone could do: its own time a visit, nobody waiting for people."""
        timed = [end.software_ms for end in self.ends if not end.after_crash]
        return 3_600_000 * len(timed) / sum(timed)


def simulate_day(run: DayRun, building: Progress, passing: Progress) -> DayResult:
    """Build the list if there is none, play the day in processes that are killed, judge it.

    Raises `KnownError` `folder_not_empty` for a folder with other things in it, `desk_failed`
    when the desk ended by itself, and as `build_precinct_list` does.
    """
    precinct = invent_precinct(run.voters, run.seed, DEMO_FINGERS)
    _make_folder(run)
    _make_list(run, precinct, building)
    visits = plan_day(run.voters, run.seed)
    begun = time.monotonic()
    told: dict[int, ToldEnd] = {}
    crashes = _play(run, visits, told, passing)
    wall = time.monotonic() - begun
    report, lines = _read(run)
    voter_ids = [voter.voter_id for voter in precinct.voters]
    ends = tuple(told[number] for number in sorted(told))
    faults = day_faults(visits, ends, voter_ids, lines)
    if not report.sound:
        faults.append(f"the journal is not sound: {report.reason}")
    return DayResult(len(visits), ends, crashes, wall, report, tuple(faults))


def _make_folder(run: DayRun) -> None:
    run.folder.mkdir(parents=True, exist_ok=True)
    for path in run.folder.iterdir():
        if path.name not in _OWN_FILES:
            raise KnownError(
                "folder_not_empty",
                f"{path} is not from a simulated day. Choose another folder, or move it away.",
            )
    shutil.rmtree(run.station.root, ignore_errors=True)
    for name in ("printer", CLOCK):
        (run.folder / name).unlink(missing_ok=True)
    run.station.root.mkdir(mode=0o700)


def _make_list(run: DayRun, precinct: Precinct, building: Progress) -> None:
    """The list of an earlier run is used again if it is the same: enrolling takes minutes."""
    path = run.folder / LIST
    if path.exists():
        try:
            voters = VoterList.open(path, PUBLIC_DEMO_LIST_KEY)
        except KnownError:
            path.unlink()
        else:
            ids = (
                voters.voter(0).voter_id,
                voters.voters,
                voters.header.engines,
                voters.header.format,
            )
            voters.close()
            if ids == (precinct.voters[0].voter_id, run.voters, (ENGINE,), 2):
                return
            path.unlink()
    build_precinct_list(path, precinct, building)


# --- the desk's processes ------------------------------------------------------------------


def _play(run: DayRun, visits: Sequence[Visit], told: dict[int, ToldEnd], passing: Progress) -> int:
    rng = random.Random(f"crashes {run.seed}")  # noqa: S311  (a plan, not a secret)
    crashed: set[int] = set()
    while True:
        first = len(told)
        desk = subprocess.Popen(  # noqa: S603  (this program itself)
            [sys.executable, "-m", "station_app", "simulate-day", *_arguments(run, first)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert desk.stdout is not None
        try:
            if _hear(desk, desk.stdout, visits, told, crashed, rng, passing):
                desk.wait(_CLOSES_WITHIN_S)
                break
        finally:
            desk.kill()
            desk.wait()
        if desk.returncode != -signal.SIGKILL:
            raise KnownError(
                "desk_failed",
                f"The desk ended unexpectedly after {len(told)} visits. What it said is above; "
                f"its journal is in {run.station.root}.",
            )
    return len(crashed)


def _arguments(run: DayRun, first: int) -> list[str]:
    return [
        "--voters", str(run.voters), "--seed", str(run.seed), "--out", str(run.folder),
        "--desk-from", str(first),
    ]  # fmt: skip


def _hear(
    desk: "subprocess.Popen[str]",
    output: IO[str],
    visits: Sequence[Visit],
    told: dict[int, ToldEnd],
    crashed: set[int],
    rng: random.Random,
    passing: Progress,
) -> bool:
    """Take what the desk tells, and kill it where the plan says so; True once it has closed."""
    for line in output:
        said = json.loads(line)
        if CLOSED in said:
            return True
        end = ToldEnd(**said | {"outcome": OutcomeKind(said["outcome"])})
        told[end.visit] = end
        passing(len(told), len(visits))
        coming = end.visit + 1
        if coming < len(visits) and visits[coming].fault is Fault.CRASH and coming not in crashed:
            crashed.add(coming)
            time.sleep(rng.uniform(0, _LATEST_KILL_S))
            desk.kill()
    return False


# --- the judgement -------------------------------------------------------------------------


def _read(run: DayRun) -> tuple[VerifyReport, list[StoryLine]]:
    folder = run.station
    key = load_key(folder.journal_key)
    report = verify_journal(folder.journal, key, Signer(load_key(folder.signing_key)).public_key)
    return report, list(_lines(folder.journal, key))


def _lines(journal: Path, key: Secret) -> Iterator[StoryLine]:
    database = Database.open_to_read(journal, JOURNAL, key)
    try:
        for record in read_records(database):
            entry, at = read_leaf(record.leaf)
            yield StoryLine(record.number, at, entry)
    finally:
        database.close()
