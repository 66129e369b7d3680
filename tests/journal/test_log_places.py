"""Logs in folders and tars."""

import tarfile
from pathlib import Path

import pytest

from station_app.domain.errors import KnownError
from station_app.journal.log_places import is_log, log_at
from station_app.journal.tlog_tiles import read_log
from tests.journal.log_samples import KEY, log_of, made_up

FILES = log_of(made_up(300))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def _refused(path: Path) -> str:
    with pytest.raises(KnownError) as caught:
        log_at(path)
    return caught.value.code


def test_a_folder(folder: Path) -> None:
    (folder / "station.json").write_text("of the bundle, not of the log")
    assert is_log(folder)
    assert log_at(folder) == FILES


def test_a_tar(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.tar"
    with tarfile.open(path, "w") as tar:
        for name in FILES:
            tar.add(folder / name, name)
    assert is_log(path)
    assert log_at(path) == FILES
    assert read_log(log_at(path), KEY).size == 300


def test_what_is_none(folder: Path, tmp_path: Path) -> None:
    assert not is_log(tmp_path / "none")
    assert not is_log(folder / "checkpoint")
    assert not is_log(folder / "checkpoint" / "more")
    assert _refused(tmp_path) == "log_missing"
    assert _refused(tmp_path / "none.tar") == "log_unreadable"
    (tmp_path / "no.tar").write_bytes(b"no")
    assert _refused(tmp_path / "no.tar") == "log_unreadable"
    (folder / "checkpoint").unlink()
    assert _refused(folder) == "log_missing"
