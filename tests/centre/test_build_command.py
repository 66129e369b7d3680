"""`station-app snapshot build`: one precinct, from the register to a station that opens it."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commission import PLACE, POSITIONS, VOTERS, Table, engine, people, row_of

from station_app.biometrics.fingerprint.gallery import Gallery
from station_app.biometrics.fingerprint.search import Searcher
from station_app.domain.fingers import FingerPosition
from station_app.snapshots import Station, load, open_loaded, verify_container
from station_app.synthetic.presets import Preset
from station_app.vault import StationFolder

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def table(tmp_path: Path) -> Table:
    made = Table(tmp_path)
    made.write(*(row_of(number) for number in range(VOTERS)))
    return made


def test_a_register_becomes_a_list_that_its_station_opens(table: Table, tmp_path: Path) -> None:
    table.all_fingers()
    own = table.station("9042-1")
    table.station("9043-1")
    code, out, err = table.build("--precinct", "9042", "--json")
    assert (code, err.strip()) == (0, "")
    report = json.loads(out)
    (one,) = report["built"]
    assert (one["voters"], one["fingers"], one["shared_fingers"]) == (VOTERS, 2 * VOTERS, [])
    assert one["stations"] == ["9042-1"]
    path = table.out / "9042-1.vsnap"
    manifest = verify_container(path, table.trusted)
    assert (manifest.election, manifest.place) == ("Шайлоо 2026", PLACE)
    assert manifest.policy.digest() == report["policy_sha256"]
    assert manifest.counts["bad_rows"] == manifest.counts["shared_fingers"] == 0
    assert [each.station for each in manifest.recipients] == ["9042-1"]
    folder = StationFolder(tmp_path / "station")
    load(path, folder, Station(own, table.trusted, manifest.engines), NOW)
    with closing(open_loaded(folder, table.identities["9042-1"], table.trusted)) as voters:
        wanted = people().voters[1]
        row = voters.find_by_pin(wanted.pin)
        assert row is not None
        assert voters.voter(row) == wanted
        gallery = Gallery(voters.chunks(), voters.header.engine)
        searcher = Searcher(
            engine(),
            gallery,
            lambda keys: voters.minutiae([(r, FingerPosition(f)) for r, f in keys]),
        )
        probe = people().impression(1, POSITIONS[0], 3, Preset.GOOD)
        assert searcher.examine(probe).candidates[0].row == row
    assert list((table.out / "unfinished").iterdir()) == [table.out / "unfinished" / "lock"]
