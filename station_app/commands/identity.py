"""`station-app issuer`, `recipient` and `identity`: the commission's keys, and public files."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from station_app.commands.answers import answering
from station_app.commands.passphrases import chosen, known
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.vault import (
    IdentityKind,
    Passphrase,
    PublicIdentity,
    StationFolder,
    create_issuer,
    create_recipient,
    is_pulled,
    make_folder,
    medium_lost,
    public_part,
    reveal_recipient,
)

Create = Callable[[str, Path, Passphrase], PublicIdentity]

issuer = typer.Typer(
    name="issuer", help="The commission's key that signs voter lists.", no_args_is_help=True
)
recipient = typer.Typer(
    name="recipient", help="The commission's key that opens what comes back.", no_args_is_help=True
)
identity = typer.Typer(
    name="identity", help="Public identities, to compare aloud.", no_args_is_help=True
)

_Name = Annotated[str, typer.Argument(help="Whose key it is, as people will read it.")]
_Out = Annotated[Path, typer.Option(help="Folder for the key and for its public file.")]
_Key = Annotated[Path, typer.Argument(help="The key file, or its public file.")]
_File = Annotated[
    Path | None,
    typer.Option(help="File of mode 0600 with the passphrase; without it you are asked."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@issuer.command("create")
def create_issuer_key(
    name: _Name, out: _Out, passphrase_file: _File = None, as_json: _Json = False
) -> None:
    """Make the key that signs voter lists: the key file and its public *.issuer.json.

    The key file stays on the centre's machine. The public file goes to every station.
    """
    _create(create_issuer, name, out, passphrase_file, as_json)


@recipient.command("create")
def create_recipient_key(
    name: _Name, out: _Out, passphrase_file: _File = None, as_json: _Json = False
) -> None:
    """Make the key that results are sealed to: the key file and its public *.recipient.json."""
    _create(create_recipient, name, out, passphrase_file, as_json)


@issuer.command("show")
def show_issuer(file: _Key, as_json: _Json = False) -> None:
    """Say an issuer's words and digits; no passphrase is needed."""
    _show_one(file, IdentityKind.ISSUER, as_json)


@recipient.command("show")
def show_recipient(file: _Key, as_json: _Json = False) -> None:
    """Say a recipient's words and digits; no passphrase is needed."""
    _show_one(file, IdentityKind.RECIPIENT, as_json)


@recipient.command("reveal")
def reveal_recipient_key(
    file: Annotated[Path, typer.Argument(help="The key file, *.recipient-key.json.")],
    out: Annotated[Path, typer.Option(help="The file to write, mode 0600; for `age -d -i`.")],
    passphrase_file: _File = None,
    as_json: _Json = False,
) -> None:
    """Write the key as an age identity, to open bundles without this program.

    The file is not under a passphrase: whoever has it opens every bundle. Remove it after use.
    """
    with answering(as_json, written=False):
        passphrase = known(f"Passphrase of {file.name}", passphrase_file)
        reveal_recipient(file, passphrase, out)
    if as_json:
        typer.echo(json.dumps({"written": True, "file": str(out)}))
    else:
        typer.echo(f"{out} opens what is sealed to this key. Remove it after use.")


@identity.command("show")
def show_identities(
    place: Annotated[
        Path, typer.Argument(help="A public file, a station's folder or a folder of public files.")
    ],
    as_json: _Json = False,
) -> None:
    """Say the words and digits of a public identity, or of all in a folder."""
    with answering(as_json):
        found = _in_folder(place) if os.path.isdir(place) else (_load(place),)  # noqa: PTH112
        if not found:
            raise KnownError(
                Code.IDENTITY_MISSING, f"There is no public identity in {place}. Check the folder."
            )
    _print(found, as_json)


def spoken(public: PublicIdentity) -> dict[str, Any]:
    """An identity for people and machines: kind, name, words, digits, whole fingerprint."""
    return {
        "kind": public.kind.value,
        "name": public.name,
        "words": public.words(),
        "digits": public.digits(),
        "fingerprint": public.fingerprint().hex(),
    }


def spoken_lines(public: PublicIdentity) -> str:
    """What two people compare aloud."""
    return f"{public.kind} {public.name}\n  {public.words()}\n  {public.digits()}"


def _create(create: Create, name: str, out: Path, file: Path | None, as_json: bool) -> None:
    with answering(as_json):
        passphrase = chosen(f"Choose the passphrase of the key of {name}", file, name)
        try:
            make_folder(out)
            made = create(name, out, passphrase)
        except ValueError as fault:
            raise typer.BadParameter(f"The name cannot be used: {fault}.") from fault
        except OSError as fault:
            raise typer.BadParameter(f"{out} is no folder to write to.") from fault
    _print((made,), as_json)
    if not as_json:
        typer.echo(f"Keep {out / f'{made.name}.{made.kind}-key.json'} and two copies of it safe.")
        typer.echo(f"Hand on {out / made.file_name}, and these words by another way.")


def _show_one(file: Path, kind: IdentityKind, as_json: bool) -> None:
    with answering(as_json):
        found = _load(file)
        if found.kind is not kind:
            raise KnownError(
                Code.IDENTITY_OTHER_KIND,
                f"{file} belongs to {found.kind} {found.name}, not to an {kind}. "
                f"Name a file *.{kind}.json.",
            )
    _print((found,), as_json)


def _load(path: Path) -> PublicIdentity:
    if path.is_dir():
        raise KnownError(
            Code.IDENTITY_MISSING,
            f"{path} is a folder. Name one file in it, or use `station-app identity show {path}`.",
        )
    return public_part(path) if path.name.endswith("-key.json") else PublicIdentity.load(path)


def _in_folder(folder: Path) -> tuple[PublicIdentity, ...]:
    if is_pulled(folder):
        raise medium_lost(folder)
    station = StationFolder(folder)
    own = [station.public_identity] if station.public_identity.exists() else []
    places = [folder, station.trusted] if own else [folder]
    others = (
        one
        for place in places
        for kind in IdentityKind
        for one in PublicIdentity.load_all(place, kind)
    )
    return (*map(PublicIdentity.load, own), *others)


def _print(found: Iterable[PublicIdentity], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([spoken(one) for one in found], ensure_ascii=False))
    else:
        typer.echo("\n".join(map(spoken_lines, found)))
