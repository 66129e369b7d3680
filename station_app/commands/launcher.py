"""`station-app launcher`: the station's screens and the lessons among the desktop's programs."""

import json
import os
import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from station_app.commands.answers import AsJson, answering
from station_app.commands.options import StationOption, station_folder
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.languages import language_codes
from station_app.papers.paper_words import words_of
from station_app.vault import READABLE, replace_file, write_fault

NAME: Final = "station-app"
_RESERVED: Final = str.maketrans({one: f"\\{one}" for one in '"`$\\'})

Autostart = Annotated[
    bool, typer.Option("--autostart", help="Start it, too, whenever this user logs in.")
]


def launcher(
    station: StationOption = None, autostart: Autostart = False, as_json: AsJson = False
) -> None:
    """Put the station's screens, and the lessons, among the programs of the desktop.

    They start full screen. Written again where it is there. By freedesktop.org's Desktop Entry and
    Base Directory specifications: below XDG_DATA_HOME, and XDG_CONFIG_HOME with --autostart.
    """
    with answering(as_json):
        folder = None if station is None else station_folder(station).root.absolute()
        places = [str(one) for one in _write(folder, autostart=autostart)]
    if as_json:
        typer.echo(json.dumps({"written": places}))
    else:
        typer.echo("\n".join(("Written:", *places)))


def _write(station: Path | None, *, autostart: bool) -> tuple[Path, ...]:
    """The files. Raises `KnownError` as `write_fault` says, and `file_unwritable`."""
    data = _base("XDG_DATA_HOME", ".local/share")
    chosen = () if station is None else ("--station", str(station))
    try:
        entry = desktop_entry("operator", "window.title", (*program(), "technician", *chosen))
        learning = (*program(), "lesson", "run", *chosen)
        lessons = desktop_entry("lessons", "lesson.ui.program", learning)
        station_entry, lesson_entry = entry.encode(), lessons.encode()
    except UnicodeEncodeError as error:
        raise KnownError(
            Code.FILE_UNWRITABLE,
            f"A desktop entry is UTF-8, and the folder's name {str(station)!a} is not. "
            "Give the folder another name.",
        ) from error
    written = {data / f"applications/{NAME}.desktop": station_entry}
    if autostart:
        written[_base("XDG_CONFIG_HOME", ".config") / f"autostart/{NAME}.desktop"] = station_entry
    written[data / f"applications/{NAME}-lessons.desktop"] = lesson_entry
    icon = data / f"icons/hicolor/scalable/apps/{NAME}.svg"
    written[icon] = (files("station_app") / "content" / f"{NAME}.svg").read_bytes()
    for path, content in written.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_fault(error, path) from error
        replace_file(path, content, READABLE)
    return tuple(written)


def program() -> tuple[str, ...]:
    """The words that start this program: the packed one, the script beside Python, or Python."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    script = Path(sys.executable).with_name(NAME)
    return (str(script),) if script.is_file() else (sys.executable, "-m", "station_app")


def desktop_entry(audience: str, title: str, words: tuple[str, ...]) -> str:
    """A desktop entry (version 1.5) that starts `words`; `title` is a text key of `audience`."""
    titles = {code: words_of(code, audience)(title) for code in language_codes()}
    names = f"Name={titles[language_codes()[0]]}\n"
    names += "".join(f"Name[{code}]={title}\n" for code, title in titles.items())
    command = " ".join(map(_quoted, words))
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        "Version=1.5\n"
        f"{names}"
        f"Exec={command}\n"
        f"Icon={NAME}\n"
        "Terminal=false\n"
        "Categories=Office;\n"
        "StartupNotify=true\n"
    )


def _quoted(word: str) -> str:
    """An argument of Exec: quoted, then as a string of the file; % begins a field code."""
    quoted = f'"{word.translate(_RESERVED)}"'
    quoted = quoted.replace("\\", "\\\\").replace("%", "%%")
    return quoted.replace("\n", "\\n").replace("\r", "\\r")


def _base(variable: str, otherwise: str) -> Path:
    """A base directory: only an absolute one counts (Base Directory specification)."""
    named = Path(os.environ.get(variable, ""))
    return named if named.is_absolute() else Path.home() / otherwise
