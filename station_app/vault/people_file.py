"""`people.json`: who may unlock the station, each with a share under their passphrase."""

import hmac
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from station_app.domain.error_codes import Code
from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.vault.disk import replace_file
from station_app.vault.identity import check_name
from station_app.vault.keys import PEOPLE, SECRET_BYTES, Secret, derived_key, mac
from station_app.vault.strict_json import (
    bytes_of,
    canonical,
    check_members,
    list_of,
    read_record,
    text_of,
    write_record,
)
from station_app.vault.untrusted_files import SmallFile
from station_app.vault.wrapping import Wrapped

_FORMAT: Final = "station-app/people/2"
_MEMBERS: Final = ("mac", "people", "removed", "revision", "station")
_PERSON_MEMBERS: Final = ("from_file", "id", "name", "role", "share")
_FIRST_FORMAT: Final = "station-app/people/1"
_FIRST_MEMBERS: Final = ("mac", "people", "station")
_FIRST_PERSON_MEMBERS: Final = ("id", "name", "role", "share")
"""Of the first version; read as `revision` 0, and written anew with the next change."""

_SHARE_FORMAT: Final = "station-app/people/1"
"""Part of the associated data of shares, whatever the file's format: shares outlive it."""

_MAC_BYTES: Final = 32
_FILE: Final = SmallFile(
    "people",
    "file of people",
    "Put it back from a copy of the station's folder, or set the station up again.",
    limit=1_000_000,
)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person and the share that their passphrase opens.

    An operator's is the operators' half of the station's key, a member's the members'; a
    technician's is random bytes that open nothing. `from_file` says that the passphrase came
    from a file when it was set; None: written by the first version, which did not note it.
    """

    person: Person
    share: Wrapped
    from_file: bool | None = None


@dataclass(frozen=True, slots=True)
class PeopleRecord:
    """The file's content. `mac` is the HMAC of the rest under the station's key.

    `revision` counts the changes, 0 for a file of the first version; `removed` has the ids of
    those who were removed, which nobody gets again. Raises `ValueError` where two persons have
    one id, somebody has a removed one's, or nobody could unlock.
    """

    station: str
    enrolled: tuple[Enrolled, ...]
    mac: bytes
    revision: int = 0
    removed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.station, spaces=False)
        ids = [*(one.person.id for one in self.enrolled), *self.removed]
        if len(set(ids)) < len(ids):
            raise ValueError("two persons have one id")
        if type(self.revision) is not int or self.revision < 0:
            raise ValueError("a revision is a number of changes")
        kinds = {one.person.role.kind for one in self.enrolled}
        if not kinds >= {Role.OPERATOR, Role.MEMBER}:
            raise ValueError("there is an operator and a member at least")

    @classmethod
    def made(
        cls,
        station: str,
        enrolled: tuple[Enrolled, ...],
        key: Secret,
        revision: int = 1,
        removed: tuple[str, ...] = (),
    ) -> "PeopleRecord":
        """The record of these people, authenticated under the station's key."""
        record = cls(station, enrolled, bytes(_MAC_BYTES), revision, removed)
        return replace(record, mac=record._mac(key))

    def followed_by(self, enrolled: tuple[Enrolled, ...], key: Secret) -> "PeopleRecord":
        """The record after a change; whoever is not among `enrolled` any more was removed."""
        left = {one.person.id for one in enrolled}
        gone = tuple(one.person.id for one in self.enrolled if one.person.id not in left)
        return self.made(
            self.station, enrolled, key, self.revision + 1, tuple(sorted({*self.removed, *gone}))
        )

    @property
    def persons(self) -> tuple[Person, ...]:
        """Everybody, in the order in which they were added."""
        return tuple(one.person for one in self.enrolled)

    def refuse_changed(self, key: Secret, newest: int) -> None:
        """Raises `KnownError` `people_changed` unless this program wrote the file, and it is
        not older than the revision `newest`.
        """
        if not hmac.compare_digest(self.mac, self._mac(key)) or self.revision < newest:
            raise people_changed()

    def find(self, person_id: str) -> Enrolled:
        """The person of that id. Raises `KnownError` `unknown_person`."""
        for one in self.enrolled:
            if one.person.id == person_id:
                return one
        raise KnownError(
            Code.UNKNOWN_PERSON,
            "There is no such person at this station. Choose one from its list of people.",
        )

    def without(self, person_id: str) -> tuple[Enrolled, ...]:
        """The others. Raises `KnownError`: `unknown_person`; `last_person`, for the last
        operator, member or chair.
        """
        leaving = self.find(person_id).person.role
        rest = tuple(one for one in self.enrolled if one.person.id != person_id)
        left = Counter(role for one in rest for role in {one.person.role, one.person.role.kind})
        if leaving is not Role.TECHNICIAN and not (left[leaving] and left[leaving.kind]):
            raise KnownError(
                Code.LAST_PERSON,
                f"This is the station's last {leaving.value}. Add another one first.",
            )
        return rest

    def write(self, path: Path) -> None:
        """Replace the file at `path`. Raises `KnownError` as `write_fault` says."""
        replace_file(path, write_record(self._to_record() | {"mac": self.mac.hex()}))

    @classmethod
    def read(cls, path: Path) -> "PeopleRecord":
        """The file at `path`, not yet authenticated: `refuse_changed` does that.

        Raises `KnownError`: `people_missing`, `people_unreadable`, `people_damaged`.
        """
        try:
            return cls._of(_FILE.read(path))
        except ValueError as error:
            raise _FILE.damaged(path) from error

    @classmethod
    def _of(cls, data: bytes) -> "PeopleRecord":
        try:
            record = read_record(data, _FORMAT, _MEMBERS)
        except ValueError:
            record = read_record(data, _FIRST_FORMAT, _FIRST_MEMBERS)
            enrolled = tuple(map(_first_enrolled, list_of(record["people"])))
            return cls(text_of(record["station"]), enrolled, bytes_of(record["mac"], _MAC_BYTES))
        if record["revision"] == 0:
            raise ValueError("this format begins with 1")
        return cls(
            text_of(record["station"]),
            tuple(map(_enrolled, list_of(record["people"]))),
            bytes_of(record["mac"], _MAC_BYTES),
            record["revision"],
            tuple(map(text_of, list_of(record["removed"]))),
        )

    def _mac(self, key: Secret) -> bytes:
        return mac(derived_key(PEOPLE, key), canonical(self._to_record()))

    def _to_record(self) -> dict[str, Any]:
        if not self.revision:
            people = [_person_record(one.person) | _share_record(one) for one in self.enrolled]
            return {"format": _FIRST_FORMAT, "people": people, "station": self.station}
        people = [
            _person_record(one.person) | _share_record(one) | {"from_file": one.from_file}
            for one in self.enrolled
        ]
        return {
            "format": _FORMAT,
            "people": people,
            "removed": list(self.removed),
            "revision": self.revision,
            "station": self.station,
        }


