"""Gives the attacks a centre."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.attacks.attacked_centre import AttackedCentre
from tests.centre.postgres_server import create_database, running_server

_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """One server for all attacks of a process."""
    with running_server("fsync=off", "max_connections=20", "shared_buffers=16MB") as data:
        yield data


@pytest.fixture
def centre(server: Path, tmp_path: Path) -> AttackedCentre:
    """A centre with an empty database of its own."""
    return AttackedCentre(create_database(server, f"attacked_{next(_numbers)}"), tmp_path)
