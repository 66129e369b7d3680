"""`station-app settings apply`: two persons give a station the plan's settings."""

import hashlib
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from station_app.devices.drivers import DeviceFamily
from station_app.devices.signed_files import SignedFile
from station_app.domain.errors import KnownError
from station_app.flow.station_devices import finger_scanner
from station_app.settings import Device, read_machine
from station_app.snapshots import read_pending
from station_app.vault import Passphrase, People
from tests.commands.stations import PEOPLE, Table, passphrase_of
from tests.commands.typed_words import answer, run

EXAMPLE = Path(__file__).parents[2] / "examples/readers/pattern_reader.py"
CARD = '[devices.printer]\ndriver = "escpos"\nport = "/dev/lp0"\n\n[trust]'


@pytest.fixture
def table(tmp_path: Path) -> Table:
    made = Table(tmp_path)
    made.provision()
    made.write(snapshot="#snapshot")
    return made


def test_what_is_signed_at_the_beginning(table: Table) -> None:
    text = table.station.settings.read_text()
    assert text.splitlines()[-1].startswith("# revision 1, agreed by set-up, signed by the station")
    assert "languages" not in text
    assert "languages" in table.station.desk_settings.read_text()
    machine = read_machine(table.station.settings)
    assert len(machine.trusted.issuers) == len(machine.trusted.recipients) == 1
    (event,) = read_pending(table.station.pending_events).events
    assert event.facts["settings"] == hashlib.sha256(text.encode()).hexdigest()
    assert event.facts["typed"] == 0, "every passphrase came from a file"


def test_two_persons_sign_another_plan(table: Table) -> None:
    table.write(**{"[trust]": CARD, "snapshot": "#snapshot"})
    said = table.provision("--again", code=1)
    assert said["code"] == "settings_need_two"
    done = table.sign()
    assert (done["applied"], done["revision"], done["by"]) == (True, 2, ["o1", "c1"])
    assert done["sha256"] == hashlib.sha256(table.station.settings.read_bytes()).hexdigest()
    assert [one.driver for one in read_machine(table.station.settings).devices] == [
        "simulated",
        "escpos",
    ]
    assert table.provision("--again")["new"] is False
    table.write(**{"[trust]": CARD.replace("lp0", "lp1"), "snapshot": "#snapshot"})
    text = run(
        "settings", "apply", table.config, "--member", "m1", "--passphrase-dir", table.secrets
    ).stdout
    assert "are signed, revision 3" in text


def test_a_plan_that_changes_nothing_is_not_signed_again(table: Table) -> None:
    """Neither at once nor after another plan; one that brings a file or a language back is."""
    done = table.sign()
    assert (done["applied"], done["changed"], done["revision"]) == (True, False, 1)
    place = table.brings("readers/acme", b"#!/bin/sh\n")
    signed = table.sign()
    assert (signed["changed"], signed["revision"], signed["by"]) == (True, 2, ["o1", "c1"])
    before = table.station.settings.read_bytes()
    said = run(
        "settings", "apply", table.config, "--member", "m1", "--passphrase-dir", table.secrets
    ).stdout
    assert said == (
        "The plan changes nothing: the settings of 9042-1 are signed already, revision 2.\n"
        f"SHA-256 {signed['sha256']}\n"
    )
    assert table.station.settings.read_bytes() == before
    (table.station.root / "readers/acme").unlink()
    assert table.sign()["revision"] == 3
    assert (table.station.root / "readers/acme").read_bytes() == place.read_bytes()
    table.station.desk_settings.write_text('[desk]\nlanguages = ["ru"]\n')
    assert table.sign()["revision"] == 4
    assert read_machine(table.station.settings).languages == ("ky", "ru", "en")


def test_two_persons_sign_for_a_program(table: Table) -> None:
    """A maker's program is started once both have signed its hash, and not before."""
    program = table.station.root / "readers/acme"
    program.parent.mkdir()
    first = f"#!{sys.executable} -IS\n"
    program.write_text(first + EXAMPLE.read_text("utf-8").partition("\n")[2], "utf-8")
    sha256 = hashlib.sha256(program.read_bytes()).hexdigest()
    table.write(**{"[trust]": f'[executables]\n"readers/acme" = "{sha256}"\n\n[trust]'})
    assert read_machine(table.station.settings).executables == ()
    table.sign()
    machine = read_machine(table.station.settings)
    assert machine.executables == (SignedFile("readers/acme", sha256),)
    hosted = Device(DeviceFamily.FINGER_SCANNER, "hosted", "readers/acme")
    scanner = finger_scanner(table.station, replace(machine, devices=(hosted,)))
    assert scanner.open().name == "Pattern of ridges"
    scanner.close()


def test_a_program_comes_with_the_plan_that_two_persons_sign(table: Table) -> None:
    place = table.brings("readers/acme", b"#!/bin/sh\n")
    table.sign()
    assert (table.station.root / "readers/acme").read_bytes() == b"#!/bin/sh\n"
    place.write_bytes(b"#!/bin/bash\n")
    table.sign()  # the station has the signed one
    (table.station.root / "readers/acme").unlink()
    before = table.station.settings.read_bytes()
    assert table.sign(code=1)["code"] == "settings_refused"
    assert table.station.settings.read_bytes() == before


