"""`station-app devices check`: open each device of the settings and let it work once."""

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from station_app.commands.answers import AsJson, ExitCode, answering
from station_app.commands.options import StationOption, station_folder
from station_app.devices.drivers import DeviceFamily, DriverContext, drivers
from station_app.devices.finger_scanner import StopToken
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.flow.signed_settings import seen_settings
from station_app.settings import Device, Machine
from station_app.vault import StationFolder
from station_app.vault.held_files import is_held_elsewhere

if TYPE_CHECKING:
    from station_app.flow.device_check import Checked

_FINGER_S: Final = 20.0
_TRIED: Final = (
    DeviceFamily.FINGER_SCANNER,
    DeviceFamily.CAMERA,
    DeviceFamily.PRINTER,
    DeviceFamily.DOCUMENT_READER,
    DeviceFamily.VOTER_DISPLAY,
)


def check(
    driver: Annotated[
        str, typer.Argument(help="A driver to try instead of the settings' devices.")
    ] = "",
    port: Annotated[
        str, typer.Option(help="Where that driver's device is, as `devices list` says.")
    ] = "",
    station: StationOption = None,
    *,
    finger: Annotated[
        bool, typer.Option("--finger/--no-finger", help="Whether a finger is read.")
    ] = True,
    seconds: Annotated[
        float, typer.Option(min=1, max=120, help="How long a finger is waited for.")
    ] = _FINGER_S,
    as_json: AsJson = False,
) -> None:
    """Open the settings' devices and let each work once: a finger read, a printer asked, a picture
    taken, a document reader opened, the voter's display looked for.

    Ends with 0 where all work, else with 1. Nothing is printed and nothing is written down: that is
    the self-test's. Refused while the station is unlocked, as its desk has the devices open.
    """
    # A finger's image and its quality come with the numerics, which no other command here needs.
    from station_app.biometrics.images import finger_image_of
    from station_app.flow.device_check import CheckWay, check_device

    with answering(as_json):
        folder = station_folder(station)
        _refuse_at_work(folder)
        machine = seen_settings(folder) if folder.settings.exists() else None
        chosen = _chosen(driver, port, machine)
        executables = () if machine is None else machine.executables
        context = DriverContext(folder.root, executables, finger_image_of)
        way = CheckWay(seconds if finger else 0.0, _ask, StopToken())
        checked = []
        for device in chosen:
            one = check_device(device, context, way)
            checked.append(one)
            if not as_json:
                typer.echo(terminal_text(_line(one)))
    if as_json:
        typer.echo(json.dumps({"devices": [_facts(one) for one in checked]}, ensure_ascii=False))
    if any(one.code for one in checked):
        raise typer.Exit(ExitCode.REFUSED)


def _ask() -> None:
    typer.echo("Lay a finger on the glass.", err=True)


def _refuse_at_work(folder: StationFolder) -> None:
    if is_held_elsewhere(folder.journal):
        raise KnownError(
            Code.ALREADY_RUNNING,
            "The station is unlocked, and its desk has the devices open. Lock it with F12, then "
            "check again.",
        )


def _chosen(driver: str, port: str, machine: Machine | None) -> list[Device]:
    """The device of the given driver, else those of the settings."""
    if driver:
        families = [family for family in _TRIED for one in drivers(family) if one.name == driver]
        if not families:
            known = sorted({one.name for family in _TRIED for one in drivers(family)})
            raise KnownError(
                Code.SETTINGS_REFUSED,
                f"The driver {driver} is not known. Give one of these: {', '.join(known)}.",
            )
        return [Device(family, driver, port) for family in families[:1]]
    devices = [one for one in (machine.devices if machine else ()) if one.family in _TRIED]
    if not devices:
        raise KnownError(
            Code.SETTINGS_MISSING,
            "No settings name a device here. Give a driver, such as: station-app devices check "
            "libfprint.",
        )
    return devices


def _line(one: "Checked") -> str:
    device = one.device
    facts = ", ".join(f"{name} {value}" for name, value in one.facts.items())
    verdict = f"FAILED ({one.code}): {one.reason}" if one.code else "works"
    where = f"{device.driver} {device.port}".strip()
    return "  ".join(part for part in (device.family.value, where, verdict, facts) if part)


def _facts(one: "Checked") -> dict[str, Any]:
    return {
        "family": one.device.family.value,
        "driver": one.device.driver,
        "port": one.device.port,
        "works": not one.code,
        "code": one.code,
        "reason": one.reason,
        "facts": dict(one.facts),
    }
