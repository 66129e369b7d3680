"""Two persons open a station for one command: each types, or gives in a file, their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.passphrases import in_folder, known
from station_app.domain.roles import Person, Role
from station_app.vault import People, StationFolder, Unlocked

OperatorId = Annotated[
    str, typer.Option(help="Which operator agrees, by id; needed where there are several.")
]
MemberId = Annotated[
    str, typer.Option(help="Which member or chair agrees; needed where there are several.")
]


@contextmanager
def opened_by_two(
    station: StationFolder, operator: str, member: str, folder: Path | None
) -> Iterator[tuple[People, Unlocked]]:
    """The station, open within the block; `folder` has `<id>.passphrase` files.

    Raises `KnownError` as `People.enter` and `People.join` do, `typer.BadParameter` where it
    is not clear who agrees.
    """
    people = People.load(station)
    one = _agreeing(people, Role.OPERATOR, operator)
    other = _agreeing(people, Role.MEMBER, member)
    entered = [
        people.enter(person.id, known(_prompt(person), in_folder(folder, person.id)))
        for person in (one, other)
    ]
    unlocked = people.join(*entered)
    try:
        yield people, unlocked
    finally:
        unlocked.lock()


def _agreeing(people: People, kind: Role, id_: str) -> Person:
    """The person of a kind that is named, or the only one there is."""
    persons = [one for one in people.persons if one.role.kind is kind]
    found = [one for one in persons if one.id == id_ or not id_]
    if len(found) == 1:
        return found[0]
    ids = ", ".join(one.id for one in persons)
    raise typer.BadParameter(f"Say which {kind} agrees, with --{kind}: {ids}.")


def _prompt(person: Person) -> str:
    return f"{person.name} ({person.role}), your passphrase"
