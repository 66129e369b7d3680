"""`station-app snapshot load`: put a snapshot's list into a station."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.answers import AsJson, answering, as_lines, facts_of, watched
from station_app.commands.options import StationOption, station_folder
from station_app.flow.signed_settings import loading_station
from station_app.snapshots import LoadedSnapshot, LoadProgress, LoadStep, load_snapshot
from station_app.vault import IdentityKind, PublicIdentity, StationFolder

STEPS: dict[str, str] = {
    LoadStep.FOUND: "The file is a snapshot",
    LoadStep.SIGNED: "A known issuer has signed it",
    LoadStep.FOR_US: "It is for this station",
    LoadStep.NEWER: "It is valid now, and not an older one",
    LoadStep.COPIED: "Copying and checking the list",
    LoadStep.STORED: "Reading it back from the disk",
    LoadStep.IN_PLACE: "The new list is in place",
}


def load_command(
    file: Annotated[Path, typer.Argument(help="The snapshot, *.vsnap.")],
    issuers: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the issuers to trust, *.issuer.json. A station that was set up "
            "with its issuers trusts no others, whatever is here.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    precinct: Annotated[
        str,
        typer.Option(
            help="The station's precinct, where its settings do not say; else its first list's."
        ),
    ] = "",
    station: StationOption = None,
    as_json: AsJson = False,
) -> None:
    """Check a snapshot and load its list. No voter is read, and no passphrase is needed.

    The list that was loaded before stays until two persons have unlocked the station and
    the new one has found a voter. Ends with 0 when the list is loaded, with 1 and the reason
    when it is refused; nothing has changed then.
    """
    with answering(as_json, loaded=False):
        loaded = load_into(station_folder(station), file, issuers, precinct)
    facts = facts_of(loaded.manifest)
    before = None if loaded.before is None else loaded.before.sequence
    if as_json:
        answer = {"loaded": True, "before": before, "manifest": facts}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    typer.echo(as_lines(facts))
    typer.echo("The list is loaded. Compare its words with the commission's, aloud.")


def load_into(
    folder: StationFolder, file: Path, issuers: Path | None = None, precinct: str = ""
) -> LoadedSnapshot:
    """Load the snapshot `file`, with progress on standard error.

    `precinct` is that of the station's settings where it has some. Raises `KnownError` as
    `load_snapshot`, `loading_station` and `PublicIdentity.load_all` do.
    """
    # The engine's name comes with the numerics, which no other of these commands needs.
    from station_app.biometrics.engines import engine_names

    named = () if issuers is None else PublicIdentity.load_all(issuers, IdentityKind.ISSUER)
    ours = loading_station(folder, engine_names(), named, precinct)
    with watched(STEPS) as tell:

        def show(at: LoadProgress) -> None:
            tell(at.step, at.done, at.of)

        return load_snapshot(file, folder, ours, datetime.now(UTC), show)
