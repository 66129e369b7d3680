"""Makes the modules beside the tests importable, and opens a desk for them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from whole_desk import Station


@pytest.fixture
def station() -> Iterator[Station]:
    made = Station()
    yield made
    made.runner.stop()
