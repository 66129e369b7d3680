"""`station-app snapshot`: look at a voter list file."""

import json
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer

from station_app.domain.errors import KnownError
from station_app.snapshots import PUBLIC_DEMO_LIST_KEY, VoterList, list_faults, list_hash
from station_app.vault import Secret, load_key


class ExitCode(IntEnum):
    """Usage errors (2) are raised by typer itself."""

    SOUND = 0
    REFUSED = 1


app = typer.Typer(name="snapshot", help="Examine a voter list file.", no_args_is_help=True)

_File = Annotated[Path, typer.Argument(help="The voter list, *.vlist")]
_KeyFile = Annotated[
    Path | None, typer.Option(help="The list's key; without it the public key of demo lists.")
]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def inspect(file: _File, key_file: _KeyFile = None, as_json: _AsJson = False) -> None:
    """Print what a list says about itself; no voter is shown."""
    try:
        voters = VoterList.open(file, _key(key_file))
    except KnownError as fault:
        raise _refused(fault) from fault
    facts = voters.header.to_texts() | {"voters": voters.voters, "fingers": voters.fingers}
    voters.close()
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        typer.echo("\n".join(f"{name}: {value}" for name, value in facts.items()))


@app.command()
def verify(file: _File, key_file: _KeyFile = None, as_json: _AsJson = False) -> None:
    """Authenticate every byte of a list. Ends with 0 when it is sound, else with 1."""
    try:
        faults = list_faults(file, _key(key_file))
        digest = list_hash(file)
    except KnownError as fault:
        raise _refused(fault) from fault
    if as_json:
        typer.echo(json.dumps({"sound": not faults, "sha256": digest, "faults": faults}))
    elif faults:
        typer.echo(f"The list is damaged: {faults[0]}. Copy it again.", err=True)
    else:
        typer.echo(f"The list is sound. SHA-256 {digest}")
    if faults:
        raise typer.Exit(ExitCode.REFUSED)


def _key(key_file: Path | None) -> Secret:
    return PUBLIC_DEMO_LIST_KEY if key_file is None else load_key(key_file)


def _refused(fault: KnownError) -> typer.Exit:
    typer.echo(fault.message, err=True)
    return typer.Exit(ExitCode.REFUSED)
