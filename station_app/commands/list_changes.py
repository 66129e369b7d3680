"""`station-app list accept` and `renew`: four persons agree that a station's list changes."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from station_app.flow.opening import UnlockedStation

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
    voters stay identified. What came of holding the list against the one before it is printed.
    Ends with 0, or with 1 and the reason.
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
    with closing(opened):
        facts = _facts_of(opened)
    return facts, "\n".join(_said_of(facts))


def _facts_of(opened: "UnlockedStation") -> dict[str, Any]:
    """The list in use, and what came of the comparison, in the words of `list_compared`."""
    found, figures = opened.comparison, opened.recorder.journal.look.figures()
    comparison = found and {
        "compared": found.is_compared,
        "accepted": found.accepted,
        "unseen": found.unseen,
        "marked": len(found.marked),
        "missing": found.missing,
    }
    return {
        "list_sequence": opened.manifest.sequence,
        "voters": opened.voters.voters,
        "struck_off": figures.struck_off,
        "struck_not_listed": figures.struck_not_listed,
        "comparison": comparison,
    }


def _said_of(facts: dict[str, Any]) -> Iterator[str]:
    yield f"List number {facts['list_sequence']} is in use: {facts['voters']} voters."
    if facts["struck_off"]:
        yield f"Struck off: {facts['struck_off']}, not on it: {facts['struck_not_listed']}."
    found = facts["comparison"]
    if found is None:
        yield "Nothing was compared: the list was in use before, or nobody was identified."
    else:
        yield f"Identified, or with a ballot taken to them: {found['accepted']}."
        yield f"Not on the new list: {found['missing']}; they stay identified."
        yield f"Rows of it left to the commission: {found['marked']}."
        if not found["compared"]:
            yield (
                "The list before was not there: nothing but numbers was compared. Check the "
                "signatures on the paper list."
            )
        elif found["unseen"]:
            yield (
                f"Not on the list before either: {found['unseen']}; of them nothing was compared. "
                "Check the signatures on the paper list."
            )
    yield "Unlock the station to go on."


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
