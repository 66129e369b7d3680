"""`station-app issuer`, `recipient` and `identity`."""

from pathlib import Path

import pytest

from station_app.vault import Passphrase, StationFolder, StationIdentity, open_issuer
from tests.commands.typed_words import Typing, answer, run, secret_file

WORDS = "төрт башка сөз жаз"


def test_an_issuer_from_a_file(tmp_path: Path) -> None:
    file, out = secret_file(tmp_path / "words", WORDS), tmp_path / "centre"
    result = run("issuer", "create", "БШК", "--out", out, "--passphrase-file", file)
    assert "БШК.issuer.json" in result.stdout
    assert WORDS not in result.output
    assert len(open_issuer(out / "БШК.issuer-key.json", Passphrase(WORDS)).sign(b"x")) == 64
    (made,) = answer("issuer", "show", out / "БШК.issuer-key.json")
    assert answer("issuer", "show", out / "БШК.issuer.json") == [made]
    assert made["digits"] in result.stdout
    assert len(made["words"].split()) == 6
    again = answer("issuer", "create", "БШК", "--out", out, "--passphrase-file", file, code=1)
    assert again["code"] == "commission_key_exists"


def test_a_recipient_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typing = Typing(monkeypatch)
    typing.ready("short", WORDS, "another one typed", WORDS, WORDS)
    result = run("recipient", "create", "БШК", "--out", tmp_path)
    assert "shorter than 12" in result.stderr
    assert "not the same" in result.stderr
    assert len(typing.asked) == 5
    wrong = answer("issuer", "show", tmp_path / "БШК.recipient.json", code=1)
    assert wrong["code"] == "identity_other_kind"
    run("recipient", "show", tmp_path / "БШК.recipient-key.json")


def test_no_terminal_and_no_file(tmp_path: Path) -> None:
    assert "no terminal" in run("issuer", "create", "БШК", "--out", tmp_path, code=2).stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("mode", "text", "code"), [
    (0o644, WORDS, "passphrase_file_exposed"),
    (0o600, "short", "passphrase_short"),
])  # fmt: skip
def test_a_file_that_will_not_do(tmp_path: Path, mode: int, text: str, code: str) -> None:
    file = secret_file(tmp_path / "words", text, mode)
    words = ("issuer", "create", "БШК", "--out", tmp_path, "--passphrase-file", file)
    assert answer(*words, code=1)["code"] == code


def test_a_bad_name_or_folder(tmp_path: Path) -> None:
    file = secret_file(tmp_path / "words", WORDS)
    run("issuer", "create", "a/b", "--out", tmp_path, "--passphrase-file", file, code=2)
    run("issuer", "create", "a", "--out", file, "--passphrase-file", file, code=2)


def test_identities_of_a_station_and_of_a_folder(tmp_path: Path) -> None:
    public = StationIdentity.generate().public("9042-1")
    folder = StationFolder(tmp_path / "station")
    folder.trusted.mkdir(parents=True)
    public.write(folder.public_identity)
    StationIdentity.generate().public("9042-2").save(folder.trusted)
    names = [one["name"] for one in answer("identity", "show", folder.root)]
    assert names == ["9042-1", "9042-2"]
    assert [one["name"] for one in answer("identity", "show", folder.trusted)] == ["9042-2"]
    assert public.words() in run("identity", "show", folder.public_identity).stdout
    (tmp_path / "empty").mkdir()
    assert answer("identity", "show", tmp_path / "empty", code=1)["code"] == "identity_missing"
