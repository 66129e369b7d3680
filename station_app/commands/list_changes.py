"""`station-app list accept` and `renew`: four persons agree that a station's list changes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import typer

from station_app.commands.answers import AsJson, answering, watched
from station_app.commands.options import StationOption, station_folder
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
from station_app.vault import (
    Proof,
    PublicIdentity,
    StationFolder,
    Unlocked,
    refuse_changed_pins,
)

Act = Callable[[StationFolder, Unlocked, tuple[Proof, ...]], tuple[dict[str, Any], str]]
"""What is done once all have agreed; returns facts for JSON, and a sentence."""

app = typer.Typer(name="list", help="The voter list of a station.", no_args_is_help=True)

_COMPARED = "compared"


def _agreed(done: str) -> Callable[[Act], Callable[..., None]]:
    """The command of an act; `done` is what JSON says of whether it was."""

    def command_of(act: Act) -> Callable[..., None]:
        def command(
            *,
            station: StationOption = None,
            operator: OperatorId = "",
            member: MemberId = "",
            chair: ChairId = "",
            second: SecondId = "",
            passphrase_dir: PassphraseFolder = None,
            as_json: AsJson = False,
        ) -> None:
            with answering(as_json, **{done: False}):
                folder = station_folder(station)
                refuse_changed_pins(folder, PublicIdentity.load(folder.public_identity))
                with opened_by_two(folder, operator, member, passphrase_dir) as (people, unlocked):
                    both = leaders(unlocked.persons, chair, second)
                    proofs = agreed_by(both, people, unlocked, passphrase_dir)
                    facts, sentence = act(folder, unlocked, proofs)
            typer.echo(json.dumps({done: True} | facts) if as_json else sentence)

        command.__doc__ = act.__doc__
        return command

    return command_of


@app.callback()
def _group() -> None:
    """The voter list of a station."""


@app.command("accept")
@_agreed("accepted")
def accept(
    folder: StationFolder, unlocked: Unlocked, proofs: tuple[Proof, ...]
) -> tuple[dict[str, Any], str]:
    """Take a corrected list into use that lacks voters who were identified today.

    The unlocking screen says where a list needs it (`list_lacks_accepted`). An operator and a
    member unlock the station, the chair and a member agree, and the journal says so. Those
    voters stay identified. Ends with 0, or with 1 and the reason.
    """
    # The matching core comes with it: the list is tried before it is used.
    from station_app.flow.opening import open_unlocked

    with watched({_COMPARED: "fingers and faces compared"}) as tell:
        opened = open_unlocked(
            folder,
            unlocked,
            _now,
            agreed=proofs,
            told=lambda done, of: tell(_COMPARED, done, of),
        )
        opened.close()
    voters = opened.voters.voters
    return {"voters": voters}, f"The list is in use: {voters} voters. Unlock the station to go on."


@_agreed("renewed")
def renew(
    folder: StationFolder, unlocked: Unlocked, proofs: tuple[Proof, ...]
) -> tuple[dict[str, Any], str]:
    """Make a station ready for another election, after its day is closed and exported.

    An operator and a member unlock it, the chair and a member agree. Its journal is put aside
    into the folder `journals` and its list is removed; keys, people and settings stay. The
    next list that is loaded, of another election day, begins a journal that names this one.
    Cut off, it is finished by giving the command again. Ends with 0, or with 1 and the reason.
    """
    from station_app.flow.station_journal import renew as renew_station

    aside = renew_station(folder, unlocked, proofs, _now)
    return {"journal": str(aside)}, (
        f"The journal lies in {aside}; keep that folder. The list is removed.\n"
        "Next: load the list of the other election."
    )


def _now() -> datetime:
    return datetime.now(UTC)
