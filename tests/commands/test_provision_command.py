"""`station-app provision`: a bare machine to a station, whole or not at all."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from station_app.commands import provision
from station_app.domain.errors import KnownError
from station_app.flow import provisioning
from station_app.settings import read_machine
from station_app.snapshots import read_pending
from station_app.vault import Cost, Passphrase, People, PublicIdentity
from tests.commands.stations import PEOPLE, Table, passphrase_of
from tests.commands.typed_words import Typing, answer, run


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path)


def unlock(table: Table) -> str:
    """Whom two persons' passphrases open."""
    passphrases = [Passphrase(passphrase_of(id_)) for id_ in ("o1", "m1")]
    people = People.load(table.station)
    unlocked = people.unlock("o1", passphrases[0], "m1", passphrases[1])
    assert unlocked.identity.public("9042-1") == PublicIdentity.load(table.station.public_identity)
    return unlocked.station


def test_a_bare_machine(table: Table) -> None:
    done = table.provision("--out", table.folder / "stick")
    assert (done["provisioned"], done["new"], done["list"]) == (True, True, None)
    assert [one["kind"] for one in done["trusted"]] == ["issuer", "recipient"]
    assert done["people"][3] == {"id": "t1", "role": "technician"}
    assert 0 < done["seconds"] < 60
    assert unlock(table) == "9042-1"
    public = PublicIdentity.load(table.folder / "stick" / "9042-1.station.json")
    assert public.digits() == done["station"]["digits"]
    assert read_machine(table.station.settings).station == "9042-1"
    assert sorted(path.name for path in table.station.trusted.iterdir()) == [
        "pins.json",
        "БШК.issuer.json",
        "БШК.recipient.json",
    ]
    (event,) = read_pending(table.station.pending_events).events
    assert event.event == "station_provisioned"
    assert event.facts["station_fingerprint"] == public.fingerprint().hex()


