"""Opens a desk for the tests."""

from collections.abc import Iterator

import pytest

from tests.flow.whole_desk import Station


@pytest.fixture
def station() -> Iterator[Station]:
    made = Station()
    yield made
    made.runner.stop()
