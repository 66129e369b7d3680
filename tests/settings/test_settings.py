"""Machine settings and plans: what is read, and that every fault is said at once."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.devices.drivers import DeviceFamily
from station_app.devices.signed_files import SignedFile
from station_app.domain.appearance import Appearance
from station_app.domain.errors import KnownError
from station_app.domain.roles import Role
from station_app.languages import language_codes
from station_app.settings import (
    Device,
    KeptAppearance,
    Machine,
    StationKind,
    Trusted,
    machine_from,
    plan,
    read_appearance,
    read_machine,
    read_plan,
)

DEVICES = (
    Device(DeviceFamily.FINGER_SCANNER, "simulated", 'a "b" \\ ү'),
    Device(DeviceFamily.PRINTER, "escpos"),
)
MACHINE = Machine(
    StationKind.TRAINING,
    "9042",
    "1",
    ("ru", "ky"),
    ("ky",),
    DEVICES,
    "/media/күзгү/journal",
    Trusted(("ab" * 32,), ("cd" * 32, "ef" * 32)),
    executables=(SignedFile("bin/ү", "12" * 32),),
    certificates=(SignedFile("readers/root.pem", "34" * 32),),
)
PEOPLE = "\n".join(
    f'[[people]]\nid = "{id_}"\nname = "Аты {id_}"\nrole = "{role}"'
    for id_, role in (("o1", "operator"), ("c1", "chair"), ("m1", "member"), ("t1", "technician"))
)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path, text: str, *, machine: bool = False) -> list[str]:
    """The faults that are said of a text."""
    with pytest.raises(KnownError) as caught:
        (read_machine if machine else read_plan)(written(path, text))
    assert caught.value.code == "settings_refused"
    message = caught.value.message
    return (
        message.removeprefix(f"{path} cannot be used: ").removesuffix(". Correct it.").split("; ")
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.toml", MACHINE.to_toml())
    written(tmp_path / "desk.toml", MACHINE.desk_toml())
    assert read_machine(path) == machine_from(path.read_bytes(), path) == MACHINE
    assert MACHINE.station == "9042-1"


CHOSEN = Appearance(True, 150, True, True)


def test_an_appearance_is_kept_with_the_desks_settings(tmp_path: Path) -> None:
    path = written(tmp_path / "a.toml", MACHINE.to_toml())
    desk = tmp_path / "desk.toml"
    assert read_appearance(desk) == KeptAppearance()
    written(desk, replace(MACHINE, appearance=CHOSEN).desk_toml())
    assert read_appearance(desk) == KeptAppearance(CHOSEN)
    assert read_machine(path).appearance == CHOSEN
    assert "appearance" not in MACHINE.desk_toml()


@pytest.mark.parametrize(
    "damaged",
    [
        "[appearance]\ntext_percent = 300",
        "[appearance]\ntext_percent = true",
        "[appearance]\ntext_percent = 125.0",
        '[appearance]\nhigh_contrast = "yes"',
        "[appearance]\nhigh_contrast = 1",
        "[appearance]\ncolour = 3",
        "[[appearance]]\ntext_percent = 125",
        "appearance = 7",
    ],
)
def test_a_damaged_appearance_is_the_standard_and_closes_nothing(
    tmp_path: Path, damaged: str
) -> None:
    path = written(tmp_path / "a.toml", MACHINE.to_toml())
    desk = MACHINE.desk_toml()
    text = f"{damaged}\n{desk}" if damaged.startswith("appearance") else f"{desk}\n{damaged}\n"
    found = read_appearance(written(tmp_path / "desk.toml", text))
    assert found == KeptAppearance(is_damaged=True)
    assert read_machine(path) == MACHINE


@pytest.mark.parametrize("text", ["\x00\xff", "[appearance", "a" * (1 << 19)])
def test_a_file_that_is_none_is_the_standard(tmp_path: Path, text: str) -> None:
    assert read_appearance(written(tmp_path / "desk.toml", text)).is_damaged


def test_the_documented_plan(tmp_path: Path) -> None:
    assert plan.__doc__
    text = re.sub(r"(?m)^    ", "", plan.__doc__.partition("`.\n")[2].rpartition("Paths are")[0])
    more = PEOPLE.replace('"o1"', '"o2"')
    found = read_plan(written(tmp_path / "station.toml", text.replace("…", "escpos") + more))
    assert found.machine.devices == (Device(DeviceFamily.PRINTER, "escpos", "escpos"),)
    assert found.machine.mirror == "/media/mirror/journal"
    assert found.folder == Path("/var/lib/station")
    assert found.issuers == (tmp_path / "cec.issuer.json",)
    assert found.snapshot == tmp_path / "9042-3.vsnap"
    assert [one.id for one in found.people] == ["aida", "o2", "c1", "m1", "t1"]
    assert found.people[-1].role is Role.TECHNICIAN


def test_the_least_plan(tmp_path: Path) -> None:
    text = '[station]\nkind="training"\nprecinct="9042"\nkit="2"\n[trust]\nissuers=["a.json"]\n'
    found = read_plan(written(tmp_path / "station.toml", text + PEOPLE))
    assert (found.folder, found.snapshot, found.recipients) == (None, None, ())
    assert found.machine.languages == language_codes()
    assert found.machine.voter_languages == ("ky", "ru")
    assert not found.machine.speaks
    assert found.machine.mirror == ""


def test_every_fault_at_once(tmp_path: Path) -> None:
    text = """
        [station]
        kind = "live"
        precinct = "90 42"
        languages = ["ky", "fr"]
        voter_languages = ["ky", "ky"]
        colour = 3
        [devices.finger_scanner]
        driver = "simulated"
        [devices.camera]
        port = 7
        [devices.toaster]
        driver = "x"
        [devices.printer]
        driver = "futronic"
        [devices.voter_display]
        driver = "nonsense"
        [[people]]
        id = "A B"
        name = "Аты"
        role = "operator"
        [[people]]
        id = "m1"
        name = "Аты"
        role = "boss"
    """
    assert refused(tmp_path / "station.toml", text) == [
        "trust is missing",
        "people have no operator",
        "people have no member",
        "people have no chair",
        "station.precinct is not a precinct's code of 1 to 31 letters and digits",
        "station.kit is missing",
        f"station.languages is not a list of {', '.join(language_codes())}",
        "station.voter_languages names one twice",
        "station.colour is not known",
        "devices.toaster is not known",
        "devices.finger_scanner.driver is simulated, which a live station refuses",
        "devices.camera.driver is missing",
        "devices.camera.port is not a text",
        "devices.printer.driver is not known: this version has escpos, escpos_network",
        "devices.voter_display.driver is not known: this version has screen",
        "people 1.id or name will not do: a person's id has 1 to 32 of a-z, 0-9 and -",
        "people 2.role is not one of operator, member, chair, technician",
    ]  # fmt: skip


def test_more_faults_than_a_person_reads(tmp_path: Path) -> None:
    text = "\n".join(f"unknown{number} = 1" for number in range(30))
    assert refused(tmp_path / "a.toml", text, machine=True)[-1] == "and 11 more"


@pytest.mark.parametrize("text", ["station = 3", "[[station]]", "people = 3", "people = [3]"])
def test_other_shapes(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path / "a.toml", text)


@pytest.mark.parametrize(("table", "fault"), [
    ("[mirror]", "mirror.folder is missing"),
    ('[mirror]\nfolder = "stick"',
     "mirror.folder is not a path from the root, as /media/mirror"),
    ('[mirror]\nfolder = "/stick"',
     "trust.recipients is missing: a mirror is sealed to the commission"),
])  # fmt: skip
def test_a_mirror_nobody_could_use(tmp_path: Path, table: str, fault: str) -> None:
    text = '[station]\nkind="training"\nprecinct="9042"\nkit="2"\n[trust]\nissuers=["a.json"]\n'
    assert refused(tmp_path / "a.toml", f"{text}{table}\n{PEOPLE}") == [fault]


def test_one_id_twice(tmp_path: Path) -> None:
    trust = '[trust]\nissuers=["a"]\nrecipients=["b"]\n'
    text = '[station]\nkind="live"\nprecinct="1"\nkit="1"\n' + trust + PEOPLE + "\n" + PEOPLE
    assert refused(tmp_path / "a.toml", text)[0] == "people 5.id is another person's"


@pytest.mark.parametrize(("data", "code"), [
    (b"[station", "settings_refused"), (b"\xff\xfe", "settings_refused"),
])  # fmt: skip
def test_no_toml(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(data)
    for read in (read_machine, read_plan):
        with pytest.raises(KnownError, match="not a TOML file") as caught:
            read(path)
        assert caught.value.code == code


def test_no_file(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none", "settings_missing"), (tmp_path, "settings_unreadable")):
        with pytest.raises(KnownError) as caught:
            read_machine(path)
        assert caught.value.code == code


def test_a_plan_names_the_programs_of_others(tmp_path: Path) -> None:
    begin = '[station]\nkind="live"\nprecinct="9042"\nkit="2"\n[trust]\nissuers=["a.json"]\n'
    hosted = '[devices.finger_scanner]\ndriver="hosted"\nport="readers/acme"\n'
    acme = f'[executables]\n"readers/acme" = "{"12" * 32}"\n'
    path = tmp_path / "station.toml"
    found = read_plan(written(path, begin + hosted + acme + PEOPLE)).machine
    assert found.executables == (SignedFile("readers/acme", "12" * 32),)
    assert machine_from(found.to_toml().encode(), path).executables == found.executables
    assert refused(path, begin + hosted + PEOPLE) == [
        "executables lack the program that the hosted scanner's port names"
    ]
    for name in ("../acme", "/bin/sh", "readers/../../x", ".hidden", "a b"):
        text = begin + acme.replace("readers/acme", name) + PEOPLE
        (fault,) = refused(path, text)
        assert "is no path inside the station's folder" in fault
    (fault,) = refused(path, begin + acme.replace("12", "XY") + PEOPLE)
    assert "is not a hex SHA-256" in fault


def test_a_plan_for_a_certified_reader_names_its_root(tmp_path: Path) -> None:
    begin = '[station]\nkind="live"\nprecinct="9042"\nkit="2"\n[trust]\nissuers=["a.json"]\n'
    certified = '[devices.finger_scanner]\ndriver="sbi"\n'
    root = f'[certificates]\n"readers/root.pem" = "{"12" * 32}"\n'
    path = tmp_path / "station.toml"
    found = read_plan(written(path, begin + certified + root + PEOPLE)).machine
    assert found.certificates == (SignedFile("readers/root.pem", "12" * 32),)
    assert refused(path, begin + certified + PEOPLE) == [
        "certificates lack the root of the certified readers"
    ]
