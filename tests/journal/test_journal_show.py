"""`station-app journal show` and `head`: what a person sees of a journal."""

import json
from pathlib import Path

import pytest

from station_app.journal.checkpoints import verifier_key
from station_app.vault import StationFolder
from tests.journal.journal_command import run, write_identity, write_log
from tests.journal.journal_samples import ORIGIN, Station
from tests.journal.log_samples import leaves_of
from tests.journal.test_carrying import Spare, takeover
from tests.journal.test_journal_day import voided


def _numbers(*words: str | Path) -> list[int]:
    code, out, err = run("show", *words, "--json")
    assert (code, err) == (0, "")
    return [json.loads(line)["number"] for line in out.splitlines()]


def test_every_entry_is_a_line(kit: Station) -> None:
    code, out, err = run("show", kit.path)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) == 12
    assert lines[1] == "     2  2026-10-04T02:00:02.123Z  session_started  session=1"
    assert "hint=too_dry" in lines[4]
    assert "best_evidence_milli=-" in lines[4]
    assert 'reason=""' in lines[2]


def test_json_is_the_leaf(kit: Station) -> None:
    _, out, _ = run("show", kit.path, "--json")
    entries = [json.loads(line)["entry"] for line in out.splitlines()]
    assert entries == [json.loads(leaf) for leaf in leaves_of(kit)]


def test_filters(kit: Station) -> None:
    assert _numbers(kit.path, "--from", "11") == [11, 12]
    assert _numbers(kit.path, "--from", "3", "--to", "5") == [3, 4, 5]
    assert _numbers(kit.path, "--from", "13") == []
    assert _numbers(kit.path, "--kind", "outcome") == [3, 8, 10, 12]
    assert _numbers(kit.path, "--session", "2") == [4, 5, 6, 7, 8]
    assert _numbers(kit.path, "--session", "2", "--kind", "outcome") == [8]
    assert _numbers(kit.path, "--kind", "nonsense") == []


def test_a_session_has_what_was_said_of_its_outcome(kit: Station) -> None:
    journal = kit.open()
    journal.append(voided(3, 17))
    journal.close()
    assert _numbers(kit.path, "--session", "1") == [2, 3, 13]


def test_a_carried_entry_is_found_by_what_it_carries(kit: Station, tmp_path: Path) -> None:
    spare = Spare(tmp_path / "spare")
    spare.key, first = kit.key, kit.open()
    second = spare.create()
    second.append_all(takeover(first, kit))
    second.close()
    first.close()
    key = StationFolder(kit.path.parent).journal_key
    assert _numbers(spare.path, "--kind", "outcome", "--key-file", key) == [5, 10, 12, 14]
    assert _numbers(spare.path, "--session", "1", "--key-file", key) == [4, 5]


@pytest.mark.parametrize("leaf", ["5b5d", "7b", "ff"])
def test_a_damaged_journal_is_shown_as_far_as_it_goes(kit: Station, leaf: str) -> None:
    with kit.tampering() as database:
        database.execute(f"UPDATE entry SET leaf = x'{leaf}' WHERE number = 5")
    code, out, err = run("show", kit.path)
    assert code == 1
    assert len(out.splitlines()) == 4
    assert "Entry 5 is not an entry" in err
    code, out, _ = run("show", kit.path, "--to", "4")
    assert code == 0


def test_a_log(kit: Station, tmp_path: Path) -> None:
    folder = write_log(kit, tmp_path / "log")
    assert run("show", folder) == run("show", kit.path)


def test_head(kit: Station, tmp_path: Path) -> None:
    note = kit.head.read_text()
    code, out, _ = run("head", kit.path)
    assert code == 0
    verifier = verifier_key(ORIGIN, kit.signer.public_key)
    short = out.splitlines()[0]
    assert out == f"{short}\n\n{note}\nVerifier key for other tools: {verifier}\n"
    assert verifier.startswith("station-app/demo/9042-1+")
    _, out, _ = run("head", kit.path, "--json")
    facts = json.loads(out)
    assert facts["note"] == note
    assert (facts["size"], facts["short"], facts["key_is_given"]) == (12, short, True)
    size, *digits = short.split(" ")
    assert (size, "".join(digits)) == ("12", facts["root"][:8])
    _, out, _ = run("head", write_log(kit, tmp_path / "log"))
    assert out.startswith(f"{short}\n")
    assert "the key that the journal itself names" in out


def test_no_head_of_a_journal_that_is_not_signed(kit: Station) -> None:
    with kit.tampering() as database:
        database.execute("UPDATE entry SET signature = zeroblob(64) WHERE number = 12")
    code, out, err = run("head", kit.path)
    assert (code, out) == (1, "")
    assert "Do not use it" in err
    code, out, _ = run("head", kit.path, "--json")
    assert json.loads(out)["code"] == "journal_damaged"


def test_a_station_s_identity(kit: Station, tmp_path: Path) -> None:
    folder = write_log(kit, tmp_path / "log")
    identity = write_identity(kit.signer.public_key, tmp_path / "9042-1.station.json")
    code, out, _ = run("head", folder, "--identity", identity, "--json")
    assert code == 0
    assert json.loads(out)["key_is_given"]
