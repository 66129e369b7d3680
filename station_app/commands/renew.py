"""`station-app renew`: a closed and exported station takes another election."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from station_app.commands.own_station import StationOption, station_folder
from station_app.commands.snapshot.answers import answering
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
from station_app.flow.station_journal import renew as renew_station
from station_app.vault import PublicIdentity, refuse_changed_pins


def renew(
    *,
    station: StationOption = None,
    operator: OperatorId = "",
    member: MemberId = "",
    chair: ChairId = "",
    second: SecondId = "",
    passphrase_dir: PassphraseFolder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a station ready for another election, after its day is closed and exported.

    An operator and a member unlock it, the chair and a member agree. Its journal is put aside
    into the folder `journals` and its list is removed; keys, people and settings stay. The
    next list that is loaded, of another election day, begins a journal that names this one.
    Cut off, it is finished by giving the command again. Ends with 0, or with 1 and the reason.
    """
    with answering(as_json, renewed=False):
        folder = station_folder(station)
        refuse_changed_pins(folder, PublicIdentity.load(folder.public_identity))
        with opened_by_two(folder, operator, member, passphrase_dir) as (people, unlocked):
            both = leaders(unlocked.persons, chair, second)
            proofs = agreed_by(both, people, unlocked, passphrase_dir)
            aside = renew_station(folder, unlocked, proofs, lambda: datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps({"renewed": True, "journal": str(aside)}))
    else:
        typer.echo(
            f"The journal lies in {aside}; keep that folder. The list is removed.\n"
            "Next: load the list of the other election."
        )
