"""`station-app devices rules`: who may open the devices, for the administrator of the computer."""

import json
from importlib.resources import files

import typer

from station_app.commands.answers import AsJson


def rules(as_json: AsJson = False) -> None:
    """Print the udev rules that let a station's user open its devices.

    An administrator installs them: station-app devices rules | sudo tee
    /etc/udev/rules.d/70-station-app.rules
    """
    text = udev_rules()
    typer.echo(json.dumps({"rules": text}) if as_json else text, nl=as_json)


def udev_rules() -> str:
    """The rules, as udev reads them."""
    return (files("station_app") / "content" / "70-station-app.rules").read_text("utf-8")
