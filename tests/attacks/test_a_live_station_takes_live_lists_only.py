"""Promise: a station set up as live loads live lists only, from the first one on (ADR 0022).

The attack: the first list that a live station gets is a training or a demonstration list, signed
by the same commission. On a9a29b6 it was loaded and opened, the station's journal began as a
training journal, and the live list was then refused as one of another purpose
(`vsnap_other_purpose`): the station was of no use on the day.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from station_app.biometrics.fingerprint.engine import ENGINE
from station_app.commands.snapshot import app
from station_app.settings.machine import Machine, StationKind
from station_app.snapshots import ListKind, loaded_list
from station_app.vault import StationFolder, make_folder
from tests.snapshots import snapshot_samples
from tests.snapshots.snapshot_samples import ISSUER, OWN, write_snapshot

KINDS = [(own, kind) for own in StationKind for kind in ListKind if own.value != kind.value]


def set_up(root: Path, kind: StationKind) -> StationFolder:
    """What provisioning leaves for a load: identity, settings, whom to trust."""
    folder = StationFolder(root)
    make_folder(folder.root)
    make_folder(folder.trusted)
    folder.public_identity.write_bytes(OWN.to_bytes())
    ISSUER.save(folder.trusted)
    machine = Machine(kind, "9042", "1", ("ky",), ("ky",), ())
    folder.settings.write_text(machine.to_toml(), encoding="utf-8")
    return folder


def load(path: Path, folder: StationFolder) -> tuple[int, str]:
    """Exit code and code of `station-app snapshot load`."""
    words = ["load", str(path), "--station", str(folder.root), "--json"]
    result = CliRunner().invoke(app, words)
    return result.exit_code, json.loads(result.stdout).get("code", "")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of each kind, valid now."""
    now = datetime.now(UTC)
    monkeypatch.setattr(snapshot_samples, "FROM", now - timedelta(days=1))
    monkeypatch.setattr(snapshot_samples, "UNTIL", now + timedelta(days=1))
    for sequence, kind in enumerate(ListKind, start=1):
        write_snapshot(tmp_path / f"{kind}.vsnap", kind=kind, sequence=sequence, engines=(ENGINE,))
    return tmp_path


@pytest.mark.parametrize(("own", "kind"), KINDS)
def test_the_first_list_has_to_be_of_the_stations_kind(
    shelf: Path, own: StationKind, kind: ListKind
) -> None:
    folder = set_up(shelf / "station", own)
    assert load(shelf / f"{kind}.vsnap", folder) == (1, "vsnap_other_purpose")
    assert not list(folder.lists.glob("*.head")), "nothing has changed"
    assert load(shelf / f"{own}.vsnap", folder) == (0, "")
    assert loaded_list(folder, (ISSUER,)).manifest.kind == own
    assert load(shelf / f"{kind}.vsnap", folder) == (1, "vsnap_other_purpose")
