"""The journal's entries about the station itself: its lists, its people, its setting up.

Most happen while the station's log key is sealed. They wait in a plain file and become
entries at the next unlocking, each once: `event_id` names the waiting line, `happened` is
the time written into it (the entry's own time is that of the import). The station vouches
for when it read them, not for what they said before: the file is plain (ADR 0011).
"""

import re
from dataclasses import dataclass
from typing import ClassVar

_ID = re.compile(r"[0-9a-f]{16}")
_TIME = re.compile(r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True, slots=True)
class ListProven:
    """The loaded list has passed its trial: the journal belongs to it from here on.

    `list_hash` is the hex SHA-256 of the list file, `policy` `Policy.digest()`.
    """

    kind: ClassVar[str] = "list_proven"
    list_hash: str
    list_sequence: int
    policy: str


@dataclass(frozen=True, slots=True)
class ImportedEvent:
    """What every imported event has: 16 hex digits, and a time in UTC or nothing.

    Raises `ValueError` where they are not that.
    """

    event_id: str
    happened: str

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.event_id) or not _TIME.fullmatch(self.happened):
            raise ValueError("an imported event has no id or no time")


@dataclass(frozen=True, slots=True)
class StationProvisioned(ImportedEvent):
    """The station was set up: by which version, for how many people, whom it trusts.

    `pins` are the hex fingerprints of the pinned identities, with spaces between.
    """

    kind: ClassVar[str] = "station_provisioned"
    app: str
    people: int
    pins: str
    station: str
    station_fingerprint: str


@dataclass(frozen=True, slots=True)
class SettingsChanged(ImportedEvent):
    """The machine's settings were brought to another plan."""

    kind: ClassVar[str] = "settings_changed"
    app: str


@dataclass(frozen=True, slots=True)
class PersonAdded(ImportedEvent):
    """`person` may unlock from here on; `by` are the ids of those who agreed."""

    kind: ClassVar[str] = "person_added"
    by: str
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class PersonRemoved(ImportedEvent):
    """`person` may not unlock any more."""

    kind: ClassVar[str] = "person_removed"
    by: str
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class PassphraseReplaced(ImportedEvent):
    """`person` has another passphrase."""

    kind: ClassVar[str] = "passphrase_replaced"
    by: str
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class ListLoaded(ImportedEvent):
    """A snapshot was loaded, not tried yet; `by` is an id or empty."""

    kind: ClassVar[str] = "list_loaded"
    precinct: str
    sequence: int
    list_sha256: str
    head_sha256: str
    issuer_key: str
    by: str


@dataclass(frozen=True, slots=True)
class ListRefused(ImportedEvent):
    """A snapshot was not loaded; `code` says why."""

    kind: ClassVar[str] = "list_refused"
    code: str
    by: str


@dataclass(frozen=True, slots=True)
class ListWithdrawn(ImportedEvent):
    """The loaded list has failed its trial (`code`) and was taken away."""

    kind: ClassVar[str] = "list_withdrawn"
    sequence: int
    list_sha256: str
    head_sha256: str
    code: str


@dataclass(frozen=True, slots=True)
class EventUnread(ImportedEvent):
    """A waiting line that is no event this version knows: its hex SHA-256.

    `happened` is empty where the line does not say it.
    """

    kind: ClassVar[str] = "event_unread"
    sha256: str


StationEvent = (
    StationProvisioned
    | SettingsChanged
    | PersonAdded
    | PersonRemoved
    | PassphraseReplaced
    | ListLoaded
    | ListRefused
    | ListWithdrawn
)
"""Kinds that wait in the file of pending events, by the names they have there."""