def test_one_person_does_not(table: Table) -> None:
    table.write(**{"[trust]": CARD, "snapshot": "#snapshot"})
    (table.secrets / "c1.passphrase").write_text(passphrase_of("o1"))
    before = table.station.settings.read_bytes()
    assert table.sign(code=1)["code"] == "wrong_passphrase"
    assert table.station.settings.read_bytes() == before


def test_another_stations_plan(table: Table) -> None:
    table.write(**{'kit = "1"': 'kit = "2"'})
    assert table.sign(code=1)["code"] == "station_other"
    other = table.folder / "other"
    answer("issuer", "create", "X", "--out", other, "--passphrase-file", table.words)
    table.write(**{'"БШК.issuer.json"': '"other/X.issuer.json"'})
    assert table.sign(code=1)["code"] == "pins_differ"


def test_one_person_moves_the_printer_and_changes_the_language(table: Table) -> None:
    """A technician by their passphrase, or an operator who is named; nobody else."""
    languages = {'kit = "1"': 'kit = "1"\nlanguages = ["ru"]', "snapshot": "#snapshot"}
    table.write(**languages)
    right = passphrase_of("t1")
    (table.secrets / "t1.passphrase").write_text("бул туура эмес сөз")
    assert table.provision("--again", code=1)["code"] == "wrong_passphrase"
    (table.secrets / "t1.passphrase").write_text(right)
    run(*table.provisioning("--again", "--by", "c1"), code=2)
    table.provision("--again")
    assert read_machine(table.station.settings).languages == ("ru",)
    table.write(snapshot="#snapshot")
    table.provision("--again", "--by", "o1")
    events = read_pending(table.station.pending_events).events
    assert [one.facts["by"] for one in events if one.event == "settings_changed"] == ["t1", "o1"]


def test_the_same_passphrase_for_two_is_refused(tmp_path: Path) -> None:
    table = Table(tmp_path)
    for id_ in PEOPLE:
        (table.secrets / f"{id_}.passphrase").write_text("seven rivers carry books")
    assert table.provision(code=1)["code"] == "passphrase_shared"
    assert not table.station.root.exists()


def test_who_did_not_type_is_written_down(table: Table) -> None:
    words = ("--member", "c1", "--passphrase-dir", table.secrets, "--station", table.station.root)
    (table.secrets / "m2.new.passphrase").write_text("four deer cross a bridge")
    (table.secrets / "m2.new.passphrase").chmod(0o600)
    answer("people", "add", "m2", "--name", "A", "--role", "member", *words)
    people = People.load(table.station)
    assert people.from_files == len(PEOPLE) + 1
    (added,) = [
        one for one in read_pending(table.station.pending_events).events
        if one.event == "person_added"
    ]  # fmt: skip
    assert added.facts["typed"] == 0
    answer("people", "remove", "m2", *words)
    again = answer("people", "add", "m2", "--name", "B", "--role", "member", *words, code=1)
    assert again["code"] == "person_removed"


@pytest.mark.parametrize("between", ["-", " ", "\u2013", ""])
def test_digits_as_people_write_them(tmp_path: Path, between: str) -> None:
    table = Table(tmp_path)
    digits = [word if word.startswith("--") else word.replace(" ", between)
              for word in table.digits]  # fmt: skip
    given = ("--config", table.config, "--passphrase-dir", table.secrets)
    assert answer("provision", *given, *digits)["provisioned"]


def test_nineteen_digits_are_no_exchanged_file(tmp_path: Path) -> None:
    table = Table(tmp_path)
    digits = table.digits
    digits[1] = digits[1][:-1]
    given = ("--config", table.config, "--passphrase-dir", table.secrets)
    said = answer("provision", *given, *digits, code=1)
    assert said["code"] == "digits_incomplete"
    assert "20 digits" in said["reason"]


def test_a_folder_of_keys_is_its_makers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(tmp_path)
    before = os.umask(0)
    try:
        out = table.folder / "keys" / "of the commission"
        answer("issuer", "create", "X", "--out", out, "--passphrase-file", table.words)
    finally:
        os.umask(before)
    assert out.stat().st_mode & 0o777 == out.parent.stat().st_mode & 0o777 == 0o700


def test_another_users_folder_is_said_plainly(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> bool:
        raise PermissionError(13, "Permission denied", "/root/station")

    monkeypatch.setattr(Path, "exists", closed)
    for words in (
        ("people", "list", "--station", table.station.root),
        ("journal", "verify", table.station.journal),
    ):
        said = answer(*words, code=1)
        assert said["code"] == "no_permission"
        assert "/root/station is not open to this user" in said["reason"]


def test_unlocking_by_a_passphrase_of_another_case_names_the_person(table: Table) -> None:
    with pytest.raises(KnownError, match="the passphrase of Бермет Сыдыкова"):
        People.load(table.station).enter("c1", Passphrase(passphrase_of("m1")))
