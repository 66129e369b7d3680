"""`station-app snapshot`: examine voter lists and snapshots, and load them."""

import typer

from station_app.commands.snapshot.examine import inspect, verify
from station_app.commands.snapshot.load import load_snapshot

app = typer.Typer(
    name="snapshot", help="Examine voter lists and snapshots, and load them.", no_args_is_help=True
)
app.command()(inspect)
app.command()(verify)
app.command("load")(load_snapshot)
