"""`station-app devices`: which devices are plugged in, whether they work, what comes and goes."""

import typer

from station_app.commands.devices.conformance import conformance_command

app = typer.Typer(
    name="devices",
    help="Devices that are plugged in: list them, try them, watch them come and go.",
    no_args_is_help=True,
)
app.command("conformance")(conformance_command)


@app.callback()
def _group() -> None:
    """Keeps `conformance` a command of its own while it is the only one."""


__all__ = ["app"]
