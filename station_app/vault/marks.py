"""Facts that a station seals beside its secrets, so that plain files cannot contradict them.

The marks are inside `keys/station.sealed`, without which nothing opens, and only two persons'
key writes them. They say whether the station has worked and with which journal, which settings
and which file of people are the newest, which changes the journal has yet to record (ADR 0025),
and which file of the list was read whole (ADR 0033).
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from station_app.vault.keys import SECRET_BYTES
from station_app.vault.strict_json import bytes_of, check_members, list_of, text_of

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
