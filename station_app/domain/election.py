"""The election day that identifications belong to (ADR 0023), and its ballots."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")


@dataclass(frozen=True, slots=True)
class ElectionDay:
    """One day of one election, as the commission's signed list names it; never the clock's.

    A voter is identified once in it, however often the day is opened and whichever list is
    loaded. A second round has another `election_id` (1 to 64 of A-Z, a-z, 0-9, . and -).
    Raises `ValueError` for an id no election can have.
    """

    election_id: str
    date: date

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.election_id):
            raise ValueError("an election's id has 1 to 64 letters, digits, dots and hyphens")


def entry_texts(day: ElectionDay | None) -> tuple[str, str]:
    """Id and date as the journal's entries have them, both empty where a list names no day."""
    return ("", "") if day is None else (day.election_id, day.date.isoformat())


_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Ballot:
    """One ballot paper: its id in lists and entries, its title for people.

    Raises `ValueError` for an id (1 to 64 of A-Z, a-z, 0-9, . and -) or a title (one line)
    that no ballot can have.
    """

    id: str
    title: str

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError("a ballot's id has 1 to 64 letters, digits, dots and hyphens")
        shown = self.title.replace("\u00a0", " ")
        if not self.title.strip() or not shown.isprintable() or len(self.title) > _LONGEST:
            raise ValueError(f"a ballot's title is one line of at most {_LONGEST} characters")


def titles_due(due: Sequence[str], ballots: Sequence[Ballot]) -> tuple[str, ...]:
    """The titles of the ballots that a voter is due, in the day's order.

    `due` are ids, empty for all of the day. Nothing where the day has one ballot or names none:
    then there is nothing to tell apart.
    """
    if len(ballots) < 2:
        return ()
    return tuple(one.title for one in ballots if not due or one.id in due)
