"""Why an act of the day is refused before anything is written."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from station_app.domain.day_log import Integrity
from station_app.domain.errors import KnownError
from station_app.domain.roles import Operation, Person, who_may
from station_app.flow.day_report import StationFacts
from station_app.snapshots import Refusal

CLOCK_TOLERANCE: Final = timedelta(minutes=2)
"""How far the station's clock may be from the chair's phone without a word."""


def is_clock_wrong(ahead: timedelta) -> bool:
    """Whether a clock that is so far ahead (or behind) has to be set, or confirmed."""
    return abs(ahead) > CLOCK_TOLERANCE


def clock_wrong(ahead: timedelta) -> KnownError | None:
    """`clock_wrong` for a clock that is wrong."""
    if not is_clock_wrong(ahead):
        return None
    minutes = round(abs(ahead) / timedelta(minutes=1))
    return KnownError(
        "clock_wrong",
        f"The clock is wrong by {minutes} minutes. Set it, or confirm that both times are "
        "written down.",
    )


def outside_validity(facts: StationFacts, now: datetime) -> KnownError | None:
    """`vsnap_not_yet_valid` or `vsnap_expired` outside the days of the list."""
    shown = f"{now:%Y-%m-%d %H:%M %Z}"
    if facts.valid_from is not None and now < facts.valid_from:
        since = f"{facts.valid_from:%Y-%m-%d %H:%M %Z}"
        return Refusal.NOT_YET_VALID.error(since=since, now=shown)
    if facts.valid_to is not None and now > facts.valid_to:
        until = f"{facts.valid_to:%Y-%m-%d %H:%M %Z}"
        return Refusal.EXPIRED.error(until=until, now=shown)
    return None


def journal_damaged(found: Integrity | None) -> KnownError | None:
    """`journal_damaged` where the last full check has found something."""
    if found is None or found.sound:
        return None
    return KnownError(
        "journal_damaged",
        f"Journal does not match from entry {found.first_bad}. Stop and call headquarters.",
    )


def not_these_persons(operation: Operation, signers: Sequence[Person]) -> KnownError | None:
    """`not_allowed` unless these are the persons that `operation` needs, in that order."""
    ids = tuple(person.id for person in signers)
    if who_may(operation, {person.id: person.role for person in signers}) == ids:
        return None
    return KnownError("not_allowed", "These persons may not sign this. Ask those who may.")


def session_under_way() -> KnownError:
    """Somebody stands at the desk."""
    return KnownError(
        "session_under_way",
        "Somebody's identification is under way. Let it end at the desk, then try again.",
    )


def reason_missing() -> KnownError:
    """A difference is not explained."""
    return KnownError(
        "reason_missing",
        "A count differs from the number identified, and no reason is written. Write one.",
    )
