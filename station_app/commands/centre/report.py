"""`station-app centre report`: a polling day by precinct, and what does not fit together."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from station_app.commands.centre.collect import Database, ExitCode
from station_app.commands.snapshot.answers import answering

if TYPE_CHECKING:
    from station_app.centre.collecting.alarms import Alarm
    from station_app.centre.collecting.day_figures import Figures, PrecinctDay, Report

_SHOWN_ALARMS = 10
_SHOWN_PRECINCTS = 40
_COLUMNS = (
    "precinct", "listed", "identified", "turnout %", "manual %", "voided", "stopped",
    "not on list", "refused", "unreadable", "stations", "opened", "closed", "alarms",
)  # fmt: skip


def report(
    *,
    database: Database,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The polling day; without it the usual one."),
    ] = None,
    precinct: Annotated[str | None, typer.Option(help="Only this precinct, by station.")] = None,
    manual_alarm: Annotated[
        float,
        typer.Option(min=0, max=100, help="Percent identified by the commission that is an alarm."),
    ] = 5.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole report as JSON.")
    ] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print one line a precinct as CSV.")
    ] = False,
) -> None:
    """Turnout and incidents by precinct, and the alarms.

    Ends with 0 when there is no alarm, with 3 when there is one, with 1 when there is no
    report.
    """
    from station_app.centre.collecting.report import report as add_up  # noqa: PLC0415

    if as_json and as_csv:
        raise typer.BadParameter("Say --json or --csv, not both.")
    with answering(as_json):
        made = add_up(database, day.date() if day else None, precinct, manual_alarm)
    if as_json:
        typer.echo(json.dumps(made.to_values(), ensure_ascii=False))
    elif as_csv:
        _print_csv(made)
    else:
        _print(made, by_station=precinct is not None)
    if made.alarms:
        raise typer.Exit(ExitCode.ALARM)


def _print_csv(made: "Report") -> None:
    rows = [one.to_values() for one in made.precincts]
    for row in rows:
        row["missing"] = " ".join(row["missing"])
        row["alarms"] = " ".join(f"{code}={times}" for code, times in row["alarms"].items())
        del row["stations"]
    writer = csv.DictWriter(sys.stdout, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _print(made: "Report", *, by_station: bool) -> None:
    from station_app.centre.collecting.alarms import ALARMS  # noqa: PLC0415

    console = Console(soft_wrap=True, highlight=False)
    figures = made.figures
    console.print(
        f"Polling day {made.day}, {made.kind} journals: {len(made.precincts)} precincts, "
        f"{sum(len(one.stations) for one in made.precincts)} stations."
    )
    console.print(
        f"{made.listed} listed, {figures.identified} identified "
        f"({_share(figures.identified, made.listed)}): by finger {figures.by_finger}, by face "
        f"{figures.by_face}, by the commission {figures.by_commission} "
        f"({figures.manual_share:.1f} %)."
    )
    console.print(_incidents(figures))
    console.print(_table(made, by_station=by_station))
    if not made.keys_are_pinned:
        console.print(
            "No keys are pinned: signatures were only held against the keys that the journals "
            "themselves name. Collect once with --keys."
        )
    counts = Counter(one.code for one in made.alarms)
    console.print("ALARMS" if counts else "No alarms.")
    for code, times in counts.most_common():
        console.print(f"{code} ({times}): {ALARMS[code]}.")
        _print_alarms(console, [one for one in made.alarms if one.code == code])


def _print_alarms(console: Console, alarms: "Sequence[Alarm]") -> None:
    for one in alarms[:_SHOWN_ALARMS]:
        entry = f" entry {one.entry}" if one.entry else ""
        console.print(f"  {one.station or one.precinct}{entry}: {one.detail}", markup=False)
    if len(alarms) > _SHOWN_ALARMS:
        console.print(f"  and {len(alarms) - _SHOWN_ALARMS} more; --json has all of them.")


def _incidents(figures: "Figures") -> str:
    named = {
        "made void": figures.voided,
        "stopped as already identified": figures.already_identified,
        "not on the list": figures.not_on_list,
        "refused": figures.refused,
        "unreadable": figures.unreadable,
        "cancelled": figures.abandoned,
        "ended by a device": figures.ended_by_device,
        "interrupted": figures.interrupted,
        "without an end": figures.unended,
        "device losses": figures.device_losses,
        "mirror losses": figures.mirror_losses,
        "slips failed": figures.slips_failed,
        "clock changes": figures.clock_changes,
        "differences explained": figures.differences_explained,
        "reopenings": figures.reopenings,
        "takeovers": figures.takeovers,
    }
    return "; ".join(f"{what} {times}" for what, times in named.items()) + "."


def _table(made: "Report", *, by_station: bool) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in _COLUMNS:
        table.add_column(name, justify="left" if name == "precinct" else "right", no_wrap=True)
    shown, offset = _shown(made), made.utc_offset
    for one in shown:
        table.add_row(*map(str, _row(one, offset)))
        for station in one.stations.values() if by_station else ():
            heads = ", ".join(station.heads)
            table.add_row(
                f"  {station.station}", "", *_figures(station.figures, None), "",
                _clock(station.opened, offset), _clock(station.closed, offset), heads,
            )  # fmt: skip
    if len(shown) < len(made.precincts):
        hidden = len(made.precincts) - len(shown)
        table.add_row(f"and {hidden} more without an alarm; --csv has all of them.")
    return table


def _shown(made: "Report") -> "Sequence[PrecinctDay]":
    if len(made.precincts) <= _SHOWN_PRECINCTS:
        return made.precincts
    return [one for one in made.precincts if one.alarms][:_SHOWN_PRECINCTS]


def _row(one: "PrecinctDay", offset: timedelta) -> list[Any]:
    seen = len(one.stations)
    return [
        one.precinct,
        "" if one.listed is None else one.listed,
        *_figures(one.figures, one.listed),
        f"{seen} of {seen + len(one.missing)}",
        _clock(one.opened, offset),
        _clock(one.closed, offset),
        len(one.alarms) or "",
    ]


def _figures(figures: "Figures", listed: int | None) -> list[str]:
    return [
        str(figures.identified),
        f"{100 * figures.identified / listed:.1f}" if listed else "",
        f"{figures.manual_share:.1f}",
        str(figures.voided),
        str(figures.already_identified),
        str(figures.not_on_list),
        str(figures.refused),
        str(figures.unreadable),
    ]


def _share(part: int, of: int) -> str:
    return f"{100 * part / of:.1f} % of them" if of else "of unknown many"


def _clock(at: datetime | None, offset: timedelta) -> str:
    """The polling station's time."""
    return "" if at is None else f"{at + offset:%H:%M}"
