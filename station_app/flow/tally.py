"""What the desk shows of the day so far: how many were identified, and the last ones."""

from dataclasses import dataclass, replace
from datetime import datetime

from station_app.domain.appends import LoggedOutcome
from station_app.domain.entries import Outcome, OutcomeVoided
from station_app.domain.entry_codes import Method, OutcomeKind

SHOWN = 3
"""Rows of the desk's list of the last people."""

_HIDDEN = {OutcomeKind.ABANDONED, OutcomeKind.DEVICE_LOST, OutcomeKind.INTERRUPTED}


@dataclass(frozen=True, slots=True)
class Tally:
    """`identified` is how many stand, `by_commission` the entries of the manual ones.

    `last` is newest first, without sessions that ended before a verdict; `voided` are the
    entries among them that were made void.
    """

    identified: int
    last: tuple[LoggedOutcome, ...]
    by_commission: frozenset[int] = frozenset()
    voided: frozenset[int] = frozenset()

    def with_outcome(self, number: int, at: datetime, outcome: Outcome) -> "Tally":
        """The tally after this outcome was written as entry `number` at `at` (UTC)."""
        if outcome.outcome in _HIDDEN:
            return self
        logged = LoggedOutcome(
            number, at, outcome.outcome, outcome.list_number, outcome.method, outcome.voter_id
        )
        stands = outcome.outcome is OutcomeKind.IDENTIFIED
        manual = stands and outcome.method is Method.COMMISSION
        return replace(
            self,
            identified=self.identified + stands,
            last=(logged, *self.last)[:SHOWN],
            by_commission=self.by_commission | ({number} if manual else set()),
        )

    @property
    def last_standing(self) -> int | None:
        """The entry of the newest identification among `last`; None where it is void."""
        kind = OutcomeKind.IDENTIFIED
        newest = next((one.number for one in self.last if one.outcome is kind), None)
        return None if newest in self.voided else newest

    def with_void(self, void: OutcomeVoided) -> "Tally":
        """The tally after an identification was made void."""
        return replace(
            self,
            identified=self.identified - 1,
            by_commission=self.by_commission - {void.entry},
            voided=self.voided | {void.entry},
        )

    @classmethod
    def of(
        cls,
        identified: int,
        last: list[LoggedOutcome],
        by_commission: frozenset[int] = frozenset(),
        voided: frozenset[int] = frozenset(),
    ) -> "Tally":
        """The tally of a journal that is being opened; `last` is newest first."""
        shown = tuple(one for one in last if one.outcome not in _HIDDEN)[:SHOWN]
        return cls(identified, shown, by_commission, voided)
