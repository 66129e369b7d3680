"""`station-app takeover request` and `pack`: what a spare needs, asked for and made."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.answers import AsJson, answering
from station_app.commands.identity import spoken, spoken_lines
from station_app.commands.options import StationOption, station_folder
from station_app.commands.passphrases import known
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person
from station_app.journal.mirror import find_mirror, load_header
from station_app.journal.mirror_file import LARGEST_MIRROR
from station_app.settings import read_plan
from station_app.vault import (
    OTHERS_MAY_LOOK,
    READABLE,
    AgeIdentity,
    PublicIdentity,
    make_folder,
    open_issuer,
    open_recipient,
    open_regular,
    public_part,
    read_regular,
    refuse_other_spelling,
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
    refuse_other_spelling(target)
    replace_file(target, content, READABLE)
    return target


_LARGEST_NOTE = 4096


def make(
    *,
    plan: Annotated[
        Path, typer.Option(help="The plan of the station that has died, station.toml.")
    ],
    original: Annotated[
        Path, typer.Option(help="Its public identity, <precinct>-<kit>.station.json.")
    ],
    snapshot: Annotated[Path, typer.Option(help="Its snapshot, *.vsnap.")],
    spare: Annotated[Path, typer.Option(help="The spare's public identity, *.station.json.")],
    mirror: Annotated[
        list[Path] | None,
        typer.Option(
            help="Its mirror (folder or file), or the file that `takeover request` has made of "
            "it; may be given again."
        ),
    ] = None,
    head: Annotated[
        list[Path] | None,
        typer.Option(help="A signed head of its journal that was seen; may be given again."),
    ] = None,
    sign: Annotated[Path, typer.Option(help="The issuer's key, *.issuer-key.json.")],
    open_with: Annotated[
        Path | None,
        typer.Option(
            "--open", help="The key that lists and mirrors are sealed to, *.recipient-key.json."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the pack.")],
    passphrase_file: Annotated[
        Path | None,
        typer.Option(
            help="File of mode 0600 with the issuer's passphrase; without it you are asked."
        ),
    ] = None,
    open_passphrase_file: Annotated[
        Path | None, typer.Option(help="The same for the recipient's key.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the pack that lets a spare go on for a station that has died.

    Inside are the same list, sealed to the spare, who may unlock it, the heads that were seen
    and the keys of the mirrors. Compare the spare's digits aloud before.
    """
    # The builder comes with the centre's room; no other of these commands needs it.
    from station_app.centre.takeover_pack import PackOrder, make_pack

    with answering(as_json, made=False):
        dead, new = PublicIdentity.load(original), PublicIdentity.load(spare)
        order = PackOrder(
            original=dead,
            spare=new,
            snapshot=snapshot,
            people=_people(plan, dead),
            notes=tuple(map(_note, head or ())),
            mirrors=tuple(map(find_mirror, mirror or ())),
            opener=_opener(open_with, open_passphrase_file),
            issuer=public_part(sign),
            signer=open_issuer(sign, known(f"Passphrase of {sign.name}", passphrase_file)),
        )
        done = make_pack(order, out, datetime.now(UTC))
    if as_json:
        facts = {
            "made": True,
            "file": str(done.path),
            "original": dead.name,
            "spare": spoken(new),
            "precinct": done.manifest.precinct,
            "sequence": done.manifest.sequence,
            "heads": len(done.pack.heads),
            "mirrors": len(order.mirrors),
        }
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    typer.echo(f"{done.path} lets this spare go on for {dead.name}:\n{spoken_lines(new)}")
    typer.echo("Compare its digits aloud, if you have not yet.")
    if not order.mirrors:
        typer.echo("It opens no mirror: the spare will not see who was identified.")


def _people(plan: Path, original: PublicIdentity) -> tuple[Person, ...]:
    found = read_plan(plan)
    if found.machine.station != original.name:
        raise KnownError(
            Code.TAKEOVER_OTHER_PLAN,
            f"{plan} is the plan of {found.machine.station}, not of {original.name}. "
            "Name the right one.",
        )
    return found.people


def _note(path: Path) -> str:
    try:
        return read_regular(path, _LARGEST_NOTE).decode()
    except (KnownError, OSError, UnicodeDecodeError) as fault:
        raise KnownError(
            Code.TAKEOVER_HEAD_UNREADABLE, f"{path} is not a signed head. Name a *.head file."
        ) from fault


def _opener(path: Path | None, file: Path | None) -> AgeIdentity | None:
    return None if path is None else open_recipient(path, known(f"Passphrase of {path.name}", file))
