"""Makes the scripts beside the tests importable; where power cuts are recorded."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def work() -> Iterator[Path]:
    """A folder for a recording, with the recorder in it."""
    from power_cuts import laboratory

    with laboratory() as folder:
        yield folder
