"""Files that are there whole or not at all."""

import errno
import os
import stat
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.vault import make_folder, replace_file, write_fault


def test_replaces_a_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "head"
    replace_file(path, b"one")
    replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["head"]


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "head"
    replace_file(path, b"one")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KnownError) as caught:
        replace_file(path, b"two")
    assert caught.value.code == "disk_full"
    assert path.read_bytes() == b"one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["head"]


def test_a_folder_and_those_above_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    make_folder(folder)
    make_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE((tmp_path / "a").stat().st_mode)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        make_folder(tmp_path / "file" / "c")


def test_a_folder_in_one_that_others_keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be synced was not made by this user, and is there already."""
    folder = tmp_path / "a"
    folder.mkdir()

    def refuse(path: Path, _flags: int) -> int:
        raise PermissionError(errno.EACCES, "not readable", str(path))

    monkeypatch.setattr(os, "open", refuse)
    make_folder(folder)


def test_a_place_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnownError) as caught:
        replace_file(tmp_path / "file" / "head", b"one")
    assert caught.value.code == "no_write_permission"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EFBIG, "disk_full"),
        (errno.EACCES, "no_write_permission"),
        (errno.EROFS, "no_write_permission"),
        (errno.ENOTDIR, "no_write_permission"),
        (errno.EIO, "disk_fault"),
        (None, "disk_fault"),
    ],
)
def test_each_fault_says_what_to_do(number: int | None, code: str) -> None:
    error = OSError() if number is None else OSError(number, "text")
    fault = write_fault(error, Path("/station/journal.db"))
    assert fault.code == code
    assert "/station" in fault.message
    assert "try again" in fault.message or "Give this user" in fault.message
