"""A file of another kind under the command's nose is named as what it is."""

from pathlib import Path

import pytest

from station_app import __version__
from station_app.assembly.command_line import run as command_line
from tests.commands.typed_words import answer, run, secret_file

ROOT = Path(__file__).parents[2]
WORDS = "seven rivers carry books"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    secret_file(tmp_path / "words", WORDS)
    for kind, name in (("issuer", "Commission"), ("recipient", "Returns")):
        run(kind, "create", name, "--out", tmp_path, "--passphrase-file", tmp_path / "words")
    return tmp_path


def test_the_version() -> None:
    assert run("--version").stdout == f"station-app {__version__}\n"


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("README.md", "a text file"),
        ("docs/screens/ready.png", "a picture"),
        ("voter_snapshots/example/policy.toml", "a text file"),
    ],
)
@pytest.mark.parametrize("words", [("verify",), ("show",), ("head",), ("export", "--to", "x")])
def test_a_journal_is_named(file: str, what: str, words: tuple[str, ...]) -> None:
    said = answer("journal", words[0], ROOT / file, *words[1:], code=1)
    assert said["code"] == "not_a_journal"
    assert f"{file} is {what}, not a journal" in said["reason"]


def test_a_folder_where_one_file_is_wanted(tmp_path: Path) -> None:
    said = answer("issuer", "show", tmp_path, code=1)
    assert said["code"] == "identity_missing"
    assert f"{tmp_path} is a folder" in said["reason"]


def test_a_recipient_key_signs_no_list(keys: Path, tmp_path: Path) -> None:
    example = ROOT / "voter_snapshots/example"
    words = ("--register", example / "voters.csv", "--policy", example / "policy.toml")
    said = answer(
        "snapshot", "build", *words, "--recipients", keys, "--out", tmp_path / "out",
        "--by", "precinct", "--sign", keys / "Returns.recipient-key.json",
        "--passphrase-file", keys / "words", code=1,
    )  # fmt: skip
    assert said["code"] == "identity_other_kind"
    assert "is the key of recipient Returns" in said["reason"]


def test_a_recipient_key_is_revealed_for_age(keys: Path) -> None:
    words = ("--out", keys / "age", "--passphrase-file", keys / "words")
    run("recipient", "reveal", keys / "Returns.recipient-key.json", *words)
    assert (keys / "age").read_text().startswith("AGE-SECRET-KEY-1")
    assert (keys / "age").stat().st_mode & 0o777 == 0o600
    again = answer("recipient", "reveal", keys / "Returns.recipient-key.json", *words, code=1)
    assert again["code"] == "file_exists"


def test_an_issuer_key_is_not_revealed(keys: Path) -> None:
    words = ("--out", keys / "age", "--passphrase-file", keys / "words")
    said = answer("recipient", "reveal", keys / "Commission.issuer-key.json", *words, code=1)
    assert said["code"] == "identity_other_kind"
    assert not (keys / "age").exists()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="Linux has a file that fails")
@pytest.mark.parametrize(
    "words", ["journal verify", "journal show", "journal head", "snapshot inspect"]
)
def test_a_file_whose_medium_does_not_answer(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reading it gives an input/output error, as that of a dying stick does."""
    assert command_line([*words.split(), "/proc/self/mem"]) == 1
    assert "cannot be read" in capsys.readouterr().err
