"""What a medium gives back, and what is said where it cannot be asked."""

import errno
import fcntl
import hashlib
import os
from pathlib import Path

import pytest

from station_app.vault import read_back, sync_folder
from station_app.vault.untrusted_files import SmallFile

DATA = os.urandom(3_000_001)


@pytest.fixture
def handle(tmp_path: Path) -> int:
    path = tmp_path / "file"
    path.write_bytes(DATA)
    sync_folder(tmp_path)
    return os.open(path, os.O_RDWR)


def test_every_byte_and_how_far(handle: int) -> None:
    done: list[int] = []
    found = read_back(handle, done.append)
    assert found.sha256 == hashlib.sha256(DATA).hexdigest()
    assert done == [1 << 20, 2 << 20, len(DATA)]
    assert not fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_DIRECT, "as it was"
    os.close(handle)


def refuse(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    real = fcntl.fcntl

    def control(file: int, command: int, *rest: int) -> int:
        if command == fcntl.F_SETFL and rest[0] & os.O_DIRECT:
            raise OSError(number, os.strerror(number))
        return real(file, command, *rest)

    monkeypatch.setattr(fcntl, "fcntl", control)


def test_a_file_system_without_a_way_around_the_cache(
    handle: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, errno.EINVAL)
    found = read_back(handle)
    assert (found.sha256, found.is_proven) == (hashlib.sha256(DATA).hexdigest(), False)
    os.close(handle)


def test_a_medium_that_fails_is_no_such_file_system(
    handle: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, errno.EIO)
    with pytest.raises(OSError, check=lambda fault: fault.errno == errno.EIO):
        read_back(handle)
    os.close(handle)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    handle = os.open(tmp_path / "empty", os.O_RDONLY)
    assert read_back(handle).sha256 == hashlib.sha256(b"").hexdigest()
    os.close(handle)


def test_a_secret_of_a_stick_says_where_it_belongs(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.touch(0o644)
    kind = SmallFile("key", "key", "Make it again.", 100, private=True)
    with pytest.raises(Exception, match="on a stick that changes nothing"):
        kind.read(path)
