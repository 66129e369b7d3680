"""`station-app devices rules`: who may open the devices, for the administrator of the computer."""

from importlib.resources import files

import typer


def rules() -> None:
    """Print the udev rules that let a station's user open its devices.

    An administrator installs them: station-app devices rules | sudo tee
    /etc/udev/rules.d/70-station-app.rules
    """
    typer.echo(udev_rules(), nl=False)


def udev_rules() -> str:
    """The rules, as udev reads them."""
    return (files("station_app") / "content" / "70-station-app.rules").read_text("utf-8")
