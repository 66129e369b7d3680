"""The journal's entries and what an append answers.

An entry says what happened at the station. It never holds a PIN, a name or biometric
data. Every number is an integer (evidence and thresholds are -log10 FMR times 1000),
because the journal writes RFC 8785 canonical JSON, whose floats are a trap. The time of
an entry is added by the journal from its clock.

Entry numbers start at 1: entry n is leaf n - 1 of the journal's tree, and the head of
size n covers it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from station_app.domain.captures import RetryReason
from station_app.domain.fingers import FingerPosition
from station_app.domain.station_entries import EventUnread, ListProven, StationEvent

_REASON = re.compile(r"[a-z0-9_]{0,64}")


class OutcomeKind(StrEnum):
    """How a session ended; a session has exactly one of these, written once."""

    IDENTIFIED = "identified"
    ALREADY_IDENTIFIED = "already_identified"
    NOT_ON_LIST = "not_on_list"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    DEVICE_LOST = "device_lost"
    INTERRUPTED = "interrupted"


class Method(StrEnum):
    """What the outcome rests on."""

    FINGER = "finger"
    PIN = "pin"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class JournalOpened:
    """The first entry: whose journal this is and which list it belongs to.

    `origin` is the checkpoint origin, `station-app/<kind>/<station id>`. `list_hash` is
    the hex SHA-256 of the list file, `list_kind` is live, training or demo. `policy` is
    `Policy.digest()`. `public_key` is the hex Ed25519 key that signs the checkpoints.
    """

    kind: ClassVar[str] = "journal_opened"
    origin: str
    list_hash: str
    list_sequence: int
    list_kind: str
    policy: str
    public_key: str
    app_version: str


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """A person stands at the desk; sessions are numbered from 1 and only upwards."""

    kind: ClassVar[str] = "session_started"
    session: int


@dataclass(frozen=True, slots=True)
class FingerTry:
    """One image was taken and compared.

    `number` counts the session's tries from 1; `asked` is the finger that was asked for;
    `quality` is 0..100; `best_evidence_milli` is the strongest candidate's evidence in
    this image alone, times 1000, None without a candidate; `adequate` says whether the
    quality passed the floor.
    """

    kind: ClassVar[str] = "finger_try"
    session: int
    number: int
    asked: FingerPosition
    quality: int
    hint: RetryReason | None
    best_evidence_milli: int | None
    fingers_compared: int
    adequate: bool


@dataclass(frozen=True, slots=True)
class DeviceLost:
    """A device went away; `session` is None between sessions."""

    kind: ClassVar[str] = "device_lost"
    session: int | None
    device: str


@dataclass(frozen=True, slots=True)
class DeviceReturned:
    """The device is back; `session` is None between sessions."""

    kind: ClassVar[str] = "device_returned"
    session: int | None
    device: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The terminal entry of a session.

    `reason` is a code of at most 64 lower-case letters, digits and underscores, or empty:
    free text could carry a name. `voter_id` and `list_number` are set for identified and
    already_identified, None otherwise; `first_entry` is the entry number of the first
    identification, for already_identified only. `evidence_milli` and `threshold_milli`
    are the deciding evidence, of all the session's adequate tries together, and the
    threshold it was held against, times 1000, None when nothing was compared.
    `fingers_compared` is the number of enrolled fingers searched, `tries` the images used.
    `engine` names engine and version, empty when nothing was compared; `policy` is
    `Policy.digest()`. Raises `ValueError` where these disagree.
    """

    kind: ClassVar[str] = "outcome"
    session: int
    outcome: OutcomeKind
    reason: str
    method: Method
    voter_id: str | None
    list_number: int | None
    first_entry: int | None
    evidence_milli: int | None
    threshold_milli: int | None
    fingers_compared: int
    tries: int
    engine: str
    policy: str

    def __post_init__(self) -> None:
        named = self.outcome in (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
        already = self.outcome is OutcomeKind.ALREADY_IDENTIFIED
        if not _REASON.fullmatch(self.reason):
            raise ValueError("an outcome's reason is a code, not a text")
        if (self.voter_id is not None) != named or (self.list_number is not None) != named:
            raise ValueError(f"voter and list number do not fit the outcome {self.outcome}")
        if (self.first_entry is not None) != already:
            raise ValueError(f"the first entry does not fit the outcome {self.outcome}")


Entry = (
    JournalOpened
    | SessionStarted
    | FingerTry
    | DeviceLost
    | DeviceReturned
    | Outcome
    | ListProven
    | StationEvent
    | EventUnread
)


@dataclass(frozen=True, slots=True)
class Appended:
    """The entry is durable: its number, and the UTC time written into it (milliseconds)."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AlreadyAccepted:
    """Nothing was written: the voter has been identified before, by this entry (UTC)."""

    first_number: int
    first_at: datetime


@dataclass(frozen=True, slots=True)
class LoggedOutcome:
    """A session's end as the desk's list of the last people shows it (`at` in UTC)."""

    number: int
    at: datetime
    outcome: OutcomeKind
    list_number: int | None
