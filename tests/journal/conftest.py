"""Makes `journal_samples` importable by the tests beside it, and gives a fresh station."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from journal_samples import Station


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """A station whose journal has not been made yet."""
    return Station(tmp_path / "station")
