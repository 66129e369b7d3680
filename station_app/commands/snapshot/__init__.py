"""`station-app snapshot`: build snapshots, examine them and voter lists, and load them."""

import typer

from station_app.commands.snapshot.build import build
from station_app.commands.snapshot.examine import inspect, verify
from station_app.commands.snapshot.load import load_command

app = typer.Typer(
    name="snapshot", help="Build, examine and load voter lists and snapshots.", no_args_is_help=True
)
app.command()(build)
app.command()(inspect)
app.command()(verify)
app.command("load")(load_command)
