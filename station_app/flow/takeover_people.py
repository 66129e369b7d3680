"""Who may unlock a spare that has taken over: those the pack names, and nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.flow.person_events import note_person
from station_app.vault import Passphrase, People, Proof, StationFolder, Unlocked


@dataclass(frozen=True, slots=True)
class PeopleChange:
    """Who has to be added to a spare's people, and who has to go."""

    to_add: tuple[Person, ...]
    to_remove: tuple[Person, ...]


def people_change(persons: Iterable[Person], named: Iterable[Person]) -> PeopleChange:
    """How the spare's `persons` become those the pack names.

    Raises `KnownError` `takeover_other_person` where an id is somebody else's on the spare.
    """
    wanted = {one.id: one for one in named}
    there = {one.id: one for one in persons}
    for id_, one in wanted.items():
        if there.get(id_, one) != one:
            raise KnownError(
                "takeover_other_person",
                f"The pack calls {id_} {one.name} ({one.role}), and this machine knows "
                f"{there[id_].name} ({there[id_].role}) by that id. Ask the commission which "
                "one is right.",
            )
    return PeopleChange(
        to_add=tuple(one for id_, one in wanted.items() if id_ not in there),
        to_remove=tuple(one for id_, one in there.items() if id_ not in wanted),
    )


def add_person(
    folder: StationFolder,
    people: People,
    unlocked: Unlocked,
    person: Person,
    passphrase: Passphrase,
    now: datetime,
    *,
    from_file: bool,
) -> None:
    """Add a person the pack names, with the passphrase they have chosen.

    Those who unlocked the spare agree. Raises `KnownError` as `People.add` does.
    """
    people.add(unlocked, unlocked.proofs, person, passphrase, from_file=from_file)
    note_person(folder, "person_added", person, unlocked.proofs, now, from_file=from_file)


def remove_strangers(
    folder: StationFolder,
    people: People,
    unlocked: Unlocked,
    proofs: Iterable[Proof],
    strangers: Iterable[Person],
    now: datetime,
) -> None:
    """Remove those that the pack does not name; they may be the ones who unlocked.

    `proofs` are all there are. The persons whose proofs are needed for it go last. Raises
    `KnownError` as `People.remove` does.
    """
    all_proofs = tuple(proofs)
    have_proved = {one.person_id for one in all_proofs}
    for person in sorted(strangers, key=lambda one: (one.id in have_proved, one.role.kind)):
        by = _agreeing(all_proofs, person)
        people.remove(unlocked, by, person.id)
        note_person(folder, "person_removed", person, by, now)
        all_proofs = tuple(one for one in all_proofs if one.person_id != person.id)


def _agreeing(proofs: tuple[Proof, ...], leaving: Person) -> tuple[Proof, ...]:
    """An operator's and a member's proof, that of the one who leaves only if there is no other."""
    found = []
    for kind in (Role.OPERATOR, Role.MEMBER):
        of_kind = [one for one in proofs if one.role.kind is kind]
        found += sorted(of_kind, key=lambda one: one.person_id == leaving.id)[:1]
    return tuple(found)
