"""`station-app takeover`: a spare goes on for a station that has died."""

import typer

from station_app.commands.takeover.pack import make, request
from station_app.commands.takeover.start import start

app = typer.Typer(
    name="takeover", help="Let a spare go on for a station that has died.", no_args_is_help=True
)
app.command()(request)
app.command("pack")(make)
app.command()(start)
