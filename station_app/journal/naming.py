"""Which election day a journal's entries name, and that none of another follows (ADR 0023)."""

from station_app.domain.entries import DayOpened, Entry, JournalOpened, ListProven

_Naming = JournalOpened | ListProven | DayOpened
"""Kinds that say to which election day what follows belongs; others change nothing here."""


class ElectionNaming:
    """What the entries so far have said of their election.

    `depth` tells the journals of takeovers apart: 0 for the station's own entries, more for
    those it carries. Entries of an older version say nothing, and may only stand first.
    """

    def __init__(self) -> None:
        self.day: tuple[str, str] | None = None
        self._said: dict[int, bool] = {}

    def check(self, entry: Entry, depth: int, list_kind: str) -> None:
        """Raise `ValueError` where `entry` may not follow what was said so far."""
        said = _said_by(entry)
        if isinstance(entry, _Naming) and depth in self._said and said is None:
            raise ValueError("it says no election, and an entry before it does")
        if list_kind != "live" or said is None:
            return
        if self._said.get(depth) and not said[0]:
            raise ValueError("it names no election day, and an entry before it does")
        if said[0] and self.day is not None and said != self.day:
            raise ValueError("it belongs to another election day than the journal")

    def take(self, entry: Entry, depth: int) -> None:
        """Count in an entry that `check` has passed."""
        said = _said_by(entry)
        if said is None:
            return
        self._said[depth] = bool(said[0]) or self._said.get(depth, False)
        if said[0] and self.day is None:
            self.day = said


def _said_by(entry: Entry) -> tuple[str, str] | None:
    if not isinstance(entry, _Naming) or entry.election_id is None or entry.election_date is None:
        return None
    return entry.election_id, entry.election_date
