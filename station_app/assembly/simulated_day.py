"""`station-app simulate-day`: a whole day at real stations, killed three times, then judged."""

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
from typing import IO, Any, Final

from station_app.assembly.lists import DEMO_FINGERS, build_precinct_list
from station_app.assembly.simulated_desk import CLOCK, CLOSED, GAP, LIST, MILESTONE, WAITS
from station_app.assembly.simulated_station import DayRun, set_up_stations, unlock
from station_app.biometrics.engines import engine_names
from station_app.domain.day_log import StoryLine
from station_app.domain.entry_codes import OutcomeKind
from station_app.domain.errors import KnownError
from station_app.flow.day_check import ToldDay, ToldEnd, ToldGap, ToldMilestone, day_faults
from station_app.flow.day_plan import Fault, Milestone, Visit, correction_of, plan_day
from station_app.journal import VerifyReport, verify_journal
from station_app.journal.leaves import read_leaf
from station_app.journal.records import JOURNAL, read_records
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.vault import Database, Secret, StationFolder

Progress = Callable[[int, int], None]

_LATEST_KILL_S: Final = 0.4
_CLOSES_WITHIN_S: Final = 60.0
_MADE: Final = ("station", "spare", "outbox", "printer", CLOCK, f"{CLOCK}.new")


@dataclass(frozen=True, slots=True)
class DayResult:
    """What came of the day. Times are in seconds, `faults` what was not as planned; `reports`
    are of the journals of the station and of the spare.
    """

    visits: int
    told: ToldDay
    crashes: int
    wall_s: float
    reports: tuple[VerifyReport, VerifyReport]
    faults: tuple[str, ...]

    @property
    def entries(self) -> int:
        """How many the two journals have."""
        return sum(one.entries for one in self.reports)

    @property
    def sessions(self) -> int:
        """How many there were at both stations."""
        return sum(one.sessions for one in self.reports)

    @property
    def is_sound(self) -> bool:
        """Whether both journals are."""
        return all(one.sound for one in self.reports)

    @property
    def voters_an_hour(self) -> float:
        """What the software alone could do: its own time a visit, nobody waiting for people."""
        timed = [end.software_ms for end in self.told.ends if end.is_timed]
        return 3_600_000 * len(timed) / sum(timed)


def simulate_day(run: DayRun, building: Progress, passing: Progress) -> DayResult:
    """Build the list if there is none, play the day in processes that are killed, judge it.

    Raises `KnownError` `folder_not_empty` for a folder with other things in it, `desk_failed`
    when the desk ended unasked, and as `build_precinct_list` and `set_up_stations` do.
    """
    precinct = invent_precinct(run.voters, run.seed, DEMO_FINGERS)
    visits = plan_day(run.voters, run.seed)
    _make_folder(run)
    _make_list(run, precinct, building)
    set_up_stations(run, correction_of(visits), precinct, run.folder / LIST)
    begun = time.monotonic()
    play = _Play(run, visits, passing)
    play.to_the_end()
    wall = time.monotonic() - begun
    (first, at_first), (spare, at_spare) = _read(run.station), _read(run.spare)
    voter_ids = [voter.voter_id for voter in precinct.voters]
    told = play.told
    faults = day_faults(visits, told, voter_ids, at_first, at_spare)
    faults += [
        f"a journal is not sound: {report.reason}" for report in (first, spare) if not report.sound
    ]
    return DayResult(len(visits), told, len(play.crashed), wall, (first, spare), tuple(faults))


def _make_folder(run: DayRun) -> None:
    """A folder without our list is not ours, whatever the names in it: a station may be real."""
    run.folder.mkdir(parents=True, exist_ok=True)
    is_ours = (run.folder / LIST).exists()
    for path in run.folder.iterdir():
        if not is_ours or path.name not in (*_MADE, LIST):
            raise KnownError(
                "folder_not_empty",
                f"{path} is not from a simulated day. Choose another folder, or move it away.",
            )
    for name in _MADE:
        path = run.folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


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
            if ids == (precinct.voters[0].voter_id, run.voters, engine_names(), 2):
                return
            path.unlink()
    build_precinct_list(path, precinct, building)


