"""`station-app centre explain`: what was found out about an alarm."""

import json
from datetime import datetime
from typing import Annotated

import typer

from station_app.commands.centre.answers import Database
from station_app.commands.snapshot.answers import answering
from station_app.domain.shown_text import terminal_text


def explain(
    *,
    alarm: Annotated[str, typer.Argument(help="The alarm's id, as the report shows it.")],
    reason: Annotated[str, typer.Option(help="What was found out, and by whom, in one line.")],
    database: Database,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The polling day; without it the usual one."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write down why an alarm is none any more. It stays in the report, with this beside it.

    The explanation is for the alarm as it is now: when more of it arrives, it is an alarm again.
    """
    from station_app.centre.collecting.report import explain as write_down  # noqa: PLC0415

    with answering(as_json, explained=False):
        found = write_down(database, alarm, reason, day.date() if day else None)
    if as_json:
        typer.echo(json.dumps({"explained": True, "alarm": found.to_values()}, ensure_ascii=False))
    else:
        typer.echo(terminal_text(f"Explained: {found.code} of {found.station or found.precinct}."))
