"""The settings of a station that is set up: who it is, its devices, its languages."""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from station_app.settings.tables import Table
from station_app.settings.values import absolute, matching, one_of, some_of, text

LANGUAGES: Final[tuple[str, ...]] = ("ky", "ru", "en")
"""The languages there are words in."""

VOTER_LANGUAGES: Final[tuple[str, ...]] = ("ky", "ru")

SIMULATED: Final = "simulated"
"""The driver of every device that is none."""

_PRECINCT = matching(r"\w[\w.-]{0,30}", "a precinct's code of 1 to 31 letters and digits")
_KIT = matching(r"[\w.-]{0,30}\w", "a kit's code of 1 to 31 letters and digits")
_DRIVER = matching(r"[a-z][a-z0-9_-]{0,31}", "a driver's name of a-z, 0-9, - and _")


class StationKind(StrEnum):
    """What a station is for."""

    LIVE = "live"
    TRAINING = "training"


class DeviceFamily(StrEnum):
    """What a device is to the station."""

    FINGER_SCANNER = "finger_scanner"
    CAMERA = "camera"
    PRINTER = "printer"
    DOCUMENT_READER = "document_reader"
    VOTER_DISPLAY = "voter_display"


@dataclass(frozen=True, slots=True)
class Device:
    """One device: the driver that speaks with it, and where it is plugged in.

    `port` is the driver's business (a path, a serial number); empty: the driver finds it.
    """

    family: DeviceFamily
    driver: str
    port: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """One station's settings.

    `precinct` and `kit` (the number of this computer there) name it. `languages` are those
    of the desk, the first one first; `voter_languages` those of what voters see. `mirror` is
    the folder on a second medium that the journal is mirrored to, empty for none.
    """

    kind: StationKind
    precinct: str
    kit: str
    languages: tuple[str, ...]
    voter_languages: tuple[str, ...]
    devices: tuple[Device, ...]
    mirror: str = ""

    @property
    def station(self) -> str:
        """The station's name, `<precinct>-<kit>`."""
        return f"{self.precinct}-{self.kit}"

    def to_toml(self) -> str:
        """The file that `read_machine` reads."""
        # A JSON string or array of one-line texts is a TOML one.
        named: dict[str, str | tuple[str, ...]] = {
            "kind": self.kind,
            "precinct": self.precinct,
            "kit": self.kit,
            "languages": self.languages,
            "voter_languages": self.voter_languages,
        }
        lines = ["[station]", *(f"{name} = {_toml(value)}" for name, value in named.items())]
        for device in self.devices:
            lines += ["", f"[devices.{device.family}]", f"driver = {_toml(device.driver)}"]
            lines += [f"port = {_toml(device.port)}"] if device.port else []
        lines += ["", "[mirror]", f"folder = {_toml(self.mirror)}"] if self.mirror else []
        return "\n".join(lines) + "\n"


def read_machine(path: Path) -> Machine:
    """The settings of the file at `path`.

    Raises `KnownError` `settings_missing`, `settings_unreadable`, and `settings_refused`
    with everything that is wrong.
    """
    file = Table.of_file(path)
    machine = machine_of(
        file.table("station"),
        file.table("devices", is_needed=False),
        file.table("mirror", is_needed=False),
    )
    file.refuse_faults(path)
    assert machine is not None
    return machine


def machine_of(station: Table, devices: Table, mirror: Table) -> Machine | None:
    """The settings in these tables of a file; None where a fault was found."""
    kind = station.value("kind", one_of(StationKind))
    precinct, kit = station.value("precinct", _PRECINCT), station.value("kit", _KIT)
    languages = station.value("languages", some_of(LANGUAGES), LANGUAGES)
    voter_languages = station.value("voter_languages", some_of(LANGUAGES), VOTER_LANGUAGES)
    found = _devices(devices, kind)
    folder = mirror.value("folder", absolute)
    if not (kind and precinct and kit and languages and voter_languages):
        return None
    return Machine(kind, precinct, kit, languages, voter_languages, found, folder or "")


def _devices(file: Table, kind: StationKind | None) -> tuple[Device, ...]:
    found = []
    for family in DeviceFamily:
        table = file.table(family, is_needed=False)
        if table.is_empty:
            continue
        driver, port = table.value("driver", _DRIVER), table.value("port", text, "")
        if driver == SIMULATED and kind is StationKind.LIVE:
            table.fault("driver", "is simulated, which a live station refuses")
        if driver and port is not None:
            found.append(Device(family, driver, port))
    return tuple(found)


def _toml(value: str | tuple[str, ...]) -> str:
    return json.dumps(value, ensure_ascii=False)
