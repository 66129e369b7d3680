"""`station-app devices`: which are plugged in, whether they work, what comes and goes."""

import typer

from station_app.commands.devices.checking import check
from station_app.commands.devices.conformance import conformance_command
from station_app.commands.devices.listing import list_devices
from station_app.commands.devices.rules import rules
from station_app.commands.devices.watching import watch

app = typer.Typer(
    name="devices",
    help="Devices that are plugged in: list them, try them, watch them come and go.",
    no_args_is_help=True,
)
app.command("list")(list_devices)
app.command()(check)
app.command()(watch)
app.command()(rules)
app.command("conformance")(conformance_command)

__all__ = ["app"]
