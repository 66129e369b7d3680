"""`station-app snapshot`: inspect and verify."""

import json
from pathlib import Path

from list_samples import write_sample
from typer.testing import CliRunner

from station_app.commands.snapshot import app
from station_app.vault import load_or_create_key


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
