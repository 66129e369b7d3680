"""What the desk shows of the day so far: how many were identified, and the last ones."""

from dataclasses import dataclass
from itertools import islice
from typing import Final

from station_app.domain.appends import LoggedOutcome
from station_app.domain.entry_codes import OutcomeKind
from station_app.journal.journal_view import JournalView

_SHOWN: Final = 3
"""Rows of the desk's list of the last people."""

_HIDDEN = {OutcomeKind.ABANDONED, OutcomeKind.DEVICE_LOST, OutcomeKind.INTERRUPTED}


@dataclass(frozen=True, slots=True)
class Tally:
    """`identified` is how many stand, `by_commission` how many of them by hand.

    `last` is newest first, without sessions that ended before a verdict; `voided` are the
    entries among them that were made void.
    """

    identified: int
    last: tuple[LoggedOutcome, ...] = ()
    by_commission: int = 0
    voided: frozenset[int] = frozenset()

    @classmethod
    def of(cls, look: JournalView) -> "Tally":
        """The tally of the journal's day."""
        shown = (one for one in reversed(look.day_outcomes()) if one.outcome not in _HIDDEN)
        last = tuple(islice(shown, _SHOWN))
        voided = frozenset(one.number for one in last if look.void_of(one.number) is not None)
        return cls(look.identified, last, look.by_commission, voided)

    @property
    def last_standing(self) -> int | None:
        """The entry of the newest identification among `last`; None where it is void."""
        kind = OutcomeKind.IDENTIFIED
        newest = next((one.number for one in self.last if one.outcome is kind), None)
        return None if newest in self.voided else newest
