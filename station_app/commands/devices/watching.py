"""`station-app devices watch`: a line for each device that comes or goes, until Ctrl-C."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import typer

from station_app.commands.answers import AsJson, answering
from station_app.commands.devices.listing import facts_of, line_of, sight
from station_app.commands.options import StationOption
from station_app.devices.finger_scanner import StopToken
from station_app.devices.watching import MachineWatch
from station_app.domain.shown_text import terminal_text
from station_app.flow.device_choice import SeenDevice

_WAIT_S: Final = 3600.0


def watch(station: StationOption = None, as_json: AsJson = False) -> None:
    """Tell of each device that is plugged in or pulled out, with its time, until Ctrl-C.

    Begins with what is there. With --json, one object a line.
    """
    with answering(as_json):
        seen = sight(station).seen
        watching = MachineWatch()
    stop = StopToken()
    try:
        typer.echo("Watching. Ctrl-C ends it.", err=True)
        _tell("there", seen, as_json)
        while True:
            if watching.wait(stop, _WAIT_S):
                now = sight(station).seen
                _tell("gone", _without(seen, now), as_json)
                _tell("came", _without(now, seen), as_json)
                seen = now
    except KeyboardInterrupt:
        pass
    finally:
        watching.close()


def _without(these: tuple[SeenDevice, ...], others: tuple[SeenDevice, ...]) -> list[SeenDevice]:
    """Those that are not among the others; one whose permission has changed is."""
    return [one for one in these if one not in others]


def _tell(what: str, devices: Sequence[SeenDevice], as_json: bool) -> None:
    at = datetime.now().astimezone()
    for one in devices:
        if as_json:
            stamp = at.isoformat(timespec="milliseconds")
            typer.echo(json.dumps({"at": stamp, "event": what} | facts_of(one)))
        else:
            typer.echo(terminal_text(f"{at:%H:%M:%S}  {what:5}  {line_of(one)}"))
