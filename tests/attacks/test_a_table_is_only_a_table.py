"""The promise: a stick for many laptops sets up what its table says, and reaches nothing else.

The attack: somebody had the stick between two laptops. The table names a plan or a list elsewhere
on the machine, a plan names a key through a link, or puts the station on the stick; results are
forged, crafted to break the report, or formulas for whoever opens it. Version a9a29b6 had no batch:
each plan was a path that the technician typed.

Now paths lie below the table's folder, results are bounded and read strictly, the report goes
through `csv_text`. The commission's keys are compared with digits from paper on every laptop, so
that an exchanged file is refused; a forged result decides nothing but the report.
"""

import csv
import json
import os
import shutil
from pathlib import Path

import pytest

from tests.commands.batches import Batch, made_batch
from tests.commands.typed_words import answer


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batch:
    return made_batch(tmp_path, monkeypatch)


def test_a_plan_that_leads_out_of_the_stick(batch: Batch) -> None:
    outside = batch.folder.parent / "CEC.issuer.json"
    shutil.copy(batch.folder / "БШК.issuer.json", outside)
    plan = batch.config.read_text("utf-8")
    batch.config.write_text(plan.replace("БШК.issuer.json", "../CEC.issuer.json"))
    assert "outside the folder" in batch.at("L1", "9042-1", code=1)["reason"]
    (batch.folder / "link.issuer.json").symlink_to(outside)
    batch.config.write_text(plan.replace("БШК.issuer.json", "link.issuer.json"))
    assert "outside the folder" in batch.at("L1", "9042-1", code=1)["reason"]
    batch.config.write_text(plan.replace("[station]\n", '[station]\nfolder = "here"\n'))
    assert "would lie on the stick" in batch.at("L1", "9042-1", code=1)["reason"]
    batch.config.write_text(plan.replace("[station]\n", '[station]\nprecinct = "9043"\n'))
    assert "another one than the table says" in batch.at("L1", "9042-1", code=1)["reason"]


def test_results_that_somebody_wrote(batch: Batch) -> None:
    """The stick is anybody's: what is no result is named, and what is one is no formula."""
    batch.at("L1", "9042-1")
    (good,) = batch.results.glob("*.results.jsonl")
    line = json.loads(good.read_text("utf-8"))
    bad: list[object] = [
        7, {}, line | {"format": "x"}, line | {"more": 1}, line | {"list": True},
        line | {"voters": -1}, line | {"fingerprint": "ZZ"}, line | {"station": ""},
        line | {"by": "a" * 1000}, line | {"by": "a\x1b[2J"}, line | {"lacks": ["x"] * 100},
        line | {"lacks": [1]}, line | {"at": "yesterday"}, line | {"at": "2026-01-01T00:00:00"},
    ]  # fmt: skip
    for number, values in enumerate(bad):
        file = batch.results / f"9042-2.{number:012}.results.jsonl"
        file.write_text(json.dumps(values) + "\n")
    deep = batch.results / "9042-2.deep.results.jsonl"
    deep.write_text("[" * 100_000 + "\n")
    long = batch.results / "9042-2.long.results.jsonl"
    long.write_text(json.dumps(line).replace('"run": 1', '"run": ' + "9" * 4300) + "\n")
    os.mkfifo(batch.results / "9042-2.pipe.results.jsonl")
    (batch.results / "9042-2.folder.results.jsonl").mkdir()
    (batch.results / "9042-3.none.results.jsonl").write_text(
        json.dumps(line | {"station": "9042-3", "laptop": "=HYPERLINK(1)"}) + "\n"
    )
    (batch.results / "9042-3.link.results.jsonl").symlink_to("/dev/zero")
    report = batch.report(code=1)
    assert len(report["unreadable"]) == len(bad) + 5
    with (batch.folder / "kits.report.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert rows[2][header.index("laptop")] == "'=HYPERLINK(1)"


def test_an_exchanged_key_is_refused_on_every_laptop(batch: Batch) -> None:
    other = batch.folder / "other"
    answer("issuer", "create", "БШК", "--out", other, "--passphrase-file", batch.words)
    digits = batch.digits
    shutil.copy(other / "БШК.issuer.json", batch.folder)
    batch.laptop("L1")
    given = ("--batch", batch.table, "--kit", "9042-1", "--passphrase-dir", batch.secrets)
    assert answer("provision", *given, *digits, code=1)["code"] == "digits_of_nobody"


def test_a_forged_result_is_no_station(batch: Batch) -> None:
    """It keeps a laptop from its line until somebody looks, and is never a station's word."""
    batch.at("L1", "9042-1")
    (good,) = batch.results.glob("*.results.jsonl")
    forged = json.loads(good.read_text("utf-8")) | {"station": "9042-2", "fingerprint": "ab" * 32}
    (batch.results / "9042-2.abababababab.results.jsonl").write_text(json.dumps(forged) + "\n")
    assert batch.at("L2", "9042-2", code=1)["code"] == "batch_line_taken"
    assert not batch.station.root.exists()


def test_a_laptops_own_file_that_somebody_broke_holds_it_up_no_longer(batch: Batch) -> None:
    """The next run replaces it: nested brackets, a count of 4,300 digits, no line end."""
    batch.at("L1", "9042-1")
    (own,) = batch.results.glob("*.results.jsonl")
    line = own.read_text("utf-8")
    for broken in ("[" * 100_000 + "\n", line.replace('"run":1', '"run":' + "9" * 4300), "{"):
        assert broken != line
        own.write_text(broken)
        batch.at("L1", "9042-1")
        assert json.loads(own.read_text("utf-8"))["run"] == 1


def test_the_folder_of_results_is_no_way_out_of_the_stick(batch: Batch) -> None:
    outside = batch.folder.parent / "elsewhere"
    outside.mkdir()
    batch.results.symlink_to(outside)
    assert batch.at("L1", "9042-1", code=1)["code"] == "not_a_regular_file"
    assert list(outside.iterdir()) == []
