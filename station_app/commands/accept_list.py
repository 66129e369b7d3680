"""`station-app list accept`: two persons agree to a list that lacks voters identified today."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from station_app.commands.own_station import StationOption, station_folder
from station_app.commands.snapshot.answers import answering
from station_app.commands.snapshot.progress import watched
from station_app.commands.two_persons import (
    ChairId,
    MemberId,
    OperatorId,
    PassphraseFolder,
    SecondId,
    agreed_by,
    leaders,
    opened_by_two,
)
from station_app.vault import PublicIdentity, refuse_changed_pins

app = typer.Typer(name="list", help="The voter list of a station.", no_args_is_help=True)

_COMPARED = "compared"


@app.callback()
def _group() -> None:
    """The voter list of a station."""


@app.command()
def accept(
    *,
    station: StationOption = None,
    operator: OperatorId = "",
    member: MemberId = "",
    chair: ChairId = "",
    second: SecondId = "",
    passphrase_dir: PassphraseFolder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take a corrected list into use that lacks voters who were identified today.

    The unlocking screen says where a list needs it (`list_lacks_accepted`). An operator and a
    member unlock the station, the chair and a member agree, and the journal says so. Those
    voters stay identified. Ends with 0, or with 1 and the reason.
    """
    # The matching core comes with it: the list is tried before it is used.
    from station_app.flow.opening import open_unlocked  # noqa: PLC0415

    with answering(as_json, accepted=False):
        folder = station_folder(station)
        refuse_changed_pins(folder, PublicIdentity.load(folder.public_identity))
        with opened_by_two(folder, operator, member, passphrase_dir) as (people, unlocked):
            both = leaders(unlocked.persons, chair, second)
            proofs = agreed_by(both, people, unlocked, passphrase_dir)
            with watched({_COMPARED: "fingers compared"}) as tell:
                opened = open_unlocked(
                    folder,
                    unlocked,
                    lambda: datetime.now(UTC),
                    agreed=proofs,
                    told=lambda done, of: tell(_COMPARED, done, of),
                )
                opened.close()
    if as_json:
        typer.echo(json.dumps({"accepted": True, "voters": opened.voters.voters}))
    else:
        typer.echo(
            f"The list is in use: {opened.voters.voters} voters. Unlock the station to go on."
        )
