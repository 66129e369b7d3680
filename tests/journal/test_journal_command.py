"""`station-app journal verify`: sentences and exit codes, never a traceback."""

import json
import tarfile
from pathlib import Path

import pytest

from station_app.domain.day_report import Head
from station_app.domain.entries import SessionStarted
from station_app.journal.tree import leaf_hash, tree_root
from station_app.vault import (
    AgeIdentity,
    IdentityKind,
    PublicIdentity,
    StationFolder,
    load_or_create_key,
)
from tests.journal.journal_command import run, write_identity, write_log
from tests.journal.journal_samples import Station
from tests.journal.log_samples import leaves_of


def test_a_sound_journal(kit: Station) -> None:
    code, out, err = run("verify", kit.path)
    assert (code, err) == (0, "")
    assert "12 good entries" in out
    assert out.endswith("The journal is sound.\n")


def test_json(kit: Station) -> None:
    code, out, _ = run("verify", kit.path, "--json")
    report = json.loads(out)
    assert code == 0
    assert report["sound"] is True
    assert report["entries"] == 12
    assert report["key_is_given"] is True


def test_a_journal_that_is_not_sound(kit: Station) -> None:
    with kit.tampering() as database:
        database.execute("DELETE FROM entry WHERE number = 5")
    code, out, _ = run("verify", kit.path)
    assert code == 1
    assert "NOT SOUND" in out
    assert "First bad entry: 5." in out
    code, out, _ = run("verify", kit.path, "--json")
    assert code == 1
    assert json.loads(out)["first_bad"] == 5


def test_a_fault_of_no_single_entry(kit: Station) -> None:
    kit.head.unlink()
    code, out, _ = run("verify", kit.path)
    assert code == 1
    assert ".head" in out
    assert "First bad" not in out


def test_a_key_from_elsewhere(kit: Station, tmp_path: Path) -> None:
    key = tmp_path / "usb" / "journal.key"
    key.parent.mkdir()
    StationFolder(kit.path.parent).journal_key.rename(key)
    code, out, _ = run("verify", kit.path, "--key-file", key)
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
        "not_a_journal": ["verify", kit.head, "--key-file", other_key],
        "log_missing": ["verify", tmp_path, "--key-file", other_key],
    }
    for fault, words in cases.items():
        code, out, err = run(*words, *(["--json"] if as_json else []))
        assert code == 1, fault
        if as_json:
            assert json.loads(out)["code"] == fault
        else:
            assert err.count("\n") == 1
            assert "Traceback" not in err


def test_usage_errors() -> None:
    assert run("verify")[0] == 2
    assert run("verify", "a", "--nonsense")[0] == 2
    assert "verify" in run("--help")[1]


def test_a_log(kit: Station, tmp_path: Path) -> None:
    folder = write_log(kit, tmp_path / "log")
    code, out, _ = run("verify", folder)
    assert code == 0
    assert out.startswith("Journal station-app/demo/9042-1: 12 good entries, 4 sessions, 2 voters")
    assert "the key that the journal itself names" in out
    identity = write_identity(kit.signer.public_key, tmp_path / "own.json")
    code, out, _ = run("verify", folder, "--identity", identity)
    assert code == 0
    assert "the key that" not in out
    other = write_identity(bytes(32), tmp_path / "other.json")
    code, out, _ = run("verify", folder, "--identity", other)
    assert code == 1
    assert "another key" in out


def test_a_log_in_a_tar_and_a_changed_one(kit: Station, tmp_path: Path) -> None:
    folder = write_log(kit, tmp_path / "log")
    packed = tmp_path / "log.tar"
    for change in (b"", b"{"):
        bundle = folder / "tile" / "entries" / "000.p" / "12"
        bundle.write_bytes(bundle.read_bytes() + change)
        with tarfile.open(packed, "w") as tar:
            for path in sorted(one for one in folder.rglob("*") if one.is_file()):
                tar.add(path, path.relative_to(folder).as_posix())
        code, out, _ = run("verify", packed, "--json")
        assert (code, json.loads(out)["sound"]) == ((1, False) if change else (0, True))


def _head(kit: Station, size: int) -> str:
    hashes = [leaf_hash(leaf) for leaf in leaves_of(kit)]
    return Head(size, tree_root(hashes[:size]), "").short


@pytest.mark.parametrize("as_log", [False, True])
def test_the_head_on_a_slip(kit: Station, tmp_path: Path, as_log: bool) -> None:
    place = write_log(kit, tmp_path / "log") if as_log else kit.path
    head = _head(kit, 7)
    code, out, _ = run("verify", place, "--head", head)
    assert code == 0
    assert out.endswith(f"The journal holds the head {head}.\n")
    code, out, _ = run("verify", place, "--head", f"7 {_head(kit, 8)[2:]}")
    assert code == 1
    assert "NOT THIS JOURNAL. Its entries up to 7 are not those" in out
    code, out, _ = run("verify", place, "--head", f"13 {head[2:]}")
    assert code == 1
    assert "NOT THIS JOURNAL. It ends before" in out
    code, out, _ = run("verify", place, "--head", head, "--json")
    assert json.loads(out)["head"] == {"given": head, "holding": "contained"}


def test_a_head_tells_an_older_copy_put_back_with_its_head_file(kit: Station) -> None:
    """What nothing beside the journal can tell (DECISIONS 7), the slip does."""
    before = {path: path.read_bytes() for path in (kit.path, kit.head)}
    journal = kit.open()
    journal.append(SessionStarted(5))
    head = journal.head.short
    journal.close()
    assert run("verify", kit.path, "--head", head)[0] == 0
    for path, content in before.items():
        path.write_bytes(content)
    assert run("verify", kit.path)[0] == 0
    code, out, _ = run("verify", kit.path, "--head", head)
    assert code == 1
    assert "it is an older copy" in out


def test_a_journal_that_is_not_sound_has_no_word_on_heads(kit: Station, tmp_path: Path) -> None:
    folder = write_log(kit, tmp_path / "log")
    (folder / "checkpoint").write_text("changed")
    kit.head.unlink()
    for place in (folder, kit.path):
        code, out, _ = run("verify", place, "--head", "7 0000 0000", "--json")
        assert code == 1
        assert "head" not in json.loads(out)


def test_a_key_that_signs_nothing(kit: Station, tmp_path: Path) -> None:
    age = AgeIdentity.generate().recipient
    identity = tmp_path / "CEC.recipient.json"
    PublicIdentity(IdentityKind.RECIPIENT, "CEC", None, age).write(identity)
    code, _, err = run("verify", kit.path, "--identity", identity)
    assert code == 1
    assert "signs nothing" in err


def test_no_head(kit: Station) -> None:
    code, _, err = run("verify", kit.path, "--head", "nonsense")
    assert code == 2
    assert "9f3a" in err


def test_a_bundle_is_for_the_commission(kit: Station) -> None:
    bundle = kit.path.with_name("9042-1-00000012.journal.age")
    bundle.write_bytes(b"age-encryption.org/v1")
    for command in ("verify", "show", "head"):
        code, _, err = run(command, bundle)
        assert code == 1
        assert "sealed to the commission" in err
