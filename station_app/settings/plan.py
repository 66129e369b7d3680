"""The plan that turns a bare machine into a station: `station.toml`.

    [station]
    kind = "live"                     # or "training"
    precinct = "9042"
    kit = "1"                         # which of the precinct's computers
    folder = "/var/lib/station"       # without it the user's own
    languages = ["ky", "ru", "en"]    # of the desk, the first one first
    voter_languages = ["ky", "ru"]    # of slips and of the voter's display
    spoken_verdicts = false           # whether verdicts are said to voters, without a name

    [devices.printer]                 # also finger_scanner, camera, document_reader and
                                      # voter_display; the drivers: devices/drivers.py
    driver = "…"
    port = "…"                        # where the driver does not find it; for the simulated
                                      # scanner: the folder of its images

    [executables]                     # other makers' programs that the station may start: each
                                      # file's SHA-256 under its path in the station's folder,
                                      # "readers/acme" = "<64 digits>"; copied there from beside
                                      # the plan
    [certificates]                    # of certified readers (driver sbi): the programme's root,
                                      # copied likewise
                                      # "readers/root.pem" = "<64 digits>"

    [mirror]                          # without it the journal has no second place
    folder = "/media/mirror/journal"  # on a stick or card; it has to be there already

    [trust]
    issuers = ["cec.issuer.json"]     # whose voter lists are loaded
    recipients = ["cec.recipient.json"]

    [[people]]                        # an operator, a member and the chair at least
    id = "aida"
    name = "Айда Үсөнова"
    role = "operator"                 # operator, member, chair or technician

    [list]
    snapshot = "9042-3.vsnap"         # loaded once the commission has made it

Paths are relative to the file's folder; the mirror's is absolute.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from station_app.devices.drivers import DeviceFamily
from station_app.devices.signed_files import SignedFile
from station_app.domain.roles import Person, Role
from station_app.settings.machine import Device, Machine, machine_of, signed_files
from station_app.settings.toml_tables import Table, one_of, text, texts

_NEEDED = (Role.OPERATOR, Role.MEMBER, Role.CHAIR)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a station is set up with, except passphrases.

    `folder` is None for the user's own, `snapshot` for no list yet. `people` has an
    operator, a member and a chair at least. `beside` is the folder of the plan's file.
    """

    machine: Machine
    folder: Path | None
    issuers: tuple[Path, ...]
    recipients: tuple[Path, ...]
    people: tuple[Person, ...]
    snapshot: Path | None
    beside: Path = Path()


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What one line of a batch says beside the plan that many stations share.

    `people` are its station's; none: the plan names them.
    """

    precinct: str
    kit: str
    people: tuple[Person, ...] = ()


def read_plan(path: Path, line: PlanLine | None = None) -> Plan:
    """The plan in the file at `path`; what `line` says, the file leaves out or says as well.

    Raises `KnownError` `settings_missing`, `settings_unreadable`, and `settings_refused`
    with everything that is wrong.
    """
    file = Table.of_file(path)
    station = file.table("station")
    if line is not None:
        station.give("precinct", line.precinct)
        station.give("kit", line.kit)
    folder = station.value("folder", text, "")
    machine = machine_of(
        station,
        file.table("devices", is_needed=False),
        file.table("mirror", is_needed=False),
    )
    executables, certificates = _executables(file, machine), signed_files(file, "certificates")
    if _driver(machine) == "sbi" and not certificates:
        file.fault("certificates", "lack the root of the certified readers")
    trust = file.table("trust")
    issuers = trust.value("issuers", texts)
    nobody: tuple[str, ...] = ()
    recipients = trust.value("recipients", texts, nobody)
    if machine is not None and machine.mirror and not recipients:
        trust.fault("recipients", "is missing: a mirror is sealed to the commission")
    people = _people(file, () if line is None else line.people)
    snapshot = file.table("list", is_needed=False).value("snapshot", text, "")
    file.refuse_faults(path)
    assert machine is not None

    def place(name: str) -> Path:
        return path.parent / name

    return Plan(
        machine=replace(
            machine,
            devices=tuple(_placed(one, path.parent) for one in machine.devices),
            executables=executables,
            certificates=certificates,
        ),
        folder=place(folder) if folder else None,
        issuers=tuple(map(place, issuers or ())),
        recipients=tuple(map(place, recipients or ())),
        people=people,
        snapshot=place(snapshot) if snapshot else None,
        beside=path.parent,
    )


def _placed(device: Device, folder: Path) -> Device:
    """The simulated scanner's port is a folder of images."""
    is_scanner = device.family is DeviceFamily.FINGER_SCANNER
    if not (is_scanner and device.driver == "simulated" and device.port):
        return device
    return replace(device, port=str((folder / device.port).absolute()))


def _driver(machine: Machine | None) -> str:
    scanner = None if machine is None else machine.device(DeviceFamily.FINGER_SCANNER)
    return "" if scanner is None else scanner.driver


def _executables(file: Table, machine: Machine | None) -> tuple[SignedFile, ...]:
    """The programs that two persons sign for; a hosted scanner needs one of them."""
    found = signed_files(file, "executables")
    scanner = None if machine is None else machine.device(DeviceFamily.FINGER_SCANNER)
    if scanner is not None and scanner.driver == "hosted":
        named = [one for one in found if scanner.port in {"", one.path}]
        if len(named) != 1:
            file.fault("executables", "lack the program that the hosted scanner's port names")
    return found


def _people(file: Table, of_line: tuple[Person, ...]) -> tuple[Person, ...]:
    found: list[Person] = []
    for table in file.tables("people"):
        id_, name = table.value("id", text), table.value("name", text)
        role = table.value("role", one_of(Role))
        if not (id_ and name and role):
            continue
        try:
            person = Person(id_, name, role)
        except ValueError as fault:
            table.fault("id or name", f"will not do: {fault}")
            continue
        if any(one.id == id_ for one in found):
            table.fault("id", "is another person's")
        found.append(person)
    if found and of_line:
        file.fault("people", "are named by the table as well: name them in one place")
    found = found or list(of_line)
    for role in _NEEDED:
        if not any(one.role is role for one in found):
            file.fault("people", f"have no {role}")
    return tuple(found)
