"""Two persons open a station for one command: each types, or gives in a file, their own."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from station_app.commands.passphrases import in_folder, known
from station_app.domain.roles import Person, Role
from station_app.vault import People, Proof, StationFolder, Unlocked

OperatorId = Annotated[
    str, typer.Option(help="Which operator agrees, by id; needed where there are several.")
]
MemberId = Annotated[
    str, typer.Option(help="Which member or chair agrees; needed where there are several.")
]

ChairId = Annotated[str, typer.Option(help="Which chair agrees, by id.")]
SecondId = Annotated[
    str, typer.Option(help="Which member agrees beside the chair; needed where there are several.")
]
PassphraseFolder = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-dir",
        help="Folder with a file <id>.passphrase of mode 0600 for everybody; without it each "
        "types their own.",
    ),
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


def leaders(persons: Iterable[Person], chair: str, second: str) -> tuple[Person, Person]:
    """The chair and a member who agree, by their ids; an empty one is the only one there is.

    Raises `typer.BadParameter` where it is not clear who.
    """
    everybody = tuple(persons)
    first = _one([one for one in everybody if one.role is Role.CHAIR], chair, "--chair")
    members = [one for one in everybody if one.role.kind is Role.MEMBER and one != first]
    return first, _one(members, second, "--second")


def agreed_by(
    agreeing: Iterable[Person],
    people: People,
    unlocked: Unlocked,
    folder: Path | None,
    what: str = "you agree",
    *,
    anew: bool = False,
) -> tuple[Proof, ...]:
    """The proofs of these persons, beside those of who has unlocked the station.

    Each gives a passphrase, who has unlocked only where it is asked for `anew`; `what` is what
    the prompt says of it, `folder` has `<id>.passphrase` files. Raises as `People.prove` does.
    """
    proofs = list(unlocked.proofs)
    for one in agreeing:
        if anew or all(proof.person != one for proof in proofs):
            prompt = f"{one.name} ({one.role}), {what} with your passphrase"
            typed = known(prompt, in_folder(folder, one.id))
            proofs.append(people.prove(unlocked, one.id, typed))
    return tuple(proofs)


def _agreeing(people: People, kind: Role, id_: str) -> Person:
    """The person of a kind that is named, or the only one there is."""
    return _one([one for one in people.persons if one.role.kind is kind], id_, f"--{kind}")


def _one(persons: list[Person], id_: str, option: str) -> Person:
    found = [one for one in persons if one.id == id_ or not id_]
    if len(found) == 1:
        return found[0]
    ids = ", ".join(one.id for one in persons)
    raise typer.BadParameter(f"Say who agrees, with {option}: {ids}.")


def _prompt(person: Person) -> str:
    return f"{person.name} ({person.role}), your passphrase"
