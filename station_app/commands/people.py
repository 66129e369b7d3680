"""`station-app people`: who may unlock a station; two persons agree to each change."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.answers import answering
from station_app.commands.options import StationOption, station_folder
from station_app.commands.passphrases import chosen, in_folder
from station_app.commands.two_persons import MemberId, OperatorId, opened_by_two
from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.snapshots.pending_events import note_person
from station_app.vault import Passphrase, People, Unlocked

app = typer.Typer(
    name="people", help="Who may unlock a station, with their passphrases.", no_args_is_help=True
)

_Id = Annotated[str, typer.Argument(metavar="ID", help="The person's id, of a-z, 0-9 and -.")]
_Folder = Annotated[
    Path | None,
    typer.Option(
        help="Folder with files of mode 0600: <id>.passphrase of the two who agree, "
        "<id>.new.passphrase for a new one. Without it everybody types their own."
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_people(station: StationOption = None, as_json: _Json = False) -> None:
    """Say who there is; no passphrase is needed."""
    with answering(as_json):
        persons = People.load(station_folder(station)).persons
    if as_json:
        facts = [{"id": one.id, "name": one.name, "role": one.role.value} for one in persons]
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        typer.echo("\n".join(f"{one.id}\t{one.role}\t{one.name}" for one in persons))


@app.command()
def add(
    id_: _Id,
    name: Annotated[str, typer.Option(help="The person's name, as people will read it.")],
    role: Annotated[Role, typer.Option(help="What the person is.")],
    station: StationOption = None,
    operator: OperatorId = "",
    member: MemberId = "",
    passphrase_dir: _Folder = None,
    as_json: _Json = False,
) -> None:
    """Add a person, with the passphrase they choose. An operator and a member agree first."""
    try:
        person = Person(id_, name, role)
    except ValueError as fault:
        raise typer.BadParameter(f"{fault}.") from fault
    with _changing(station, operator, member, passphrase_dir, as_json) as (people, unlocked):
        passphrase = _new(person, people, passphrase_dir)
        from_file = passphrase_dir is not None
        people.add(unlocked, unlocked.proofs, person, passphrase, from_file=from_file)
        note_person(
            station_folder(station),
            "person_added",
            person,
            unlocked.proofs,
            _now(),
            from_file=from_file,
        )
    _say(as_json, f"{person.name} is added.")


@app.command()
def remove(
    id_: _Id,
    station: StationOption = None,
    operator: OperatorId = "",
    member: MemberId = "",
    passphrase_dir: _Folder = None,
    as_json: _Json = False,
) -> None:
    """Remove a person. An operator and a member agree first; the last of a kind stays."""
    with _changing(station, operator, member, passphrase_dir, as_json) as (people, unlocked):
        person = people.remove(unlocked, unlocked.proofs, id_)
        note_person(station_folder(station), "person_removed", person, unlocked.proofs, _now())
    _say(as_json, f"{person.name} is removed.")


@app.command()
def passphrase(
    id_: _Id,
    station: StationOption = None,
    operator: OperatorId = "",
    member: MemberId = "",
    passphrase_dir: _Folder = None,
    as_json: _Json = False,
) -> None:
    """Give a person a new passphrase, which they choose. An operator and a member agree first."""
    with _changing(station, operator, member, passphrase_dir, as_json) as (people, unlocked):
        from_file = passphrase_dir is not None
        new = _new(_person(unlocked, id_), people, passphrase_dir)
        person = people.replace_passphrase(unlocked, unlocked.proofs, id_, new, from_file=from_file)
        note_person(
            station_folder(station),
            "passphrase_replaced",
            person,
            unlocked.proofs,
            _now(),
            from_file=from_file,
        )
    _say(as_json, f"{person.name} has a new passphrase.")


@contextmanager
def _changing(
    station: Path | None, operator: str, member: str, folder: Path | None, as_json: bool
) -> Iterator[tuple[People, Unlocked]]:
    """The station, opened by the two who agree until the change is made."""
    with (
        answering(as_json, changed=False),
        opened_by_two(station_folder(station), operator, member, folder) as opened,
    ):
        yield opened


def _person(unlocked: Unlocked, id_: str) -> Person:
    for one in unlocked.persons:
        if one.id == id_:
            return one
    raise KnownError(
        Code.UNKNOWN_PERSON, f"There is no person {id_} here. `station-app people list` has them."
    )


def _new(person: Person, people: People, folder: Path | None) -> Passphrase:
    prompt = f"{person.name} ({person.role}), choose your passphrase, at least 12 characters"
    file = in_folder(folder, f"{person.id}.new")
    return chosen(prompt, file, person.id, person.name, people.station)


def _now() -> datetime:
    return datetime.now(UTC)


def _say(as_json: bool, sentence: str) -> None:
    typer.echo(json.dumps({"changed": True}) if as_json else sentence)
