"""`station-app journal prove`: proofs made, handed on, and checked without the journal."""

import json
from pathlib import Path

import pytest

from station_app.domain.day_report import Head
from station_app.journal.tree import leaf_hash, tree_root
from tests.journal.journal_command import run, write_identity, write_log
from tests.journal.journal_samples import ORIGIN, Station
from tests.journal.log_samples import leaves_of


@pytest.fixture
def proof(kit: Station, tmp_path: Path) -> Path:
    path = tmp_path / "entry-3.json"
    code, out, err = run("prove", kit.path, "3", "--to", path)
    assert (code, err) == (0, "")
    assert f"prove --check {path}" in out
    return path


@pytest.fixture
def since(kit: Station, tmp_path: Path) -> Path:
    path = tmp_path / "since-7.json"
    code, out, _ = run("prove", kit.path, "--since", "7", "--to", path, "--json")
    assert (code, json.loads(out)) == (0, {"proof": str(path)})
    return path


def test_an_entry(kit: Station, proof: Path) -> None:
    code, out, _ = run("prove", "--check", proof)
    assert code == 0
    leaf = leaves_of(kit)[2].decode()
    assert out.startswith(f"Entry 3 of {ORIGIN}, head 12 ")
    assert out.splitlines()[1] == leaf
    assert kit.signer.public_key.hex() in out
    _, out, _ = run("prove", "--check", proof, "--json")
    facts = json.loads(out)
    assert facts["leaf"] == json.loads(leaf)
    assert (facts["proven"], facts["entry"], facts["key_is_given"]) == (True, 3, False)


def test_a_printed_proof_is_the_same(kit: Station, proof: Path, tmp_path: Path) -> None:
    assert run("prove", kit.path, "3") == (0, proof.read_text(), "")
    assert run("prove", write_log(kit, tmp_path / "log"), "3") == (0, proof.read_text(), "")


def test_against_an_identity(kit: Station, proof: Path, tmp_path: Path) -> None:
    own = write_identity(kit.signer.public_key, tmp_path / "own.json")
    code, out, _ = run("prove", "--check", proof, "--identity", own)
    assert code == 0
    assert "the proof itself names" not in out
    other = write_identity(bytes(32), tmp_path / "other.json")
    code, _, err = run("prove", "--check", proof, "--identity", other)
    assert code == 1
    assert "proves nothing: it is signed with another key" in err


def test_since_the_head_on_a_slip(kit: Station, since: Path) -> None:
    hashes = [leaf_hash(leaf) for leaf in leaves_of(kit)]
    old, new = (Head(size, tree_root(hashes[:size]), "").short for size in (7, 12))
    code, out, _ = run("prove", "--check", since, "--head", old)
    assert code == 0
    assert out.startswith(f"{ORIGIN}, head {new}, continues its head {old}: nothing has changed.")
    _, out, _ = run("prove", "--check", since, "--json")
    facts = json.loads(out)
    assert (facts["since"], facts["since_root"]) == (7, tree_root(hashes[:7]).hex())
    code, _, err = run("prove", "--check", since, "--head", new)
    assert code == 1
    assert f"it is not about the head {new}" in err


def test_a_head_is_not_an_entry(proof: Path) -> None:
    code, out, _ = run("prove", "--check", proof, "--head", "7 0000 0000", "--json")
    assert code == 1
    assert json.loads(out)["code"] == "proof_fails"
    assert not json.loads(out)["proven"]


def test_a_bent_proof(proof: Path) -> None:
    proof.write_text(proof.read_text().replace("V-0000000000000011", "V-0000000000000012"))
    code, out, err = run("prove", "--check", proof)
    assert (code, out) == (1, "")
    assert "does not lead to the signed root" in err


def test_what_can_not_be_proven(kit: Station, tmp_path: Path) -> None:
    for words in (("13",), ("0",), ("--since", "13"), ("--since", "0")):
        code, _, err = run("prove", kit.path, *words)
        assert code == 1
        assert "entries 1 to 12" in err
    code, out, _ = run("prove", kit.path, "3", "--to", tmp_path, "--json")
    assert code == 1
    assert "code" in json.loads(out)


@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_no_proof(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "proof.json"
    if content is not None:
        path.write_bytes(content)
    code, out, _ = run("prove", "--check", path, "--json")
    assert code == 1
    assert json.loads(out)["code"] == ("proof_missing" if content is None else "proof_damaged")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("a",),
        ("a", "1", "--since", "1"),
        ("a", "1", "--check", "b"),
        ("--check", "b", "--since", "1"),
        ("a", "1", "--head", "7 0000 0000"),
    ],
)
def test_usage(words: tuple[str, ...]) -> None:
    code, _, err = run("prove", *words)
    assert code == 2
    assert "Traceback" not in err
