"""What the desk shows of the day so far: how many were identified, and the last ones."""

from dataclasses import dataclass, replace
from datetime import datetime

from station_app.domain.appends import LoggedOutcome
from station_app.domain.entries import Outcome
from station_app.domain.entry_codes import OutcomeKind

SHOWN = 3
"""Rows of the desk's list of the last people."""

_HIDDEN = {OutcomeKind.ABANDONED, OutcomeKind.DEVICE_LOST, OutcomeKind.INTERRUPTED}


@dataclass(frozen=True, slots=True)
class Tally:
    """`last` is newest first, without sessions that ended before a verdict."""

    identified: int
    last: tuple[LoggedOutcome, ...]

    def with_outcome(self, number: int, at: datetime, outcome: Outcome) -> "Tally":
        """The tally after this outcome was written as entry `number` at `at` (UTC)."""
        if outcome.outcome in _HIDDEN:
            return self
        logged = LoggedOutcome(number, at, outcome.outcome, outcome.list_number)
        identified = self.identified + (outcome.outcome is OutcomeKind.IDENTIFIED)
        return replace(self, identified=identified, last=(logged, *self.last)[:SHOWN])

    @classmethod
    def of(cls, identified: int, last: list[LoggedOutcome]) -> "Tally":
        """The tally of a journal that is being opened; `last` is newest first."""
        return cls(identified, tuple(one for one in last if one.outcome not in _HIDDEN)[:SHOWN])
