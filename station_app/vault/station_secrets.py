"""A station's secrets and marks, in one file under the key that two persons have together.

The marks are facts that plain files cannot contradict: without the sealed file nothing opens, and
only two persons' key writes it. They say whether the station has worked and with which journal,
which settings and which file of people are the newest, which changes the journal has yet to record
(ADR 0025), and which file of the list was read whole (ADR 0033).
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from secrets import token_bytes
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from station_app.vault.identity import StationIdentity
from station_app.vault.keys import SEALED_SECRETS, SECRET_BYTES, Secret, derived_key
from station_app.vault.seals import AgeIdentity
from station_app.vault.strict_json import (
    bytes_of,
    canonical,
    check_members,
    list_of,
    read_object,
    text_of,
)
from station_app.vault.untrusted_files import SmallFile
from station_app.vault.wrapping import NONCE_BYTES, TAG_BYTES

_ID_BYTES: Final = 8
_MOST_UNTOLD: Final = 100


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """Settings that two persons have signed, and that the journal does not record yet.

    `id` is 16 hex digits, so that it is recorded once; `at` is a time in UTC as entries write it;
    `old` (empty for none) and `new` are hex SHA-256 of the settings file; `by` has the ids of
    the two.
    """

    id: str
    at: str
    old: str
    new: str
    by: str


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one station; each is empty or 0 where it was never set.

    `revision` counts how often they were written.
    `journal` is the hex root of the first entry alone of the journal the station works with,
    `ended` that of the one it has worked with before; after two persons have ended that,
    `journal` is empty until the next one begins. `settings` is the hex SHA-256 of
    the signed settings file, `settings_revision` its number. `people_revision` is that of the
    newest file of people. `untold` are changes of the settings for the journal. `checked_list`
    is a hex SHA-256 that stands for a list and the file that was found to hold all of it.
    """

    revision: int = 0
    journal: str = ""
    ended: str = ""
    settings: str = ""
    settings_revision: int = 0
    people_revision: int = 0
    untold: tuple[SettingsChange, ...] = ()
    checked_list: str = ""

    @property
    def has_worked(self) -> bool:
        """Whether the station has ever had a journal."""
        return bool(self.journal or self.ended)

    @property
    def has_journal(self) -> bool:
        """Whether there is a journal that must be there."""
        return bool(self.journal)

    def with_settings(self, sha256: str, revision: int) -> "Marks":
        """The marks of a station whose newest signed settings are these."""
        return replace(self, settings=sha256, settings_revision=revision)

    def without(self, told: Iterable[SettingsChange]) -> "Marks":
        """The marks once the journal records these changes."""
        gone = {one.id for one in told}
        return replace(self, untold=tuple(one for one in self.untold if one.id not in gone))

    def to_record(self) -> dict[str, Any]:
        """The marks as a JSON object."""
        values = {name: getattr(self, name) for name in _NAMES if name != "untold"}
        changes = [{name: getattr(one, name) for name in _CHANGE} for one in self.untold]
        return values | {"untold": changes}

    @classmethod
    def from_record(cls, record: object) -> "Marks":
        """The inverse of `to_record`; older marks lack `checked_list`. Raises `ValueError`."""
        if isinstance(record, dict):
            record = {"checked_list": "", **record}
        values = check_members(record, _NAMES)
        untold = tuple(map(_change, list_of(values["untold"])))
        if len(untold) > _MOST_UNTOLD:
            raise ValueError("too much is untold")
        return cls(
            revision=_number(values["revision"]),
            journal=_hash(values["journal"]),
            ended=_hash(values["ended"]),
            settings=_hash(values["settings"]),
            settings_revision=_number(values["settings_revision"]),
            people_revision=_number(values["people_revision"]),
            untold=untold,
            checked_list=_hash(values["checked_list"]),
        )


NO_MARKS: Final = Marks()
"""Of a station that was never marked, as those of the first version."""

_NAMES: Final = tuple(one.name for one in fields(Marks))
_CHANGE: Final = tuple(one.name for one in fields(SettingsChange))


def _hash(value: object) -> str:
    text = text_of(value)
    if text:
        bytes_of(text, SECRET_BYTES)
    return text


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("it is not a number of times")
    return value


def _change(value: object) -> SettingsChange:
    texts = {name: text_of(part) for name, part in check_members(value, _CHANGE).items()}
    bytes_of(texts["id"], _ID_BYTES)
    return SettingsChange(**texts)


FILE: Final = SmallFile(
    "secrets",
    "file of this station's secrets",
    "Put it back from the same copy as the file of people, or set the station up again.",
    limit=65536,
)
_MAGIC: Final = b"SASEAL2\n"
_MEMBERS: Final = ("age_identity", "journal_key", "marks", "signing_seed")
_FIRST_MAGIC: Final = b"SASEAL1\n"
_FIRST_MEMBERS: Final = ("age_identity", "journal_key", "signing_seed")
"""Of the first version, which had no marks; still read, written no more."""


@dataclass(frozen=True, slots=True)
class StationSecrets:
    """The station's identity, the key of its journal, and its marks."""

    identity: StationIdentity
    journal_key: Secret
    marks: Marks = NO_MARKS

    @classmethod
    def generate(cls) -> "StationSecrets":
        """Fresh secrets from the operating system's random source."""
        return cls(StationIdentity.generate(), Secret(token_bytes(SECRET_BYTES)))

    def marked(self, marks: Marks) -> "StationSecrets":
        """The same secrets with other marks."""
        return replace(self, marks=marks)

    def seal(self, key: Secret, station: str) -> bytes:
        """The file's bytes under the station's key, for the station of that name."""
        nonce = token_bytes(NONCE_BYTES)
        plain = canonical(
            {
                "age_identity": self.identity.age.reveal().decode(),
                "journal_key": self.journal_key.reveal().hex(),
                "marks": self.marks.to_record(),
                "signing_seed": self.identity.signing_seed.reveal().hex(),
            }
        )
        return _MAGIC + nonce + _cipher(key).encrypt(nonce, plain, _context(_MAGIC, station))

    @classmethod
    def open(cls, data: bytes, key: Secret, station: str) -> "StationSecrets":
        """The inverse of `seal`. Raises `ValueError` where key, station or bytes are others."""
        magic = data[: len(_MAGIC)]
        nonce = data[len(_MAGIC) : len(_MAGIC) + NONCE_BYTES]
        sealed = data[len(_MAGIC) + NONCE_BYTES :]
        if magic not in (_MAGIC, _FIRST_MAGIC) or len(sealed) < TAG_BYTES:
            raise ValueError("it is not a file of a station's secrets")
        try:
            return _read(
                _cipher(key).decrypt(nonce, sealed, _context(magic, station)),
                has_marks=magic == _MAGIC,
            )
        except InvalidTag:
            raise ValueError("its key is another, or it was changed") from None


def _read(plain: bytes, *, has_marks: bool) -> StationSecrets:
    record = read_object(plain, _MEMBERS if has_marks else _FIRST_MEMBERS)
    return StationSecrets(
        StationIdentity(
            Secret(bytes_of(record["signing_seed"], SECRET_BYTES)),
            AgeIdentity(text_of(record["age_identity"])),
        ),
        Secret(bytes_of(record["journal_key"], SECRET_BYTES)),
        Marks.from_record(record["marks"]) if has_marks else NO_MARKS,
    )


def _cipher(key: Secret) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(derived_key(SEALED_SECRETS, key).reveal())


def _context(magic: bytes, station: str) -> bytes:
    return magic + station.encode()
