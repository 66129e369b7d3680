"""Gives the attacks a centre."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.attacked_centre import AttackedCentre
from tests.centre.postgres_server import create_database, running_server


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """A database server of this file's tests."""
    with running_server("fsync=off", "max_connections=20", "shared_buffers=16MB") as data:
        yield data


@pytest.fixture
def centre(server: Path, tmp_path: Path, request: pytest.FixtureRequest) -> AttackedCentre:
    """A centre with an empty database of its own."""
    name = "".join(one if one.isalnum() else "_" for one in request.node.name.lower())
    return AttackedCentre(create_database(server, name[:60]), tmp_path)
