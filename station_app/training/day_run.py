"""`station-app simulate-day`: a whole day at real stations, killed three times, then judged."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import IO, Any, Final

import typer

from station_app.biometrics.face.embedders import INVENTED_ENGINE
from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.domain.day_log import StoryLine
from station_app.domain.entries import Outcome
from station_app.domain.entry_codes import Method
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.journal import VerifyReport, verify_journal
from station_app.journal.leaves import read_leaf
from station_app.journal.records import JOURNAL, read_records
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList
from station_app.synthetic.precinct import Precinct, invent_precinct
from station_app.training.day_check import day_faults
from station_app.training.day_messages import (
    DayAccount,
    DeskState,
    MilestoneReached,
    TakeoverGap,
    read_message,
)
from station_app.training.day_plan import (
    CRASHES,
    DayMilestone,
    PlannedVisit,
    correction_of,
    plan_day,
    with_face,
)
from station_app.training.day_stations import DayRun, set_up_stations, unlocking
from station_app.training.lists import DEMO_FINGERS, build_precinct_list, counted
from station_app.training.script import ScriptFault, VisitEnd
from station_app.vault import Database, Secret, StationFolder

_LATEST_KILL_S: Final = 0.4
_CLOSES_WITHIN_S: Final = 60.0
_MADE: Final = ("station", "spare", "outbox", "printer", "clock", "clock.new")


def simulate_day(run: DayRun, *, as_json: bool) -> bool:
    """Play and judge the day, and print what came of it; True where all is as planned."""
    facts = _played(run)
    typer.echo(json.dumps(facts) if as_json else _sentences(facts))
    return not facts["faults"]


def _played(run: DayRun) -> dict[str, Any]:
    """Build the list if there is none, play the day in processes that are killed, judge it.

    What came of it, as `--json` prints it. Raises `KnownError` `folder_not_empty` for a folder with
    other things in it, `desk_failed` when the desk ended unasked, and as `build_precinct_list` and
    `set_up_stations` do.
    """
    precinct = invent_precinct(run.voters, run.seed, DEMO_FINGERS)
    visits = plan_day(run.voters, run.seed)
    _make_folder(run)
    _make_list(run, precinct, with_face(visits))
    set_up_stations(run, correction_of(visits), precinct)
    begun = time.monotonic()
    with counted("Visits") as passing:
        play = _Play(run, visits, passing)
        play.to_the_end()
    wall = time.monotonic() - begun
    told, (first, at_first), (spare, at_spare) = play.told, _read(run.station), _read(run.spare)
    reports, voter_ids = (first, spare), [voter.voter_id for voter in precinct.voters]
    ends = [end for _, end in sorted(told.ends.items())]
    faults = day_faults(visits, told, voter_ids, at_first, at_spare)
    faults += [f"a journal is not sound: {one.reason}" for one in reports if not one.sound]
    times = sorted(end.software_ms for end in ends if end.is_timed)
    return {
        "visits": len(visits),
        "ends": dict(Counter(end.outcome or "sent_away" for end in ends).most_common()),
        "by_face": [sum(map(_is_by_face, at_first + at_spare)), len(with_face(visits))],
        "crashes": len(play.crashed),
        "told_by_the_journal_after_a_crash": sum(end.after_crash for end in ends),
        "milestones": {one.milestone: list(one.refused) for one in told.milestones},
        "gaps": [asdict(one) for one in told.gaps],
        "entries": [one.entries for one in reports],
        "sessions": sum(one.sessions for one in reports),
        "journal_sound": all(one.sound for one in reports),
        "software_ms": {
            "p50": round(median(times)),
            "p95": round(times[int(0.95 * (len(times) - 1))]),
        },
        # The software's own time a visit, without waiting for people.
        "voters_an_hour": round(3_600_000 * len(times) / sum(times)),
        "wall_s": round(wall, 1),
        "faults": faults,
        "told": [asdict(end) for end in ends],
    }


def _is_by_face(line: StoryLine) -> bool:
    return isinstance(line.entry, Outcome) and line.entry.method is Method.FACE


def _make_folder(run: DayRun) -> None:
    """A folder without our list is not ours, whatever the names in it: a station may be real."""
    run.folder.mkdir(parents=True, exist_ok=True)
    is_ours = run.list_path.exists()
    for path in run.folder.iterdir():
        if not is_ours or path.name not in (*_MADE, run.list_path.name):
            raise KnownError(
                Code.FOLDER_NOT_EMPTY,
                f"{path} is not from a simulated day. Choose another folder, or move it away.",
            )
    for name in _MADE:
        path = run.folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _make_list(run: DayRun, precinct: Precinct, faces: frozenset[int]) -> None:
    """The list of an earlier run is used again if it is the same: enrolling takes minutes."""
    path, first = run.list_path, precinct.voters[0].voter_id
    with suppress(KnownError), closing(VoterList.open(path, PUBLIC_DEMO_LIST_KEY)) as old:
        header = old.header
        same = old.voters, header.engines, header.format, old.faces
        used = ENGINE, INVENTED_ENGINE.name
        if (old.voter(0).voter_id, *same) == (first, run.voters, used, 2, len(faces)):
            return
    path.unlink(missing_ok=True)
    with counted("Enrolling invented people") as progress:
        build_precinct_list(path, precinct, progress, photographed=faces)


# --- the desk's processes ------------------------------------------------------------------


class _Play:
    """The desks' processes, one after another; `told` is what they have said."""

    def __init__(
        self, run: DayRun, visits: Sequence[PlannedVisit], passing: Callable[[int, int], None]
    ) -> None:
        self._run, self._visits, self._passing = run, visits, passing
        self._rng = random.Random(f"crashes {run.seed}")  # noqa: S311  (a plan, not a secret)
        self.told = DayAccount()
        self.crashed: set[int] = set()

    def to_the_end(self) -> None:
        """Begin a process where the one before it was killed, until the day is closed."""
        while not self._one_process():
            pass

    def _one_process(self) -> bool:
        run, first = self._run, len(self.told.ends)
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
                Code.DESK_FAILED,
                f"The desk ended unexpectedly after {len(self.told.ends)} visits. What it said is "
                f"above; its journals are in {run.folder}.",
            )
        return False

    def _hear(self, desk: "subprocess.Popen[str]", output: IO[str]) -> bool:
        """Take what the desk tells, and kill it where the plan says so; True once the day is
        closed.
        """
        for line in output:
            match read_message(line):
                case DeskState.CLOSED:
                    return True
                case DeskState.WAITS:
                    desk.kill()  # the station dies
                case MilestoneReached() as milestone:
                    self.told.milestones.append(milestone)
                case TakeoverGap() as gap:
                    self.told.gaps.append(gap)
                case VisitEnd() as end:
                    self._take(end, desk)
        return False

    def _take(self, end: VisitEnd, desk: "subprocess.Popen[str]") -> None:
        self.told.ends[end.visit] = end
        self._passing(len(self.told.ends), len(self._visits))
        coming = end.visit + 1
        if coming == len(self._visits) or coming in self.crashed:
            return
        if self._visits[coming].fault is ScriptFault.CRASH:
            self.crashed.add(coming)
            time.sleep(self._rng.uniform(0, _LATEST_KILL_S))
            desk.kill()


