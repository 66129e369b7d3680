"""`station-app provision --batch`: one stick, many laptops, every line once."""

import csv
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from station_app.commands import provision_batch
from station_app.devices.computer import computer_serial
from station_app.domain.errors import KnownError
from station_app.flow import batch_results
from station_app.vault import PublicIdentity
from tests.commands.batches import NAMES, Batch, made_batch
from tests.commands.typed_words import run


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    return made_batch(tmp_path, monkeypatch)


def test_the_same_command_goes_on_where_the_laptop_was(batch: Batch) -> None:
    done = batch.at("L1", "9042-1")
    assert (done["station"], done["step"], done["list"]) == ("9042-1", "set_up", None)
    assert "vsnap_none_loaded" in done["lacks"]
    public = PublicIdentity.load(batch.results / "9042-1.station.json")
    assert public.digits() == done["digits"]
    assert batch.at("L1")["step"] == "checked", "it is known which line this is"
    batch.snapshot(voters=5)
    done = batch.at("L1")
    assert (done["step"], done["list"], done["ready"]) == ("list_loaded", 1, True)
    before = {path: path.read_bytes() for path in batch.station.root.rglob("*") if path.is_file()}
    assert batch.at("L1")["step"] == "checked"
    after = {path: path.read_bytes() for path in batch.station.root.rglob("*") if path.is_file()}
    assert before == after, "nothing twice"


def test_a_batch_brings_the_files_that_its_plan_names(batch: Batch) -> None:
    place = batch.brings("readers/acme", b"#!/bin/sh\n")
    batch.at("L1", "9042-1")
    assert (batch.station.root / "readers/acme").read_bytes() == b"#!/bin/sh\n"
    place.unlink()
    refused = batch.at("L2", "9042-2", code=1)
    assert (refused["code"], "acme" in refused["reason"]) == ("settings_refused", True)
    assert not batch.station.root.exists()
    place.symlink_to("/bin/true")
    assert "outside" in batch.at("L2", "9042-2", code=1)["reason"]


def test_a_line_is_taken_once(batch: Batch) -> None:
    batch.at("L1", "9042-1")
    refused = batch.at("L2", "9042-1", code=1)
    assert refused["code"] == "batch_line_taken"
    assert "another laptop, L1" in refused["reason"]
    assert not batch.station.root.exists()
    assert batch.at("L1", "9042-2", code=1)["code"] == "batch_other_laptop"
    assert batch.at("L2", "9042-9", code=1)["code"] == "batch_line_missing"
    assert batch.at("L2", "9042-2")["step"] == "set_up"
    (given_up,) = batch.results.glob("9042-1.*.results.jsonl")
    given_up.rename(batch.folder / given_up.name)
    (batch.results / "9042-1.station.json").unlink()
    assert batch.at("L3", "9042-1")["step"] == "set_up"


