"""The program's log: bounded, ours alone, without a person, and never in the way."""

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType

from station_app.assembly import program_log
from station_app.assembly.program_log import (
    FILE,
    MOST_BYTES,
    OLDER,
    JsonLines,
    keep_log,
    log_start,
    written_log,
)
from station_app.domain.errors import KnownError
from station_app.ui.qt_log import _to_log

LOG = logging.getLogger("station_app.tests")
PERSON = "Айгүл Асанова 22901199900123 V-00FF"


@pytest.fixture
def folder(kept_log: Path) -> Path:
    return kept_log


pytestmark = pytest.mark.usefixtures("kept_log")


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / FILE).read_text("ascii").splitlines()]


def test_a_line_says_when_where_and_what(folder: Path) -> None:
    log_start()
    LOG.info("fault", extra={"part": "mirror", "code": "disk_full"})
    started, fault = lines(folder)
    assert started["what"] == "started"
    assert started["version"].startswith("0.")
    assert started["at"].endswith("+00:00")
    assert (fault["what"], fault["part"], fault["code"]) == ("fault", "mirror", "disk_full")
    assert fault["where"].startswith("station_app.tests:")


def test_it_is_this_users_alone_and_made_with_the_first_line(folder: Path) -> None:
    assert not folder.exists()
    log_start()
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert written_log() == folder / FILE


@pytest.mark.expected_log("bug", "fault", "qt_message")
def test_nothing_that_others_say_is_written(folder: Path) -> None:
    """A bug's traceback has code alone: neither its words nor those it came from, no paths."""
    try:
        look_up(PERSON)
    except ValueError as bug:
        LOG.critical("bug", exc_info=bug, extra={"code": PERSON, "part": "22901199900123"})
    LOG.warning("fault", extra={"code": "V-00FF"})
    LOG.info(PERSON)
    logging.getLogger("some.library").error("cannot find %s", PERSON)
    _to_log(QtMsgType.QtCriticalMsg, QMessageLogContext(), f"QFile::open: {PERSON}")
    written = (folder / FILE).read_text("ascii")
    for part in (*PERSON.split(), *(json.dumps(word).strip('"') for word in PERSON.split())):
        assert part not in written
    assert str(Path(__file__).parent) not in written
    bug_line, *_, library, qt = lines(folder)
    assert [one["type"] for one in bug_line["raised"]] == ["ValueError", "KnownError"]
    assert bug_line["raised"][1]["code"] == "wrong_pin"
    assert bug_line["raised"][0]["frames"][0].startswith(f"{__name__}:")
    assert bug_line["raised"][0]["frames"][0].endswith(" look_up")
    assert (bug_line["code"], bug_line["part"]) == ("?", "?")
    assert library["what"] == "library_message"
    assert (qt["what"], qt["place"]) == ("qt_message", "QFile::open")


def look_up(person: str) -> None:
    try:
        refuse(person)
    except KnownError as fault:
        raise ValueError(person) from fault


def refuse(person: str) -> None:
    raise KnownError("wrong_pin", f"{person} is not on the list.")


def test_it_does_not_grow_without_end(folder: Path) -> None:
    for _ in range(MOST_BYTES * (OLDER + 3) // 150):
        LOG.info("fault", extra={"code": "x" * 50})
    files = sorted(folder.iterdir())
    assert len(files) == OLDER + 1
    assert all(one.stat().st_size < MOST_BYTES + 1000 for one in files)
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in files)
    newest = lines(folder)[-1]["at"]
    assert newest >= json.loads(files[1].read_text("ascii").splitlines()[-1])["at"]


def test_a_log_that_cannot_be_written_stops_nobody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    keep_log(tmp_path / "log")
    log_start()
    assert written_log() is None
    keep_log(tmp_path / "another")
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        log_start()
        assert written_log() is None
    log_start()
    assert written_log() is not None
    assert len(lines(tmp_path / "another")) == 1
    assert capfd.readouterr() == ("", "")


def test_a_disk_that_hangs_holds_up_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Event()
    with monkeypatch.context() as patch:
        patch.setattr(program_log, "_append", lambda *_: answers.wait(60))
        begun = monotonic()
        for _ in range(20):
            log_start()
        assert monotonic() - begun < 10
        assert written_log() is None
        answers.set()
    deadline = monotonic() + 60
    while not (folder / FILE).exists() and monotonic() < deadline:
        sleep(0.01)
        log_start()
    assert len(lines(folder)) == 1


def full(*_: object) -> int:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("planted", ["link", "pipe"])
def test_what_lies_in_its_place_is_neither_followed_nor_waited_for(
    tmp_path: Path, planted: str
) -> None:
    (tmp_path / "log").mkdir()
    target = tmp_path / "target"
    target.write_text("mine")
    if planted == "link":
        (tmp_path / "log" / FILE).symlink_to(target)
    else:
        os.mkfifo(tmp_path / "log" / FILE)
    keep_log(tmp_path / "log")
    log_start()
    assert written_log() is None
    assert target.read_text() == "mine"


@pytest.mark.parametrize("planted", [(1,), (2,), (OLDER,), range(1, OLDER + 1)])
def test_a_folder_in_the_place_of_an_older_file_stops_nothing(
    folder: Path, planted: Sequence[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays with what is in it; the files that are left are as many as before, or fewer."""
    monkeypatch.setattr(program_log, "MOST_BYTES", 1000)
    for number in planted:
        (folder / f"{FILE}.{number}" / "inside").mkdir(parents=True)
    for _ in range(60):
        LOG.info("fault", extra={"code": "x" * 50})
        assert written_log() == folder / FILE
    for number in planted:
        assert (folder / f"{FILE}.{number}" / "inside").is_dir()
    files = [one for one in folder.iterdir() if one.is_file()]
    assert len(files) == OLDER + 1 - len(planted)
    assert all(one.stat().st_size < 1500 for one in files)


def test_without_a_folder_it_is_in_the_programs_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATION_APP_HOME", str(tmp_path))
    keep_log()
    log_start()
    assert written_log() == tmp_path / "log" / FILE


def test_only_the_last_folder_is_written_to(folder: Path, tmp_path: Path) -> None:
    keep_log(tmp_path / "station" / "log")
    log_start()
    assert not folder.exists()
    assert len(lines(tmp_path / "station" / "log")) == 1


def test_a_formatted_line_is_one_line() -> None:
    record = LOG.makeRecord(LOG.name, logging.INFO, "a\nb", 1, "fault", (), None)
    record.code = "two\nlines"
    assert "\n" not in JsonLines().format(record)