# --- the judgement -------------------------------------------------------------------------


def _read(folder: StationFolder) -> tuple[VerifyReport, list[StoryLine]]:
    with unlocking(folder) as (_, unlocked):
        key, public = unlocked.journal_key, unlocked.identity.signer().public_key
        report = verify_journal(folder.journal, key, public)
        return report, list(_lines(folder.journal, key))


def _lines(journal: Path, key: Secret) -> Iterator[StoryLine]:
    database = Database.open_to_read(journal, JOURNAL, key)
    try:
        for record in read_records(database):
            entry, at = read_leaf(record.leaf)
            yield StoryLine(record.number, at, entry)
    finally:
        database.close()


# --- the words of the result --------------------------------------------------------------------


def _sentences(facts: dict[str, Any]) -> str:
    ms, (first, spare) = facts["software_ms"], facts["entries"]
    lines = [f"{facts['visits']} visits in {facts['sessions']} sessions; they ended as"]
    lines += [f"  {name:<20}{count:6d}" for name, count in facts["ends"].items()]
    by_face, came = facts["by_face"]
    lines += [
        f"{by_face} of {came} who came by face were identified so, the others by the commission.",
        f"The desk was killed {facts['crashes']} times of {CRASHES} planned; the journal told the "
        f"end of {facts['told_by_the_journal_after_a_crash']} visits that it could not tell.",
    ]
    lines += [
        _MILESTONES[milestone].format(codes=_codes(refused))
        for milestone, refused in facts["milestones"].items()
    ]
    lines += [
        f"The journals of {first} and {spare} entries are "
        f"{'sound' if facts['journal_sound'] else 'NOT SOUND'}.",
        f"The software's own time a visit: p50 {ms['p50']} ms, p95 {ms['p95']} ms: "
        f"{facts['voters_an_hour']} voters an hour, if nobody waited for people.",
    ]
    lines += [f"NOT AS PLANNED: {fault}" for fault in facts["faults"]]
    if not facts["faults"]:
        lines.append("Every verdict, every entry and every count is as planned.")
    return "\n".join(lines)


_MILESTONES: Final[Mapping[DayMilestone, str]] = {
    DayMilestone.TWO_IN_ONE: "An operator tried to be chair and member: {codes}.",
    DayMilestone.LIST_CORRECTED: (
        "A corrected list came at noon: refused until chair and member agreed to the two "
        "identified voters that it lacks ({codes}); one of its rows is marked."
    ),
    DayMilestone.ACTS: (
        "Beside the desk: ballots taken to voters, who are stopped when they come, admissions, a "
        "striking off, people sent away; a ballot for somebody identified was refused ({codes})."
    ),
    DayMilestone.CLOSED_EARLY: (
        "The day was closed too early and opened again: everybody identified stayed identified."
    ),
    DayMilestone.TAKEN_OVER: (
        "The station died: a spare took over without its entries, refused until chair and "
        "member accepted it ({codes}); its papers send to the paper list."
    ),
}
"""What happened between two visits, and the codes of what was refused; where it was not so,
faults follow.
"""


def _codes(refused: Sequence[str]) -> str:
    return ", ".join(f"{code} x{n}" if n > 1 else code for code, n in Counter(refused).items())