def test_a_passphrase_costs_as_much_as_was_measured(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = Cost(memory_kib=16, iterations=2)
    monkeypatch.setattr(provision, "measure_cost", lambda: measured)
    table.provision()
    record = json.loads(table.station.people.read_text("utf-8"))
    assert [one["share"]["cost"] for one in record["people"]] == [measured.to_record()] * 4


def test_nobody_else_can_look(table: Table) -> None:
    run(*table.provisioning())
    for path in (table.station.root, *table.station.root.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        is_public = path.suffix == ".json" and path.parent != table.station.keys
        assert mode & 0o077 & ~(0o044 if is_public else 0) == 0, path


def test_a_station_is_left_as_it_is(table: Table) -> None:
    run(*table.provisioning())
    table.station.journal.write_bytes(b"a journal")
    before = {path: path.read_bytes() for path in table.station.root.rglob("*") if path.is_file()}
    assert table.provision(code=1)["code"] == "station_exists"
    again = table.provision("--again", code=1)
    assert (again["provisioned"], again["code"]) == (True, "vsnap_missing")
    table.write(snapshot="#snapshot")
    assert table.provision("--again")["new"] is False
    after = {path: path.read_bytes() for path in table.station.root.rglob("*") if path.is_file()}
    assert {path: data for path, data in after.items() if path in before} == before
    assert unlock(table) == "9042-1"


def test_the_list_once_it_is_there(table: Table) -> None:
    run(*table.provisioning())
    table.snapshot(voters=5)
    done = table.provision("--again")
    assert done["list"]["counts"]["voters"] == 5
    assert "5 voters" in run(*table.provisioning("--again")).stdout


def test_new_settings(table: Table) -> None:
    run(*table.provisioning())
    table.write(**{'kit = "1"': 'kit = "1"\nlanguages = ["ru"]', "snapshot": "#snapshot"})
    run(*table.provisioning("--again"))
    assert read_machine(table.station.settings).languages == ("ru",)
    events = read_pending(table.station.pending_events).events
    assert [one.event for one in events] == ["station_provisioned", "settings_changed"]


def test_another_plan(table: Table) -> None:
    run(*table.provisioning())
    for old, new in (('kit = "1"', 'kit = "2"'), ('precinct = "9042"', 'precinct = "9043"')):
        table.write(**{old: new})
        assert table.provision("--again", code=1)["code"] == "station_other"
    other = table.folder / "other"
    answer("issuer", "create", "X", "--out", other, "--passphrase-file", table.words)
    table.write(**{'"БШК.issuer.json"': '"other/X.issuer.json"'})
    assert table.provision("--again", code=1)["code"] == "pins_differ"


def test_again_on_a_bare_machine_sets_it_up(table: Table) -> None:
    assert table.provision("--again")["new"] is True


def test_the_files_that_the_plan_names_come_along(table: Table) -> None:
    """A maker's program and a root certificate, from beside the plan, each by its hash."""
    table.brings("readers/acme", b"#!/bin/sh\n")
    root = table.brings("readers/certified/root.pem", b"a root", "certificates")
    table.provision()
    placed = [
        table.station.root / "readers/acme",
        table.station.root / "readers/certified/root.pem",
    ]
    assert [one.read_bytes() for one in placed] == [b"#!/bin/sh\n", b"a root"]
    placed[0].write_bytes(b"another")
    placed[1].unlink()
    table.snapshot()
    table.provision("--again")
    assert [one.read_bytes() for one in placed] == [b"#!/bin/sh\n", b"a root"]
    root.unlink()
    table.provision("--again")  # the station has it
    placed[1].unlink()
    refused = table.provision("--again", code=1)
    assert (refused["code"], "root.pem" in refused["reason"]) == ("settings_refused", True)


def test_a_file_that_is_another_or_missing_sets_nothing_up(table: Table) -> None:
    place = table.brings("readers/acme", b"#!/bin/sh\n")
    place.write_bytes(b"#!/bin/bash\n")
    refused = table.provision(code=1)
    assert (refused["code"], "SHA-256" in refused["reason"]) == ("settings_refused", True)
    place.unlink()
    assert table.provision(code=1)["code"] == "settings_refused"
    place.symlink_to("/bin/true")
    assert table.provision(code=1)["code"] == "settings_refused"
    assert not table.station.root.exists()


@pytest.mark.parametrize("path", ["journal.db", "keys/people.json", "Lists/x", "takeover.new/x"])
def test_no_file_of_a_plan_lies_among_the_stations_own(table: Table, path: str) -> None:
    table.brings(path, b"x")
    assert "own files" in table.provision(code=1)["reason"]
    assert not table.station.root.exists()


def test_other_files_stay(table: Table) -> None:
    table.station.root.mkdir()
    (table.station.root / "notes.txt").touch()
    assert table.provision(code=1)["code"] == "folder_not_empty"
    assert [path.name for path in table.station.root.iterdir()] == ["notes.txt"]


def test_a_place_that_may_not_be_written(table: Table) -> None:
    (table.folder / "file").touch(0o400)
    table.write(**{'folder = "station"': 'folder = "file/station"'})
    assert table.provision(code=1)["code"] == "no_write_permission"


def test_cut_off_there_is_no_station(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KnownError("disk_full", "The disk is full. Free some space.")

    with monkeypatch.context() as broken_disk:
        broken_disk.setattr(provisioning, "add_pending", broken)
        assert table.provision(code=1)["code"] == "disk_full"
    assert not table.station.root.exists()
    table.station.root.mkdir()
    assert table.provision()["new"] is True
    assert not (table.folder / "station.new").exists()


def test_what_is_in_the_way_of_the_draft_stays(table: Table) -> None:
    draft = table.folder / "station.new"
    draft.mkdir()
    (draft / "journal.db").touch()
    assert table.provision(code=1)["code"] == "folder_not_empty"
    assert (draft / "journal.db").exists()


def test_digits_of_nobody(table: Table) -> None:
    assert table.provision("--accept-issuer", "1" * 20, code=1)["code"] == "digits_of_nobody"
    assert not table.station.root.exists()


def test_nobody_compared(table: Table) -> None:
    words = ("provision", "--config", table.config, "--passphrase-dir", table.secrets)
    assert "--accept-issuer" in run(*words, code=2).stderr
    assert not table.station.root.exists()


def test_typed_digits(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["1 2 3", *table.digits[1::2], *["5"] * 3])
    asked: list[str] = []

    def prompt(text: str, **_: object) -> str:
        asked.append(text)
        return next(typed)

    monkeypatch.setattr(provision.sys, "stdin", type("Terminal", (), {"isatty": lambda _: True})())
    monkeypatch.setattr(provision.typer, "prompt", prompt)
    pins = [
        PublicIdentity.load(table.folder / f"БШК.{kind}.json") for kind in ("issuer", "recipient")
    ]
    provision.refuse_uncompared(pins, ())
    assert len(asked) == 3
    with pytest.raises(KnownError) as caught:
        provision.refuse_uncompared(pins, ())
    assert caught.value.code == "identity_not_accepted"


def test_everybody_types_their_own(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    typing = Typing(monkeypatch)
    typing.ready("айбек асанов", *(passphrase_of(id_) for id_ in PEOPLE for _ in range(2)))
    result = run("provision", "--config", table.config, *table.digits)
    assert "made of names" in result.stderr
    assert typing.asked[0].startswith("Айбек Асанов (operator)")
    assert unlock(table) == "9042-1"


def test_a_weak_or_missing_passphrase(table: Table) -> None:
    (table.secrets / "m1.passphrase").write_text("short")
    assert table.provision(code=1)["code"] == "passphrase_short"
    (table.secrets / "m1.passphrase").unlink()
    assert table.provision(code=1)["code"] == "passphrase_missing"
    assert not table.station.root.exists()


def test_a_wrong_kind_of_identity(table: Table) -> None:
    table.write(**{'["БШК.issuer.json"]': '["БШК.recipient.json"]'})
    assert table.provision(code=1)["code"] == "identity_other_kind"


def test_a_plan_that_will_not_do(table: Table) -> None:
    table.write(training="live")
    assert "simulated" in table.provision(code=1)["reason"]


def test_a_program_leaves_no_core_file() -> None:
    words = "import resource, station_app.__main__ as m\n"
    words += "from station_app.assembly import command_line\n"
    words += "command_line.run = lambda _: print(resource.getrlimit(resource.RLIMIT_CORE)) or 0\n"
    words += "m.main()"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout == "(0, 0)\n"