# --- the desk's processes ------------------------------------------------------------------


class _Play:
    """The desks' processes, one after another; `told` is what they have said."""

    def __init__(self, run: DayRun, visits: Sequence[Visit], passing: Progress) -> None:
        self._run, self._visits, self._passing = run, visits, passing
        self._rng = random.Random(f"crashes {run.seed}")  # noqa: S311  (a plan, not a secret)
        self._ends: dict[int, ToldEnd] = {}
        self._milestones: list[ToldMilestone] = []
        self._gaps: list[ToldGap] = []
        self.crashed: set[int] = set()

    @property
    def told(self) -> ToldDay:
        """Everything so far, in the order of the visits."""
        ends = tuple(self._ends[number] for number in sorted(self._ends))
        return ToldDay(ends, tuple(self._milestones), tuple(self._gaps))

    def to_the_end(self) -> None:
        """Begin a process where the one before it was killed, until the day is closed."""
        while not self._one_process():
            pass

    def _one_process(self) -> bool:
        run, first = self._run, len(self._ends)
        words = [
            "--voters", str(run.voters), "--seed", str(run.seed), "--out", str(run.folder),
            "--desk-from", str(first),
        ]  # fmt: skip
        desk = subprocess.Popen(  # noqa: S603  (this program itself)
            [sys.executable, "-m", "station_app", "simulate-day", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert desk.stdout is not None
        try:
            if self._hear(desk, desk.stdout):
                desk.wait(_CLOSES_WITHIN_S)
                return True
        finally:
            desk.kill()
            desk.wait()
        if desk.returncode != -signal.SIGKILL:
            raise KnownError(
                "desk_failed",
                f"The desk ended unexpectedly after {len(self._ends)} visits. What it said is "
                f"above; its journals are in {run.folder}.",
            )
        return False

    def _hear(self, desk: "subprocess.Popen[str]", output: IO[str]) -> bool:
        """Take what the desk tells, and kill it where the plan says so; True once the day is
        closed.
        """
        for line in output:
            said = json.loads(line)
            if CLOSED in said:
                return True
            if WAITS in said:
                desk.kill()  # the station dies
            elif MILESTONE in said:
                self._milestones.append(_milestone(said[MILESTONE]))
            elif GAP in said:
                gap = said[GAP]
                self._gaps.append(ToldGap(**gap | {"incidents": tuple(gap["incidents"])}))
            else:
                self._take(said, desk)
        return False

    def _take(self, said: dict[str, Any], desk: "subprocess.Popen[str]") -> None:
        outcome = None if said["outcome"] is None else OutcomeKind(said["outcome"])
        end = ToldEnd(**said | {"outcome": outcome})
        self._ends[end.visit] = end
        self._passing(len(self._ends), len(self._visits))
        coming = end.visit + 1
        if coming == len(self._visits) or coming in self.crashed:
            return
        if self._visits[coming].fault is Fault.CRASH:
            self.crashed.add(coming)
            time.sleep(self._rng.uniform(0, _LATEST_KILL_S))
            desk.kill()


def _milestone(said: dict[str, Any]) -> ToldMilestone:
    return ToldMilestone(Milestone(said["milestone"]), tuple(said["refused"]))


# --- the judgement -------------------------------------------------------------------------


def _read(folder: StationFolder) -> tuple[VerifyReport, list[StoryLine]]:
    _, unlocked = unlock(folder)
    try:
        key, public = unlocked.journal_key, unlocked.identity.signer().public_key
        report = verify_journal(folder.journal, key, public)
        return report, list(_lines(folder.journal, key))
    finally:
        unlocked.lock()


def _lines(journal: Path, key: Secret) -> Iterator[StoryLine]:
    database = Database.open_to_read(journal, JOURNAL, key)
    try:
        for record in read_records(database):
            entry, at = read_leaf(record.leaf)
            yield StoryLine(record.number, at, entry)
    finally:
        database.close()
