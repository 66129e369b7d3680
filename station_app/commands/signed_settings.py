"""`station-app settings`: what two persons sign; `provision --again` brings the rest."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from station_app import settings
from station_app.commands.answers import AsJson, answering
from station_app.commands.two_persons import MemberId, OperatorId, opened_by_two
from station_app.flow.provisioning import identities_to_pin, sign_plan
from station_app.settings import read_plan
from station_app.vault import StationFolder

app = typer.Typer(
    name="settings",
    help="The settings that two persons sign: precinct, mirror, trusted keys, drivers.",
    no_args_is_help=True,
)


@app.callback()
def _group() -> None:
    """Keeps `apply` a command of its own while it is the only one."""


@app.command()
def apply(
    plan: Annotated[Path, typer.Argument(help="The plan, station.toml.")],
    *,
    station: Annotated[
        Path | None, typer.Option(help="The station's folder; without it the plan's.")
    ] = None,
    operator: OperatorId = "",
    member: MemberId = "",
    passphrase_dir: Annotated[
        Path | None,
        typer.Option(
            help="Folder with a file <id>.passphrase of mode 0600 of the two who agree; without "
            "it each types their own."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Give a station the plan's settings; an operator and a member agree.

    The station's key signs them, and its journal tells who agreed. Keys, people, pins and
    journal stay. A plan that changes nothing is not signed again.
    """
    with answering(as_json, applied=False):
        found = read_plan(plan)
        folder = StationFolder(station or found.folder or settings.station_home(found.machine.kind))
        pins = identities_to_pin(found)
        with opened_by_two(folder, operator, member, passphrase_dir) as (_, unlocked):
            signed = sign_plan(folder, unlocked, found, pins, datetime.now(UTC))
            revision, sha256 = unlocked.marks.settings_revision, unlocked.marks.settings
    facts = {
        "applied": True,
        "changed": signed is not None,
        "station": found.machine.station,
        "revision": revision,
        "by": [] if signed is None else signed.by.split(),
        "sha256": sha256,
    }
    if as_json:
        typer.echo(json.dumps(facts))
        return
    if signed is None:
        typer.echo(
            f"The plan changes nothing: the settings of {found.machine.station} are signed "
            f"already, revision {revision}.\nSHA-256 {sha256}"
        )
        return
    typer.echo(
        f"The settings of {found.machine.station} are signed, revision {revision}.\n"
        f"SHA-256 {sha256}\nThe journal tells of it at the next unlocking."
    )
