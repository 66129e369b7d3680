"""The station among the programs of the desktop: what is written, and that it starts."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from station_app.commands.launcher import desktop_entry, program
from tests.commands.typed_words import run


def parsed(path: Path) -> dict[str, str]:
    read = configparser.ConfigParser(interpolation=None, delimiters="=")
    read.optionxform = str  # type: ignore[assignment]
    read.read_string(path.read_text("utf-8"))
    return dict(read["Desktop Entry"])


def test_entry_and_icon_are_written_where_the_desktop_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for _ in range(2):
        answer = run("launcher", "--autostart", "--json")
    places = [Path(one) for one in json.loads(answer.stdout)["written"]]
    assert [one.relative_to(tmp_path).as_posix() for one in places] == [
        "data/applications/station-app.desktop",
        "config/autostart/station-app.desktop",
        "data/applications/station-app-lessons.desktop",
        "data/icons/hicolor/scalable/apps/station-app.svg",
    ]
    entry = parsed(places[0])
    assert entry == parsed(places[1])
    assert (entry["Type"], entry["Icon"], entry["Terminal"]) == (
        "Application", "station-app", "false",
    )  # fmt: skip
    assert shlex.split(entry["Exec"])[-1] == "technician"
    lessons = parsed(places[2])
    assert shlex.split(lessons["Exec"])[-2:] == ["lesson", "run"]
    assert lessons["Name"] != entry["Name"]
    assert not QImage(str(places[3])).isNull()
    if validate := shutil.which("desktop-file-validate"):
        for one in (places[0], places[2]):
            assert subprocess.run([validate, str(one)], check=True, capture_output=True)


def test_without_base_directories_the_home_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    run("launcher")
    assert (tmp_path / ".local/share/applications/station-app.desktop").is_file()


def test_what_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unnamed = Path(os.fsdecode(bytes(tmp_path / "st") + b"\xff"))
    unnamed.mkdir()
    answer = run("launcher", "--station", str(unnamed), code=1)
    assert "Give the folder another name." in answer.stderr
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    answer = run("launcher", code=1)
    assert "choose another folder" in answer.stderr


@pytest.mark.parametrize(
    "name", ["station", 'a "b" $c', "50%f", "back\\slash `d`", "two\nlines", "a\rb"]
)
def test_a_folder_of_any_name_is_one_argument(name: str) -> None:
    folder = str(Path("/srv") / name)
    given = ("/usr/bin/station-app", "technician", "--station", folder)
    text = desktop_entry("operator", "window.title", given)
    (line,) = (one for one in text.splitlines() if one.startswith("Exec="))
    value = re.sub(
        r"\\(.)", lambda escaped: {"n": "\n", "r": "\r"}.get(escaped[1], escaped[1]), line
    )
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', value.replace("%%", "%"), re.DOTALL)
    read = [re.sub(r"\\(.)", r"\1", word) for word in words]
    assert tuple(read) == given


def test_the_program_that_is_named_is_there() -> None:
    assert Path(program()[0]).is_file()
