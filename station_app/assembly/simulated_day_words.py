"""What `station-app simulate-day` says of the day."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from statistics import median
from typing import Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from station_app.centre.list_building import Progress as Tell
from station_app.training.day_plan import CRASHES, Milestone
from station_app.training.day_run import DayResult, simulate_day
from station_app.training.day_stations import DayRun


def run_and_tell(run: DayRun, *, as_json: bool) -> bool:
    """Play and judge the day, and print what came of it; True where all is as planned."""
    with _progress() as tell:
        result = simulate_day(run, tell("Enrolling invented fingers"), tell("Visits"))
    typer.echo(json.dumps(_plain(result)) if as_json else _sentences(result))
    return not result.faults


@contextmanager
def _progress() -> Iterator["Bars"]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bars(progress)


class Bars:
    """A bar for each thing that takes long."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, title: str) -> Tell:
        """What tells a new bar how many are done, of how many."""
        task = self._progress.add_task(title, total=None, visible=False)
        return lambda done, total: self._progress.update(
            task, completed=done, total=total, visible=done < total
        )


def _plain(result: DayResult) -> dict[str, object]:
    told = result.told
    return {
        "visits": result.visits,
        "ends": dict(_ends(result)),
        "crashes": result.crashes,
        "told_by_the_journal_after_a_crash": result.told_by_journal,
        "milestones": {one.milestone: list(one.refused) for one in told.milestones},
        "gaps": [asdict(one) for one in told.gaps],
        "entries": [one.entries for one in result.reports],
        "sessions": result.sessions,
        "journal_sound": result.is_sound,
        "software_ms": _software_ms(result),
        "voters_an_hour": round(result.voters_an_hour),
        "wall_s": round(result.wall_s, 1),
        "faults": list(result.faults),
        "told": [asdict(end) for _, end in sorted(told.ends.items())],
    }


def _sentences(result: DayResult) -> str:
    told, ms = result.told, _software_ms(result)
    first, spare = result.reports
    lines = [f"{result.visits} visits in {result.sessions} sessions; they ended as"]
    lines += [f"  {name:<20}{count:6d}" for name, count in _ends(result)]
    lines += [
        f"The desk was killed {result.crashes} times of {CRASHES} planned; the journal told the "
        f"end of {result.told_by_journal} visits that it could not tell.",
    ]
    lines += [_MILESTONES[one.milestone](_codes(one.refused)) for one in told.milestones]
    lines += [
        f"The journals of {first.entries} and {spare.entries} entries are "
        f"{'sound' if result.is_sound else 'NOT SOUND'}.",
        f"The software's own time a visit: p50 {ms['p50']} ms, p95 {ms['p95']} ms: "
        f"{result.voters_an_hour:.0f} voters an hour, if nobody waited for people.",
    ]
    lines += [f"NOT AS PLANNED: {fault}" for fault in result.faults]
    if not result.faults:
        lines.append("Every verdict, every entry and every count is as planned.")
    return "\n".join(lines)


_MILESTONES: Final[Mapping[Milestone, Callable[[str], str]]] = {
    Milestone.TWO_IN_ONE: lambda codes: f"An operator tried to be chair and member: {codes}.",
    Milestone.LIST_CORRECTED: lambda codes: (
        "A corrected list came at noon: refused until chair and member agreed to the two "
        f"identified voters that it lacks ({codes}); one of its rows is marked."
    ),
    Milestone.CLOSED_EARLY: lambda _: (
        "The day was closed too early and opened again: everybody identified stayed identified."
    ),
    Milestone.TAKEN_OVER: lambda codes: (
        "The station died: a spare took over without its entries, refused until chair and "
        f"member accepted it ({codes}); its papers send to the paper list."
    ),
}
"""What happened between two visits, and the codes of what was refused; where it was not so,
faults follow.
"""


def _codes(refused: Sequence[str]) -> str:
    return ", ".join(f"{code} x{n}" if n > 1 else code for code, n in Counter(refused).items())


def _ends(result: DayResult) -> list[tuple[str, int]]:
    outcomes = (end.outcome for end in result.told.ends.values())
    return Counter("sent_away" if one is None else one.value for one in outcomes).most_common()


def _software_ms(result: DayResult) -> dict[str, int]:
    times = sorted(end.software_ms for end in result.told.ends.values() if end.is_timed)
    return {"p50": round(median(times)), "p95": round(times[int(0.95 * (len(times) - 1))])}
