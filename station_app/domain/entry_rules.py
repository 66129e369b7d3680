"""Rules over several fields of one entry; the catalogue (`events.toml`) names them."""

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from station_app.domain.election import ElectionDay
from station_app.domain.entry_codes import OutcomeKind

if TYPE_CHECKING:
    from station_app.domain.entries import (
        DayOpened,
        DifferenceExplained,
        JournalOpened,
        ListProven,
        Outcome,
    )

_REASON: Final = re.compile(r"[a-z0-9_]{0,64}")
_SHORTEST_EXPLANATION: Final = 3
_LONGEST_EXPLANATION: Final = 300


def names_election(entry: "JournalOpened | ListProven | DayOpened") -> None:
    """Raise `ValueError` where the id and the date are not both there and right, or both empty."""
    if entry.election_id or entry.election_date:
        day = date.fromisoformat(entry.election_date or "")
        if day.isoformat() != entry.election_date:
            raise ValueError("an election's date is written YYYY-MM-DD")
        ElectionDay(entry.election_id or "", day)


def journal_opened(entry: "JournalOpened") -> None:
    """Raise `ValueError` as `names_election`, and where a journal before is named in part."""
    names_election(entry)
    named = (entry.previous_origin, entry.previous_size, entry.previous_root)
    if any(named) and not all(named):
        raise ValueError("the journal before has an origin, a size and a root")


def outcome(entry: "Outcome") -> None:
    """Raise `ValueError` where voter, first entry and reason do not fit the outcome."""
    named = entry.outcome in (OutcomeKind.IDENTIFIED, OutcomeKind.ALREADY_IDENTIFIED)
    already = entry.outcome is OutcomeKind.ALREADY_IDENTIFIED
    if not _REASON.fullmatch(entry.reason):
        raise ValueError("an outcome's reason is a code, not a text")
    if (entry.voter_id is not None) != named or (entry.list_number is not None) != named:
        raise ValueError(f"voter and list number do not fit the outcome {entry.outcome}")
    if (entry.first_entry is not None) != already:
        raise ValueError(f"the first entry does not fit the outcome {entry.outcome}")


def difference_explained(entry: "DifferenceExplained") -> None:
    """Raise `ValueError` where there is no difference or no explanation."""
    text = entry.reason
    if entry.expected == entry.counted:
        raise ValueError("there is no difference to explain")
    if not is_explanation(text):
        raise ValueError("a difference is explained in one line of 3 to 300 characters")


def is_explanation(text: str) -> bool:
    """Whether a difference may be explained by this text: a line, 3 to 300 characters."""
    fits = _SHORTEST_EXPLANATION <= len(text) <= _LONGEST_EXPLANATION
    return fits and text == text.strip() and text.isprintable()
