"""A medium's files: plain ones of a sensible size, or a refusal at once."""

import os
import resource
import socket
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.vault.untrusted_files import open_regular, read_regular

LIMIT = 1000


def refused(path: Path) -> str:
    codes = set()
    for act in (open_regular, read_regular):
        with pytest.raises(KnownError) as caught:
            act(path, LIMIT)
        assert str(path) in caught.value.message
        codes.add(caught.value.code)
    (code,) = codes
    return code


def test_a_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "list.vsnap"
    path.write_bytes(b"x" * LIMIT)
    assert read_regular(path, LIMIT) == b"x" * LIMIT
    with open_regular(path, LIMIT) as file:
        file.seek(LIMIT - 1)
        assert file.read() == b"x"
        assert not os.get_inheritable(file.fileno())


@pytest.mark.timeout(10)
def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for name, target in (
        ("link", tmp_path / "file"), ("zero", Path("/dev/zero")), ("gone", tmp_path / "no"),
        ("loop", tmp_path / "loop"),
    ):  # fmt: skip
        (tmp_path / name).symlink_to(target)
        assert refused(tmp_path / name) == "not_a_regular_file"
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind(os.path.relpath(tmp_path / "socket"))
        for path in (
            tmp_path / "pipe",
            tmp_path / "folder",
            tmp_path / "socket",
            Path("/dev/null"),
        ):
            assert refused(path) == "not_a_regular_file"


def test_what_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(60 * 2**30)
    assert refused(path) == "file_too_large"
    with path.open("wb") as file:
        file.truncate(LIMIT + 1)
    assert refused(path) == "file_too_large"


def test_a_file_that_grows_while_it_is_read() -> None:
    # /proc says of its files that they are empty.
    with pytest.raises(KnownError) as caught:
        read_regular(Path("/proc/self/status"), 10)
    assert caught.value.code == "file_too_large"


def test_other_faults_are_the_callers(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "no", LIMIT)
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        read_regular(tmp_path / "file" / "x", LIMIT)


def test_no_handle_stays_open(tmp_path: Path) -> None:
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    for _ in range(min(most, 2000)):
        assert refused(tmp_path) == "not_a_regular_file"
