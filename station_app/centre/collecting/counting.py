"""Which rows count, looked up once for a report: by station, and which voids.

Joined to millions of entries in the server, the views `counted` and `known_maker` would be taken
for a few rows and looped over.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from psycopg import Connection

    Tables = Connection[tuple[Any, ...]]


class Voided(NamedTuple):
    """An identification that counts, and was made void by its station or by one that goes on
    for it; `method` is the identification's.
    """

    maker: int
    made_number: int
    voter: str
    method: str | None


class Counted:
    """What counts now, of what `counted` says."""

    def __init__(self, tables: "Tables") -> None:
        self._tables = tables
        self._places = {
            maker: (precinct, station)
            for maker, precinct, station in tables.execute(
                "SELECT id, precinct, station FROM trusted_maker"
            )
        }
        self._makers: dict[int, int] = dict(
            tables.execute("SELECT id, maker FROM history").fetchall()
        )
        self._beyond = {
            (history, maker): beyond
            for history, maker, beyond in tables.execute(
                "SELECT history, maker, beyond FROM counted"
            )
        }
        self._own = {
            maker: history for history, maker in self._beyond if self._makers.get(history) == maker
        }
        carried = {maker for history, maker in self._beyond if self._makers.get(history) != maker}
        self.last = {history for maker, history in self._own.items() if maker not in carried}
        """Histories that count and that no other goes on for."""
        self._heirs = self._all_heirs()

    def place(self, history: int) -> tuple[str, str] | None:
        """Precinct and station of a history's own entries; None where they do not count."""
        maker = self._makers.get(history)
        if maker is None or self._own.get(maker) != history:
            return None
        return self._places[maker]

    def place_of(self, maker: int) -> tuple[str, str]:
        """Precinct and station of a maker that counts."""
        return self._places[maker]

    def holds(self, history: int, maker: int) -> bool:
        """Whether what this history has of a maker counts: its own, or rightly carried."""
        return (history, maker) in self._beyond

    def voids(self, day: "date", voters: list[str] | None = None) -> set[Voided]:
        """What was made void of a day: of these voters, or of all."""
        found = self._tables.execute(
            "SELECT history, by_maker, by_number, maker, made_number, voter, method FROM void"
            " WHERE day = %s AND (%s::text[] IS NULL OR voter = ANY(%s))",
            (day, voters, voters),
        ).fetchall()
        return set(self._counting(found))

    def _counting(self, found: list[tuple[Any, ...]]) -> Iterator[Voided]:
        for history, by, by_number, maker, made_number, voter, method in found:
            if not self._counts(history, by, by_number):
                continue
            if by != maker and (history, by, maker) not in self._heirs:
                continue
            if self._counts(history, maker, made_number) or self._is_identified(
                maker, made_number, voter
            ):
                yield Voided(maker, made_number, voter, method)

    def _counts(self, history: int, maker: int, made_number: int) -> bool:
        beyond = self._beyond.get((history, maker))
        return beyond is not None and made_number > beyond

    def _is_identified(self, maker: int, made_number: int, voter: str) -> bool:
        """Whether the identification is in the history that counts for its maker."""
        own = self._own.get(maker)
        row = self._tables.execute(
            "SELECT voter FROM entry WHERE history = %s AND number = %s", (own, made_number)
        ).fetchone()
        return row == (voter,)

    def _all_heirs(self) -> set[tuple[int, int, int]]:
        """History, successor and original, also over several takeovers."""
        steps = self._tables.execute(
            "SELECT history, by_maker, of_maker FROM held_takeover WHERE is_proven"
        ).fetchall()
        found = set(steps)
        while True:
            further = {
                (history, first, last)
                for history, first, of in found
                for again, by, last in steps
                if (history, of) == (again, by)
            }
            if further <= found:
                return found
            found |= further
