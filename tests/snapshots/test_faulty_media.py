"""The medium is pulled out, read errors, a full disk: the old list still works.

The full disk is a real one of 1 MB, mounted in a namespace of its own.
"""

import errno
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from station_app.snapshots import (
    LoadProgress,
    LoadStep,
    container,
    list_opening,
    loading,
    verify_container,
)
from tests.private_mounts import run_with_mounts
from tests.snapshots.snapshot_samples import code_of, count_voters, load_here, names_left, refusal


class PulledOut(io.BytesIO):
    """A file on a medium that goes away when its byte number `at` is asked for."""

    def __init__(self, content: bytes, at: int) -> None:
        super().__init__(content)
        self._at = at

    def fileno(self) -> int:
        return 0  # of any file that does not change

    def read(self, size: int | None = -1, /) -> bytes:
        read = super().read(size)
        if self.tell() > self._at:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read


def _pulled_out(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    @contextmanager
    def opened(path: Path) -> Iterator[BinaryIO]:
        yield PulledOut(path.read_bytes(), at)

    for module in (loading, container):
        monkeypatch.setattr(module, "opened_snapshot", opened)


def test_pulled_out_at_any_moment(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, root = shelf / "3.vsnap", tmp_path / "station"
    load_here(shelf / "2.vsnap", root)
    before, size = names_left(root), path.stat().st_size
    monkeypatch.setattr(container, "BLOCK", 16384)
    for at in [0, 7, 11, 500, *range(3000, size, 20_000), size - 1]:
        with monkeypatch.context() as pulled:
            _pulled_out(pulled, at)
            assert refusal(path, root) == "vsnap_medium", f"byte {at}"
            assert code_of(lambda: verify_container(path, ())) in (
                "vsnap_medium",
                "vsnap_unknown_issuer",
            )
        assert names_left(root) == before
    assert count_voters(root) == 2
    load_here(path, root)
    assert count_voters(root) == 3


def test_a_read_error_of_the_operating_system(shelf: Path, tmp_path: Path) -> None:
    """The first bytes of a process's memory can be opened, but not read."""
    assert refusal(Path("/proc/self/mem"), tmp_path / "station") == "vsnap_medium"


def test_the_file_goes_away_or_shrinks_meanwhile(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, path = tmp_path / "station", tmp_path / "3.vsnap"
    load_here(shelf / "2.vsnap", root)
    monkeypatch.setattr(container, "BLOCK", 16384)
    shutil.copy(shelf / "3.vsnap", path)

    def shrink(at: LoadProgress) -> None:
        if at.step is LoadStep.COPIED:
            os.truncate(path, path.stat().st_size // 2)

    assert code_of(lambda: load_here(path, root, tell=shrink)) == "vsnap_truncated"
    path.unlink()
    assert refusal(path, root) == "vsnap_missing"
    assert count_voters(root) == 2


def test_what_was_stored_is_not_what_was_written(shelf: Path, tmp_path: Path) -> None:
    """A disk that loses bytes: found before the list is in place."""
    root = tmp_path / "station"
    load_here(shelf / "2.vsnap", root)

    def spoil(at: LoadProgress) -> None:
        if at.step is LoadStep.COPIED and at.done == at.of:
            with (root / "lists" / "loading.new").open("r+b") as file:
                file.seek(20_000)
                file.write(b"spoilt")

    code = code_of(lambda: load_here(shelf / "3.vsnap", root, tell=spoil))
    # What the loader writes last may mend it again; a list that is loaded opens.
    assert code == "disk_fault"
    assert count_voters(root) == 2


def test_a_loaded_list_that_can_not_be_read(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "station"
    load_here(shelf / "2.vsnap", root)

    @contextmanager
    def opened(path: Path) -> Iterator[BinaryIO]:
        yield PulledOut(path.read_bytes(), 40_000)

    monkeypatch.setattr(list_opening, "opened_snapshot", opened)
    assert code_of(lambda: count_voters(root)) == "list_damaged"


def test_a_full_disk(shelf: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    told = run_with_mounts("tests.snapshots.cramped_loader", disk, shelf)
    *codes, last = told["code"]
    assert set(codes) == {"disk_full"}
    assert last == ""
    assert told["voters"] == [2] * len(codes) + [3]
    assert not [name for left in told["left"] for name in left if name.endswith(".new")]
