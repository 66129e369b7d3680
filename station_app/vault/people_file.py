"""`people.json`: who may unlock the station, each with a share under their passphrase."""

import hmac
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from station_app.domain.errors import KnownError
from station_app.domain.roles import Person, Role
from station_app.vault.disk import replace_file
from station_app.vault.identity import check_name
from station_app.vault.keys import SECRET_BYTES, Secret
from station_app.vault.records import (
    bytes_of,
    canonical,
    check_members,
    list_of,
    read_record,
    text_of,
    write_record,
)
from station_app.vault.shares import PEOPLE, key_for, mac
from station_app.vault.small_files import SmallFile
from station_app.vault.wrapping import Wrapped

_FORMAT: Final = "station-app/people/1"
_MEMBERS: Final = ("mac", "people", "station")
_PERSON_MEMBERS: Final = ("id", "name", "role", "share")
_MAC_BYTES: Final = 32
_FILE: Final = SmallFile(
    "people",
    "file of people",
    "Put it back from a copy of the station's folder, or set the station up again.",
    limit=1_000_000,
)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person and what their passphrase opens.

    An operator's is the operators' half of the station's key, a member's the members'; a
    technician's is random bytes that open nothing.
    """

    person: Person
    share: Wrapped


@dataclass(frozen=True, slots=True)
class PeopleRecord:
    """The file's content. `mac` is the HMAC of the rest under the station's key.

    Raises `ValueError` where two persons have one id, or nobody could unlock.
    """

    station: str
    enrolled: tuple[Enrolled, ...]
    mac: bytes

    def __post_init__(self) -> None:
        check_name(self.station, spaces=False)
        if len({one.person.id for one in self.enrolled}) < len(self.enrolled):
            raise ValueError("two persons have one id")
        kinds = {one.person.role.kind for one in self.enrolled}
        if not kinds >= {Role.OPERATOR, Role.MEMBER}:
            raise ValueError("there is an operator and a member at least")

    @classmethod
    def made(cls, station: str, enrolled: tuple[Enrolled, ...], key: Secret) -> "PeopleRecord":
        """The record of these people, authenticated under the station's key."""
        record = cls(station, enrolled, bytes(_MAC_BYTES))
        return replace(record, mac=record._mac(key))

    def refuse_changed(self, key: Secret) -> None:
        """Raises `KnownError` `people_changed` unless this program wrote the file."""
        if not hmac.compare_digest(self.mac, self._mac(key)):
            raise KnownError(
                "people_changed",
                "The file of people was changed by another program, or is an old copy. "
                "Call the commission: somebody may have added or removed a person.",
            )

    def find(self, person_id: str) -> Enrolled:
        """The person of that id. Raises `KnownError` `unknown_person`."""
        for one in self.enrolled:
            if one.person.id == person_id:
                return one
        raise KnownError(
            "unknown_person",
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
                "last_person",
                f"This is the station's last {leaving.value}. Add another one first.",
            )
        return rest

    def write(self, path: Path) -> None:
        """Replace the file at `path`. Raises `KnownError` as `write_fault` says."""
        replace_file(path, write_record(self._to_record() | {"mac": self.mac.hex()}))

    @classmethod
    def read(cls, path: Path) -> "PeopleRecord":
        """The file at `path`. Only `refuse_changed` tells whether to believe it.

        Raises `KnownError`: `people_missing`, `people_unreadable`, `people_damaged`.
        """
        try:
            record = read_record(_FILE.read(path), _FORMAT, _MEMBERS)
            enrolled = tuple(map(_enrolled, list_of(record["people"])))
            return cls(text_of(record["station"]), enrolled, bytes_of(record["mac"], _MAC_BYTES))
        except ValueError as error:
            raise _FILE.damaged(path) from error

    def _mac(self, key: Secret) -> bytes:
        return mac(key_for(PEOPLE, key), canonical(self._to_record()))

    def _to_record(self) -> dict[str, Any]:
        people = [
            _person_record(one.person) | {"share": one.share.to_record()} for one in self.enrolled
        ]
        return {"format": _FORMAT, "people": people, "station": self.station}


def share_context(person: Person, station: str) -> bytes:
    """What a share is bound to: another person, role or station does not open it."""
    return canonical(_person_record(person) | {"format": _FORMAT, "station": station})


def _person_record(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "role": person.role.value}


def _enrolled(value: object) -> Enrolled:
    record = check_members(value, _PERSON_MEMBERS)
    person = Person(text_of(record["id"]), text_of(record["name"]), Role(record["role"]))
    return Enrolled(person, Wrapped.from_record(record["share"], SECRET_BYTES))