def people_changed() -> KnownError:
    """The file of people is not the one that the two persons' key authenticates."""
    return KnownError(
        Code.PEOPLE_CHANGED,
        "The file of people was changed by another program, or is an old copy. "
        "Call the commission: somebody may have added or removed a person.",
    )


def share_context(person: Person, station: str) -> bytes:
    """The associated data of a share: under another person, role or station it does not open."""
    return canonical(_person_record(person) | {"format": _SHARE_FORMAT, "station": station})


def _person_record(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "role": person.role.value}


def _share_record(one: Enrolled) -> dict[str, Any]:
    return {"share": one.share.to_record()}


def _first_enrolled(value: object) -> Enrolled:
    return _of_members(check_members(value, _FIRST_PERSON_MEMBERS), None)


def _enrolled(value: object) -> Enrolled:
    record = check_members(value, _PERSON_MEMBERS)
    from_file = record["from_file"]
    if from_file is not None and not isinstance(from_file, bool):
        raise ValueError("it says neither that it came from a file nor that it did not")
    return _of_members(record, from_file)


def _of_members(record: dict[str, Any], from_file: bool | None) -> Enrolled:
    person = Person(text_of(record["id"]), text_of(record["name"]), Role(record["role"]))
    return Enrolled(person, Wrapped.from_record(record["share"], SECRET_BYTES), from_file)
