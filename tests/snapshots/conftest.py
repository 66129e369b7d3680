"""Snapshots to load."""

from datetime import date
from pathlib import Path

import pytest

from station_app.domain.election import ElectionDay
from station_app.vault import Secret, Signer
from tests.snapshots.snapshot_samples import OTHER, write_snapshot


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Snapshots that no test changes."""
    folder = tmp_path_factory.mktemp("snapshots")
    for sequence, voters in ((2, 2), (3, 3), (4, 4)):
        write_snapshot(folder / f"{sequence}.vsnap", sequence=sequence, voters=voters)
    write_snapshot(folder / "3-again.vsnap", sequence=3)
    write_snapshot(folder / "other-precinct.vsnap", sequence=9, precinct="9043")
    write_snapshot(folder / "others.vsnap", sequence=9, recipients=(OTHER,))
    second_round = ElectionDay("KG-2026-2", date(2026, 12, 13))
    write_snapshot(folder / "election.vsnap", sequence=9, election_day=second_round)
    write_snapshot(folder / "stranger.vsnap", sequence=9, signer=Signer(Secret(b"x" * 32)))
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "station"
