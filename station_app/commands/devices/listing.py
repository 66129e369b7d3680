"""`station-app devices list`: everything that is plugged in, and how it stands to the settings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer

from station_app.commands.answers import AsJson, answering
from station_app.commands.options import StationOption, station_folder
from station_app.devices.drivers import DeviceFamily
from station_app.devices.plugged_in import PluggedIn, plugged_in
from station_app.domain.errors import KnownError
from station_app.domain.shown_text import terminal_text
from station_app.flow.device_choice import SeenDevice, Standing, hardware_of, seen_devices
from station_app.flow.signed_settings import seen_settings
from station_app.settings import Device, Machine

_STANDING: Final = {
    Standing.USED: "used by this station",
    Standing.FREE: "not used: the technician's screen assigns it",
    Standing.OTHER_DRIVER: "not used: the signed settings have another driver",
    Standing.NOT_PLANNED: "not used: the signed settings have no such device",
    Standing.NOT_LIVE: "for evaluation only: a live station refuses it",
    Standing.NO_DRIVER: "no driver of this program",
    Standing.NO_SETTINGS: "no station here",
}
_GROUPS: Final = {
    DeviceFamily.CAMERA: "video",
    DeviceFamily.PRINTER: "lp (a serial one: dialout)",
    DeviceFamily.DOCUMENT_READER: "dialout",
}
_RULES: Final = "install the rules of `station-app devices rules`, and plug it in again"


@dataclass(frozen=True, slots=True)
class Sight:
    """What is plugged in, the settings it is held against, and why there are none."""

    found: tuple[PluggedIn, ...]
    machine: Machine | None
    refusal: str = ""

    @property
    def seen(self) -> tuple[SeenDevice, ...]:
        """The devices, and how they stand to the settings."""
        return seen_devices(self.found, self.machine)

    @property
    def absent(self) -> tuple[Device, ...]:
        """Devices of the settings that are not plugged in, or cannot be told from others."""
        devices = () if self.machine is None else self.machine.devices
        return tuple(one for one in devices if not self._is_there(one))

    def _is_there(self, device: Device) -> bool:
        try:
            return bool(hardware_of(device, self.found))
        except KnownError:
            return False


def sight(station: Path | None) -> Sight:
    """Look now. Raises `KnownError` `station_missing` for a folder that was named and is not there.

    Settings that cannot be used leave the list as it is without a station.
    """
    folder = station_folder(station)
    machine, refusal = None, ""
    if folder.settings.exists():
        try:
            machine = seen_settings(folder)
        except KnownError as fault:
            refusal = fault.message
    return Sight(plugged_in(), machine, refusal)


def list_devices(station: StationOption = None, as_json: AsJson = False) -> None:
    """List every device that is plugged in: driver, name, identity, permission, use.

    Nothing is opened. With a station, the settings' own devices that are not there are named too.
    """
    with answering(as_json):
        now = sight(station)
        if as_json:
            absent = [
                {"family": one.family.value, "driver": one.driver, "port": one.port}
                for one in now.absent
            ]
            facts: dict[str, Any] = {
                "devices": [facts_of(one) for one in now.seen],
                "absent": absent,
            }
            if now.refusal:
                facts["settings"] = now.refusal
            typer.echo(json.dumps(facts, ensure_ascii=False))
            return
    typer.echo(terminal_text("\n".join(_lines(now))))


def _lines(now: Sight) -> Sequence[str]:
    lines = [line_of(one) for one in now.seen] or ["No device is plugged in that a driver knows."]
    for one in now.absent:
        lines.append(f"{one.family}  {one.driver}  {one.port or '(any)'}  NOT PLUGGED IN")
    if now.refusal:
        lines.append(f"Settings are not looked at: {now.refusal}")
    return lines


def line_of(one: SeenDevice) -> str:
    """A device as one line."""
    device = one.device
    family = device.family.value if device.family is not None else "unknown"
    parts = [family, device.driver or "-", device.name, device.port, _STANDING[one.standing]]
    if device.fault:
        parts.append(missing(device) or device.fault)
    if not device.is_certain:
        parts.append("may be another kind of device")
    if one.twins > 1:
        parts.append(f"{one.twins} of the same identity: unplug the others")
    return "  ".join(parts)


def facts_of(one: SeenDevice) -> dict[str, Any]:
    """A device for JSON."""
    device = one.device
    return {
        "family": device.family.value if device.family is not None else "",
        "driver": device.driver,
        "name": device.name,
        "port": device.port,
        "use": device.use.value,
        "permitted": not device.is_forbidden,
        "missing": missing(device),
        "fault": device.fault,
        "certain": device.is_certain,
        "standing": one.standing.value,
        "twins": one.twins,
    }


def missing(device: PluggedIn) -> str:
    """What this user lacks to open it; empty where it may."""
    if not device.is_forbidden:
        return ""
    group = _GROUPS.get(device.family) if device.family is not None else None
    if group is None:
        return f"not permitted: {_RULES}"
    return f"not permitted: {_RULES}, or add this user to the group {group} and log in again"
