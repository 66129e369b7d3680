"""`station-app snapshot`: inspect, verify and load."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.commands.snapshot import app
from station_app.commands.snapshot import load as load_command
from station_app.vault import IdentityKind, PublicIdentity, StationFolder, load_or_create_key
from tests.snapshots.list_samples import voter, write_sample
from tests.snapshots.snapshot_samples import FROM, ISSUER, OWN, UNTIL, count_voters, write_snapshot


def _run(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_inspect(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "demo.vlist", 5)
    code, out, _ = _run("inspect", path)
    assert code == 0
    assert "kind: demo" in out
    assert "voters: 5" in out
    assert "election_id: KG-2026" in out
    assert '"list_numbers":[1,1200]' in out
    assert "Үсөнова" not in out
    code, out, _ = _run("inspect", path, "--json")
    assert json.loads(out)["fingers"] == 10


def test_verify(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "demo.vlist", 5)
    code, out, _ = _run("verify", path)
    assert (code, out.startswith("The list is sound. SHA-256 ")) == (0, True)
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    code, out, err = _run("verify", path)
    assert (code, out) == (1, "")
    assert "damaged" in err
    code, out, _ = _run("verify", path, "--json")
    assert code == 1
    assert json.loads(out)["sound"] is False


def test_refusals(tmp_path: Path) -> None:
    path = write_sample(tmp_path / "demo.vlist", 5)
    load_or_create_key(tmp_path / "other.key")
    for command in ("inspect", "verify"):
        for words in (
            [path, "--key-file", tmp_path / "other.key"],
            [path, "--key-file", tmp_path / "none.key"],
            [tmp_path / "none.vlist"],
        ):
            code, out, err = _run(command, *words)
            assert (code, out) == (1, "")
            assert err.count("\n") == 1
    assert _run("verify")[0] == 2


@pytest.fixture
def issuers(tmp_path: Path) -> Path:
    folder = tmp_path / "issuers"
    folder.mkdir()
    ISSUER.save(folder)
    return folder


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station's folder, at a time when the samples are valid."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return FROM + (UNTIL - FROM) / 2

    monkeypatch.setattr(load_command, "datetime", Clock)
    folder = tmp_path / "station"
    folder.mkdir()
    OWN.write(StationFolder(folder).public_identity)
    return folder


def test_inspect_a_snapshot(shelf: Path) -> None:
    code, out, _ = _run("inspect", shelf / "3.vsnap")
    assert code == 0
    for line in (
        "signature: not checked", "precinct: 9042", "counts: bad_rows 0, faces 0, fingers 6",
        "election_id: KG-2026", "election_date: 2026-11-29", "id president, title Президент",
        f"station 9042-1, fingerprint {'ab' * 32}, list_numbers", "format: 2", "needs: 0.2.0",
    ):  # fmt: skip
        assert line in out
    assert voter(1).surname not in out
    _, out, _ = _run("inspect", shelf / "3.vsnap", "--json")
    facts = json.loads(out)
    assert facts["recipients"][0]["station"] == OWN.name
    assert "sealed_key" not in facts
    assert len(facts["words"].split()) == 6


def test_verify_a_snapshot(shelf: Path, issuers: Path, tmp_path: Path) -> None:
    code, out, _ = _run("verify", shelf / "3.vsnap", "--issuers", issuers)
    assert code == 0
    assert out.endswith(f"The snapshot is sound, and {ISSUER.name} has signed it.\n")
    code, out, _ = _run("verify", shelf / "3.vsnap", "--issuers", issuers, "--json")
    assert (code, json.loads(out)["sound"]) == (0, True)
    for name, reason in (("stranger", "unknown_issuer"), ("none", "missing")):
        path = shelf / f"{name}.vsnap"
        code, out, _ = _run("verify", path, "--issuers", issuers, "--json")
        answer = json.loads(out)
        assert (code, answer["sound"], answer["code"]) == (1, False, f"vsnap_{reason}")
        code, out, err = _run("verify", path, "--issuers", issuers)
        assert (code, out) == (1, "")
        assert answer["reason"] in err
    cut = tmp_path / "cut.vsnap"
    cut.write_bytes(b"")
    _, out, _ = _run("verify", cut, "--issuers", issuers, "--json")
    assert json.loads(out)["code"] == "vsnap_truncated"


def test_usage(shelf: Path, tmp_path: Path) -> None:
    assert _run("verify", shelf / "3.vsnap")[0] == 2
    assert _run("verify", shelf / "3.vsnap", "--issuers", tmp_path / "none")[0] == 2
    assert _run("load", shelf / "3.vsnap", "--station", tmp_path / "none")[0] == 1


def test_load(issuers: Path, root: Path, tmp_path: Path) -> None:
    path = tmp_path / "3.vsnap"
    write_snapshot(path, engines=(ENGINE,))
    code, out, _ = _run("load", path, "--station", root, "--issuers", issuers)
    assert code == 0
    assert "precinct: 9042" in out
    assert count_voters(root) == 3
    code, out, err = _run("load", path, "--station", root, "--issuers", issuers, "--json")
    answer = json.loads(out)
    assert (code, answer["loaded"], answer["before"]) == (0, True, 3)
    write_snapshot(path, engines=(ENGINE,), sequence=2)
    code, out, _ = _run("load", path, "--station", root, "--issuers", issuers, "--json")
    answer = json.loads(out)
    assert (code, answer["loaded"], answer["code"]) == (1, False, "vsnap_rollback")
    code, out, err = _run("load", path, "--station", root, "--issuers", issuers)
    assert (code, out) == (1, "")
    assert answer["reason"] in err


def test_whom_a_station_trusts(shelf: Path, issuers: Path, root: Path, tmp_path: Path) -> None:
    path = tmp_path / "3.vsnap"
    write_snapshot(path, engines=(ENGINE,))

    def code(*words: str | Path) -> str:
        _, out, _ = _run("load", path, "--station", root, "--json", *words)
        return str(json.loads(out).get("code", "loaded"))

    assert code() == "issuers_missing"
    pins = StationFolder(root).trusted
    pins.mkdir()
    stranger = PublicIdentity(IdentityKind.ISSUER, "other", b"x" * 32, None)
    stranger.save(pins)
    # Pinned at provisioning: what is named here adds nobody.
    assert code("--issuers", issuers) == "vsnap_unknown_issuer"
    ISSUER.save(pins)
    assert code() == "loaded"
    StationFolder(root).public_identity.unlink()
    assert code() == "identity_missing"
