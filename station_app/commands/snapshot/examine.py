"""`station-app snapshot inspect` and `verify`: look at a list or a snapshot."""

import json
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.answers import ExitCode, answering, as_lines, facts_of, watched
from station_app.snapshots import (
    PUBLIC_DEMO_LIST_KEY,
    VoterList,
    is_container,
    list_faults,
    list_hash,
    read_manifest,
    verify_container,
)
from station_app.vault import IdentityKind, PublicIdentity, Secret, load_key

_File = Annotated[Path, typer.Argument(help="A voter list, *.vlist, or a snapshot, *.vsnap.")]
_KeyFile = Annotated[
    Path | None, typer.Option(help="A list's key; without it the public key of demo lists.")
]
_Issuers = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the issuers to trust, *.issuer.json; a snapshot needs it.",
        exists=True,
        file_okay=False,
    ),
]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def inspect(file: _File, key_file: _KeyFile = None, as_json: _AsJson = False) -> None:
    """Print what a list or a snapshot says about itself; no voter is shown.

    A snapshot's signature is not checked: `verify` does that.
    """
    with answering(as_json):
        if is_container(file):
            facts = {"signature": "not checked"} | facts_of(read_manifest(file))
        else:
            with closing(VoterList.open(file, _key(key_file))) as voters:
                facts = dict(voters.header.to_texts())
                facts |= {"voters": voters.voters, "fingers": voters.fingers, "faces": voters.faces}
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else as_lines(facts))


def verify(
    file: _File, key_file: _KeyFile = None, issuers: _Issuers = None, as_json: _AsJson = False
) -> None:
    """Authenticate every byte of a list or a snapshot. Ends with 0 when it is sound, else 1.

    A list is authenticated with its key, a snapshot with the issuers' public keys.
    """
    if not is_container(file) and file.suffix != ".vsnap":
        _verify_list(file, key_file, as_json)
        return
    if issuers is None:
        raise typer.BadParameter("A snapshot is verified with --issuers.")
    with answering(as_json, sound=False):
        trusted = PublicIdentity.load_all(issuers, IdentityKind.ISSUER)
        with watched({"read": "Reading the list"}) as tell:
            manifest = verify_container(file, trusted, partial(tell, "read"))
    facts = facts_of(manifest)
    if as_json:
        typer.echo(json.dumps({"sound": True, "manifest": facts}, ensure_ascii=False))
    else:
        typer.echo(as_lines(facts))
        typer.echo(f"The snapshot is sound, and {manifest.issuer} has signed it.")


def _verify_list(file: Path, key_file: Path | None, as_json: bool) -> None:
    with answering(as_json, sound=False):
        faults = list_faults(file, _key(key_file))
        digest = list_hash(file)
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
