"""The day leaves a live station: two persons, one sealed file, one entry."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from station_app.commands.journal import app
from station_app.domain.errors import KnownError
from station_app.journal import Journal
from station_app.journal.tlog_tiles import read_log
from station_app.journal.verify import verify_log
from station_app.vault import AgeIdentity, IdentityKind, PublicIdentity
from tests.flow.loaded_station import CHAIR, ISSUER, OPERATOR, LoadedStation
from tests.journal.opened_bundle import open_bundle

CENTRE = AgeIdentity.generate()
RECIPIENT = PublicIdentity(IdentityKind.RECIPIENT, "БШК", None, CENTRE.recipient)


class Exporting:
    """A station with a journal of two entries, a stick, and two persons' passphrases."""

    def __init__(self, folder: Path, *pins: PublicIdentity) -> None:
        self.station = LoadedStation(folder, [], pins=pins)
        self.station.own.write(self.station.folder.public_identity)
        self.station.load(1)
        self.station.open()
        self.stick = folder / "commission"
        self.stick.mkdir()
        self._secrets = folder / "secrets"
        self._secrets.mkdir()
        for id_, words in (("o1", OPERATOR), ("c1", CHAIR)):
            path = self._secrets / f"{id_}.passphrase"
            path.touch(0o600)
            path.write_text(words)

    def run(self, *words: str | Path, code: int = 0) -> str:
        given = [*words, "--passphrase-dir", self._secrets]
        result = CliRunner().invoke(app, [str(word) for word in given])
        assert result.exit_code == code, result.output
        return result.stdout + result.stderr

    def export(self, code: int = 0) -> dict[str, object]:
        answer: dict[str, object] = json.loads(
            self.run("export", self.station.folder.journal, "--to", self.stick, "--json", code=code)
        )
        return answer


@pytest.fixture
def exporting(tmp_path: Path) -> Exporting:
    return Exporting(tmp_path, ISSUER, RECIPIENT)


def test_the_day_leaves(exporting: Exporting) -> None:
    papers = exporting.station.folder.papers
    papers.mkdir()
    (papers / "protocol.pdf").write_bytes(b"%PDF")
    answer = exporting.export()
    assert (answer["exported"], answer["is_new"], answer["size"]) == (True, True, 2)
    (path,) = exporting.stick.iterdir()
    assert (str(path), path.name) == (answer["path"], "9042-1-00000002.journal.age")
    bundle = open_bundle(path, CENTRE)
    assert bundle.identity == exporting.station.own
    assert bundle.papers == {"protocol.pdf": b"%PDF"}
    log = read_log(bundle.log, exporting.station.own.signing_key)
    assert log.origin == "station-app/live/9042-1"
    assert verify_log(bundle.log, exporting.station.own.signing_key).sound

    shown = exporting.run(
        "show", exporting.station.folder.journal, "--kind", "journal_exported", "--json"
    )
    entry = json.loads(shown)["entry"]
    assert entry["kind"] == "journal_exported"
    assert (entry["size"], entry["sha256"]) == (2, answer["sha256"])
    assert entry["recipient"] == RECIPIENT.fingerprint().hex()
    exporting.run("verify", exporting.station.folder.journal)


def test_again_says_that_all_is_there(exporting: Exporting) -> None:
    journal = exporting.station.folder.journal
    said = exporting.run("export", journal, "--to", exporting.stick)
    assert "holds 2 entries and was read back" in said
    said = exporting.run("export", journal, "--to", exporting.stick)
    assert "Nothing was written" in said
    assert not exporting.export()["is_new"]
    assert len(list(exporting.stick.iterdir())) == 1


def test_nobody_to_seal_to(tmp_path: Path) -> None:
    exporting = Exporting(tmp_path, ISSUER)
    assert exporting.export(code=1)["code"] == "recipient_missing"
    assert not list(exporting.stick.iterdir())


def test_a_recipient_who_slipped_in(exporting: Exporting) -> None:
    other = PublicIdentity(IdentityKind.RECIPIENT, "other", None, AgeIdentity.generate().recipient)
    other.save(exporting.station.folder.trusted)
    assert exporting.export(code=1)["code"] == "pins_changed"
    assert not list(exporting.stick.iterdir())


def test_where_there_is_nothing_to_export(exporting: Exporting, tmp_path: Path) -> None:
    exporting.station.folder.sealed_secrets.rename(tmp_path / "away")
    assert exporting.export(code=1)["code"] == "not_a_live_station"
    exporting.station.folder.journal.unlink()
    assert exporting.export(code=1)["code"] == "journal_missing"


def test_a_fault_of_the_laptop_is_not_said_of_the_stick(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is on the stick; its entry does not fit on the laptop's own disk."""

    def full(*_: object) -> None:
        raise KnownError("disk_full", "The disk is full.")

    monkeypatch.setattr(Journal, "append", full)
    assert exporting.export(code=1)["code"] == "disk_full"
    assert len(list(exporting.stick.iterdir())) == 1


def test_every_command_opens_a_live_journal(exporting: Exporting, tmp_path: Path) -> None:
    journal, proof = exporting.station.folder.journal, tmp_path / "proof.json"
    head = json.loads(exporting.run("head", journal, "--json"))
    assert head["key_is_given"]
    exporting.run("verify", journal, "--head", head["short"])
    exporting.run("prove", journal, "1", "--to", proof)
    exporting.run("prove", "--check", proof, "--identity", exporting.station.folder.public_identity)
