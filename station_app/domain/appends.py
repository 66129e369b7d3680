"""What an append to the journal answers, and how a session's end is shown again."""

from dataclasses import dataclass
from datetime import datetime

from station_app.domain.entry_codes import BallotPlace, Method, OutcomeKind


@dataclass(frozen=True, slots=True)
class Appended:
    """The entry is durable: its number, and the UTC time written into it (milliseconds)."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AlreadyAccepted:
    """Nothing was written: this entry (UTC) has settled the voter before.

    It identified the voter; or it says that a ballot was taken to the voter, to `place`; or that
    the voter `is_struck_off` the list.
    """

    first_number: int
    first_at: datetime
    place: BallotPlace | None = None
    is_struck_off: bool = False


@dataclass(frozen=True, slots=True)
class LoggedOutcome:
    """A session's end (`at` in UTC), entry `number`; `begun` is the entry that began it."""

    number: int
    at: datetime
    outcome: OutcomeKind
    list_number: int | None
    method: Method = Method.NONE
    voter_id: str | None = None
    session: int = 0
    begun: int = 0
