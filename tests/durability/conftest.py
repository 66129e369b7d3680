"""Where power cuts are recorded."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def work() -> Iterator[Path]:
    """A folder for a recording, with the recorder in it."""
    from tests.durability.power_cuts import laboratory

    with laboratory() as folder:
        yield folder
