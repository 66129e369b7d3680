"""Which of the plugged-in devices the settings mean, and letting the desk use another one.

The driver of a family is signed by two persons; which device of that driver is used here stands in
`desk.toml` as its port, and one person changes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from station_app import __version__
from station_app.devices.drivers import DeviceFamily, DriverUse, drivers, named
from station_app.devices.plugged_in import PluggedIn
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.flow.signed_settings import write_desk_settings
from station_app.settings import Device, Machine, StationKind, read_machine
from station_app.snapshots import add_pending
from station_app.vault import StationFolder


class Standing(StrEnum):
    """How a plugged-in device stands to the settings."""

    USED = "used"
    FREE = "free"
    """Its driver is signed, and another device is used, or none is chosen yet."""
    OTHER_DRIVER = "other_driver"
    NOT_PLANNED = "not_planned"
    NOT_LIVE = "not_live"
    """Its driver is for evaluation, and the station is live."""
    NO_DRIVER = "no_driver"
    NO_SETTINGS = "no_settings"


@dataclass(frozen=True, slots=True)
class SeenDevice:
    """A device that is plugged in, and how it stands to the settings.

    `twins`: how many of the same port are plugged in; more than one cannot be told apart.
    """

    device: PluggedIn
    standing: Standing
    twins: int = 1


def seen_devices(found: Sequence[PluggedIn], machine: Machine | None) -> tuple[SeenDevice, ...]:
    """Each found device once, by what the settings say; `machine` is None without settings.

    Of several drivers for one device, that of the settings is shown, else the first.
    """
    ports = [(one.family, one.driver, one.port) for one in found]
    seen: dict[tuple[DeviceFamily | None, str], SeenDevice] = {}
    for one in found:
        key = (one.family, one.port)
        twins = ports.count((one.family, one.driver, one.port))
        new = SeenDevice(one, _standing(one, found, machine), twins)
        if key not in seen or _RANK[new.standing] < _RANK[seen[key].standing]:
            seen[key] = new
    taken = {one.port for one in found if one.family is not None}
    return tuple(one for one in seen.values() if one.device.family or one.device.port not in taken)


_RANK = {standing: rank for rank, standing in enumerate(Standing)}


def _standing(one: PluggedIn, found: Sequence[PluggedIn], machine: Machine | None) -> Standing:
    if one.family is None:
        return Standing.NO_DRIVER
    if machine is None:
        return Standing.NO_SETTINGS
    if machine.kind is StationKind.LIVE and one.use is not DriverUse.LIVE:
        return Standing.NOT_LIVE
    wanted = machine.device(one.family)
    if wanted is None:
        return Standing.NOT_PLANNED
    if wanted.driver != one.driver:
        return Standing.OTHER_DRIVER
    return Standing.USED if _chosen(wanted, found) == one.port else Standing.FREE


def _chosen(wanted: Device, found: Sequence[PluggedIn]) -> str:
    """The port of the found device that the settings mean; empty where it is not there.

    Without a place in the settings it is the only one there, and never one that may be something
    else.
    """
    fits = [one for one in found if (one.family, one.driver) == (wanted.family, wanted.driver)]
    if not _place_in(wanted.port):
        certain = {one.port for one in fits if one.is_certain}
        return certain.pop() if len(certain) == 1 else ""
    ports = {one.port for one in fits}
    return next((one for one in (wanted.port, *wanted.port.split()) if one in ports), "")


def _place_in(port: str) -> str:
    """The word of a port that says where the device is; the others say how it is used (`58mm`)."""
    return next(filter(_is_place, port.split()), "")


def _is_place(word: str) -> bool:
    return "/" in word or ":" in word


def hardware_of(wanted: Device, found: Sequence[PluggedIn]) -> str:
    """The identity of the device that the settings mean, empty where it is not there.

    A driver that cannot list its devices is asked for the port that the settings name. Raises
    `KnownError` `settings_refused` for a port that the driver cannot read.
    """
    chosen = _chosen(wanted, found)
    if chosen:
        return chosen
    line = named(drivers(wanted.family), wanted.driver)
    is_listed = any(
        (one.family, one.driver) == (wanted.family, wanted.driver) and one.is_certain
        for one in found
    )
    if is_listed and not _place_in(wanted.port):
        return ""  # several, and none of them chosen
    return (wanted.port or wanted.driver) if line.find(wanted.port) else ""


def use_device(folder: StationFolder, device: PluggedIn, now: datetime) -> Machine:
    """Remember this device for its family; what the port said besides (`58mm`) stays.

    The journal tells of it at the next unlocking. Raises `KnownError`: `not_allowed` where the
    signed settings name another driver for that family, or none; as `read_machine`,
    `write_desk_settings` and `add_pending` do.
    """
    machine = read_machine(folder.settings)
    wanted = None if device.family is None else machine.device(device.family)
    if wanted is None or wanted.driver != device.driver:
        raise KnownError(
            Code.NOT_ALLOWED,
            "The signed settings of this station have another driver for such a device, or none. "
            "Two persons sign others: station-app settings apply PLAN.",
        )
    more = [word for word in wanted.port.split() if not _is_place(word)]
    used = replace(wanted, port=" ".join([device.port, *more]))
    devices = tuple(used if one is wanted else one for one in machine.devices)
    changed = replace(machine, devices=devices)
    write_desk_settings(folder, changed)
    facts = {"app": __version__, "by": ""}
    add_pending(folder.pending_events, "settings_changed", facts, now)
    return changed
