"""`station-app centre report` and `explain`: a polling day by precinct, and its alarms."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from station_app.commands.answers import AsJson, ExitCode, answering
from station_app.commands.centre.collect import Database
from station_app.domain.shown_text import csv_text, terminal_text

if TYPE_CHECKING:
    from station_app.centre.collecting.alarms import Alarm
    from station_app.centre.collecting.day_figures import (
        Figures,
        PrecinctDay,
        Report,
        StationDay,
    )

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

    Ends with 0 when there is no alarm that nobody has explained, with 3 when there is one, with
    1 when there is no report.
    """
    from station_app.centre.collecting.report import report as add_up

    if as_json and as_csv:
        raise typer.BadParameter("Say --json or --csv, not both.")
    with answering(as_json):
        made = add_up(database, day.date() if day else None, precinct, manual_alarm)
    if as_json:
        typer.echo(json.dumps(made.to_values(), ensure_ascii=False))
    elif as_csv:
        typer.echo(_csv(made), nl=False)
    else:
        typer.echo(terminal_text("\n".join(_lines(made, by_station=precinct is not None))))
    if any(one.explained is None for one in made.alarms):
        raise typer.Exit(ExitCode.ALARM)


def _csv(made: "Report") -> str:
    rows = [one.to_values() for one in made.precincts]
    for row in rows:
        row["missing"] = " ".join(row["missing"])
        row["alarms"] = " ".join(f"{code}={times}" for code, times in row["alarms"].items())
        del row["stations"]
    return csv_text([*map(list, rows[:1]), *(row.values() for row in rows)], line_end="\n")


def _lines(made: "Report", *, by_station: bool) -> Iterator[str]:
    from station_app.centre.collecting.alarms import ALARMS

    figures = made.figures
    yield (
        f"Polling day {made.day}, {made.kind} journals: "
        f"{_count(len(made.precincts), 'precinct')}, "
        f"{_count(sum(len(one.stations) for one in made.precincts), 'station')}."
    )
    yield (
        f"{made.listed} listed, {figures.identified} identified "
        f"({_share(figures.identified, made.listed)}): by finger {figures.by_finger}, by face "
        f"{figures.by_face}, by the commission {figures.by_commission} "
        f"({figures.manual_share:.1f} %). Ballots by the journals: {figures.issued}."
    )
    yield _incidents(made)
    yield ""
    yield from _table(made, by_station=by_station)
    if by_station:
        yield from _explanations(made)
    yield ""
    if not made.keys_are_pinned:
        yield (
            "No keys are pinned: anybody can have written these journals. Each was held only "
            "against the key that it names itself. Collect once with --keys."
        )
    still = [one for one in made.alarms if one.explained is None]
    counts = Counter(one.code for one in still)
    yield "ALARMS" if counts else "No alarms."
    for code, times in counts.most_common():
        yield f"{code} ({times}): {ALARMS[code]}."
        yield from _of_one_code([one for one in still if one.code == code])
    if explained := [one for one in made.alarms if one.explained]:
        yield "EXPLAINED"
        yield from _explained(explained)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _explained(alarms: "Sequence[Alarm]") -> Iterator[str]:
    for one in alarms:
        assert one.explained is not None
        yield f"  {_place(one)}: {one.code}: {one.detail}"
        when = f"{one.explained.at:%Y-%m-%d %H:%M} UTC"
        yield f"    {one.explained.by}, {when}: {one.explained.reason}"


def _place(one: "Alarm") -> str:
    entry = f" entry {one.entry}" if one.entry else ""
    return f"{one.id}  {one.station or one.precinct}{entry}"


def _explanations(made: "Report") -> Iterator[str]:
    for station in (station for one in made.precincts for station in one.stations.values()):
        for one in station.explanations:
            yield (
                f"{station.station} explains {one.what}, {one.counted} where there must be "
                f"{one.expected}: {one.reason}"
            )


def _of_one_code(alarms: "Sequence[Alarm]") -> Iterator[str]:
    for one in alarms[:_SHOWN_ALARMS]:
        yield f"  {_place(one)}: {one.detail}"
    if len(alarms) > _SHOWN_ALARMS:
        yield f"  and {len(alarms) - _SHOWN_ALARMS} more; --json has all of them."


def _incidents(made: "Report") -> str:
    figures = made.figures
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
        "heads not turned": figures.cannot_turn,
        "clock changes": figures.clock_changes,
        "differences explained": figures.differences_explained,
        "reopenings": figures.reopenings,
        "takeovers": figures.takeovers,
        "ballots taken to voters": figures.issued_elsewhere,
        "admitted": figures.admitted,
        "struck off": figures.struck_off,
        "left on the list": made.entitled,
        "sent away": figures.sent_away,
        "came back": figures.came_back,
        "stations off unlocked": figures.station_was_off,
        "acts undone": figures.acts_undone,
    }
    return "; ".join(f"{what} {times}" for what, times in named.items()) + "."


def _table(made: "Report", *, by_station: bool) -> Iterator[str]:
    """The precincts in columns, however wide; a terminal may be narrower."""
    rows: list[list[str]] = [list(_COLUMNS)]
    shown = _shown(made)
    for one in shown:
        rows.append(_precinct_row(one, made.utc_offset))
        if by_station:
            rows += [_station_row(station, made.utc_offset) for station in one.stations.values()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield "  ".join(cells).rstrip()
    if hidden := len(made.precincts) - len(shown):
        yield f"and {hidden} more without an alarm; --csv has all of them."


def _shown(made: "Report") -> "Sequence[PrecinctDay]":
    if len(made.precincts) <= _SHOWN_PRECINCTS:
        return made.precincts
    return [one for one in made.precincts if any(alarm.explained is None for alarm in one.alarms)]


def _precinct_row(one: "PrecinctDay", offset: timedelta) -> list[str]:
    seen = len(one.stations)
    return [
        one.precinct,
        "" if one.listed is None else str(one.listed),
        *_figures(one.figures, one.listed),
        f"{seen} of {seen + len(one.missing)}",
        _clock(one.opened, offset),
        _clock(one.closed, offset),
        str(sum(alarm.explained is None for alarm in one.alarms) or ""),
    ]


def _station_row(one: "StationDay", offset: timedelta) -> list[str]:
    clocks = (_clock(one.opened, offset), _clock(one.closed, offset))
    heads = " | ".join(one.heads)
    return [f"  {one.station}", "", *_figures(one.figures, None), heads, *clocks, ""]


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
    return f"{100 * part / of:.1f} % of them" if of else "how many are listed is not known"


def _clock(at: datetime | None, offset: timedelta) -> str:
    """The polling station's time; none where a clock was off by thousands of years."""
    try:
        return "" if at is None else f"{at + offset:%H:%M}"
    except OverflowError:
        return ""


def explain(
    *,
    alarm: Annotated[str, typer.Argument(help="The alarm's id, as the report shows it.")],
    reason: Annotated[str, typer.Option(help="What was found out, and by whom, in one line.")],
    database: Database,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The polling day; without it the usual one."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write down why an alarm is none any more. It stays in the report, with this beside it.

    The explanation is for the alarm as it is now: when more of it arrives, it is an alarm again.
    """
    from station_app.centre.collecting.report import explain as write_down

    with answering(as_json, explained=False):
        found = write_down(database, alarm, reason, day.date() if day else None)
    if as_json:
        typer.echo(json.dumps({"explained": True, "alarm": found.to_values()}, ensure_ascii=False))
    else:
        typer.echo(terminal_text(f"Explained: {found.code} of {found.station or found.precinct}."))