def test_a_power_cut_before_the_stick_was_told(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    batch.station = batch.laptop("L1")
    with monkeypatch.context() as power:
        power.setattr(provision_batch, "_hand_on", cut)
        run(*batch.asking("--kit", "9042-1"), code=130)
    assert batch.station.people.exists()
    assert batch.report(code=1)["lines"][0]["standing"] == "not_begun"
    done = batch.at("L1")
    assert (done["station"], done["step"]) == ("9042-1", "checked")
    assert (batch.results / "9042-1.station.json").exists()
    assert batch.report(code=1)["lines"][0]["standing"] == "waits_for_list"


def test_a_stick_that_is_full_or_gone(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    save = PublicIdentity.save

    def no_room(public: PublicIdentity, folder: Path) -> Path:
        if folder == batch.results:
            raise KnownError("disk_full", "The disk is full.")
        return save(public, folder)

    with monkeypatch.context() as stick:
        stick.setattr(batch_results, "make_folder", full)
        refused = batch.at("L1", "9042-1", code=1)
    assert refused["code"] == "medium_full"
    assert "Then type the same command again" in refused["reason"]
    assert batch.at("L1")["step"] == "checked"
    with monkeypatch.context() as stick:
        stick.setattr(PublicIdentity, "save", no_room)
        refused = batch.at("L3", "9042-3", code=1)
    assert refused["code"] == "medium_full"
    assert batch.at("L3")["step"] == "checked"
    with monkeypatch.context() as stick:
        stick.setattr(provision_batch, "make_folder", full)
        assert batch.at("L2", "9042-2", code=1)["code"] == "medium_full"
    assert not batch.station.root.exists(), "nobody typed for nothing"


def test_a_line_cut_short_by_a_pulled_stick(batch: Batch) -> None:
    batch.at("L1", "9042-1")
    (file,) = batch.results.glob("*.results.jsonl")
    whole = file.read_text("utf-8")
    file.write_text(whole + whole[: len(whole) // 2], encoding="utf-8")
    batch.at("L1")
    assert len(file.read_text("utf-8").splitlines()) == 2
    assert file.read_text("utf-8").startswith(whole), "what was written stays"


def test_the_report(batch: Batch) -> None:
    batch.fill(*(f"9042,{kit},{kit}.vsnap" for kit in "12345"))
    batch.at("L1", "9042-1")
    batch.snapshot().rename(batch.folder / "1.vsnap")
    batch.at("L1")
    batch.at("L2", "9042-2")
    (batch.folder / "3.vsnap").write_bytes(b"no list")
    batch.at("L3", "9042-3")
    assert batch.at("L3", code=1)["code"] == "vsnap_not_a_snapshot"
    batch.laptop("L4").root.mkdir(parents=True)
    (batch.laptop("L4").root / "=1+1.txt").touch()
    assert batch.at("L4", "9042-4", code=1)["code"] == "folder_not_empty"
    report = batch.report(code=1)
    assert [line["standing"] for line in report["lines"]] == [
        "ready", "waits_for_list", "refused", "refused", "not_begun",
    ]  # fmt: skip
    assert report["lines"][3]["fingerprint"] == ""
    assert report["lines"][3]["reason"].startswith("folder_not_empty: ")
    assert json.loads((batch.folder / "kits.report.json").read_text("utf-8")) == report
    with (batch.folder / "kits.report.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert rows[0][:2] == ["9042-1", "ready"]
    assert rows[0][header.index("laptop")] == "L1"
    said = run("provision", "--batch", batch.table, "--report", code=1).stdout
    assert "5 stations: 1 not_begun, 2 refused, 1 waits_for_list, 1 ready" in said


def test_two_copies_of_the_stick(batch: Batch, tmp_path: Path) -> None:
    """Two technicians, one line: it shows when the sticks come together."""
    copy = tmp_path / "copy"
    shutil.copytree(batch.folder, copy)
    batch.at("L1", "9042-1")
    batch.at("L2", "9042-2")
    first, batch.table = batch.table, copy / "kits.csv"
    batch.at("L3", "9042-1")
    batch.at("L4", "9042-3")
    batch.table = first
    assert [one["standing"] for one in batch.report(code=1)["lines"]] == [
        "waits_for_list", "waits_for_list", "not_begun",
    ]  # fmt: skip
    both = batch.report("--results", copy, code=3)
    assert [one["standing"] for one in both["lines"]] == [
        "twice", "waits_for_list", "waits_for_list",
    ]  # fmt: skip
    assert both["lines"][0]["laptops"] == ["L1", "L3"]
    assert batch.report("--results", copy / "kits.stations", code=3) == both
    assert batch.report("--results", tmp_path / "none", code=1)["code"] == "folder_missing"
    batch.fill("9042,1,")
    strange = batch.report(code=3)["not_in_table"]
    assert [one["station"] for one in strange] == ["9042-2"]


def test_the_serial_number_chooses(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    header = "precinct;kit;serial;operator;chair;member;technician"
    people = ";".join(NAMES)
    batch.fill(f"9042;1;AA11;{people}", f"9042;2;BB22;{people}", header=header)
    monkeypatch.setattr(provision_batch, "computer_serial", lambda: "bb22")
    assert batch.at("L2")["station"] == "9042-2"
    assert batch.at("L3", "9042-1", code=1)["code"] == "batch_other_laptop"


def test_asked_for_the_label(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    batch.laptop("L1")
    run(*batch.asking(), code=2)
    said: list[str] = []
    typed = iter(["9042", "9042-2"])
    terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(provision_batch, "sys", terminal)
    monkeypatch.setattr(
        provision_batch.typer, "prompt", lambda text, **_: said.append(text) or next(typed)
    )
    assert batch.at("L1")["station"] == "9042-2"
    assert len(said) == 2


def test_a_table_of_another_kind(batch: Batch) -> None:
    batch.table.write_bytes("precinct,kit\nМ,1\n".encode("cp1251"))
    assert "not UTF-8" in batch.at("L1", "9042-1", code=1)["reason"]
    batch.table.write_bytes(b"precinct,kit\n" + b"9042,1\n" * 200_000)
    assert batch.at("L1", "9042-1", code=1)["code"] == "file_too_large"
    batch.table.unlink()
    assert batch.at("L1", "9042-1", code=1)["code"] == "settings_missing"
    batch.table.symlink_to("/dev/zero")
    assert batch.at("L1", "9042-1", code=1)["code"] == "not_a_regular_file"


def test_people_are_named_in_one_place(batch: Batch) -> None:
    with batch.config.open("a", encoding="utf-8") as file:
        file.write('[[people]]\nid = "o1"\nname = "Оператор"\nrole = "operator"\n')
    assert "name them in one place" in batch.at("L1", "9042-1", code=1)["reason"]


def test_what_belongs_together(batch: Batch) -> None:
    for words in ((), ("--report",), ("--batch", batch.table, "--config", batch.config)):
        run("provision", *words, code=2)


@pytest.mark.parametrize(
    ("text", "serial"),
    [("5CD1234XYZ\n", "5CD1234XYZ"), ("Default string", ""), ("0000000", ""), ("", ""), ("A", "")],
)
def test_a_serial_number_that_is_one(tmp_path: Path, text: str, serial: str) -> None:
    (tmp_path / "product_serial").write_text(text)
    assert computer_serial(tmp_path / "product_serial") == serial
    assert computer_serial(tmp_path / "none") == ""


def test_what_a_technician_reads(batch: Batch) -> None:
    batch.station = batch.laptop("L1")
    said = run(*batch.asking("--kit", "9042-1")).stdout
    public = PublicIdentity.load(batch.station.public_identity)
    assert said.startswith("9042-1 is set up on this laptop.\n")
    assert public.digits() in said
    assert "Its list has not come yet: then the same command again." in said
    batch.snapshot(voters=5)
    said = run(*batch.asking()).stdout
    assert "9042-1 has list 1 with 5 voters." in said
    assert "READY" in said
    assert "9042-1 has everything that the stick has for it." in run(*batch.asking()).stdout


def test_a_plan_a_precinct(batch: Batch) -> None:
    """People in the plan; a broken plan of another precinct holds up nobody."""
    own, text = batch.folder / "plans" / "9043.toml", batch.config.read_text("utf-8")
    own.parent.mkdir()
    people = [
        f'\n[[people]]\nid = "{role}"\nname = "{role.title()}"\nrole = "{role}"\n'
        for role in ("operator", "chair", "member")
    ]
    own.write_text(text.replace('"БШК', '"../БШК') + "".join(people), encoding="utf-8")
    (own.parent / "9044.toml").write_text("no plan")
    batch.fill(
        "9043,1,plans/9043.toml", "9044,1,plans/9044.toml", "9045,1,plans/none.toml",
        header="precinct,kit,plan",
    )  # fmt: skip
    assert batch.at("L1", "9043-1")["step"] == "set_up"
    assert batch.at("L2", "9044-1", code=1)["code"] == "settings_refused"
    assert batch.at("L2", "9045-1", code=1)["code"] == "settings_missing"
    assert batch.at("L1")["step"] == "checked"
