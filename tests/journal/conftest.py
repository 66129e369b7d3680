"""Gives stations to the tests."""

from pathlib import Path

import pytest

from station_app.vault import Signer, StationFolder, load_or_create_key
from tests.journal.journal_samples import Station


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """A station whose journal has not been made yet."""
    return Station(tmp_path / "station")


@pytest.fixture
def kit(tmp_path: Path) -> Station:
    """A closed journal of 12 entries with its keys beside it, as a station leaves it."""
    kit = Station(tmp_path / "kit")
    folder = StationFolder(tmp_path / "kit")
    kit.key = load_or_create_key(folder.journal_key)
    kit.signer = Signer(load_or_create_key(folder.signing_key))
    kit.write_day()
    return kit
