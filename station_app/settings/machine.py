"""The settings of a station that is set up: those two persons sign, and those of the desk."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from station_app.devices.drivers import DeviceFamily, DriverUse, drivers
from station_app.devices.signed_files import INSIDE_PATH, SignedFile
from station_app.domain.appearance import STANDARD, TEXT_PERCENTS, Appearance
from station_app.domain.errors import KnownError
from station_app.languages import language_codes, voter_languages
from station_app.settings.toml_tables import (
    Table,
    absolute,
    hashes,
    matching,
    one_of,
    some_of,
    text,
    yes_or_no,
)

PRECINCT_CODE = matching(r"\w[\w.-]{0,30}", "a precinct's code of 1 to 31 letters and digits")
KIT_CODE = matching(r"[\w.-]{0,30}\w", "a kit's code of 1 to 31 letters and digits")
_NOT_LIVE = {
    DriverUse.SIMULATED: "is simulated, which a live station refuses",
    DriverUse.EVALUATION: "is for evaluation only, which a live station refuses",
}
_APPEARANCE = "appearance"
_Value = str | int | tuple[str, ...]
_SHA256 = matching(r"[0-9a-f]{64}", "a hex SHA-256")


class StationKind(StrEnum):
    """The purpose of a station."""

    LIVE = "live"
    TRAINING = "training"


class LinkRule(StrEnum):
    """Which other kits a station speaks with."""

    NONE = "none"


@dataclass(frozen=True, slots=True)
class Device:
    """One device: the driver that speaks with it, and where it is plugged in.

    `driver` is in the table of drivers. `port` is the driver's business (a path, a serial
    number); empty: the driver finds it.
    """

    family: DeviceFamily
    driver: str
    port: str = ""


@dataclass(frozen=True, slots=True)
class Trusted:
    """Hex fingerprints, sorted, of the identities pinned when the station was set up."""

    issuers: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """One station's settings.

    `precinct` and `kit` (the number of this computer there) name it. `languages` are those
    of the desk, the first one first; `voter_languages` those of what voters see. `mirror` is
    the folder on a second medium that the journal is mirrored to, empty for none. `speaks`:
    verdicts are said to voters. Languages, speech, the devices' ports and the screens' `appearance`
    are the desk's (`desk_toml`); two persons sign the rest (`to_toml`).
    """

    kind: StationKind
    precinct: str
    kit: str
    languages: tuple[str, ...]
    voter_languages: tuple[str, ...]
    devices: tuple[Device, ...]
    mirror: str = ""
    trusted: Trusted = field(default_factory=Trusted)
    link: LinkRule = LinkRule.NONE
    executables: tuple[SignedFile, ...] = ()
    certificates: tuple[SignedFile, ...] = ()
    speaks: bool = False
    appearance: Appearance = STANDARD

    @property
    def station(self) -> str:
        """The station's name, `<precinct>-<kit>`."""
        return f"{self.precinct}-{self.kit}"

    def device(self, family: DeviceFamily) -> Device | None:
        """The device of this family, None where the settings have none."""
        return next((one for one in self.devices if one.family is family), None)

    def to_toml(self) -> str:
        """The text that two persons sign, and that `machine_from` reads."""
        # A JSON string or array of one-line texts is a TOML one.
        station = {"kind": self.kind.value, "precinct": self.precinct, "kit": self.kit}
        lines = _table("station", station)
        for device in self.devices:
            lines += ["", *_table(f"devices.{device.family}", {"driver": device.driver})]
        if self.mirror:
            lines += ["", *_table("mirror", {"folder": self.mirror})]
        trust = {"issuers": self.trusted.issuers, "recipients": self.trusted.recipients}
        lines += ["", *_table("trust", {name: value for name, value in trust.items() if value})]
        lines += ["", *_table("link", {"rule": self.link.value})]
        lines += ["", *_table("executables", _hashes(self.executables))]
        if self.certificates:
            lines += ["", *_table("certificates", _hashes(self.certificates))]
        return "\n".join(lines) + "\n"

    def desk_toml(self) -> str:
        """The file of the settings that one person may change, which `read_machine` reads beside
        it."""
        desk = {"languages": self.languages, "voter_languages": self.voter_languages}
        ports = {device.family.value: device.port for device in self.devices if device.port}
        said = ["spoken_verdicts = true"] if self.speaks else []
        lines = [*_table("desk", desk), *said, "", *_table("ports", ports)]
        if self.appearance != STANDARD:
            lines += ["", *_table(_APPEARANCE, asdict(self.appearance))]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class KeptAppearance:
    """What `desk.toml` keeps of the screens; `is_damaged` where the standard stands in for it."""

    appearance: Appearance = STANDARD
    is_damaged: bool = False


def read_appearance(path: Path) -> KeptAppearance:
    """How the screens of the station look whose `desk.toml` is at `path`.

    It only informs: whatever is damaged there, the standard stands in for it.
    """
    if not path.exists():
        return KeptAppearance()
    try:
        return _kept(Table.of_file(path))
    except KnownError:
        return KeptAppearance(is_damaged=True)


