"""`synthetic precinct`: the same bytes, whole folders or none, sentences instead of traces."""

import errno
import hashlib
import json
import os
from pathlib import Path

import cv2
import pytest
from typer.testing import CliRunner, Result

from station_app.commands.synthetic import app
from station_app.synthetic import export


def run(*options: object) -> Result:
    return CliRunner().invoke(app, ["precinct", *[str(option) for option in options]])


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_writes_a_register_and_images_the_same_every_time(tmp_path: Path) -> None:
    options = ("--voters", 3, "--seed", 5, "--impressions", 2, "--json")
    first = run(*options, "--out", tmp_path / "a")
    again = run(*options, "--out", tmp_path / "deep" / "b")
    assert first.exit_code == again.exit_code == 0, first.output
    assert digests(tmp_path / "a") == digests(tmp_path / "deep" / "b")
    assert len(digests(tmp_path / "a")) == 3 * 2 * 2 + 1
    summary = json.loads(first.stdout)
    assert summary["images"] == 12
    assert summary["portraits_folder"] is None
    assert Path(summary["register"]).read_text(encoding="utf-8").count("\n") == 4
    (path,) = [one for one in (tmp_path / "a" / "impressions").iterdir() if "_7_1" in one.name][:1]
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert image is not None
    assert image.shape == (384, 320)


def test_many_processes_write_what_one_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("--voters", 21, "--seed", 6, "--fingers", 1)
    assert run(*options, "--out", tmp_path / "many").exit_code == 0
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert run(*options, "--out", tmp_path / "one").exit_code == 0
    assert digests(tmp_path / "many") == digests(tmp_path / "one")


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    out = tmp_path / "empty"
    out.mkdir()
    done = run("--voters", 1, "--seed", 1, "--fingers", 1, "--portraits", "--out", out)
    assert done.exit_code == 0
    assert len(digests(out)) == 3
    (photo,) = (out / "portraits").iterdir()
    assert cv2.imread(str(photo)).shape == (375, 300, 3)


def test_a_full_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = run("--voters", 1, "--seed", 1, "--out", tmp_path)
    assert result.exit_code == 1
    assert "not empty" in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "file"
    out.write_text("mine")
    assert run("--voters", 1, "--seed", 1, "--out", out).exit_code == 1
    assert out.read_text() == "mine"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "write permission")],
)
def test_write_faults_are_sentences_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    def broken(_path: Path, _data: bytes) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", broken)
    result = run("--voters", 1, "--seed", 1, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_write_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        result = run("--voters", 1, "--seed", 1, "--out", tmp_path / "out")
    finally:
        tmp_path.chmod(0o700)
    assert result.exit_code == 1
    assert "write permission" in result.stderr


def test_stopping_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(export, "_draw_sheet", stop)
    result = run("--voters", 2, "--seed", 1, "--out", tmp_path / "out")
    assert result.exit_code == 130
    assert "Nothing was written" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        ("--voters", 0, "--seed", 1),
        ("--voters", 5, "--seed", -1),
        ("--voters", 5, "--seed", 1, "--fingers", 11),
        ("--voters", 5, "--seed", 1, "--preset", "perfect"),
        ("--voters", 5),
    ],
)
def test_wrong_usage_is_exit_code_2(tmp_path: Path, options: tuple[object, ...]) -> None:
    result = run(*options, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_photos_are_written_where_they_are_asked_for(tmp_path: Path) -> None:
    options = ("--voters", 2, "--seed", 5, "--fingers", 1, "--portraits", "--json")
    result = run(*options, "--out", tmp_path / "a")
    assert result.exit_code == 0, result.output
    photos = sorted(Path(json.loads(result.stdout)["portraits_folder"]).iterdir())
    fingers = [path.name.split("_")[0] for path in sorted((tmp_path / "a" / "fingers").iterdir())]
    assert [path.stem for path in photos] == fingers
    assert all(path.read_bytes()[:2] == b"\xff\xd8" for path in photos)
