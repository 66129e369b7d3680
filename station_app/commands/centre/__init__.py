"""`station-app centre`: what the commission does with the journals that come back."""

import typer

from station_app.commands.centre.collect import collect
from station_app.commands.centre.report import explain, report

app = typer.Typer(
    name="centre", help="Collect the stations' journals and report.", no_args_is_help=True
)
app.command()(collect)
app.command()(report)
app.command()(explain)
