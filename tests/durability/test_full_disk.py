"""A full disk, and places that may not be written: nothing acknowledged is lost.

The full disk is a real one of 1 MB, mounted in a namespace of its own. File modes do not
bind root, so the tests of permissions give root up while they try.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.journal import Journal, verify_journal
from station_app.vault import load_key, load_or_create_key
from tests.durability.durable_station import (
    KEY,
    ORIGIN,
    SIGNER,
    now,
    open_or_create,
    write_sessions,
)
from tests.private_mounts import run_with_mounts

NOBODY = 65534


def test_a_full_disk(tmp_path: Path) -> None:
    told = run_with_mounts("tests.durability.cramped_writer", tmp_path)
    assert told["first_code"] == told["again"] == "disk_full"
    assert told["new_journal"] == told["new_key"] == "disk_full"
    assert not [name for name in told["left"] if name.startswith(("other", "a.key"))]
    assert told["reason"] == ""
    assert told["acknowledged"] > 10
    assert told["entries"] == told["size"] > told["acknowledged"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users can reach (pytest's own is closed to them)."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@contextmanager
def _without_root() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def _code_without_root(action: Callable[[], object]) -> str:
    with _without_root(), pytest.raises(KnownError) as caught:
        action()
    assert caught.value.message.endswith((".", "key"))
    return caught.value.code


def test_a_folder_that_may_not_be_written(folder: Path) -> None:
    folder.chmod(0o555)
    assert _code_without_root(lambda: open_or_create(folder / "journal.db")) == (
        "no_write_permission"
    )
    assert _code_without_root(lambda: open_or_create(folder / "new" / "journal.db")) == (
        "no_write_permission"
    )
    assert _code_without_root(lambda: load_or_create_key(folder / "a.key")) == (
        "no_write_permission"
    )
    folder.chmod(0o755)
    assert list(folder.iterdir()) == []


def test_a_journal_that_may_only_be_read(folder: Path) -> None:
    path = folder / "journal.db"
    write_sessions(path, sessions=2)
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    code = _code_without_root(lambda: Journal.open(path, KEY, SIGNER, ORIGIN, now))
    assert code == "no_write_permission"
    with _without_root():
        assert verify_journal(path, KEY, SIGNER.public_key).entries == 5
    folder.chmod(0o755)


def test_a_journal_that_may_not_be_read(folder: Path) -> None:
    path = folder / "journal.db"
    write_sessions(path, sessions=2)
    path.chmod(0)
    code = _code_without_root(lambda: verify_journal(path, KEY))
    assert code == "no_read_permission"


def test_a_key_that_may_not_be_read(folder: Path) -> None:
    path = folder / "a.key"
    load_or_create_key(path)
    path.chmod(0)
    assert _code_without_root(lambda: load_key(path)) == "key_unreadable"
