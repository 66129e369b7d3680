"""What `station-app simulate-day` says of the day."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from statistics import median

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from station_app.assembly.simulated_day import DayResult, simulate_day
from station_app.assembly.simulated_desk import DayRun
from station_app.centre.list_building import Progress as Tell
from station_app.domain.entry_codes import OutcomeKind
from station_app.flow.day_plan import CRASHES


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
    report = result.report
    return {
        "visits": result.visits,
        "ends": dict(_ends(result)),
        "crashes": result.crashes,
        "told_by_the_journal_after_a_crash": sum(end.after_crash for end in result.ends),
        "entries": report.entries,
        "sessions": report.sessions,
        "journal_sound": report.sound,
        "software_ms": _software_ms(result),
        "voters_an_hour": round(result.voters_an_hour),
        "wall_s": round(result.wall_s, 1),
        "faults": list(result.faults),
        "told": [asdict(end) for end in result.ends],
    }


def _sentences(result: DayResult) -> str:
    report, ms = result.report, _software_ms(result)
    lines = [f"{result.visits} visits in {report.sessions} sessions; they ended as"]
    lines += [f"  {kind.value:<20}{count:6d}" for kind, count in _ends(result)]
    lines += [
        f"The desk was killed {result.crashes} times of {CRASHES} planned; the journal told the "
        f"end of {sum(end.after_crash for end in result.ends)} visits that it could not tell.",
        f"The journal of {report.entries} entries is {'sound' if report.sound else 'NOT SOUND'}.",
        f"The software's own time a visit: p50 {ms['p50']} ms, p95 {ms['p95']} ms: "
        f"{result.voters_an_hour:.0f} voters an hour, if nobody waited for people.",
    ]
    lines += [f"NOT AS PLANNED: {fault}" for fault in result.faults]
    if not result.faults:
        lines.append("Every verdict, every entry and every count is as planned.")
    return "\n".join(lines)


def _ends(result: DayResult) -> list[tuple[OutcomeKind, int]]:
    return Counter(end.outcome for end in result.ends).most_common()


def _software_ms(result: DayResult) -> dict[str, int]:
    times = sorted(end.software_ms for end in result.ends if not end.after_crash)
    return {"p50": round(median(times)), "p95": round(times[int(0.95 * (len(times) - 1))])}
