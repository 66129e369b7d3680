"""`station-app journal verify` of a journal that two persons open."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from station_app.commands.journal import app
from tests.flow.loaded_station import CHAIR, OPERATOR, LoadedStation


@pytest.fixture
def station(tmp_path: Path) -> LoadedStation:
    made = LoadedStation(tmp_path, [])
    made.load(1)
    made.open()
    return made


def verify(station: LoadedStation, operator: str) -> tuple[int, dict[str, object]]:
    secrets = station.folder.root.parent / "secrets"
    secrets.mkdir()
    for id_, words in (("o1", operator), ("c1", CHAIR)):
        path = secrets / f"{id_}.passphrase"
        path.write_text(words)
        path.chmod(0o600)
    words = ["verify", str(station.folder.journal), "--passphrase-dir", str(secrets), "--json"]
    result = CliRunner().invoke(app, words)
    return result.exit_code, json.loads(result.stdout)


def test_two_persons_open_it(station: LoadedStation) -> None:
    code, report = verify(station, OPERATOR)
    assert code == 0
    assert (report["sound"], report["entries"], report["key_is_given"]) == (True, 2, True)
    assert report["origin"] == "station-app/live/9042-1"


def test_a_wrong_passphrase_opens_nothing(station: LoadedStation) -> None:
    code, report = verify(station, OPERATOR + "s")
    assert (code, report["code"]) == (1, "wrong_passphrase")
