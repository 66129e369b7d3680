"""`station-app takeover request`: what the commission needs for a pack."""

import json
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.answers import AsJson, answering
from station_app.commands.identity import spoken, spoken_lines
from station_app.commands.own_station import StationOption, station_folder
from station_app.journal.mirror_frames import LARGEST_MIRROR
from station_app.journal.mirror_reading import find_mirror, load_header
from station_app.vault import (
    OTHERS_MAY_LOOK,
    READABLE,
    PublicIdentity,
    make_folder,
    open_regular,
    replace_file,
    write_fault,
)


def request(
    *,
    station: StationOption = None,
    mirror: Annotated[
        Path | None,
        typer.Option(help="The medium of the station that has died: its folder or its file."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the files, e.g. a stick.")],
    as_json: AsJson = False,
) -> None:
    """Write the spare's public identity, and the header of the dead station's mirror.

    Both are small and hold no secret: they may be sent by any way. Compare the digits aloud.
    """
    with answering(as_json, written=False):
        folder = station_folder(station)
        own = PublicIdentity.load(folder.public_identity)
        try:
            make_folder(out, OTHERS_MAY_LOOK)
        except OSError as fault:
            raise write_fault(fault, out) from fault
        files = [own.save(out)]
        if mirror is not None:
            files.append(_header(find_mirror(mirror), out))
    if as_json:
        facts = {"written": True, "spare": spoken(own), "files": list(map(str, files))}
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    typer.echo(spoken_lines(own))
    typer.echo("\n".join(["For the commission:", *(f"  {file}" for file in files)]))


def _header(path: Path, out: Path) -> Path:
    """The beginning of the mirror, in a file of its own."""
    end = load_header(path).end
    with open_regular(path, LARGEST_MIRROR) as file:
        content = file.read(end)
    target = out / f"{path.stem}.mirror-header"
    replace_file(target, content, READABLE)
    return target