def _kept(file: Table) -> KeptAppearance:
    found = file.informing(_APPEARANCE)
    if found is None:
        return KeptAppearance()
    if not isinstance(found, dict):
        return KeptAppearance(is_damaged=True)
    percent = found.pop("text_percent", STANDARD.text_percent)
    switches = {
        name: found.pop(name, False) for name in ("high_contrast", "reduced_motion", "left_handed")
    }
    is_whole = (
        not found
        and type(percent) is int
        and percent in TEXT_PERCENTS
        and all(type(one) is bool for one in switches.values())
    )
    if not is_whole:
        return KeptAppearance(is_damaged=True)
    return KeptAppearance(Appearance(text_percent=percent, **switches))


def read_machine(path: Path) -> Machine:
    """The settings of the file at `path`, with those of `desk.toml` beside it.

    `flow.signed_settings` checks whether they are the signed ones. Raises `KnownError`
    `settings_missing`, `settings_unreadable`, and `settings_refused` with everything that is
    wrong.
    """
    return _machine(Table.of_file(path), path)


def machine_from(data: bytes, path: Path) -> Machine:
    """The settings in `data`, which was read from `path`; else as `read_machine`."""
    return _machine(Table.of_bytes(data, path), path)


def _machine(file: Table, path: Path) -> Machine:
    trust = file.table("trust", is_needed=False)
    trusted = Trusted(
        trust.value("issuers", hashes, ()) or (), trust.value("recipients", hashes, ()) or ()
    )
    link = file.table("link", is_needed=False).value("rule", one_of(LinkRule), LinkRule.NONE)
    executables, certificates = (signed_files(file, one) for one in ("executables", "certificates"))
    machine = machine_of(
        file.table("station"),
        file.table("devices", is_needed=False),
        file.table("mirror", is_needed=False),
    )
    file.refuse_faults(path)
    assert machine is not None
    desk = _desk(machine, path.with_name("desk.toml"))
    return replace(
        desk,
        trusted=trusted,
        link=link or LinkRule.NONE,
        executables=executables,
        certificates=certificates,
    )


def _desk(machine: Machine, path: Path) -> Machine:
    """The machine with what the desk's file says; a station of the first version has none."""
    if not path.exists():
        return machine
    file = Table.of_file(path)
    desk = file.table("desk", is_needed=False)
    ports = file.table("ports", is_needed=False)
    known = some_of(language_codes())
    languages = desk.value("languages", known, machine.languages)
    for_voters = desk.value("voter_languages", known, machine.voter_languages)
    speaks = desk.value("spoken_verdicts", yes_or_no, machine.speaks)
    devices = tuple(
        Device(one.family, one.driver, ports.value(one.family, text, one.port) or "")
        for one in machine.devices
    )
    appearance = _kept(file).appearance
    file.refuse_faults(path)
    assert languages is not None
    assert for_voters is not None
    return replace(
        machine,
        languages=languages,
        voter_languages=for_voters,
        devices=devices,
        speaks=speaks is True,
        appearance=appearance,
    )


def signed_files(file: Table, name: str) -> tuple[SignedFile, ...]:
    """The files that a table of this name has: a path in the station's folder, a hex SHA-256."""
    table = file.table(name, is_needed=False)
    found = tuple(SignedFile(path, sha256) for path, sha256 in table.all_values(_SHA256))
    for one in found:
        if not INSIDE_PATH.fullmatch(one.path):
            table.fault(one.path, "is no path inside the station's folder, such as readers/acme")
    return found


def machine_of(station: Table, devices: Table, mirror: Table) -> Machine | None:
    """The settings in these tables of a file; None where a fault was found."""
    kind = station.value("kind", one_of(StationKind))
    precinct, kit = station.value("precinct", PRECINCT_CODE), station.value("kit", KIT_CODE)
    known = some_of(language_codes())
    languages = station.value("languages", known, language_codes())
    for_voters = station.value("voter_languages", known, voter_languages())
    speaks = station.value("spoken_verdicts", yes_or_no, False)
    found = _devices(devices, kind)
    folder = mirror.value("folder", absolute)
    if not (kind and precinct and kit and languages and for_voters):
        return None
    return Machine(
        kind, precinct, kit, languages, for_voters, found, folder or "", speaks=speaks is True
    )


def _devices(file: Table, kind: StationKind | None) -> tuple[Device, ...]:
    found = []
    for family in DeviceFamily:
        table = file.table(family, is_needed=False)
        if table.is_empty:
            continue
        name, port = table.value("driver", text), table.value("port", text, "")
        driver = next((one for one in drivers(family) if one.name == name), None)
        if name is not None and driver is None:
            table.fault("driver", _unknown(family, kind))
        elif driver is not None and kind is StationKind.LIVE and driver.use is not DriverUse.LIVE:
            table.fault("driver", _NOT_LIVE[driver.use])
        if name and port is not None:
            found.append(Device(family, name, port))
    return tuple(found)


def _unknown(family: DeviceFamily, kind: StationKind | None) -> str:
    """The fault sentence for a driver that this version does not have."""
    live = kind is StationKind.LIVE
    known = [one.name for one in drivers(family) if not live or one.use is DriverUse.LIVE]
    if not known:
        return "is not known: this version has no driver for such a device, leave it out"
    return f"is not known: this version has {', '.join(known)}"


def _hashes(files: tuple[SignedFile, ...]) -> dict[str, str]:
    return {_toml(one.path): one.sha256 for one in files}


def _table(name: str, values: Mapping[str, _Value]) -> list[str]:
    return [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in values.items())]


def _toml(value: _Value) -> str:
    return json.dumps(value, ensure_ascii=False)
