"""Makes the modules beside it importable by each other; a server and databases for tests."""

import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from postgres_server import create_database, running_server

_NUMBERS = count()


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """One server for all tests of a process; a test that fails leaves it running for the others."""
    with running_server("fsync=off", "max_connections=20", "shared_buffers=16MB") as data:
        yield data


@pytest.fixture
def database(server: Path) -> str:
    """The address of an empty database."""
    return create_database(server, f"test_{next(_NUMBERS)}")
