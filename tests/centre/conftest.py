"""A server and databases for tests."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.centre.postgres_server import create_database, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """One server for all tests of a process."""
    with running_server("fsync=off", "max_connections=20", "shared_buffers=16MB") as data:
        yield data


@pytest.fixture(scope="session")
def _reused_database(server: Path) -> str:
    return create_database(server, "centre")


@pytest.fixture
def database(_reused_database: str) -> str:
    """The address of a database without tables."""
    with psycopg.connect(_reused_database, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS station_app CASCADE")
    return _reused_database
