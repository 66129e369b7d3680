"""`station-app journal verify`: sentences and exit codes, never a traceback."""

import json
from pathlib import Path

import pytest
from journal_samples import Station
from typer.testing import CliRunner

from station_app.commands.journal import app
from station_app.vault import Signer, StationFolder, load_or_create_key


@pytest.fixture
def kit(tmp_path: Path) -> Station:
    """A closed journal of 12 entries with its keys beside it, as a station leaves it."""
    kit = Station(tmp_path / "kit")
    folder = StationFolder(tmp_path / "kit")
    kit.key = load_or_create_key(folder.journal_key)
    kit.signer = Signer(load_or_create_key(folder.signing_key))
    kit.write_day()
    return kit


def _run(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_a_sound_journal(kit: Station) -> None:
    code, out, err = _run("verify", kit.path)
    assert (code, err) == (0, "")
    assert "12 good entries" in out
    assert out.endswith("The journal is sound.\n")


def test_json(kit: Station) -> None:
    code, out, _ = _run("verify", kit.path, "--json")
    report = json.loads(out)
    assert code == 0
    assert report["sound"] is True
    assert report["entries"] == 12
    assert report["key_is_given"] is True


def test_a_journal_that_is_not_sound(kit: Station) -> None:
    with kit.tampering() as database:
        database.execute("DELETE FROM entry WHERE number = 5")
    code, out, _ = _run("verify", kit.path)
    assert code == 1
    assert "NOT SOUND" in out
    assert "First bad entry: 5." in out
    code, out, _ = _run("verify", kit.path, "--json")
    assert code == 1
    assert json.loads(out)["first_bad"] == 5


def test_a_fault_of_no_single_entry(kit: Station) -> None:
    kit.head.unlink()
    code, out, _ = _run("verify", kit.path)
    assert code == 1
    assert ".head" in out
    assert "First bad" not in out


def test_a_key_from_elsewhere(kit: Station, tmp_path: Path) -> None:
    key = tmp_path / "usb" / "journal.key"
    key.parent.mkdir()
    StationFolder(kit.path.parent).journal_key.rename(key)
    code, out, _ = _run("verify", kit.path, "--key-file", key)
    assert code == 0
    assert "the key that the journal itself names" in out


@pytest.mark.parametrize("as_json", [False, True])
def test_what_can_not_be_examined(kit: Station, tmp_path: Path, as_json: bool) -> None:
    other_key = tmp_path / "other.key"
    load_or_create_key(other_key)
    cases: dict[str, list[str | Path]] = {
        "journal_missing": ["verify", tmp_path / "none.db", "--key-file", other_key],
        "key_missing": ["verify", kit.path, "--key-file", tmp_path / "none.key"],
        "wrong_key": ["verify", kit.path, "--key-file", other_key],
        "journal_damaged": ["verify", kit.head, "--key-file", other_key],
        "no_read_permission": ["verify", tmp_path, "--key-file", other_key],
    }
    for fault, words in cases.items():
        code, out, err = _run(*words, *(["--json"] if as_json else []))
        assert code == 1, fault
        if as_json:
            assert json.loads(out)["code"] == fault
        else:
            assert err.count("\n") == 1
            assert "Traceback" not in err


def test_usage_errors() -> None:
    assert _run("verify")[0] == 2
    assert _run("verify", "a", "--nonsense")[0] == 2
    assert "verify" in _run("--help")[1]
